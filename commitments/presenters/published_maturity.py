"""What was published of maturity, shaped for its pages: the ladders of each area, and what moved since."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commitments.comparison import DomainKey, LevelMoved
from commitments.models import PublishedFootprint, PublishedFramework, PublishedMaturity, PublishedNetworks
from systems.choices import Level
from systems.sentences import tallied_in_words


@dataclass(frozen=True, slots=True)
class Ladder:
    """One framework at one footprint: its worst status, all in one line, its domains, and the networks beneath."""

    framework: PublishedFramework
    status: str
    in_words: str
    rows: list[PublishedMaturity]
    networks: str


@dataclass(frozen=True, slots=True)
class Area:
    """The ladders of the system, or of one place."""

    footprint: PublishedFootprint
    ladders: list[Ladder]


def areas(rows: Iterable[PublishedMaturity], networks: Iterable[PublishedNetworks]) -> list[Area]:
    """The system first, then its places by name. Expects rows with framework and footprint, domains in order."""
    by_area: dict[int, list[PublishedMaturity]] = {}
    beneath: dict[int, list[PublishedNetworks]] = {}
    footprints: dict[int, PublishedFootprint] = {}
    for row in rows:
        footprints[row.footprint_id] = row.footprint
        by_area.setdefault(row.footprint_id, []).append(row)
    for counted in networks:
        footprints[counted.footprint_id] = counted.footprint
        beneath.setdefault(counted.footprint_id, []).append(counted)
    ordered = sorted(footprints.values(), key=lambda area: (area.level != Level.SYSTEM, area.name))
    return [Area(area, _ladders(by_area.get(area.pk, ()), beneath.get(area.pk, ()))) for area in ordered]


def _ladders(rows: Sequence[PublishedMaturity], networks: Sequence[PublishedNetworks]) -> list[Ladder]:
    frameworks = {row.framework_id: row.framework for row in rows}
    frameworks |= {counted.framework_id: counted.framework for counted in networks}
    said = {counted.framework_id: counted.in_words for counted in networks}
    ordered = sorted(frameworks.values(), key=lambda framework: (framework.ordinal, framework.code))
    return [
        _ladder(framework, [row for row in rows if row.framework_id == framework.pk], said.get(framework.pk, ""))
        for framework in ordered
    ]


def _ladder(framework: PublishedFramework, rows: list[PublishedMaturity], networks: str) -> Ladder:
    status, in_words = tallied_in_words(Counter(row.status for row in rows)) if rows else ("", "")
    return Ladder(framework, status, in_words, rows, networks)


# --- Since an earlier publication -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MovedLine:
    """One domain that stands otherwise than it did: from which level to which."""

    row: PublishedMaturity
    was: str
    in_words: str


def moved_lines(found: Iterable[LevelMoved], rows: Mapping[DomainKey, PublishedMaturity]) -> list[MovedLine]:
    """Each in words, in the order given."""
    return [MovedLine(rows[moved.key], moved.was.status, moved.in_words) for moved in found]
