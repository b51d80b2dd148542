"""Counts of deliveries, and of the people they serve, by status: what every roll-up on a page is made of."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from commitments.choices import Freshness, Status
from commitments.models.standing import SIGNALS
from commitments.rules import headline
from systems.sentences import NO_DATA


class Counted(NamedTuple):
    """A row of `Position.objects.tallied_with_signals()`: how many have each of `SIGNALS` stands behind the rest."""

    theme_id: int
    place_id: int | None
    status: Status
    freshness: Freshness
    deliveries: int
    people: int
    signals: tuple[int, ...] = ()

    @classmethod
    def of(cls, row: Sequence) -> "Counted":
        """A row as it comes from the database."""
        return cls._make((*row[:6], tuple(row[6:])))


class CountedThen(NamedTuple):
    """A row of `PositionChange.objects.tallied()`: how things stood on a day, by theme and place."""

    theme_id: int
    place_id: int | None
    status: Status
    deliveries: int
    people: int


class CountedDeadline(NamedTuple):
    """A row of `Position.objects.due_within_a_year()`."""

    deadline_on: dt.date
    code: str
    title: str
    status: Status
    deliveries: int
    people: int


class CountedFootprint(NamedTuple):
    """A row of `Position.objects.tallied_by_system()` or of `tallied_by_place()`."""

    footprint_id: int | None
    status: Status
    deliveries: int
    people: int


Placed = Counted | CountedThen
AnyCounted = Placed | CountedDeadline | CountedFootprint
Row = TypeVar("Row", bound=AnyCounted)
Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Tally:
    """Deliveries, and the people where they are, by status. What is not applicable is left out of every count."""

    deliveries: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)

    def add(self, row: AnyCounted) -> None:
        """Counts the deliveries and the people of one more row."""
        self.deliveries[row.status] += row.deliveries
        self.people[row.status] += row.people

    def number(self, *statuses: Status) -> int:
        """How many deliveries have one of these statuses."""
        return sum(self.deliveries[status] for status in statuses)

    @property
    def total(self) -> int:
        """How many deliveries are counted at all."""
        return self.deliveries.total() - self.deliveries[Status.NOT_APPLICABLE]

    @property
    def headline(self) -> Status | None:
        """The worst status that a tenth of the people counted live under; of deliveries, where nobody is counted."""
        return headline(self.people) or headline(self.deliveries)

    def in_words(self, status: Status | None) -> str:
        """3 of 25: how many stand as the headline, or another status, says."""
        return f"{self.number(status):,} of {self.total:,}" if status else NO_DATA


def tally(rows: Iterable[AnyCounted]) -> Tally:
    """All rows in one."""
    whole = Tally()
    for row in rows:
        whole.add(row)
    return whole


def tallies(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, Tally]:
    """One tally for each key that occurs; an empty one for any other."""
    by_key: dict[Key, Tally] = defaultdict(Tally)
    for row in rows:
        by_key[key(row)].add(row)
    return by_key


def signals(rows: Iterable[Counted]) -> Counter[str]:
    """How many deliveries have each of `SIGNALS`."""
    return Counter(dict(zip(SIGNALS, map(sum, zip(*(row.signals for row in rows), strict=True)), strict=False)))
