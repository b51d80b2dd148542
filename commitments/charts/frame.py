"""What every chart stands in: its size, where a day and a value lie, the axes, and labels that do not collide."""

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

Point = tuple[dt.date, Decimal]


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


def picture(
    *, name: str, title: str, description: str, parts: Sequence[SafeString], height: int = HEIGHT
) -> SafeString:
    """The SVG around the parts; `name` is unique on the page."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-labelledby="{name}-title {name}-desc" font-family="Arial, Liberation Sans, sans-serif" font-size="14" '
        'fill="{ink}"><title id="{name}-title">{title}</title><desc id="{name}-desc">{desc}</desc>{parts}</svg>',
        w=WIDTH, h=height, name=name, ink=INK, title=title, desc=description,
        parts=format_html_join("", "{}", ((part,) for part in parts)),
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


def value_axis(ticks: Sequence[float], scale: Scale) -> SafeString:
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="#d8dde0"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, RIGHT, at := round(scale.y(tick), 1), at, LEFT - 8, round(at + 5, 1), f"{tick:,.10g}")
            for tick in ticks
        ),
    )


def day_axis(scale: Scale) -> SafeString:
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
