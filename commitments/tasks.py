"""Celery tasks: each calls one function."""

from celery import shared_task

from commitments import outbox
from commitments.choices import Trigger
from commitments.models import Upload
from commitments.runs import run_due
from commitments.sheets.reading import read_upload
from commitments.sheets.writing import write_upload
from ltp_portal.clock import today
from systems import jobs
from systems.choices import JobKind
from systems.jobs import Work
from systems.models import Job
from systems.tasks import HARD_LIMIT, SOFT_LIMIT, SweptTask

WORK: dict[str, Work] = {JobKind.READ_SHEET: read_upload, JobKind.WRITE_SHEET: write_upload}


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def recompute_due(trigger: str = Trigger.SWEEP) -> None:
    """Recomputes whatever is due. Enqueued after larger work, and swept every 30 seconds: a new day included."""
    run_due(today(), trigger=Trigger(trigger))


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def write_reminders() -> None:
    """Once a day: writes today's reminders into the outbox. Where today's are there already, nothing is written."""
    outbox.write_reminders(today())


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def send_reminders() -> None:
    """Sends what waits in the outbox. Asked for after a nudge, and swept: the database is the outbox."""
    outbox.send_waiting(today())


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def run_job(job: int) -> None:
    """Does one job somebody asked for."""
    jobs.run(job, WORK, today())


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def run_waiting_jobs() -> None:
    """Takes up every job that nobody is at: its message was lost, or its worker was killed."""
    jobs.run_waiting(WORK, today())


@shared_task(base=SweptTask, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def forget_old_uploads() -> None:
    """Removes uploads, and the jobs that read and wrote them, after 30 days."""
    Upload.objects.outdated().delete()
    Job.objects.outdated().filter(kind__in=WORK).delete()
