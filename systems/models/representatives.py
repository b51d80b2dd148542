"""Who speaks for which body, from when to when."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from systems.choices import SPEAK_FOR_PEOPLE
from systems.models.audit import audited
from systems.models.organisations import Organisation
from systems.models.people import User


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def current(self, today: dt.date) -> "RepresentativeQuerySet":
        """Those who speak for a body on this day, both end days included."""
        return self.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))

    def held_by(self, user: User) -> "RepresentativeQuerySet":
        """The Healthwatch and councils this person speaks for on the day their rights are asked for."""
        if not user.is_active:
            return self.none()
        return self.current(user.rights_on).filter(user=user, organisation__kind__in=SPEAK_FOR_PEOPLE)


class Representative(models.Model):
    """A person who speaks for a Healthwatch or a council, between two dates."""

    user = models.ForeignKey(User, models.PROTECT, related_name="represents")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="representatives",
        limit_choices_to={"kind__in": [kind.value for kind in SPEAK_FOR_PEOPLE]},
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "starts_on"],
                name="representative_once_per_person_organisation_and_start",
                violation_error_message="This person already speaks for this body from that day.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="representative_ends_after_it_starts",
                violation_error_message="This cannot end before it starts.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"
