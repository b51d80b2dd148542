"""The outbox of reminders, which is also the log of what was sent to whom."""

from django.db import models
from django.db.models import Q

from commitments.choices import ReminderKind, ReminderState
from commitments.models.outgoing import Outgoing
from commitments.models.periods import ReportingPeriod
from systems.models import User


class Reminder(Outgoing):
    """A reminder to one person about one month, of one kind: written first, then sent, once.

    The mail is written from what is still owed when it is sent.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="reminders")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReminderKind)
    # The day it was for, even where it was written later: so that a day is made up for once.
    falls_on = models.DateField()

    class Meta(Outgoing.Meta):
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
