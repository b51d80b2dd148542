"""Whether the portal is alive, and whether it can work."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from commitments.models import Position
from ltp_portal.celery import app

# How long a worker has to answer.
WORKER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Condition:
    """What the portal leans on, whether each answers, and how long the oldest due position has waited."""

    database: bool
    broker: bool
    worker: bool
    # None where the database does not answer.
    oldest_due_seconds: int | None

    @property
    def is_ready(self) -> bool:
        """Everything answers, and the queue is being worked."""
        waited = self.oldest_due_seconds
        return self.database and self.broker and self.worker and (waited or 0) <= settings.READY_MAX_DUE_SECONDS


def condition(now: dt.datetime, today: dt.date) -> Condition:
    broker, worker = _broker_and_worker()
    waited = _oldest_due_seconds(now, today)
    return Condition(waited is not None, broker, worker, waited)


def _oldest_due_seconds(now: dt.datetime, today: dt.date) -> int | None:
    """0 where nothing is due; None where the database does not answer."""
    try:
        with transaction.atomic():
            marked_at, turned_on = Position.objects.waiting_since(today)
    except Error:
        return None
    since = [marked_at] if marked_at else []
    if turned_on:
        # By the calendar: since the midnight of that day, told from the portal's own day, which may not be ours.
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        since.append(midnight - (today - turned_on))
    return max(0, int((now - min(since)).total_seconds())) if since else 0


def _broker_and_worker() -> tuple[bool, bool]:
    try:
        answers = app.control.broadcast("ping", reply=True, timeout=WORKER_SECONDS, limit=1)
    except (OperationalError, OSError):
        return False, False
    return True, bool(answers)
