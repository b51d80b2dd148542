"""Each uploaded row against what is stored now: what it would change, and what stands in its way."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from commitments.choices import EDITABLE_REPORT_STATES, Finding, ReportState
from commitments.models import Delivery, Report, ReportingPeriod, Upload, UploadedRow
from commitments.models.reports import WORDS
from commitments.sheets.columns import as_text
from systems.models import User

NO_RIGHT = "It does not apply here any more, or you may no longer report on it"
CLOSED = "The month takes no more reports"
AWAITING = "It awaits sign-off: it can be changed once it is returned"


@dataclass(frozen=True, slots=True)
class Compared:
    """One row, the report that counts now, the fields in which they differ, and why it cannot be written, if so."""

    row: UploadedRow
    current: Report | None
    finding: Finding
    differs: tuple[str, ...] = ()
    why: str = ""

    @property
    def stands_on(self) -> tuple[int, int]:
        """The number and the version of the report that counts now; 0 where there is none."""
        return standing(self.current)


def standing(report: Report | None) -> tuple[int, int]:
    return (report.pk, report.version) if report else (0, 0)


def compared(upload: Upload, by: User, today: dt.date) -> Iterator[Compared]:
    """Every row of an upload, with what is stored and what this person may do at this moment."""
    rows = list(upload.rows.select_related("delivery__commitment", "delivery__footprint", "period"))
    deliveries = [row.delivery_id for row in rows]
    mine = set(Delivery.objects.reportable_by(by).filter(pk__in=deliveries).values_list("pk", flat=True))
    months = ReportingPeriod.objects.open_in({row.delivery.footprint.system_id for row in rows}, today)
    current = {
        (report.delivery_id, report.period_id): report
        for report in Report.objects.current_of(deliveries).filter(period__in={row.period_id for row in rows})
    }
    for row in rows:
        if row.delivery_id not in mine:
            # What is stored there is no longer theirs to read.
            yield Compared(row, None, Finding.FIXED, why=NO_RIGHT)
            continue
        takes_reports = row.period in months[row.delivery.footprint.system_id]
        yield compare(row, current.get((row.delivery_id, row.period_id)), "" if takes_reports else CLOSED)


def compare(row: UploadedRow, current: Report | None, why: str = "") -> Compared:
    """What this row is against the report that counts now; `why` says what forbids any change."""
    differs = tuple(name for name in WORDS if _said(row, name) != _said(current, name))
    submits = row.is_ready and (current is None or current.state in EDITABLE_REPORT_STATES)
    if not differs and not submits:
        return Compared(row, current, Finding.SAME)
    if current is not None and current.state == ReportState.SUBMITTED:
        why = why or AWAITING
    if why:
        return Compared(row, current, Finding.FIXED, differs, why)
    if (row.base_report, row.base_version) != standing(current):
        return Compared(row, current, Finding.CONFLICT, differs)
    if current is None:
        return Compared(row, current, Finding.NEW, differs)
    is_signed_off = current.state == ReportState.SIGNED_OFF
    return Compared(row, current, Finding.CORRECTION if is_signed_off else Finding.CHANGED, differs)


def _said(words: UploadedRow | Report | None, name: str) -> Any:
    value = getattr(words, name) if words else None
    return as_text(value) if isinstance(value, str) else value or ""
