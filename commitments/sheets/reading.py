"""What was filled in: cells into values, each that cannot be one named by its address. Run by a worker."""

import datetime as dt
import io
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from commitments.models import CellProblem, Delivery, ReportingPeriod, Upload, UploadedRow
from commitments.models.reports import WORDS, missing
from commitments.sheets.cells import LONGEST_SHOWN, BadCell, value_of
from commitments.sheets.columns import COLUMNS, KEY, MAX_ROWS, OPEN, SHEET, Key, as_text
from commitments.sheets.opening import NOT_TEMPLATE
from systems.jobs import Refused, finish, progress
from systems.models import Job, User

_NAMED = {column.heading: column for column in COLUMNS}
# Further to the right no template has a column.
_COLUMNS_AT_MOST = 2 * len(COLUMNS)
_ROWS_A_STEP = 100
# What a reader of spreadsheets trips over in a broken one.
_BROKEN = (ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError,
           zipfile.BadZipFile, zlib.error)  # fmt: skip


@dataclass
class SheetRow:
    """A row of the sheet: its number, the values that could be read, and where each column stands."""

    number: int
    letters: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        cell = f"{self.letters[name]}{self.number}"
        heading = next(column.heading for column in COLUMNS if column.name == name)
        self.problems.append(CellProblem(row=self.number, cell=cell, heading=heading, message=message[:300]))

    @property
    def is_empty(self) -> bool:
        return not self.problems and not any(self.values.get(column.name) for column in OPEN)


def read_upload(job: Job, today: dt.date) -> None:
    """Reads an upload into rows and problems, with the rights its sender has now; then the file itself is gone."""
    upload = Upload.objects.get(reading=job)
    try:
        found = []
        for row in rows_of(bytes(upload.content)):
            found.append(row)
            if len(found) % _ROWS_A_STEP == 0:
                progress(job, len(found))
        _settle(upload, found, job.asked_by.as_of(today), today)
    except Refused:
        Upload.objects.filter(pk=upload.pk).update(content=b"")
        raise


@transaction.atomic
def _settle(upload: Upload, found: list[SheetRow], by: User, today: dt.date) -> None:
    if not found:
        raise Refused(NOT_TEMPLATE)
    filled = [row for row in found if not row.is_empty]
    rows = _judged(filled, by, today)
    for row in rows:
        row.upload = upload
    problems = [problem for row in filled for problem in row.problems]
    for problem in problems:
        problem.upload = upload
    UploadedRow.objects.bulk_create(rows, batch_size=500)
    CellProblem.objects.bulk_create(problems, batch_size=1000)
    Upload.objects.filter(pk=upload.pk).update(content=b"", empty_rows=len(found) - len(filled))
    finish(upload.reading)


# --- Cells ------------------------------------------------------------------------------------------------


def rows_of(content: bytes) -> Iterator[SheetRow]:
    """The rows below the heading that hold anything at all, in the columns of the template wherever they stand."""
    with warnings.catch_warnings(action="ignore"):
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            if SHEET not in book.sheetnames:
                raise Refused(f"The selected file must use the template: it has no sheet “{SHEET}”")
            cells = book[SHEET].iter_rows(max_row=MAX_ROWS + 1, max_col=_COLUMNS_AT_MOST)
            places = _places([cell.value for cell in next(cells, ())])
            letters = {name: get_column_letter(place + 1) for name, place in places.items()}
            for number, row in enumerate(cells, start=2):
                if any(cell.value is not None for cell in row):
                    yield _read(
                        SheetRow(number, letters), {name: row[place] for name, place in places.items()}, book.epoch
                    )
        except _BROKEN as error:
            raise Refused(NOT_TEMPLATE) from error


def _places(headings: list[object]) -> dict[str, int]:
    """Where each column of the template stands in this sheet."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if heading is None:
            continue
        column = _NAMED.get(str(heading).strip())
        where = f"{get_column_letter(place + 1)}1"
        if column is None or column.name in places:
            what = "twice" if column else "and the template does not"
            said = as_text(str(heading))[:LONGEST_SHOWN]
            raise Refused(f"The selected file must use the template: it has a column “{said}” ({where}) {what}")
        places[column.name] = place
    missing = [column.heading for column in COLUMNS if column.name not in places]
    if missing:
        raise Refused(f"The selected file must use the template: it has no column “{missing[0]}”")
    return places


# What a row is about, and what people fill in. The other columns are there to be read by them.
_READ = {KEY.name, "code", "area_code", *(column.name for column in OPEN)}


def _read(row: SheetRow, cells: Mapping[str, Any], epoch: dt.datetime) -> SheetRow:
    for name, cell in cells.items():
        if name not in _READ:
            continue
        try:
            row.values[name] = value_of(name, cell, epoch)
        except BadCell as bad:
            row.refuse(name, str(bad))
    return row


# --- Rows -------------------------------------------------------------------------------------------------


def _judged(filled: Collection[SheetRow], by: User, today: dt.date) -> list[UploadedRow]:
    """The rows that can be taken. What speaks against another is added to its problems."""
    keys = {row.number: Key.read(row.values.get(KEY.name)) for row in filled}
    asked_for = [key.delivery for key in keys.values() if key]
    deliveries = Delivery.objects.reportable_by(by).select_related("commitment", "footprint").in_bulk(asked_for)
    months = ReportingPeriod.objects.open_in({d.footprint.system_id for d in deliveries.values()}, today)
    rows_by_delivery: dict[int, int] = {}
    taken = []
    for row in filled:
        key = keys[row.number]
        delivery = deliveries.get(key.delivery) if key else None
        if key is None:
            row.refuse("code", "The hidden key of this row is not as it was downloaded. Download the sheet again")
        elif delivery is None:
            row.refuse("code", "This delivery is none that you may report on, or it does not apply any more")
        elif (earlier := rows_by_delivery.setdefault(key.delivery, row.number)) != row.number:
            row.refuse("code", f"Row {earlier} is about the same delivery")
        else:
            _check_about(row, delivery)
            _check_open(row, key, delivery, months)
            _check_ready(row)
            if not row.problems:
                taken.append(_typed(row, key))
    return taken


def _check_about(row: SheetRow, delivery: Delivery) -> None:
    """What a row says it is about, and what its key says, are the same: a sheet half sorted would mix them up."""
    for name, said in (("code", delivery.commitment.code), ("area_code", delivery.footprint.code)):
        if row.values.get(name) != said:
            row.refuse(name, f"This row was downloaded as {said}. Its columns no longer belong together")


def _check_open(
    row: SheetRow, key: Key, delivery: Delivery, months: Mapping[int | None, list[ReportingPeriod]]
) -> None:
    if key.period not in [month.pk for month in months[delivery.footprint.system_id]]:
        row.refuse("code", f"No reports are taken for {key.period:%B %Y} now")


def _check_ready(row: SheetRow) -> None:
    if row.values.get("is_ready"):
        unreadable = {problem.cell for problem in row.problems}
        for name, message in missing(row.values).items():
            if f"{row.letters[name]}{row.number}" not in unreadable:
                row.refuse(name, message)


def _typed(row: SheetRow, key: Key) -> UploadedRow:
    words = {name: row.values[name] for name in (*WORDS, "is_ready")}
    return UploadedRow(
        number=row.number,
        delivery_id=key.delivery,
        period_id=key.period,
        base_report=key.report,
        base_version=key.version,
        **words,
    )
