"""How mature a footprint is, as a page shows it: one line a framework, the gap list, the ladder of each domain."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from systems.choices import Level, MaturityStatus
from systems.models import Criterion, Footprint, Framework, MaturityLevel, MaturityPosition
from systems.sentences import counted, share_in_words

NO_LEVEL = "No level yet"
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


def rung_names(levels: Iterable[MaturityLevel]) -> Names:
    """The names of each framework's levels by their ordinals."""
    names: dict[int, dict[int, str]] = defaultdict(dict)
    for level in levels:
        names[level.framework_id][level.ordinal] = level.name
    return names


def framework_lines(frameworks: Iterable[Framework], tallied: Iterable[tuple[int, str, int]]) -> list[FrameworkLine]:
    """One line for each framework of which anything is known here."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for framework, status, number in tallied:
        counts[framework][status] += number
    return [_line(framework, counts[framework.pk]) for framework in frameworks if framework.pk in counts]


def _line(framework: Framework, counts: Counter[str]) -> FrameworkLine:
    found = [status for status in MaturityStatus if counts[status]]
    total = sum(counts.values())
    said = [f"{status.label.lower()} in {counts[status]} of {counted(total, 'area', 'areas')}" for status in found]
    words = ", ".join(said)
    return FrameworkLine(framework, found[0], f"{words[0].upper()}{words[1:]}")


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
    rungs = names.get(position.domain.framework_id, {})
    reached = "Not assessed" if position.status == MaturityStatus.NOT_ASSESSED else _rung(rungs, position.reached)
    return LadderRow(
        position=position,
        reached=reached,
        expected="Nothing yet" if position.expected is None else _rung(rungs, position.expected),
        next_level="Nothing" if position.next_level is None else _rung(rungs, position.next_level),
        time_left=time_left(position.next_on, today),
        spread=_spread(position, rungs),
    )


def _rung(rungs: Mapping[int, str], ordinal: int | None) -> str:
    if len(rungs) == 1:
        return "All in place" if ordinal in rungs else "Not all in place"
    return rungs.get(ordinal, NO_LEVEL).capitalize() if ordinal is not None else NO_LEVEL


def _spread(position: MaturityPosition, rungs: Mapping[int, str]) -> str:
    """From what the strictest rater sees to what the kindest does; nothing where they see the same."""
    if position.lowest == position.highest and not position.split:
        return ""
    low, high = _rung(rungs, position.lowest), _rung(rungs, position.highest)
    return f"Split: {low.lower()}" if low == high else f"Split: {low.lower()} to {high.lower()}"


def time_left(day: dt.date | None, today: dt.date) -> str:
    """How long until a day, in whole months where there is at least one."""
    if day is None:
        return ""
    months = (day.year - today.year) * 12 + day.month - today.month - (day.day < today.day)
    if months < 1:
        return f"{counted((day - today).days, 'day', 'days')} left"
    return f"{counted(months, 'month', 'months')} left"


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
        found.append(Covered(framework, titles, _headline(framework, mine, names[framework.pk]), [total, *by_area]))
    return found


def _covered_row(name: str, href: str, rungs: Sequence[int], rows: Sequence[tuple]) -> CoveredRow:
    cells = [_cell([row for row in rows if row[1] == ordinal]) for ordinal in rungs]
    lowest = [row for row in rows if row[1] == rungs[0]]
    return CoveredRow(name, href, cells, f"{sum(row[6] for row in lowest):,} of {sum(row[4] for row in lowest):,}")


def _cell(rows: Sequence[tuple]) -> str:
    number, people, total, everybody = (sum(row[place] for row in rows) for place in (2, 3, 4, 5))
    share = f", {share_in_words(people, everybody)}" if everybody else ""
    return f"{number:,} of {total:,}{share}"


def _headline(framework: Framework, rows: Sequence[tuple], rungs: Mapping[int, str]) -> str:
    """ "19 of 35 PCNs at step 1 or above, 54% of patients": the lowest rung that is a step up."""
    ordinal = next((ordinal for ordinal in sorted(rungs) if ordinal > 0), max(rungs))
    at = [row for row in rows if row[1] == ordinal]
    number, people, total, everybody = (sum(row[place] for row in at) for place in (2, 3, 4, 5))
    what = "with all of it in place" if framework.is_checklist else f"at {rungs[ordinal]} or above"
    share = f", {share_in_words(people, everybody)} of patients" if everybody else ""
    return f"{number:,} of {total:,} PCNs {what}{share}"


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
