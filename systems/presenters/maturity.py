"""How mature a footprint is, as a page shows it: one line a framework, the gap list, the ladder of each domain."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from systems.choices import Level
from systems.coverage import headline
from systems.models import Criterion, Footprint, Framework, MaturityPosition
from systems.sentences import share_in_words, tallied_in_words

Names = Mapping[int, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """One framework at one footprint in one line, its worst status first."""

    framework: Framework
    status: str
    in_words: str


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One domain: what is reached, expected now and next, and what its raters see."""

    position: MaturityPosition
    reached: str
    expected: str
    next_level: str
    time_left: str
    spread: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """All domains of one framework."""

    framework: Framework
    href: str
    rows: list[LadderRow]


@dataclass(frozen=True, slots=True)
class GapLine:
    """Something that stands between a footprint and what is expected of it."""

    row: LadderRow
    framework: Framework
    criteria: list[tuple[Criterion, bool]]
    href: str


def footprint_href(name: str, footprint: Footprint, *more: object) -> str:
    """A page about the maturity of one footprint; of a system, the system's own."""
    assert footprint.system is not None
    return reverse(f"systems:{name}", args=[footprint.system.code, footprint.code, *more])


def maturity_href(footprint: Footprint) -> str:
    """Where the maturity of a footprint is shown."""
    if footprint.level == Level.SYSTEM:
        return reverse("systems:maturity", args=[footprint.code])
    return footprint_href("maturity_of", footprint)


def framework_lines(frameworks: Iterable[Framework], tallied: Iterable[tuple[int, str, int]]) -> list[FrameworkLine]:
    """One line for each framework of which anything is known here."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for framework, status, number in tallied:
        counts[framework][status] += number
    return [_line(framework, counts[framework.pk]) for framework in frameworks if framework.pk in counts]


def _line(framework: Framework, counts: Counter[str]) -> FrameworkLine:
    return FrameworkLine(framework, *tallied_in_words(counts))


def ladders(footprint: Footprint, positions: Iterable[MaturityPosition], names: Names, today: dt.date) -> list[Ladder]:
    """The ladders of a footprint, framework by framework."""
    found: dict[int, Ladder] = {}
    for position in sorted(positions, key=_in_order):
        framework = position.domain.framework
        if framework.pk not in found:
            found[framework.pk] = Ladder(framework, footprint_href("maturity_framework", footprint, framework.code), [])
        found[framework.pk].rows.append(row(position, names, today))
    return list(found.values())


def _in_order(position: MaturityPosition) -> tuple[int, str, int]:
    return position.domain.framework.ordinal, position.domain.framework.code, position.domain.ordinal


def row(position: MaturityPosition, names: Names, today: dt.date) -> LadderRow:
    """One domain as its ladder shows it."""
    return LadderRow(position, *position.ladder_in_words(names.get(position.domain.framework_id, {}), today))


def gap_lines(
    positions: Iterable[MaturityPosition], criteria: Mapping[int, Criterion], names: Names, today: dt.date
) -> list[GapLine]:
    """The gap list: each with the criteria in the way, and whether an action takes them up in time."""
    return [
        GapLine(
            row(position, names, today),
            position.domain.framework,
            [(criteria[pk], pk not in position.uncovered) for pk in position.in_the_way if pk in criteria],
            footprint_href("maturity_framework", position.footprint, position.domain.framework.code),
        )
        for position in positions
    ]


# --- What lies beneath ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """The footprints of one area: at each rung or above, how many of how many and what share of the people."""

    name: str
    href: str
    cells: list[str]
    judged: str


@dataclass(frozen=True, slots=True)
class Covered:
    """How far the networks of an area are by one framework."""

    framework: Framework
    rungs: list[str]
    headline: str
    rows: list[CoveredRow]


def covered(
    frameworks: Iterable[Framework],
    rows: Sequence[tuple],
    names: Names,
    whole: Footprint,
    places: Sequence[Footprint],
) -> list[Covered]:
    """Coverage by place and for the whole; those outside all places have a row of their own."""
    found = []
    for framework in frameworks:
        mine = [row[1:] for row in rows if row[0] == framework.pk]
        if not mine:
            continue
        rungs = sorted(names[framework.pk])
        areas = [(place.short_name, footprint_href("maturity_of", place), place.pk) for place in places]
        by_area = [
            _covered_row(name, href, rungs, [row for row in mine if row[0] == pk])
            for name, href, pk in [*areas, ("In no one place", "", None)]
            if any(row[0] == pk for row in mine)
        ]
        total = _covered_row(whole.short_name, "", rungs, mine)
        titles = [f"{names[framework.pk][ordinal].capitalize()} or above" for ordinal in rungs]
        titles = titles if len(rungs) > 1 else ["All in place"]
        said = headline(mine, names[framework.pk]).in_words
        found.append(Covered(framework, titles, said, [total, *by_area]))
    return found


def _covered_row(name: str, href: str, rungs: Sequence[int], rows: Sequence[tuple]) -> CoveredRow:
    cells = [_cell([row for row in rows if row[1] == ordinal]) for ordinal in rungs]
    lowest = [row for row in rows if row[1] == rungs[0]]
    return CoveredRow(name, href, cells, f"{sum(row[6] for row in lowest):,} of {sum(row[4] for row in lowest):,}")


def _cell(rows: Sequence[tuple]) -> str:
    number, people, total, everybody = (sum(row[place] for row in rows) for place in (2, 3, 4, 5))
    share = f", {share_in_words(people, everybody)}" if everybody else ""
    return f"{number:,} of {total:,}{share}"


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place of a system, and how it stands by each framework it uses."""

    place: Footprint
    href: str
    lines: list[FrameworkLine]


def place_lines(
    places: Iterable[Footprint], frameworks: Sequence[Framework], tallied: Iterable[tuple[int, int, str, int]]
) -> list[PlaceLine]:
    """`tallied`: (place, framework, status, how many)."""
    counts: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for place, *rest in tallied:
        counts[place].append(tuple(rest))  # type: ignore[arg-type]
    return [
        PlaceLine(place, maturity_href(place), framework_lines(frameworks, counts[place.pk]))
        for place in places
        if counts[place.pk]
    ]
