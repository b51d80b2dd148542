"""Whom a system spoke with about a commitment, and what it heard. Append-only: a mistake is withdrawn, and stays."""

import pgtrigger
from django.db import models
from django.db.models import Count, F, Max, Q

from commitments.models import Commitment
from systems.models import Footprint, User, never_emptied
from systems.models.footprints import under
from systems.permissions import Action


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User) -> "EngagementQuerySet":
        """Those of the systems whose positions this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "system__path"))

    def about(self, system: Footprint, commitment: Commitment) -> "EngagementQuerySet":
        return self.filter(system=system, commitment=commitment)

    def standing(self) -> "EngagementQuerySet":
        """Those that nobody withdrew."""
        return self.filter(withdrawal__isnull=True)

    def for_list(self) -> "EngagementQuerySet":
        """With who recorded each, and who withdrew it."""
        return self.select_related("recorded_by", "withdrawal__withdrawn_by")

    def counted_by_commitment(self) -> "models.QuerySet":
        """By commitment: how often people were heard about it, and when last."""
        return self.order_by().values_list("commitment_id").annotate(times=Count("pk"), last_on=Max("happened_on"))


class Engagement(models.Model):
    """Patients, the public or those who speak for them were heard about a commitment, on a day."""

    system = models.ForeignKey(Footprint, models.PROTECT, related_name="engagements", db_index=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="+")
    happened_on = models.DateField()
    with_whom = models.CharField(max_length=200)
    what_was_heard = models.TextField(max_length=5000)
    link = models.URLField(max_length=500, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-id"]
        indexes = [models.Index(fields=["system", "commitment", "happened_on"], name="engagement_of_a_system")]
        constraints = [
            models.CheckConstraint(
                condition=Q(happened_on__lte=F("recorded_on")),
                name="engagement_happened_before_it_was_recorded",
                violation_error_message="Engagement still to come is recorded when it has taken place.",
            ),
            models.CheckConstraint(
                condition=~Q(with_whom="") & ~Q(what_was_heard=""),
                name="engagement_says_with_whom_and_what_was_heard",
                violation_error_message="Engagement says with whom it was, and what was heard.",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"),
                name="engagement_link_is_https",
                violation_error_message="Enter a link that begins with https://",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="engagement_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.with_whom}, {self.happened_on:%-d %B %Y}"


class EngagementWithdrawal(models.Model):
    """A record of engagement was a mistake, and counts no more. Final."""

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="withdrawal")
    reason = models.TextField(max_length=2000)
    withdrawn_on = models.DateField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="engagement_withdrawn_says_why",
                violation_error_message="Say why it is withdrawn.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="withdrawal_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"Withdrawn: {self.engagement}"
