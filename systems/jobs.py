"""How a job is done: by one worker at a time, and again by another where that one was killed.

The lock is held by the worker's connection: a worker that is killed lets it go, and nothing has to be cleared away.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import pghistory
from django.db import Error, connection
from django.db.models import F
from django.db.models.functions import Now

from systems.models import Job

# The first key of every advisory lock on a job.
_JOB_LOCK = 2020
# What brings its worker down as often as this is not begun again.
TRIES = 3
BROKE_DOWN = "Something went wrong on our side. Try again, or write to us if it happens again."

Work = Callable[[Job, dt.date], None]


class Refused(Exception):
    """The work cannot be done, for a reason that the person who asked can do something about."""


def run(pk: int, work: Mapping[str, Work], today: dt.date) -> None:
    """Does a job, unless it is done or another worker is at it. The work says itself that it is finished."""
    with _held(pk) as is_ours:
        job = Job.objects.unfinished().filter(pk=pk).select_related("asked_by").first() if is_ours else None
        if job is None:
            return
        if job.tries >= TRIES:
            finish(job, error=BROKE_DOWN)
            return
        Job.objects.filter(pk=pk).update(started_at=Now(), tries=F("tries") + 1, done=0)
        try:
            # The audit log says who asked, not that a worker did it.
            with pghistory.context(user=job.asked_by_id, url=job.result):
                work[job.kind](job, today)
        except Refused as refused:
            finish(job, error=str(refused))
        except Exception:
            # The database may be what failed: then the job stays unfinished, and is taken up again.
            with suppress(Error):
                finish(job, error=BROKE_DOWN)
            raise


def run_waiting(work: Mapping[str, Work], today: dt.date) -> None:
    """Does every job of these kinds that nobody is at: its message was lost, or its worker was killed."""
    for pk in Job.objects.unfinished().filter(kind__in=work).order_by("pk").values_list("pk", flat=True):
        run(pk, work, today)


def progress(job: Job, done: int) -> None:
    """Tells whoever is watching how far it is."""
    Job.objects.filter(pk=job.pk).update(done=min(done, job.total))


def finish(job: Job, *, error: str = "") -> None:
    """Ends a job: within the transaction that writes its result, so that it is done once."""
    limit = Job._meta.get_field("error").max_length
    Job.objects.filter(pk=job.pk).update(
        finished_at=Now(), error=error[:limit], done=F("done") if error else F("total")
    )


@contextmanager
def _held(pk: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_JOB_LOCK, pk])
        is_ours = cursor.fetchone()[0]
        try:
            yield is_ours
        finally:
            if is_ours:
                with suppress(Error):
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_JOB_LOCK, pk])
