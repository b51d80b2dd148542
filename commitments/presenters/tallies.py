"""Counts of deliveries, and of the people they serve, by status: what every roll-up on a page is made of."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from commitments.choices import Status
from commitments.models.standing import SIGNALS, Counted, CountedDeadline, CountedReports
from commitments.rules import headline
from systems.sentences import NO_DATA


class CountedFootprint(NamedTuple):
    """A row of `Position.objects.tallied_by_system()` or of `tallied_by_place()`."""

    footprint_id: int | None
    status: Status
    deliveries: int
    people: int


AnyCounted = Counted | CountedDeadline | CountedFootprint
Row = TypeVar("Row", bound=AnyCounted)
Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Tally:
    """Deliveries, and the people where they are, by status. What is not applicable is left out of every count."""

    deliveries: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def add(self, row: AnyCounted) -> None:
        """Counts the deliveries and the people of one more row."""
        status = row.status
        self.deliveries[status] = self.deliveries.get(status, 0) + row.deliveries
        self.people[status] = self.people.get(status, 0) + row.people

    def number(self, *statuses: Status) -> int:
        """How many deliveries have one of these statuses."""
        return sum(self.deliveries.get(status, 0) for status in statuses)

    @property
    def total(self) -> int:
        """How many deliveries are counted at all."""
        return sum(self.deliveries.values()) - self.deliveries.get(Status.NOT_APPLICABLE, 0)

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


def signals(rows: Iterable[CountedReports]) -> Counter[str]:
    """How many deliveries have each of `SIGNALS`."""
    return Counter(dict(zip(SIGNALS, map(sum, zip(*(row.signals for row in rows), strict=True)), strict=False)))
