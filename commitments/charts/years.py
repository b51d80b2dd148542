"""Columns by NHS year, cut by status, with a line where a day lies: a timeline of deadlines. Drawn as SVG."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commitments.charts.frame import BOTTOM, GREY, INK, TOP, picture

_LEFT, _RIGHT = 24, 700
_ROOM_FOR_A_NUMBER = 15
_HEADROOM = 34


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a column: how many, in which colours."""

    number: int
    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class YearColumn:
    """All that falls into one NHS year, from the bottom up."""

    first_on: dt.date
    label: str
    slices: tuple[Slice, ...]

    @property
    def total(self) -> int:
        """How high it is."""
        return sum(part.number for part in self.slices)


def year_columns(
    *, name: str, title: str, description: str, columns: Sequence[YearColumn], day: dt.date, said: str
) -> SafeString:
    """The columns side by side, each with its total on top; `day` lies within the years or before them."""
    width = (_RIGHT - _LEFT) / len(columns)
    per_one = (BOTTOM - TOP - _HEADROOM) / max(column.total for column in columns)
    drawn = [_column(column, _LEFT + width * place, width, per_one) for place, column in enumerate(columns)]
    years = (day - columns[0].first_on).days / 365.25
    x = round(min(max(_LEFT + width * years, _LEFT), _RIGHT), 1)
    line = format_html(
        '<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="{3}" stroke-width="2" stroke-dasharray="6 4"/>'
        '<text x="{4}" y="{1}" font-weight="bold">{5}</text>',
        x,
        TOP - 6,
        BOTTOM,
        INK,
        x + 6,
        said,
    )
    axis = format_html('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>', _LEFT, _RIGHT, BOTTOM, BOTTOM, GREY)
    return picture(name=name, title=title, description=description, parts=[line, *drawn, axis])


def _column(column: YearColumn, left: float, width: float, per_one: float) -> SafeString:
    x, across, top = round(left + width * 0.15, 1), round(width * 0.7, 1), float(BOTTOM)
    middle = round(x + across / 2, 1)
    parts = []
    for part in column.slices:
        high = part.number * per_one
        top -= high
        parts.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#4c6272"/>',
                x,
                round(top, 1),
                across,
                round(high, 1),
                part.fill,
            )
        )
        if high >= _ROOM_FOR_A_NUMBER:
            parts.append(
                format_html(
                    '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
                    middle,
                    round(top + high / 2 + 5, 1),
                    part.ink,
                    part.number,
                )
            )
    return format_html(
        '{}<text x="{m}" y="{}" text-anchor="middle" font-weight="bold" paint-order="stroke" stroke="#f0f4f5" '
        'stroke-width="5">{}</text>'
        '<text x="{m}" y="{}" text-anchor="middle">{}</text>',
        format_html_join("", "{}", ((part,) for part in parts)),
        round(top - 6, 1),
        column.total,
        BOTTOM + 22,
        column.label,
        m=middle,
    )
