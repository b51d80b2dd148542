"""Celery tasks: each calls one function."""

from celery import shared_task

from commitments.recompute import recompute
from ltp_portal.clock import today


@shared_task
def recompute_due() -> None:
    """Recomputes whatever is due. Enqueued after larger work, and swept every 30 seconds: a new day included."""
    recompute(today())
