"""Line charts as SVG, drawn on the server: attributes only, so that the same picture stands in a page and on paper.

Lines differ by dash and mark as well as by colour, and each is named at its right-hand end.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 88, 560, 20, 272
LABEL_GAP = 16
MONTHS_NAMED = 4
INK, GREY = "#212b32", "#768692"
STYLES = (("#005eb8", "none"), ("#4c6272", "6 4"))

Point = tuple[dt.date, Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; a planned one is dashed and has square marks."""

    name: str
    points: tuple[Point, ...]
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a day and a value lie on the picture."""

    first_on: dt.date
    last_on: dt.date
    low: float
    high: float

    def x(self, day: dt.date) -> float:
        days = (self.last_on - self.first_on).days or 1
        return LEFT + (RIGHT - LEFT) * (day - self.first_on).days / days

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)


def line_chart(*, name: str, title: str, description: str, lines: Sequence[Line]) -> SafeString:
    """The lines over time. `name` is unique on the page; every line has a point."""
    points = [point for line in lines for point in line.points]
    ticks = value_ticks([float(value) for _, value in points])
    scale = Scale(min(day for day, _ in points), max(day for day, _ in points), ticks[0], ticks[-1])
    ends = nudged([scale.y(float(line.points[-1][1])) for line in lines])
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-labelledby="{name}-title {name}-desc" font-family="Arial, Liberation Sans, sans-serif" font-size="14" '
        'fill="{ink}"><title id="{name}-title">{title}</title><desc id="{name}-desc">{desc}</desc>'
        "{values}{days}{lines}</svg>",
        w=WIDTH, h=HEIGHT, name=name, ink=INK, title=title, desc=description,
        values=_value_axis(ticks, scale), days=_day_axis(scale),
        lines=format_html_join("", "{}", ((_line(line, end, scale),) for line, end in zip(lines, ends, strict=True))),
    )  # fmt: skip


def value_ticks(values: Sequence[float]) -> list[float]:
    """Round values, some five of them, from at or below the least to at or above the greatest.

    From zero, unless all values lie far from it.
    """
    low, high = min(values), max(values)
    if 0 <= low <= high / 2:
        low = 0.0
    span = (high - low) or abs(high) or 1.0
    size = 10 ** math.floor(math.log10(span / 4))
    step = next(size * nice for nice in (1, 2, 2.5, 5, 10) if size * nice >= span / 4)
    first = math.floor(low / step)
    last = max(math.ceil(high / step), first + 1)
    return [round(step * count, 10) for count in range(first, last + 1)]


def nudged(heights: Sequence[float]) -> list[float]:
    """The heights of labels, moved apart where they would collide, in the order given."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed = list(heights)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + LABEL_GAP)
    overflow = max(0.0, max(placed, default=0.0) - BOTTOM)
    return [height - overflow for height in placed]


def _value_axis(ticks: Sequence[float], scale: Scale) -> SafeString:
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="#d8dde0"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, RIGHT, at := round(scale.y(tick), 1), at, LEFT - 8, round(at + 5, 1), f"{tick:,.10g}")
            for tick in ticks
        ),
    )


def _day_axis(scale: Scale) -> SafeString:
    days = (scale.last_on - scale.first_on).days
    shown: dict[str, dt.date] = {}
    for count in range(MONTHS_NAMED):
        day = scale.first_on + dt.timedelta(days=days * count // (MONTHS_NAMED - 1))
        shown.setdefault(f"{day:%B %Y}", day)
    return format_html_join(
        "",
        '<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="{3}"/><text x="{0}" y="{4}" text-anchor="middle">{5}</text>',
        ((round(scale.x(day), 1), BOTTOM, BOTTOM + 6, GREY, BOTTOM + 24, month) for month, day in shown.items()),
    )


def _line(line: Line, end: float, scale: Scale) -> SafeString:
    colour, dash = STYLES[line.is_planned]
    places = [(round(scale.x(day), 1), round(scale.y(float(value)), 1)) for day, value in line.points]
    return format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2.5" stroke-dasharray="{}"/>{}'
        '<text x="{}" y="{}" fill="{}" font-weight="bold">{}</text>',
        " ".join(f"{x},{y}" for x, y in places),
        colour,
        dash,
        format_html_join("", *_marks(line, places, colour)),
        RIGHT + 10,
        round(end + 5, 1),
        colour,
        line.name,
    )


def _marks(line: Line, places: Sequence[tuple[float, float]], colour: str) -> tuple:
    if line.is_planned:
        shape = '<rect x="{}" y="{}" width="7" height="7" fill="#ffffff" stroke="{}" stroke-width="2"/>'
        return shape, ((round(x - 3.5, 1), round(y - 3.5, 1), colour) for x, y in places)
    return '<circle cx="{}" cy="{}" r="4.5" fill="{}"/>', ((x, y, colour) for x, y in places)
