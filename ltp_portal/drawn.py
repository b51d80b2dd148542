"""Pieces of HTML a page has by the hundred, drawn without a template for each: that would take most of its time."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_tables2.rows import BoundRow


@cache
def status_tag(status: str) -> SafeString:
    """A status as `_components/status_tag.html` draws it, drawn once for each."""
    return mark_safe(render_to_string("_components/status_tag.html", {"status": status}).strip())  # noqa: S308


def table_rows(table: Table) -> SafeString:
    """The rows on this page of a list; the first cell of each is its heading."""
    classes = [column.attrs["td"].get("class") or "" for column in table.columns]
    rows = (_cells(row, classes) for row in table.paginated_rows)
    return format_html_join("\n", '<tr class="nhsuk-table__row">{}</tr>', ((cells,) for cells in rows))


def _cells(row: BoundRow, classes: list[str]) -> SafeString:
    first, *others = zip(classes, (localize(cell) for _, cell in row.items()), strict=True)
    heading = format_html('<th scope="row" class="nhsuk-table__header {}">{}</th>', *first)
    return heading + format_html_join("", '<td class="nhsuk-table__cell {}">{}</td>', others)


def select(widget: dict[str, Any]) -> SafeString:
    """A list to choose from, as Django's own template draws it."""
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), groups)


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    drawn = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((str(option["value"]), _attributes(option["attrs"]), option["label"]) for option in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def _attributes(attrs: dict[str, Any]) -> SafeString:
    return format_html_join("", " {}", _said(attrs))


def _said(attrs: dict[str, Any]) -> Iterator[tuple[str]]:
    for name, value in attrs.items():
        if value is not False:
            yield (name if value is True else format_html('{}="{}"', name, str(value)),)
