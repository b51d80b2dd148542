"""People, and what they are to which footprint, from when to when."""

import datetime as dt
import re
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q

from systems.choices import Role
from systems.models.audit import audited
from systems.models.footprints import Footprint
from systems.permissions import ALLOWED, Action, Grant, Located, paths_for

# Every request begins with who it is and what they may do, so the two are one bare statement. (A join for the path
# would take the planner longer than all the rest.)
_SIGNED_IN = """
    SELECT person.*, (
        SELECT json_agg(json_build_array(role, (SELECT path FROM systems_footprint WHERE id = footprint_id),
                                         starts_on, ends_on))
          FROM (SELECT role, footprint_id, starts_on, ends_on FROM systems_membership WHERE user_id = person.id {also})
               AS roles
    ) AS held
      FROM systems_user person
     WHERE person.id = %s
"""


class UserManager(BaseUserManager["User"]):
    def signed_in(self, pk: int, *, also: str = "") -> "User | None":
        """This person, with all their memberships as `held`; none who is not there.

        `also` is SQL of ours that adds to them: role, footprint_id, starts_on and ends_on of whatever else gives
        `person.id` a role. Who knows all apps says what that is.
        """
        union = f"UNION ALL {also}" if also else ""
        return next(iter(self.raw(_SIGNED_IN.format(also=union), [pk])), None)

    def who_may(self, action: Action, things: Iterable[Located], day: dt.date) -> "models.QuerySet[User]":
        """Everybody who may do this to at least one of these things on this day, by name."""
        above = {path for thing in things for path in accumulate(re.findall(r"[^/]*/", thing.path))}
        held = Membership.objects.current(day).filter(role__in=ALLOWED[action], footprint__path__in=above)
        return self.filter(is_active=True, memberships__in=held).distinct()

    def create_user(self, email: str, password: str | None = None, **facts) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts) -> "User":
        """The first admin, made by `manage.py createsuperuser`. May do what every admin may, and nothing more."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **facts)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address. `is_demo` accounts exist only in a demonstration."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    # Who hears of this person's late reports; where nobody is named, the programme managers of the system do.
    manager = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="manages")
    # A digest of the secret address of this person's calendar: the address itself is shown once and kept nowhere.
    calendar_key = models.CharField(max_length=64, null=True, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("admin", default=False)
    is_demo = models.BooleanField("demonstration account", default=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="Enter the e-mail address in lower case.",
            ),
            models.CheckConstraint(
                condition=Q(manager__isnull=True) | ~Q(manager=F("pk")),
                name="user_is_not_their_own_manager",
                violation_error_message="Nobody is their own manager.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def as_of(self, today: dt.date) -> "User":
        """This person with the grants they hold on `today`. Whoever asks for permissions says the day first."""
        self.rights_on = today
        self.__dict__.pop("grants", None)
        return self

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """The roles this person holds on the day given to `as_of`; none for an account switched off."""
        if not self.is_active:
            return ()
        return tuple(Grant(role=Role(role), path=path) for role, path in self._current())

    def _current(self) -> Iterable[tuple[str, str]]:
        day = self.rights_on.isoformat()
        if not hasattr(self, "held"):
            return self.memberships.current(self.rights_on).values_list("role", "footprint__path")
        return [(role, path) for role, path, first, last in self.held or () if first <= day <= (last or day)]

    def paths_for(self, action: Action) -> tuple[str, ...]:
        """The footprint paths below which this person may do this."""
        return paths_for(action, grants=self.grants, is_admin=self.is_staff and self.is_active)


class MembershipQuerySet(models.QuerySet):
    def current(self, today: dt.date) -> "MembershipQuerySet":
        """Memberships in force on this day, both end days included."""
        return self.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))


class Membership(models.Model):
    """A person's role in a footprint and everything below it, between two dates."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "footprint", "role", "starts_on"],
                name="membership_once_per_person_footprint_role_and_start",
                violation_error_message="This person already holds this role here from that day.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="membership_role_is_known",
                violation_error_message="Choose a role.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message="A membership cannot end before it starts.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.footprint}"
