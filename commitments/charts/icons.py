"""The icons of Making Data Count in our own drawing: how a metric varies, and whether it meets its target.

A ring in the colour of the kind with a dark edge; in it the shape of the kind's points and a letter, so that colour
is never alone.
"""

from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commitments.charts.frame import INK
from commitments.charts.marks import BLUE, GREY, KIND, ORANGE, mark
from commitments.spc import Assurance, Variation

NO_ICON = "No icon"

MEANINGS: dict[Variation | Assurance, str] = {
    Variation.COMMON_CAUSE: "The values go up and down as they usually do.",
    Variation.IMPROVEMENT_HIGH: "The values are higher than usual, and higher is better here.",
    Variation.IMPROVEMENT_LOW: "The values are lower than usual, and lower is better here.",
    Variation.CONCERN_HIGH: "The values are higher than usual, and lower is better here.",
    Variation.CONCERN_LOW: "The values are lower than usual, and higher is better here.",
    Variation.NEUTRAL_HIGH: "The values are higher than usual; neither way is better here.",
    Variation.NEUTRAL_LOW: "The values are lower than usual; neither way is better here.",
    Assurance.PASS: "The target lies where values hardly ever fail it.",
    Assurance.FAIL: "The target lies where values hardly ever reach it: something has to change.",
    Assurance.HIT_OR_MISS: "The target lies among the usual values: it is met in some months by chance.",
}

_RISING = ((15, 34), (23, 28), (31, 20))
_FALLING = ((16, 18), (24, 24), (32, 32))
_WAVERING = ((13, 28), (20, 20), (28, 28), (35, 20))
_POLYLINE = '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.5"/>'
_WAVE = format_html('<path d="M21,24q2,-9 4,0t4,0t4,0t4,0" fill="none" stroke="{}" stroke-width="1.5"/>', INK)
_STEPS = {
    Variation.COMMON_CAUSE: (_WAVERING, ""),
    **dict.fromkeys((Variation.IMPROVEMENT_HIGH, Variation.CONCERN_HIGH, Variation.NEUTRAL_HIGH), (_RISING, "H")),
    **dict.fromkeys((Variation.IMPROVEMENT_LOW, Variation.CONCERN_LOW, Variation.NEUTRAL_LOW), (_FALLING, "L")),
}
# Colour, letter, and how high the target's line lies; the values waver about the middle.
_ASSURED = {Assurance.PASS: (BLUE, "P", 36), Assurance.FAIL: (ORANGE, "F", 13), Assurance.HIT_OR_MISS: (GREY, "?", 24)}


@cache
def variation_icon(variation: Variation | None) -> SafeString:
    """How the latest value varies."""
    if variation is None:
        return _ring(NO_ICON, "There are too few values to tell.", "#ffffff", "4 3", [])
    steps, letter = _STEPS[variation]
    name, shape, colour, half = KIND[variation]
    line = format_html(_POLYLINE, " ".join(f"{x},{y}" for x, y in steps), INK)
    shapes = [mark((name, shape, colour, half * 0.7), x, y) for x, y in steps]
    letters = [_letter(letter, 18, 36 if letter == "L" else 23)] if letter else []
    return _ring(variation.value, MEANINGS[variation], colour, "none", [line, *shapes, *letters])


@cache
def assurance_icon(assurance: Assurance | None) -> SafeString:
    """Whether the target is met as a matter of course."""
    if assurance is None:
        return _ring(NO_ICON, "There is no target to meet, or there are too few values.", "#ffffff", "4 3", [])
    colour, letter, height = _ASSURED[assurance]
    line = format_html('<path d="M20,{}h18" stroke="{}" stroke-width="2" stroke-dasharray="4 2"/>', height, INK)
    return _ring(assurance.value, MEANINGS[assurance], colour, "none", [_letter(letter, 14, 29), _WAVE, line])


def _ring(title: str, description: str, colour: str, dash: str, parts: list[SafeString]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48" role="img" '
        'font-family="Arial, Liberation Sans, sans-serif" font-size="14" font-weight="bold" fill="{ink}">'
        '<title>{title}</title><desc>{desc}</desc><circle cx="24" cy="24" r="22.5" fill="{colour}" stroke="{ink}" '
        'stroke-width="1.5" stroke-dasharray="{dash}"/>'
        '<circle cx="24" cy="24" r="18" fill="#ffffff" stroke="{ink}" stroke-dasharray="{dash}"/>{parts}</svg>',
        ink=INK, title=title, desc=description, colour=colour, dash=dash,
        parts=format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def _letter(letter: str, x: int, y: int) -> SafeString:
    return format_html('<text x="{}" y="{}" text-anchor="middle">{}</text>', x, y, letter)
