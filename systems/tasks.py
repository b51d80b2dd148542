"""Celery tasks: each calls one function."""

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from django.db import transaction

from ltp_portal.clock import today
from systems.recompute import recompute

# A run that is stopped has lost nothing: each batch is committed by itself, and the next sweep goes on.
SOFT_LIMIT, HARD_LIMIT = 600, 660  # seconds


class SweptTask(DjangoTask):
    """A task the sweep finds by itself: while the broker is away, asking for it is logged and no page fails."""

    def delay_on_commit(self, *args, **kwargs) -> None:
        transaction.on_commit(lambda: self.delay(*args, **kwargs), robust=True)


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def recompute_maturity() -> None:
    """Recomputes the maturity that is due. Enqueued after larger work, and swept every 30 seconds."""
    recompute(today())
