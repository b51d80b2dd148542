"""Coverage as a page shows it: one line a footprint, with the headline, a bar, and the counts in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commitments.choices import Status, ThemeClass
from commitments.models import Theme
from commitments.presenters.bars import Bar, bar
from commitments.presenters.tallies import CountedFootprint, Tally, tallies
from systems.choices import Level
from systems.models import Footprint
from systems.sentences import share_in_words

COUNTED = [status for status in Status if status != Status.NOT_APPLICABLE]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How one footprint is covered."""

    name: str
    level: str
    headline: Status | None
    in_words: str
    bar: Bar
    href: str


def coverage_lines(
    areas: Iterable[Footprint | Theme], rows: Iterable[Sequence], href: Callable[[Any], str]
) -> list[CoverageLine]:
    """One line for each area or theme that has any coverage, in the order given; `rows` as the QuerySet counts them."""
    counted = tallies([CountedFootprint(*row) for row in rows], lambda row: row.footprint_id)
    return [_line(area, counted[area.pk], href(area)) for area in areas if area.pk in counted]


def _line(area: Footprint | Theme, counts: Tally, href: str) -> CoverageLine:
    kind = Level(area.level) if isinstance(area, Footprint) else ThemeClass(area.theme_class)
    return CoverageLine(
        area.name, str(kind.label), counts.headline, coverage_in_words(counts), bar(area.name, counts), href
    )


def coverage_in_words(counts: Tally) -> str:
    """Off track in 1 of 6 (12% of the people), on track in 5 of 6 (88% of the people)."""
    if not counts.total:
        return "No data"
    people = sum(counts.people.get(status, 0) for status in COUNTED)
    said = [_part(counts, status, people) for status in COUNTED if counts.number(status)]
    words = ", ".join(said)
    return f"{words[0].upper()}{words[1:]}"


def _part(counts: Tally, status: Status, people: int) -> str:
    part = f"{status.label.lower()} in {counts.number(status):,} of {counts.total:,}"
    return f"{part} ({share_in_words(counts.people.get(status, 0), people)} of the people)" if people else part
