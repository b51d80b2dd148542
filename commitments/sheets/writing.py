"""What was confirmed: reports written in sets, each as it was compared, in one transaction. Run by a worker."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction

from commitments.choices import Finding, Outcome, ReportState
from commitments.locks import lock_commitments
from commitments.models import Report, Upload, UploadedRow
from commitments.models.reports import WORDS
from commitments.recompute import recompute_deliveries
from commitments.sheets.comparing import Compared, compared
from systems.jobs import finish
from systems.models import Job, User

CHANGED_MEANWHILE = "Somebody else changed it, and you did not choose to overwrite"
_ROWS_A_STATEMENT = 500


@transaction.atomic
def write_upload(job: Job, today: dt.date) -> None:
    """Writes the rows that stand as they were confirmed. Rights, months and versions are looked at once more."""
    upload = Upload.objects.get(writing=job)
    by = job.asked_by.as_of(today)
    lock_commitments(upload.rows.values_list("delivery__commitment_id", flat=True))
    found = list(compared(upload, by, today))
    begun = [one for one in found if one.finding in (Finding.NEW, Finding.CORRECTION)]
    changed = [one for one in found if one.finding == Finding.CHANGED]
    _submit(_create(begun, by) + _rewrite(changed, by), by, today)
    _note_outcomes(found)
    finish(job)


def _create(chosen: Collection[Compared], by: User) -> list[int]:
    new = [
        Report(
            delivery_id=one.row.delivery_id,
            period_id=one.row.period_id,
            supersedes=one.current,
            author=by,
            **_words(one.row),
        )
        for one in chosen
    ]
    created = Report.objects.bulk_create(new, batch_size=_ROWS_A_STATEMENT)
    return [report.pk for one, report in zip(chosen, created, strict=True) if one.row.is_ready]


def _rewrite(chosen: Collection[Compared], by: User) -> list[int]:
    Report.objects.rewrite({one.stands_on: _words(one.row) for one in chosen}, by=by)
    return [one.stands_on[0] for one in chosen if one.row.is_ready]


def _words(row: UploadedRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in WORDS}


def _submit(reports: Collection[int], by: User, today: dt.date) -> None:
    submitted = Report.objects.filter(pk__in=reports)
    if touched := submitted.achieve_ticked(by=by, today=today):
        recompute_deliveries(touched, today)
    submitted.update(state=ReportState.SUBMITTED, submitted_on=today)


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
