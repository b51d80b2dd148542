"""How each kind of variation looks: a shape, so that a grey print tells them apart, and Making Data Count's colour.

The colours are too pale for a white page by themselves, so every shape has a dark outline.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.charts.frame import INK
from commitments.spc import Variation

GREY, BLUE, ORANGE, PURPLE = "#a6a6a6", "#00b0f0", "#e46c0a", "#490092"

_CIRCLE = "M{w},{y}a{r},{r} 0 1,0 {d},0a{r},{r} 0 1,0 -{d},0z"
_TRIANGLE = "M{x},{n}L{e},{s}H{w}z"
_SQUARE = "M{w},{n}H{e}V{s}H{w}z"
_DIAMOND = "M{x},{n}L{e},{y}L{x},{s}L{w},{y}z"

# Name, path, colour, half its size.
COMMON = ("Common cause", _CIRCLE, GREY, 4.5)
IMPROVEMENT = ("Improvement", _TRIANGLE, BLUE, 6.5)
CONCERN = ("Concern", _SQUARE, ORANGE, 5)
NEUTRAL = ("Change", _DIAMOND, PURPLE, 6.5)

KINDS = (COMMON, IMPROVEMENT, CONCERN, NEUTRAL)
KIND = {
    Variation.COMMON_CAUSE: COMMON,
    Variation.IMPROVEMENT_HIGH: IMPROVEMENT,
    Variation.IMPROVEMENT_LOW: IMPROVEMENT,
    Variation.CONCERN_HIGH: CONCERN,
    Variation.CONCERN_LOW: CONCERN,
    Variation.NEUTRAL_HIGH: NEUTRAL,
    Variation.NEUTRAL_LOW: NEUTRAL,
}


def mark(kind: tuple[str, str, str, float], x: float, y: float) -> SafeString:
    """The shape of a kind, around a place."""
    _, path, colour, half = kind
    ends = {"w": x - half, "e": x + half, "n": y - half, "s": y + half}
    places = {name: round(place, 1) for name, place in {"x": x, "y": y, "r": half, "d": 2 * half, **ends}.items()}
    return format_html('<path d="{}" fill="{}" stroke="{}" stroke-width="1.5"/>', path.format(**places), colour, INK)
