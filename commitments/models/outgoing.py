"""What is sent once: a row a letter, which is the outbox and the log of it."""

import datetime as dt

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from commitments.choices import ReminderState

# A letter that was not taken is tried again after this long, and so often in all.
TRY_AGAIN_AFTER = dt.timedelta(minutes=15)
TRIES = 8
# As long as somebody may ask what they were sent. Nothing is told so late, so none is sent anew.
KEPT_FOR = dt.timedelta(days=365)
CUT_SHORT = "Stopped while it was handed over: it may have arrived."


class OutgoingQuerySet(models.QuerySet):
    def to_send(self) -> "OutgoingQuerySet":
        """Those that wait, and were not tried within the last minutes."""
        rested = Q(tried_at__isnull=True) | Q(tried_at__lt=Now() - TRY_AGAIN_AFTER)
        return self.filter(rested, state=ReminderState.WAITING)

    def outdated(self) -> "OutgoingQuerySet":
        """Those nobody will ask about any more."""
        return self.filter(written_at__lt=Now() - KEPT_FOR)

    def give_up_cut_short(self) -> int:
        """Whoever handed these over was killed. They may have arrived, so they are not sent again by themselves."""
        cut = self.filter(state=ReminderState.SENDING, tried_at__lt=Now() - TRY_AGAIN_AFTER)
        return cut.update(state=ReminderState.FAILED, error=Value(CUT_SHORT))


class Outgoing(models.Model):
    """Written first, then sent, once. What it says is not kept: the mail is written when it is sent."""

    state = models.CharField(max_length=10, choices=ReminderState, default=ReminderState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]
