"""Celery tasks: each calls one function."""

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from django.db import transaction

from commitments.recompute import recompute
from ltp_portal.clock import today


class SweptTask(DjangoTask):
    """A task the sweep finds by itself: while the broker is away, asking for it is logged and no page fails."""

    def delay_on_commit(self, *args, **kwargs) -> None:
        transaction.on_commit(lambda: self.delay(*args, **kwargs), robust=True)


@shared_task(base=SweptTask)
def recompute_due() -> None:
    """Recomputes whatever is due. Enqueued after larger work, and swept every 30 seconds: a new day included."""
    recompute(today())
