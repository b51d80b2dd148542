"""How a system or a place stands, shaped for its page: by class, by theme, and by what needs a reader's eye first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from commitments.choices import (
    NO_REPORT_EXPECTED,
    OUTSTANDING,
    THEME_CLASS_MEANING,
    Freshness,
    NextMilestone,
    Room,
    Status,
    ThemeClass,
)
from commitments.measures import LAPSED_AFTER, STALE_AFTER
from commitments.models import PublishedFootprint, PublishedTheme, Theme
from commitments.models.readmodels import Told
from commitments.models.standing import Glance
from commitments.presenters.bars import Bar, bar
from commitments.presenters.cells import Cell, Number, cell
from commitments.presenters.links import Href, address, deliveries_href
from commitments.presenters.tallies import Counted, CountedDeadline, CountedReports, Tally, signals, tallies, tally
from commitments.sentences import spoken
from ltp_portal.drawn import join
from systems.models import Footprint

AnyTheme = Theme | PublishedTheme
AnyFootprint = Footprint | PublishedFootprint

REPORT_EXPECTED = [status.value for status in Status if status not in NO_REPORT_EXPECTED]
_OUTSTANDING = [status.value for status in OUTSTANDING]


# --- In one sentence --------------------------------------------------------------------------------------


def summary(whole: Tally) -> str:
    """How a whole area stands, in one plain sentence."""
    if not whole.total:
        return "There are no deliveries to count yet."
    well = whole.number(Status.ON_TRACK, Status.DELIVERED)
    deliveries = "delivery" if whole.total == 1 else "deliveries"
    return (
        f"Of {whole.total:,} {deliveries}, {well:,} {'is' if well == 1 else 'are'} on track or delivered, "
        f"{whole.number(Status.AT_RISK):,} at risk, {whole.number(Status.OFF_TRACK):,} off track, "
        f"{whole.number(Status.MISSED):,} past the national deadline, {whole.number(Status.NOT_STARTED):,} not started "
        f"and {whole.number(Status.NOT_REPORTED):,} not reported."
    )


# --- By class ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One status, counted in each class and over all."""

    status: Status
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class ClassTable:
    """Status by class of theme."""

    classes: list[ThemeClass]
    lines: list[StatusLine]
    totals: list[int]
    bars: list[Bar]


def by_class(themes: Iterable[AnyTheme], rows: Sequence[Counted], href: Href, **area: str) -> ClassTable:
    """How many deliveries stand how, by class; `href` leads to the lists behind the numbers, `area` narrows them."""
    class_of = {theme.pk: ThemeClass(theme.theme_class) for theme in themes}
    found = tallies(rows, lambda row: class_of[row.theme_id])
    columns = [(str(c), c.label, found[c]) for c in ThemeClass] + [("", "All", tally(rows))]
    lines = [
        StatusLine(
            status,
            [
                Number(
                    counts.number(status),
                    f"{label}, {status.label.lower()}",
                    href(**area, theme_class=code, status=status.value),
                )
                for code, label, counts in columns
            ],
        )
        for status in Status
    ]
    totals = [counts.total for _, _, counts in columns]
    return ClassTable(list(ThemeClass), lines, totals, [bar(c.label, found[c]) for c in ThemeClass])


# --- By theme ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A piece of the map as a column of the grid: its tally by theme, and what narrows a list to it."""

    title: str
    tallies: Mapping[int, Tally]
    href: Href
    area: dict[str, str]
    # How many people, where a page compares pieces of different size.
    size: str = ""


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme across the pieces of the map."""

    theme: AnyTheme
    href: str
    cells: list[Cell]

    @property
    def drawn(self) -> SafeString:
        """Its cells as HTML."""
        return join("<td>%s</td>" * len(self.cells), (cell.drawn for cell in self.cells))


@dataclass(frozen=True, slots=True)
class ClassRows:
    """The themes of one class, under what the class means."""

    theme_class: ThemeClass
    meaning: str
    rows: list[ThemeRow]


def column(title: str, rows: Iterable[Counted], href: Href, **area: str) -> Column:
    """One piece of the map; `area` narrows the lists behind its cells."""
    return Column(title, tallies(rows, lambda row: row.theme_id), href, area)


def columns_of(
    system: AnyFootprint,
    places: Iterable[AnyFootprint],
    rows: Sequence[Counted],
    href: Href,
    **more: str,
) -> list[Column]:
    """The whole system, then each of its places. `more` narrows the lists behind all of them."""
    rows_of: dict[int | None, list[Counted]] = defaultdict(list)
    for row in rows:
        rows_of[row.place_id].append(row)
    by_place = [
        column(place.short_name, rows_of[place.pk], href, system=system.code, place=place.code, **more)
        for place in places
    ]
    return [column("Whole system", rows, href, system=system.code, **more), *by_place]


def grid(
    themes: Iterable[AnyTheme], columns: Sequence[Column], href: Callable[[str], str] | None = None
) -> list[ClassRows]:
    """Theme by piece of the map, grouped by class. A cell is headed by `commitments.rules.headline`.

    `href` leads from a theme's code to its page, where it has one.
    """
    rows: dict[str, list[ThemeRow]] = {theme_class: [] for theme_class in ThemeClass}
    for theme in themes:
        cells = [_cell(theme, column) for column in columns]
        rows[theme.theme_class].append(ThemeRow(theme, href(theme.code) if href else "", cells))
    return [ClassRows(c, THEME_CLASS_MEANING[c], rows[c]) for c in ThemeClass if rows[c]]


def _cell(theme: AnyTheme, column: Column) -> Cell:
    counts = column.tallies.get(theme.pk, Tally())
    return cell(counts, f"{theme.name}, {column.title}", column.href(**column.area, theme=theme.code))


# --- All that is counted -----------------------------------------------------------------------------------


def counts(seen: Glance, themes: Iterable[AnyTheme], href: Href, **area: str) -> dict[str, Any]:
    """How many stand how in an area, how recent their reports are, and the lists behind the numbers."""
    whole = tally(seen.counted)
    failing = [Status.MISSED, Status.OFF_TRACK]
    contradicted = signals(seen.reports)["contradicted"]
    return {
        "summary": summary(whole),
        "classes": by_class(themes, seen.counted, href, **area),
        "reports": reports(seen.reports, href, **area),
        "report_ages": REPORT_AGES,
        "all_failing": listed(whole.number(*failing), "missed or off track", href, **area, status=failing),
        "all_contradicted": listed(contradicted, "contradicted", href, **area, contradiction="1"),
    }


# --- What needs a reader's eye ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery and the sentence that says how it stands."""

    href: str
    title: str
    code: str
    where: str
    status: Status
    sentence: str
    reported_on: dt.date | None


def lines(positions: Iterable[Told], today: dt.date) -> list[Line]:
    """Each delivery with the sentence of its status."""
    return [_line(told, spoken(told.sentence, told.since_on, today)) for told in positions]


def contradictions(positions: Iterable[Told], today: dt.date) -> list[Line]:
    """Each delivery with what speaks against its report."""
    return [_line(told, spoken(told.contradiction, told.contradiction_since_on, today)) for told in positions]


def _line(told: Told, sentence: str) -> Line:
    href = address("commitments:delivery", told.delivery_id)
    return Line(href, told.title, told.code, told.place, Status(told.status), sentence, told.reported_on)


def listed(count: int, says: str, href: Href, **filters: str | Sequence[str]) -> Number:
    """How many there are in all, and the list of them."""
    return Number(count, says, href(**filters))


# --- Reports ----------------------------------------------------------------------------------------------

REPORT_AGES = f"A report is stale after {STALE_AFTER.days} days and lapsed after {LAPSED_AFTER.days}."


def reports(rows: Iterable[CountedReports], href: Href, **area: str) -> list[tuple[Freshness, Number]]:
    """How recent the reports are on work that should be going on."""
    expected = [row for row in rows if row.status in REPORT_EXPECTED]
    counts = dict.fromkeys(Freshness, 0)
    for row in expected:
        counts[Freshness(row.freshness)] += row.deliveries
    return [
        (word, Number(count, word.label, href(**area, freshness=word.value, status=REPORT_EXPECTED)))
        for word, count in counts.items()
    ]


# --- Time left --------------------------------------------------------------------------------------------


def time_left(rows: Iterable[CountedReports], **area: str) -> list[tuple[str, Number]]:
    """How much headroom there is, and whose next milestone is due when, on work still to be done."""
    counts = signals(row for row in rows if row.status in OUTSTANDING)
    rooms = [("Headroom", "headroom", room) for room in Room]
    due = [("Next milestone", "milestone", word) for word in NextMilestone]
    return [
        (
            f"{name}: {word.label[:1].lower()}{word.label[1:]}",
            Number(
                counts[word.value],
                f"{name} {word.label.lower()}",
                deliveries_href(**area, **{parameter: word.value}, status=_OUTSTANDING),
            ),
        )
        for name, parameter, word in (*rooms, *due)
    ]


# --- Deadlines --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """One commitment's national deadline, and how its deliveries stand."""

    deadline_on: dt.date
    title: str
    cell: Cell


def deadlines(rows: Iterable[CountedDeadline], href: Href, **area: str) -> list[tuple[str, list[Deadline]]]:
    """The deadlines to come by month, the nearest first."""
    by_commitment = tallies(rows, lambda row: (row.deadline_on, row.code, row.title))
    found = [
        Deadline(deadline_on, title, cell(counts, title, href(**area, commitment=code)))
        for (deadline_on, code, title), counts in sorted(by_commitment.items())
    ]
    return [(month, list(due)) for month, due in groupby(found, lambda deadline: f"{deadline.deadline_on:%B %Y}")]
