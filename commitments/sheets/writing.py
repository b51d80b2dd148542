"""What was confirmed: reports written in sets, each as it was compared, in one transaction. Run by a worker."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values

from commitments.choices import WRITTEN_FINDINGS, Finding, Outcome, ReportState
from commitments.models import Report, Upload, UploadedRow
from commitments.models.reports import WORDS
from commitments.recompute import lock_commitments
from commitments.sheets.comparing import Compared, compared
from systems.jobs import finish
from systems.models import Job, User

CHANGED_MEANWHILE = "Somebody else changed it, and you did not choose to overwrite"
_ROWS_A_STATEMENT = 500
_COLUMNS = ("version", "state", "submitted_on", *WORDS)


@transaction.atomic
def write_upload(job: Job, today: dt.date) -> None:
    """Writes the rows that stand as they were confirmed. Rights, months and versions are looked at once more."""
    upload = Upload.objects.get(writing=job)
    by = job.asked_by.as_of(today)
    lock_commitments(upload.rows.values_list("delivery__commitment_id", flat=True))
    found = list(compared(upload, by, today))
    chosen = [one for one in found if one.finding in WRITTEN_FINDINGS]
    _update([one for one in chosen if one.finding == Finding.CHANGED], by, today)
    _create([one for one in chosen if one.finding != Finding.CHANGED], by, today)
    _note_outcomes(found)
    finish(job)


def _state(row: UploadedRow, today: dt.date) -> dict[str, Any]:
    state = ReportState.SUBMITTED if row.is_ready else ReportState.DRAFT
    return {"state": state, "submitted_on": today if row.is_ready else None}


def _create(chosen: Collection[Compared], by: User, today: dt.date) -> None:
    Report.objects.bulk_create(
        (
            Report(
                delivery_id=one.row.delivery_id,
                period_id=one.row.period_id,
                supersedes=one.current,
                author=by,
                **_state(one.row, today),
                **{name: getattr(one.row, name) for name in WORDS},
            )
            for one in chosen
        ),
        batch_size=_ROWS_A_STATEMENT,
    )


def _update(chosen: Collection[Compared], by: User, today: dt.date) -> None:
    """One statement for many reports: a draft or a returned one becomes what the sheet says."""
    rows = []
    for one in chosen:
        assert one.current is not None
        values = _state(one.row, today) | {name: getattr(one.row, name) for name in WORDS}
        rows.append((one.current.pk, one.current.version + 1, *(values[name] for name in _COLUMNS[1:])))
    kinds = {"version": "integer", "submitted_on": "date", "expected_on": "date"}
    statement = (
        f"UPDATE commitments_report r SET {', '.join(f'{name} = v.{name}' for name in _COLUMNS)}, "  # noqa: S608 - column names of our own model
        "author_id = %(by)s, decided_by_id = NULL, decided_on = NULL, saved_at = now(), written_in = NULL "
        f"FROM (VALUES %%s) AS v (id, {', '.join(_COLUMNS)}) WHERE r.id = v.id AND r.version = v.version - 1"
    )
    template = "(%s, " + ", ".join(f"%s::{kinds.get(name, 'text')}" for name in _COLUMNS) + ")"
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, statement % {"by": by.pk}, rows, template=template, page_size=_ROWS_A_STATEMENT)


def _note_outcomes(found: Collection[Compared]) -> None:
    rows: dict[tuple[Outcome, str], list[int]] = defaultdict(list)
    for one in found:
        rows[_outcome(one)].append(one.row.pk)
    for (outcome, why), pks in rows.items():
        UploadedRow.objects.filter(pk__in=pks).update(outcome=outcome, left_out_because=why)


def _outcome(one: Compared) -> tuple[Outcome, str]:
    if one.finding == Finding.SAME:
        return Outcome.SAME, ""
    if one.finding == Finding.CONFLICT:
        return Outcome.LEFT_OUT, CHANGED_MEANWHILE
    if one.finding == Finding.FIXED:
        return Outcome.LEFT_OUT, one.why
    return (Outcome.SUBMITTED if one.row.is_ready else Outcome.DRAFT), ""
