"""A bar of statuses: one line as wide as everything counted, cut by status, the worst first. Drawn as SVG."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from commitments.choices import STATUS_COLOURS
from commitments.presenters.tallies import Tally
from ltp_portal.drawn import join
from systems.sentences import NO_DATA

# The shares of the bar that a number and each letter of it need on a phone; the table below has those without room.
_ROOM_FOR_A_NUMBER, _ROOM_FOR_A_LETTER = 7, 4

_SVG = (
    '<svg role="img" aria-label="%s: %s" width="100%%" height="28" font-family="Arial, sans-serif" font-size="14">'
    "%s</svg>"
)
_RECT = '<rect x="%s%%" y="1" width="%s%%" height="26" fill="%s" stroke="#4c6272" />'
_NUMBER = '<text x="%s%%" y="19" text-anchor="middle" fill="%s">%s</text>'
_EMPTY = f'<text x="0" y="19" fill="#212b32">{NO_DATA}</text>'


@dataclass(frozen=True, slots=True)
class Segment:
    """Where it begins and how wide it is, in hundredths of the bar."""

    x: float
    width: float
    fill: str
    ink: str
    number: str

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Bar:
    """The segments, and the same in words for who cannot see them."""

    title: str
    words: str
    segments: list[Segment]

    @property
    def drawn(self) -> SafeString:
        """As SVG: a page about England has a bar for each system, so by one escaped join."""
        return join(_SVG, (self.title, self.words, mark_safe("".join(map(_drawn, self.segments)) or _EMPTY)))  # noqa: S308


def _drawn(segment: Segment) -> str:
    drawn = _RECT % (segment.x, segment.width, segment.fill)
    return drawn + (_NUMBER % (segment.middle, segment.ink, segment.number) if segment.number else "")


def bar(title: str, counts: Tally) -> Bar:
    """One bar; nothing to count is no segment, and "No data" in words."""
    segments, words, before = [], [], 0
    for status, (fill, ink) in STATUS_COLOURS.items():
        number = counts.number(status)
        if not number:
            continue
        width = round(number / counts.total * 100, 2)
        x = round(before / counts.total * 100, 2)
        before += number
        written = f"{number:,}"
        has_room = width >= max(_ROOM_FOR_A_NUMBER, _ROOM_FOR_A_LETTER * len(written))
        segments.append(Segment(x, width, fill, ink, written if has_room else ""))
        words.append(f"{number:,} {status.label.lower()}")
    return Bar(title, ", ".join(words) or NO_DATA, segments)
