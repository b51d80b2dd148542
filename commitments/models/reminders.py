"""The outbox of reminders, which is also the log of what was sent to whom."""

import datetime as dt

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from commitments.choices import ReminderKind, ReminderState
from commitments.models.periods import ReportingPeriod
from systems.models import User

# A reminder that was not taken is tried again after this long, and so often in all.
TRY_AGAIN_AFTER = dt.timedelta(minutes=15)
TRIES = 8
# As long as somebody may ask what they were sent. No month is reminded of for so long, so none is sent anew.
KEPT_FOR = dt.timedelta(days=365)
CUT_SHORT = "Stopped while it was handed over: it may have arrived."


class ReminderQuerySet(models.QuerySet):
    def to_send(self) -> "ReminderQuerySet":
        """Those that wait, and were not tried within the last minutes."""
        rested = Q(tried_at__isnull=True) | Q(tried_at__lt=Now() - TRY_AGAIN_AFTER)
        return self.filter(rested, state=ReminderState.WAITING)

    def outdated(self) -> "ReminderQuerySet":
        """Those nobody will ask about any more."""
        return self.filter(written_at__lt=Now() - KEPT_FOR)

    def give_up_cut_short(self) -> int:
        """Whoever handed these over was killed. They may have arrived, so they are not sent again by themselves."""
        cut = self.filter(state=ReminderState.SENDING, tried_at__lt=Now() - TRY_AGAIN_AFTER)
        return cut.update(state=ReminderState.FAILED, error=Value(CUT_SHORT))


class Reminder(models.Model):
    """A reminder to one person about one month, of one kind: written first, then sent, once.

    What it says is not kept: the mail is written when it is sent, from what is still owed then.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="reminders")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReminderKind)
    # The day it was for, even where it was written later: so that a day is made up for once.
    falls_on = models.DateField()
    state = models.CharField(max_length=10, choices=ReminderState, default=ReminderState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["person"],
                condition=Q(state__in=[ReminderState.WAITING, ReminderState.SENDING]),
                name="reminder_outbox",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period", "kind", "falls_on"],
                name="reminder_once_per_person_period_kind_and_day",
                violation_error_message="This person has this reminder already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReminderKind.values) & Q(state__in=ReminderState.values),
                name="reminder_words_are_known",
            ),
            models.CheckConstraint(
                condition=Q(state=ReminderState.SENT) ^ Q(sent_at__isnull=True), name="reminder_sent_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.period}: {self.get_kind_display()}"
