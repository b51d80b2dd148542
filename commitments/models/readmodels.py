"""What the rules concluded. Written only by commitments/recompute.py; pages read it and never compute it."""

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from commitments.choices import Freshness, Status
from commitments.models.facts import Delivery
from commitments.sentences import spoken


class Position(models.Model):
    """The computed verdict on a delivery, the sentence that explains it, and the day the verdict expires.

    `sentence` and `contradiction` may hold `{days}`: the days since `since_on`, filled in on the day of reading, so
    that "23 days overdue" stays true without being rewritten every night.
    """

    # A verdict means nothing without its delivery, and is born with it.
    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="position")
    status = models.CharField(max_length=20, choices=Status)
    reason_code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=600)
    since_on = models.DateField(null=True)
    freshness = models.CharField(max_length=10, choices=Freshness)
    headroom_days = models.IntegerField(null=True)
    contradiction = models.CharField(max_length=600, blank=True)
    contradiction_since_on = models.DateField(null=True)
    next_milestone_on = models.DateField(null=True)
    deadline_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    # The first day on which the same evidence gives another verdict. A position whose day has come is due.
    next_change_on = models.DateField(null=True)
    # The day the status last moved.
    moved_on = models.DateField()

    # A position is born with its delivery and decided in the same transaction.
    UNDECIDED: ClassVar = {
        "status": Status.NOT_STARTED,
        "reason_code": "",
        "sentence": "",
        "freshness": Freshness.NEVER,
    }

    class Meta:
        indexes = [
            # The one question asked every 30 seconds: which positions are due?
            models.Index(fields=["next_change_on"], name="position_due"),
            models.Index(fields=["status"], name="position_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values) & Q(freshness__in=Freshness.values),
                name="position_words_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.get_status_display()}"

    def sentence_on(self, today: dt.date) -> str:
        """The sentence as it reads on this day."""
        return spoken(self.sentence, self.since_on, today)

    def contradiction_on(self, today: dt.date) -> str:
        """What speaks against the reported confidence, as it reads on this day; empty where nothing does."""
        return spoken(self.contradiction, self.contradiction_since_on, today)


class PositionChange(models.Model):
    """On which day a position moved from what to what, and why. Append-only."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="position_changes")
    changed_on = models.DateField()
    from_status = models.CharField(max_length=20, choices=Status, blank=True)
    from_reason_code = models.CharField(max_length=30, blank=True)
    to_status = models.CharField(max_length=20, choices=Status)
    to_reason_code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=600)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-changed_on", "-id"]
        indexes = [models.Index(fields=["delivery", "-changed_on", "-id"], name="position_change_history")]
        triggers = [
            pgtrigger.Protect(name="position_change_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.from_status or 'new'} to {self.to_status} on {self.changed_on}"


class PositionsVersion(models.Model):
    """Counts the writing transactions that touched a system: the cache key of every page about it."""

    system = models.OneToOneField("systems.Footprint", models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.system}: {self.number}"
