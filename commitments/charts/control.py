"""The control chart (XmR): values between their limits, each with the shape of its kind."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commitments.charts import frame
from commitments.charts.frame import INK, Scale, day_axis, nudged, picture, value_axis, value_ticks
from commitments.charts.marks import KIND, KINDS, mark
from commitments.sentences import number
from commitments.spc import JudgedPoint

HEIGHT = frame.HEIGHT + 16
_KEY_AT, _KEY_EVERY = frame.HEIGHT, 130
_LIMIT_INK, _TARGET_INK = "#4c6272", "#b01116"


class Level(NamedTuple):
    """A line across the chart: where it lies, from the first day to the last of each group of points."""

    name: str
    stretches: list[tuple[dt.date, dt.date, Decimal]]
    colour: str
    dash: str


def control_chart(
    *, name: str, title: str, description: str, points: Sequence[JudgedPoint], target: Decimal | None
) -> SafeString:
    """Points that have limits, joined within their group; each line is named at its right-hand end."""
    groups = [list(group) for _, group in groupby(points, attrgetter("group"))]
    levels = list(_levels(groups, target))
    heights = [point.value for point in points] + [value for level in levels for *_, value in level.stretches]
    ticks = value_ticks([float(height) for height in heights])
    scale = Scale(points[0].day, points[-1].day, ticks[0], ticks[-1])
    ends = nudged([scale.y(float(level.stretches[-1][2])) for level in levels])
    parts = [
        value_axis(ticks, scale),
        day_axis(scale),
        *(_level(level, end, scale) for level, end in zip(levels, ends, strict=True)),
        *(_joined(group, scale) for group in groups),
        *(mark(KIND[point.variation], scale.x(point.day), scale.y(float(point.value))) for point in points),
        *_key(points),
    ]
    return picture(name=name, title=title, description=description, parts=parts, height=HEIGHT)


def in_few_places(value: Decimal, points: Sequence[JudgedPoint]) -> Decimal:
    """A mean or a limit with one place more than the values have."""
    places = max(-int(point.value.normalize().as_tuple().exponent) for point in points)
    return round(value, max(places, 0) + 1)


def _levels(groups: Sequence[Sequence[JudgedPoint]], target: Decimal | None) -> Iterator[Level]:
    lines = (
        ("Upper limit", "upper", _LIMIT_INK, "6 4"),
        ("Mean", "mean", INK, "none"),
        ("Lower limit", "lower", _LIMIT_INK, "6 4"),
    )
    for name, which, colour, dash in lines:
        stretches = [(group[0].day, group[-1].day, getattr(group[0].limits, which)) for group in groups]
        latest = in_few_places(stretches[-1][2], groups[-1])
        yield Level(f"{name} {number(latest)}", stretches, colour, dash)
    if target is not None:
        span = (groups[0][0].day, groups[-1][-1].day)
        yield Level(f"Target {number(target)}", [(*span, target)], _TARGET_INK, "10 3 2 3")


def _level(level: Level, end: float, scale: Scale) -> SafeString:
    lines = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>',
        (
            (round(scale.x(first), 1), round(scale.x(last), 1), y, y, level.colour, level.dash)
            for first, last, value in level.stretches
            for y in [round(scale.y(float(value)), 1)]
        ),
    )
    name = '{}<text x="{}" y="{}" fill="{}" font-weight="bold">{}</text>'
    return format_html(name, lines, frame.RIGHT + 10, round(end + 5, 1), level.colour, level.name)


def _joined(points: Sequence[JudgedPoint], scale: Scale) -> SafeString:
    places = " ".join(f"{scale.x(point.day):.1f},{scale.y(float(point.value)):.1f}" for point in points)
    return format_html('<polyline points="{}" fill="none" stroke="{}" stroke-width="1"/>', places, INK)


def _key(points: Sequence[JudgedPoint]) -> Iterator[SafeString]:
    """What each shape in the chart means."""
    used = {KIND[point.variation] for point in points}
    for place, kind in enumerate(kind for kind in KINDS if kind in used):
        x = frame.LEFT + 6 + place * _KEY_EVERY
        yield format_html('{}<text x="{}" y="{}">{}</text>', mark(kind, x, _KEY_AT + 4), x + 14, _KEY_AT + 9, kind[0])
