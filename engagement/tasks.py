"""Celery tasks: each calls one function."""

from celery import shared_task

from commitments.tasks import HARD_LIMIT, SOFT_LIMIT, SweptTask
from engagement import outbox
from ltp_portal.clock import today


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def send_letters() -> None:
    """Writes and sends what followers are told of the latest publications; swept, so nothing waits for a message."""
    outbox.write_letters()
    outbox.send_waiting(today())
