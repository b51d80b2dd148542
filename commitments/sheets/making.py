"""The sheet as it is downloaded: locked columns that say what a row is about, open ones to fill in, drop-downs."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from commitments.choices import CONFIDENCE_MEANING, Confidence, ReportState
from commitments.models import Delivery, Report, ReportingPeriod
from commitments.models.reports import WORDS
from commitments.sheets.columns import CHOICES, COLUMNS, DATES, KEY, MAX_ROWS, NO, SHEET, YES, Key, as_text
from systems.models.days import FIRST_DAY, LAST_DAY

_GRID = Side(style="thin", color="D8DDE0")
_DAY_FORMAT = "d mmmm yyyy"
_LAST_ROW = MAX_ROWS + 1


def with_reports(deliveries: QuerySet[Delivery], period: ReportingPeriod) -> list[Delivery]:
    """Deliveries with this month's report and the last one before it, as far as there are any."""
    found = list(deliveries)
    ids = [delivery.pk for delivery in found]
    reports = Report.objects.filter(delivery__in=ids).select_related("period")
    this = {report.delivery_id: report for report in reports.current_of(ids).filter(period=period)}
    earlier = reports.filter(period__lt=period.pk).exclude(state=ReportState.DRAFT)
    last = earlier.order_by("delivery_id", "-period_id", "-pk").distinct("delivery_id")
    before = {report.delivery_id: report for report in last}
    for delivery in found:
        delivery.this_report, delivery.last_report = this.get(delivery.pk), before.get(delivery.pk)  # type: ignore[attr-defined]
    return found


def write_sheet(to: IO[bytes], *, deliveries: Iterable[Delivery], period: ReportingPeriod, today: dt.date) -> None:
    """Writes one row a delivery. Of each it expects what `for_list` and `with_reports` add."""
    book = Workbook(write_only=True)
    for style in _styles():
        book.add_named_style(style)
    sheet = book.create_sheet(SHEET)
    _arrange(sheet)
    sheet.append([_cell(sheet, column.heading, "heading") for column in COLUMNS])
    for delivery in deliveries:
        sheet.append(_row(sheet, delivery, period, today))
    guide = book.create_sheet("How to fill it in")
    guide.column_dimensions["A"].width = 110
    for line in _guide(period):
        guide.append([line])
    book.security.lockStructure = True
    book.save(to)


def _styles() -> Iterable[NamedStyle]:
    around = Border(left=_GRID, right=_GRID, top=_GRID, bottom=_GRID)
    wrapped = Alignment(wrap_text=True, vertical="top")
    font = Font(name="Arial", size=10)
    for name, colour, is_locked in (("fixed", "F0F4F5", True), ("open", "FFFFFF", False)):
        looks = {"font": font, "alignment": wrapped, "border": around, "protection": Protection(locked=is_locked)}
        fill = PatternFill("solid", start_color=colour)
        yield NamedStyle(name, fill=fill, **looks)
        yield NamedStyle(f"{name}_day", fill=fill, number_format=_DAY_FORMAT, **looks)
    yield NamedStyle(
        "heading",
        font=Font(name="Arial", size=10, bold=True, color="FFFFFF"),
        fill=PatternFill("solid", start_color="005EB8"),
        alignment=wrapped,
        border=around,
    )


def _arrange(sheet) -> None:
    """Widths, the hidden key, what stays in sight, what is locked, and the drop-downs."""
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column is KEY
        if column.name in CHOICES:
            listed = DataValidation("list", formula1=f'"{",".join(CHOICES[column.name])}"', allow_blank=True)
            _validate(sheet, listed, letter, f"{column.heading} is one of {', '.join(CHOICES[column.name])}.")
        elif column.name in DATES:
            days = DataValidation("date", "between", *(_in_formula(day) for day in (FIRST_DAY, LAST_DAY)))
            _validate(sheet, days, letter, f"Enter a date from {FIRST_DAY.year} to {LAST_DAY.year}.")
    sheet.freeze_panes = "D2"
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.autoFilter = False
    sheet.page_setup.orientation = "landscape"


def _in_formula(day: dt.date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _validate(sheet, rule: DataValidation, letter: str, message: str) -> None:
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = "Not taken", message
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.data_validations.append(rule)


def _row(sheet, delivery: Delivery, period: ReportingPeriod, today: dt.date) -> list:
    current: Report | None = delivery.this_report  # type: ignore[attr-defined]
    key = Key(delivery.pk, period.pk, current.pk if current else 0, current.version if current else 0)
    values = {
        "key": key.signed(),
        "code": delivery.commitment.code,
        "title": delivery.commitment.title,
        "area_code": delivery.footprint.code,
        "area": delivery.footprint.name,
        "status": delivery.position.sentence_on(today),
        "deadline_on": delivery.position.deadline_on,
        "local_deadline_on": delivery.local_deadline_on,
        **_words(delivery.last_report, "last_"),  # type: ignore[attr-defined]
        **_words(current),
    }
    # What awaits sign-off is not changed in a sheet either.
    is_closed = current is not None and current.state == ReportState.SUBMITTED
    if is_closed:
        values["is_ready"] = YES
    return [
        _cell(sheet, values.get(c.name), "open" if c.is_open and not is_closed else "fixed", is_day=c.name in DATES)
        for c in COLUMNS
    ]


def _words(report: Report | None, prefix: str = "") -> Mapping[str, Any]:
    if report is None:
        return {}
    shown = {name: getattr(report, name) for name in WORDS}
    shown |= {"stage": report.get_stage_display(), "confidence": report.get_confidence_display()}
    return {f"{prefix}{name}": value for name, value in (shown | {"period": str(report.period)}).items()}


def _cell(sheet, value: Any, style: str, *, is_day: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, as_text(value) if isinstance(value, str) else value)
    cell.style = f"{style}_day" if is_day or isinstance(value, dt.date) else style
    if isinstance(value, str):
        # Whatever people wrote is text: "=…" in a report must not become a formula.
        cell.data_type, cell.quotePrefix = "s", True
    return cell


def _guide(period: ReportingPeriod) -> Iterable[str]:
    yield f"Reports for {period}"
    yield f"1. Fill in the white columns of the sheet “{SHEET}”. A row you leave empty changes nothing."
    yield "2. The grey columns say what each row is about and what was reported last. They are locked."
    yield "3. To carry last month’s text forward, copy it and paste it as values (Paste special, Values)."
    yield f"4. “Ready to submit”: {YES} sends the report for sign-off; {NO} or nothing keeps it as a draft."
    yield "5. Amber and red need an expected date, why it is not green, and a path to green."
    for confidence in Confidence:
        yield f"    {confidence.label}: {CONFIDENCE_MEANING[confidence]}"
    yield "6. Enter dates as dates and texts as texts: no formulas, no merged cells, no columns of your own."
    yield "7. Save as XLSX and upload it. You see every difference before anything is saved."
