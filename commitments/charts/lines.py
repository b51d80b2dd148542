"""Line charts as SVG, drawn on the server: attributes only, so that the same picture stands in a page and on paper.

Lines differ by dash and mark as well as by colour, and each is named at its right-hand end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commitments.charts.frame import RIGHT, Point, Scale, day_axis, nudged, picture, value_axis, value_ticks

STYLES = (("#005eb8", "none"), ("#4c6272", "6 4"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; a planned one is dashed and has square marks."""

    name: str
    points: tuple[Point, ...]
    is_planned: bool = False


def line_chart(*, name: str, title: str, description: str, lines: Sequence[Line]) -> SafeString:
    """The lines over time. `name` is unique on the page; every line has a point."""
    points = [point for line in lines for point in line.points]
    ticks = value_ticks([float(value) for _, value in points])
    scale = Scale(min(day for day, _ in points), max(day for day, _ in points), ticks[0], ticks[-1])
    ends = nudged([scale.y(float(line.points[-1][1])) for line in lines])
    drawn = (_line(line, end, scale) for line, end in zip(lines, ends, strict=True))
    parts = [value_axis(ticks, scale), day_axis(scale), *drawn]
    return picture(name=name, title=title, description=description, parts=parts)


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
