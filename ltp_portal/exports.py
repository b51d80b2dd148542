"""Lists taken out as CSV or as a spreadsheet: every row as filtered and sorted, and nothing a spreadsheet would run."""

import csv
import datetime as dt
import html
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django_tables2 import Table
from django_tables2.rows import BoundRow
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ltp_portal.clock import today
from ltp_portal.securitylog import record

# The word of the address that asks for a file instead of a page.
ASKS_FOR = "export"
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Without it Excel reads a CSV file in the alphabet of the machine it stands on.
BYTE_ORDER_MARK = "\ufeff"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS_A_FETCH = 2000


# What a list is taken out as: by the word of the address, and the words of the link.
FILES = (("csv", "Download as CSV"), ("xlsx", "Download as Excel"))


def render_list(
    request: HttpRequest,
    template: str,
    page: dict[str, Any],
    *,
    tables: Sequence[str] = ("table",),
    drawn: Mapping[str, Callable[[], Table]] | None = None,
) -> HttpResponseBase:
    """A page with lists, or all of one list as a file where the address asks for it.

    Each list is `page[name]`, found, filtered and sorted for this person: its file holds those rows and no others. A
    list that the page draws itself is made as a table only where its file is asked for: `drawn`, by what the page's
    `{% export_links name %}` calls it.
    """
    if file := drawn_file(request, drawn or {}, as_at=page.get("as_of") or today()):
        return file
    for name in tables:
        table: Table = page[name]
        asked = request.GET.get(table.prefix + ASKS_FOR)
        if asked in _AS:
            return _file(request, table, asked, as_at=page.get("as_of") or today())
        table.files = [(table.prefix + ASKS_FOR, *file) for file in FILES]
    return render(request, template, page)


def drawn_file(
    request: HttpRequest, drawn: Mapping[str, Callable[[], Table]], *, as_at: dt.date
) -> HttpResponseBase | None:
    """The one of these lists, which their page draws itself, that the address asks for as a file, if it does."""
    for name, whole in drawn.items():
        asked = request.GET.get(f"{name}-{ASKS_FOR}")
        if asked in _AS:
            return _file(request, whole(), asked, as_at=as_at)
    return None


def _file(request: HttpRequest, table: Table, asked: str, *, as_at: dt.date) -> HttpResponseBase:
    record("exported", request=request, list=table.file_name, format=asked, rows=len(table.data))
    answer = _AS[asked](_cells(table))
    answer["Content-Disposition"] = f'attachment; filename="{table.file_name}-{as_at}.{asked}"'
    return answer


def harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula, marked as text. Numbers and dates stay what they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _cells(table: Table) -> Iterator[list[object]]:
    columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
    yield [str(column.header) for column in columns]
    for found in _rows(table):
        row = BoundRow(found, table=table)
        yield [harmless(_plain(row.get_cell_value(column.name))) for column in columns]


def _rows(table: Table) -> Iterator[Any]:
    rows = table.data.data
    if isinstance(rows, QuerySet):
        rows = rows.iterator(_ROWS_A_FETCH)
    for some in batched(rows, _ROWS_A_FETCH):
        yield from table.prepared(some)


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of so many."""
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some


def _plain(value: object) -> object:
    """A cell without the page around it."""
    if isinstance(value, SafeString):
        value = html.unescape(strip_tags(re.sub(r"<br\s*/?>|</p>", "\n", value)))
        value = "\n".join(line for line in (" ".join(line.split()) for line in value.split("\n")) if line)
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value).replace(microsecond=0)
    return "" if value is None else value


class _Echo:
    """A file that hands on what is written to it."""

    def write(self, line: str) -> str:
        return line


def _as_csv(rows: Iterable[list[object]]) -> HttpResponseBase:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from map(writer.writerow, rows)

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def _as_xlsx(rows: Iterable[list[object]]) -> HttpResponseBase:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", c) if isinstance(c, str) else c for c in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, content_type=XLSX_TYPE)


_AS = {"csv": _as_csv, "xlsx": _as_xlsx}
