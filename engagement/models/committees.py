"""Committees and boards: whose they are, what they scrutinise, and who sits on them."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from engagement.choices import LEADING_SEATS, AskState, CommitteeKind, Seat
from systems.choices import Verified
from systems.models import Footprint, Organisation, User, audited
from systems.models.footprints import under
from systems.permissions import Action


class CommitteeQuerySet(models.QuerySet["Committee"]):
    def of_member(self, user: User) -> "CommitteeQuerySet":
        """Those on which this person sits today."""
        return self.filter(pk__in=CommitteeMembership.objects.held_by(user).values("committee"))

    def led_by(self, user: User) -> "CommitteeQuerySet":
        """Those whose meetings, papers and recommendations this person writes and closes: chair and officers."""
        seats = CommitteeMembership.objects.held_by(user).filter(role__in=LEADING_SEATS)
        return self.filter(pk__in=seats.values("committee"))

    def visible_to(self, user: User) -> "CommitteeQuerySet":
        """One's own, and for people of the NHS those that scrutinise what is theirs."""
        scrutinised = CommitteeFootprint.objects.filter(
            under(user.paths_for(Action.READ_POSITIONS), "footprint__path")
        ).order_by()
        seats = CommitteeMembership.objects.held_by(user)
        return self.filter(Q(pk__in=seats.values("committee")) | Q(pk__in=scrutinised.values("committee")))

    def for_list(self, user: User) -> "CommitteeQuerySet":
        """With what they wait for; this person's own first."""
        waiting = Q(meetings__recommendations__state=AskState.AWAITING)
        overdue = waiting & Q(meetings__recommendations__due_on__lt=user.rights_on)
        seats = CommitteeMembership.objects.held_by(user).filter(committee=models.OuterRef("pk"))
        return self.annotate(
            awaiting=models.Count("meetings__recommendations", filter=waiting),
            overdue=models.Count("meetings__recommendations", filter=overdue),
            is_own=models.Exists(seats),
        ).order_by("-is_own", "name")

    def systems(self) -> models.QuerySet[Footprint]:
        """The systems these committees scrutinise, or in which the places lie that they do."""
        scrutinised = CommitteeFootprint.objects.filter(committee__in=self).order_by()
        return Footprint.objects.systems().filter(pk__in=scrutinised.values("footprint__system"))


class Committee(models.Model):
    """A committee or board of one council, of several, or of the NHS."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=CommitteeKind)
    # The same body among the organisations of the NHS map, where it stands there.
    body = models.OneToOneField(Organisation, models.PROTECT, null=True, blank=True, related_name="committee")
    # A committee that is not standing was set up for one matter.
    is_standing = models.BooleanField("standing committee", default=True)
    councils = models.ManyToManyField(Organisation, through="CommitteeCouncil", related_name="committees")
    footprints = models.ManyToManyField(Footprint, through="CommitteeFootprint", related_name="committees")
    verified = models.CharField(max_length=10, choices=Verified)
    source = models.CharField(max_length=500)
    note = models.CharField(max_length=500, blank=True)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CommitteeKind.values),
                name="committee_kind_is_known",
                violation_error_message="Choose a kind of committee.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name

    def systems(self) -> models.QuerySet[Footprint]:
        """The systems whose NHS answers to this committee."""
        return Committee.objects.filter(pk=self.pk).systems()


class CommitteeCouncil(models.Model):
    """A council that sends members to a committee."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="council_seats")
    council = models.ForeignKey(Organisation, models.PROTECT, related_name="committee_seats")
    source = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "council"],
                name="committee_has_a_council_once",
                violation_error_message="This council sends members to the committee already.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.council} on {self.committee}"


class CommitteeFootprint(models.Model):
    """What a committee scrutinises: a borough, several, a system, or several."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="scope")
    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="scrutinised_by")
    source = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "footprint"],
                name="committee_scrutinises_a_footprint_once",
                violation_error_message="The committee scrutinises this footprint already.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.committee} on {self.footprint}"


# A seat is the role of a JHOSC member in each system that the committee scrutinises: what gives the right to read what
# those systems publish. For `User.objects.signed_in(also=…)`.
SEATS_AS_ROLES = """
    SELECT 'jhosc_member', place.system_id, seat.starts_on, seat.ends_on
      FROM engagement_committeemembership seat
      JOIN engagement_committeefootprint scope ON scope.committee_id = seat.committee_id
      JOIN systems_footprint place ON place.id = scope.footprint_id
     WHERE seat.user_id = person.id AND place.system_id IS NOT NULL
"""


class CommitteeMembershipQuerySet(models.QuerySet["CommitteeMembership"]):
    def current(self, today: dt.date) -> "CommitteeMembershipQuerySet":
        """Seats held on this day, both end days included."""
        return self.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))

    def held_by(self, user: User) -> "CommitteeMembershipQuerySet":
        """This person's seats on the day their rights are asked for."""
        return self.current(user.rights_on).filter(user=user)

    def in_order(self) -> "CommitteeMembershipQuerySet":
        """By council; in each the chair first, officers last."""
        rank = models.Case(*(models.When(role=role, then=n) for n, role in enumerate(Seat.values)))
        seats = self.select_related("user", "council").annotate(rank=rank)
        return seats.order_by(F("council__name").asc(nulls_last=True), "rank", "name", "user__name", "pk")


class CommitteeMembership(models.Model):
    """A seat: a person with an account, or a councillor by name, from one day to another."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="committee_seats")
    name = models.CharField("name, of who has no account", max_length=120, blank=True)
    council = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, choices=Seat, default=Seat.MEMBER)
    starts_on = models.DateField("term begins on")
    ends_on = models.DateField("term ends on", null=True, blank=True)
    source = models.CharField(max_length=500, blank=True)

    objects = CommitteeMembershipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "starts_on"], name="committee_seats_of_a_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(name=""),
                name="committee_member_is_an_account_or_a_name",
                violation_error_message="Choose an account, or enter the name of a councillor who has none.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Seat.values),
                name="committee_member_has_a_known_role",
                violation_error_message="Choose chair, vice-chair, member or officer.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="committee_term_ends_after_it_begins",
                violation_error_message="A term cannot end before it begins.",
            ),
            models.UniqueConstraint(
                fields=["committee", "user", "starts_on"],
                name="committee_member_begins_a_term_once",
                violation_error_message="This person has a term on the committee from that day already.",
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(role=Seat.CHAIR, ends_on__isnull=True),
                name="committee_has_one_chair_without_an_end",
                violation_error_message="The committee has a chair. End that term first.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()} of {self.committee}"

    @property
    def person(self) -> str:
        return self.user.name if self.user else self.name
