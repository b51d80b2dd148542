"""What became of positions and maturity between two publications: pure, so that pages, packs and letters agree."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from commitments.choices import DateKind, Move
from commitments.signals import move

Key = TypeVar("Key")


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
class Difference(Generic[Key]):
    """A position that is not what it was: how its status moved, if it did, and which dates did."""

    key: Key
    was: str
    now: str
    move: Move | None
    dates: tuple[DateMoved, ...]


def differences(before: Mapping[Key, Stood], after: Mapping[Key, Stood]) -> Iterator[Difference[Key]]:
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


# --- Maturity ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """How a domain stood: its status, and the level it had reached, by ordinal and by name."""

    status: str
    reached: int | None
    level: str


@dataclass(frozen=True, slots=True)
class LevelMoved(Generic[Key]):
    """A domain that stands otherwise than it did."""

    key: Key
    was: Rung
    now: Rung

    @property
    def fell(self) -> bool:
        """Whether a level that had been reached no longer is."""
        return self.was.reached is not None and (self.now.reached is None or self.now.reached < self.was.reached)


def levels_moved(before: Mapping[Key, Rung], after: Mapping[Key, Rung]) -> Iterator[LevelMoved[Key]]:
    """Domains known then and now whose level or status differs, in the order of `after`."""
    for key, now in after.items():
        was = before.get(key)
        if was and was != now:
            yield LevelMoved(key, was, now)
