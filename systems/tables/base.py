"""What every list is: sorted on the server, 25 rows a page, and taken out as a file."""

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableQuerysetData

ROWS_A_PAGE = 25
FIGURES = {"th": {"class": "nhsuk-table__header--numeric"}, "td": {"class": "nhsuk-table__cell--numeric"}}


class ListTable(tables.Table):
    """A list of the portal, sorted and turned to a page by the words of the address."""

    # What the list is called where it is taken out as a file.
    file_name = "list"
    # The files it can be taken out as: ltp_portal.exports says, and the page links to them.
    files: Sequence[tuple[str, str, str]] = ()

    class Meta:
        template_name = "django_tables2/table.html"

    row_header = ""  # the column that names the row; the first where none is named

    def as_asked(self, query: QueryDict) -> "ListTable":
        """Sorted and paged as the address asks; a page or a column that is not there is passed over."""
        if asked := query.getlist(self.prefixed_order_by_field):
            self.order_by = asked
        self.paginate(per_page=ROWS_A_PAGE)
        self.page = self.paginator.get_page(query.get(self.prefixed_page_field))
        self.prepared([row.record for row in self.paginated_rows])
        return self

    def prepared(self, rows: list[Any]) -> list[Any]:
        """The rows that are shown next, on a page or in a file, with what their cells need beyond their own facts."""
        return rows


class Ordered(TableQuerysetData):
    """Rows in an order that takes a join with a large table, counted without it."""

    def __init__(self, rows: QuerySet, *, counted: QuerySet):
        super().__init__(rows)
        self._counted = counted

    @cached_property
    def _total(self) -> int:
        return self._counted.count()

    def __len__(self) -> int:
        return self._total


def in_file(accessor: str, heading: str) -> tables.Column:
    """A column that only the list's file has: there one cell holds one fact."""
    return tables.Column(accessor=accessor, verbose_name=heading, visible=False)


def small(text: str) -> SafeString:
    return format_html('<br><span class="nhsuk-u-font-size-16 nhsuk-u-secondary-text-colour">{}</span>', text)
