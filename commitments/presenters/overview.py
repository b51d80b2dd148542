"""The list of systems, or of places: how each stands, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from commitments.choices import Status
from commitments.presenters.tallies import CountedFootprint, Tally, tallies
from systems.models import Footprint
from systems.presenters import address_of, population_in_words
from systems.sentences import NO_DATA


@dataclass(frozen=True, slots=True)
class Area:
    """One system or place, and how many of its deliveries stand how."""

    footprint: Footprint
    href: str
    population: str
    status: Status | None
    in_words: str


def areas(footprints: Iterable[Footprint], rows: Iterable[CountedFootprint]) -> list[Area]:
    """Each footprint with its counts, in the order given."""
    counts = tallies(rows, lambda row: row.footprint_id)
    return [_area(footprint, counts) for footprint in footprints]


def by_region(systems: Iterable[Footprint], rows: Iterable[CountedFootprint]) -> list[tuple[str, list[Area]]]:
    """The systems of each region. Expects them in the order of their regions' names."""
    found = areas(systems, rows)
    return [(region, list(inside)) for region, inside in groupby(found, lambda area: str(area.footprint.parent))]


def _area(footprint: Footprint, counts: Mapping[int | None, Tally]) -> Area:
    found = counts[footprint.pk]
    return Area(
        footprint,
        address_of(footprint),
        population_in_words(footprint),
        found.headline,
        _in_words(found),
    )


def _in_words(counts: Tally) -> str:
    """What a reader looks for first: 3 missed and 12 off track of 1,923."""
    if not counts.total:
        return NO_DATA
    failing = {status: counts.number(status) for status in (Status.MISSED, Status.OFF_TRACK)}
    said = " and ".join(f"{number:,} {status.label.lower()}" for status, number in failing.items() if number)
    return f"{said} of {counts.total:,}" if said else f"None of {counts.total:,} missed or off track"
