"""Celery tasks: each calls one function."""

from celery import shared_task

from commitments.tasks import HARD_LIMIT, SOFT_LIMIT, SweptTask
from engagement import outbox
from engagement.packs.making import make
from ltp_portal.clock import today
from systems import jobs
from systems.choices import JobKind
from systems.jobs import Work

WORK: dict[str, Work] = {JobKind.MAKE_PACK: make}


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def make_pack(job: int) -> None:
    """Makes the pack somebody asked for."""
    jobs.run(job, WORK, today())


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def make_waiting_packs() -> None:
    """Takes up every pack that nobody is at: its message was lost, or its worker was killed."""
    jobs.run_waiting(WORK, today())


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def send_letters() -> None:
    """Writes and sends what followers are told of the latest publications; swept, so nothing waits for a message."""
    outbox.write_letters()
    outbox.send_waiting(today())
