"""Whether the portal is alive, and whether it can work."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone
from django_redis import get_redis_connection
from kombu.exceptions import OperationalError
from redis import RedisError

from commitments.models import CoverageExpiry, Position
from ltp_portal.celery import app
from systems.models import MaturityPosition

# How long a worker has to answer.
WORKER_SECONDS = 1.0
# Work that waits longer than two sweeps is held up.
HELD_UP_AFTER = 2 * settings.SWEEP_SECONDS


@dataclass(frozen=True, slots=True)
class Condition:
    """What the portal leans on, whether each answers, and how long the oldest due position or roll-up has waited."""

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


def is_behind(today: dt.date) -> bool:
    """Whether what a worker is asked for now will not be there within a minute."""
    waited = _oldest_due_seconds(timezone.now(), today)
    return waited is None or waited > HELD_UP_AFTER or not _queue_answers()


def _queue_answers() -> bool:
    """Whether Redis takes what the worker shall do."""
    try:
        return bool(get_redis_connection().ping())
    except RedisError:
        return False


def _oldest_due_seconds(now: dt.datetime, today: dt.date) -> int | None:
    """0 where nothing is due; None where the database does not answer."""
    try:
        with transaction.atomic():
            waiting = [
                Position.objects.waiting_since(today),
                CoverageExpiry.objects.counted().waiting_since(today),
                MaturityPosition.objects.waiting_since(today),
            ]
    except Error:
        return None
    # By the calendar: since the midnight of that day, told from the portal's own day, which may not be ours.
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    since = [marked_at for marked_at, _ in waiting if marked_at]
    since += [midnight - (today - turned_on) for _, turned_on in waiting if turned_on]
    return max(0, int((now - min(since)).total_seconds())) if since else 0


def _broker_and_worker() -> tuple[bool, bool]:
    try:
        answers = app.control.broadcast("ping", reply=True, timeout=WORKER_SECONDS, limit=1)
    except (OperationalError, OSError):
        return False, False
    return True, bool(answers)
