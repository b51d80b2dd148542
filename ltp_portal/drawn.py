"""Pieces of HTML a page has by the hundred, drawn without a template for each: that would take most of its time."""

import html
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table

from systems.choices import MaturityStatus


def escaped(value: object) -> str:
    """What `conditional_escape` says of anything but a lazy text, in a fraction of the time."""
    return value if isinstance(value, SafeString) else html.escape(str(value))


def join(pattern: str, values: Iterable[object]) -> SafeString:
    """What `format_html` makes of a pattern of ours, with `%s` for each value: they are escaped, it is not."""
    return mark_safe(pattern % tuple(map(escaped, values)))  # noqa: S308


@cache
def status_tag(status: str) -> SafeString:
    """A status as `_components/status_tag.html` draws it, drawn once for each."""
    return mark_safe(render_to_string("_components/status_tag.html", {"status": status}).strip())  # noqa: S308


@cache
def maturity_tag(status: str) -> SafeString:
    """A status of maturity as `_components/maturity_tag.html` draws it, drawn once for each."""
    said = {"status": status, "word": MaturityStatus(status).label}
    return mark_safe(render_to_string("_components/maturity_tag.html", said).strip())  # noqa: S308


def table_rows(table: Table) -> SafeString:
    """The rows on this page of a list; the cell of the column that names the row is its heading."""
    heading = getattr(table, "row_header", "") or next(iter(table.columns)).name
    cells = "".join(
        f'<th scope="row" class="nhsuk-table__header {name}">%s</th>'
        if column.name == heading
        else f'<td class="nhsuk-table__cell {name}">%s</td>'
        for column in table.columns
        for name in [escaped(column.attrs["td"].get("class") or "")]
    )
    pattern = f'<tr class="nhsuk-table__row">{cells}</tr>'
    rows = (join(pattern, (localize(cell) for _, cell in row.items())) for row in table.paginated_rows)
    return mark_safe("\n".join(rows))  # noqa: S308


def select(widget: dict[str, Any]) -> SafeString:
    """A list to choose from, as Django's own template draws it."""
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return mark_safe(  # noqa: S308
        f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>'
    )


def _group(name: str | None, options: list[dict[str, Any]]) -> str:
    drawn = "\n".join(_option(**option) for option in options)
    return f'<optgroup label="{escaped(name)}">{drawn}</optgroup>' if name else drawn


def _option(*, value: object, label: object, attrs: dict[str, Any], **_: object) -> str:
    return f'<option value="{escaped(str(value))}"{_attributes(attrs)}>{escaped(label)}</option>'


def _attributes(attrs: dict[str, Any]) -> str:
    said = ((name, value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escaped(value)}"' for name, value in said)
