"""What became of positions and maturity between two publications: pure, so that pages, packs and letters agree."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from commitments.choices import DateKind, Move
from commitments.signals import move

AnyKey = TypeVar("AnyKey")
# A position in any publication: the codes of its commitment and its footprint.
Key = tuple[str, str]

# Beside the moves of a status: a date moved.
DATES = "dates"
DATES_LABEL = "Dates moved"
# In the order in which a reader wants to hear of it.
KINDS: dict[str, str] = {
    Move.MISSED: Move.MISSED.label,
    Move.WORSE: Move.WORSE.label,
    DATES: DATES_LABEL,
    Move.BETTER: Move.BETTER.label,
    Move.DELIVERED: Move.DELIVERED.label,
    Move.REPORTED: Move.REPORTED.label,
    Move.SCOPE: Move.SCOPE.label,
    Move.OPENED: Move.OPENED.label,
}
NO_REASON = "No reason was given."


@dataclass(frozen=True, slots=True)
class Stood:
    """How a position stood: its status, and the dates its owner aims at."""

    status: str
    local_deadline_on: dt.date | None = None
    expected_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class DateMoved:
    """A date that was another before."""

    kind: DateKind
    old_on: dt.date
    new_on: dt.date


@dataclass(frozen=True, slots=True)
class Difference(Generic[AnyKey]):
    """A position that is not what it was: how its status moved, if it did, and which dates did."""

    key: AnyKey
    was: str
    now: str
    move: Move | None
    dates: tuple[DateMoved, ...]


def differences(before: Mapping[AnyKey, Stood], after: Mapping[AnyKey, Stood]) -> Iterator[Difference[AnyKey]]:
    """What differs, in the order of `after`. A position that was not there before was opened since."""
    for key, now in after.items():
        was = before.get(key)
        moved = None if was and was.status == now.status else move(was.status if was else "", now.status)
        dates = tuple(dates_moved(was, now)) if was else ()
        if moved or dates:
            yield Difference(key, was.status if was else "", now.status, moved, dates)


def dates_moved(was: Stood, now: Stood) -> Iterator[DateMoved]:
    """Dates known then and now that differ. A first date is no move, and neither is one taken back."""
    aims = (
        (DateKind.LOCAL_DEADLINE, was.local_deadline_on, now.local_deadline_on),
        (DateKind.EXPECTED, was.expected_on, now.expected_on),
    )
    for kind, old_on, new_on in aims:
        if old_on and new_on and old_on != new_on:
            yield DateMoved(kind, old_on, new_on)


# --- In words ---------------------------------------------------------------------------------------------


class Moved(NamedTuple):
    """A row of `PublishedDateChange`, by the codes of commitment and footprint."""

    code: str
    footprint: str
    kind: str
    what: str
    old_on: dt.date
    new_on: dt.date
    changed_on: dt.date
    reason: str

    @property
    def key(self) -> Key:
        """The position it belongs to, in any publication."""
        return self.code, self.footprint


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date that moved, in words."""

    what: str
    old_on: dt.date
    new_on: dt.date
    reason: str


def new_moves(before: Iterable[Moved], after: Iterable[Moved]) -> list[Moved]:
    """The moves of dates that the later publication knows and the earlier one did not."""
    known = Counter(before)
    return [moved for moved in after if not known[moved]]


def keys_by_kind(found: Iterable[Difference[Key]], milestones: Collection[Key]) -> dict[str, list[Key]]:
    """What changed, by kind. One delivery may be in two: its status moved, and a date or a milestone did."""
    keys: dict[str, list[Key]] = defaultdict(list)
    dated = set()
    for difference in found:
        if difference.move:
            keys[difference.move].append(difference.key)
        if difference.dates:
            keys[DATES].append(difference.key)
            dated.add(difference.key)
    keys[DATES] += [key for key in milestones if key not in dated]
    return keys


def date_lines(difference: Difference[Key] | None, own: Sequence[Moved], reported: str) -> Iterator[DateLine]:
    """The dates of one delivery that moved, with the reason that was agreed or `reported`; then its milestones."""
    agreed = " ".join(moved.reason for moved in own if moved.kind == DateKind.LOCAL_DEADLINE)
    reasons = {DateKind.LOCAL_DEADLINE: agreed, DateKind.EXPECTED: reported}
    for date in difference.dates if difference else ():
        yield DateLine(date.kind.label, date.old_on, date.new_on, reasons[date.kind] or NO_REASON)
    for moved in own:
        if moved.kind == DateKind.MILESTONE:
            yield DateLine(f"Milestone “{moved.what}”", moved.old_on, moved.new_on, moved.reason)


# --- Maturity ---------------------------------------------------------------------------------------------

# A domain in any publication: framework, domain and footprint.
DomainKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rung:
    """How a domain stood: its status, and the level it had reached, by ordinal and by name."""

    status: str
    reached: int | None
    level: str


@dataclass(frozen=True, slots=True)
class LevelMoved:
    """A domain that stands otherwise than it did."""

    key: DomainKey
    was: Rung
    now: Rung

    @property
    def fell(self) -> bool:
        """Whether a level that had been reached no longer is."""
        return self.was.reached is not None and (self.now.reached is None or self.now.reached < self.was.reached)

    @property
    def in_words(self) -> str:
        """ "From emerging to developing", "Back from developing to emerging", "Emerging, as before"."""
        was, now = self.was.level, self.now.level
        if was == now:
            return f"{now}, as before"
        return f"{'Back from' if self.fell else 'From'} {was.lower()} to {now.lower()}"


def levels_moved(before: Mapping[DomainKey, Rung], after: Mapping[DomainKey, Rung]) -> Iterator[LevelMoved]:
    """Domains known then and now whose level or status differs, in the order of `after`."""
    for key, now in after.items():
        was = before.get(key)
        if was and was != now:
            yield LevelMoved(key, was, now)
