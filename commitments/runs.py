"""Runs of the recompute, each with a row that tells of it.

The row is written before the first transaction of the run and after the last: what is killed in between leaves a row
that never ended, and nothing else to clear away.
"""

import datetime as dt
from contextlib import suppress

from django.db import Error, connection
from django.db.models.functions import Now

from commitments.choices import Trigger
from commitments.models import Run
from commitments.recompute import Outcome, is_anything_due, recompute


def run_due(today: dt.date, *, trigger: Trigger) -> Outcome:
    """Recomputes what is due. Where nothing is, nothing is written: a quiet night leaves no trace."""
    if not is_anything_due(today):
        return Outcome()
    return run(today, trigger=trigger)


def run(today: dt.date, *, trigger: Trigger, inside: str = "", everything: bool = False, hands: int = 1) -> Outcome:
    """Recomputes what is due, or everything, below a footprint's path, and keeps a row of it."""
    row = Run.objects.create(scope=_scope(inside, everything), trigger=trigger)
    try:
        outcome = recompute(today, inside=inside, everything=everything, hands=hands)
    except Exception as error:
        # The database may be what failed; then the row stays without an end, which is the truth.
        with suppress(Error):
            connection.close_if_unusable_or_obsolete()
            _finish(row, error=_in_one_line(error))
        raise
    _finish(row, examined=outcome.examined, changed=outcome.changed)
    Run.objects.outdated().delete()
    return outcome


def _finish(row: Run, **result: int | str) -> None:
    Run.objects.filter(pk=row.pk).update(finished_at=Now(), **result)


def _scope(inside: str, everything: bool) -> str:
    code = inside.rstrip("/").rpartition("/")[2]
    return ("Every position" if everything else "Positions due") + (f" in {code}" if code else "")


def _in_one_line(error: Exception) -> str:
    limit = Run._meta.get_field("error").max_length
    return " ".join(f"{type(error).__name__}: {error}".split())[:limit]
