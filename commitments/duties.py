"""Who owes which report, and who is reminded of it when. Pure: values in, values out; no database, no clock."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

from commitments.choices import ReminderKind
from commitments.workdays import is_working_day, last_working_day, working_days_before
from systems.choices import Role
from systems.permissions import Action, Grant, paths_for

# Reminders before the day a month is due, in working days.
FIRST_REMINDER, SECOND_REMINDER = 10, 3
# So many times, a week apart, somebody above hears of a report that is late; later months then speak of it.
WEEKS_REMINDED = 4


# --- Which month a report is owed for ---------------------------------------------------------------------


class Month(Protocol):
    """A month that takes reports: its first day, which is its key, and the day its reports are due."""

    starts_on: dt.date
    due_on: dt.date


SomeMonth = TypeVar("SomeMonth", bound=Month)


def month_owed(months: Sequence[SomeMonth], told: dt.date | None) -> SomeMonth | None:
    """The first of the open months, which come in order, that follows the latest one reported (`told`).

    A later report tells what an earlier month left out. Who never reported owes the newest month only.
    """
    if told is None:
        return months[-1] if months else None
    return next((month for month in months if month.starts_on > told), None)


@dataclass(frozen=True, slots=True)
class Owing:
    """A delivery whose report on an open month is not in."""

    delivery_id: int
    path: str
    lead_id: int | None
    month: Month
    # The month's report came back, and waits for its writer.
    is_returned: bool


Expecting = tuple[int, str, int, int | None, dt.date | None, dt.date | None]


def owings(expecting: Iterable[Expecting], open_months: Mapping[int | None, Sequence[Month]]) -> list[Owing]:
    """What is owed, the earliest due first, of deliveries on which reports are expected, in the order given.

    Each comes as (delivery, path, system, lead, latest month reported, latest month returned).
    """
    found = []
    for delivery, path, system, lead, told, returned in expecting:
        month = month_owed(open_months.get(system, ()), told)
        if month is not None:
            found.append(Owing(delivery, path, lead, month, is_returned=returned == month.starts_on))
    return sorted(found, key=lambda owing: owing.month.due_on)


# --- Who hears of it --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose account is active, with the roles they hold on the day."""

    pk: int
    manager_id: int | None
    grants: tuple[Grant, ...]

    def reads(self, path: str) -> bool:
        """Whether working papers of this piece of the map are theirs to read."""
        return any(path.startswith(above) for above in _read_below(self.grants))

    def manages_programme_of(self, path: str) -> bool:
        return any(grant.role == Role.PROGRAMME_MANAGER and path.startswith(grant.path) for grant in self.grants)


@cache
def _read_below(grants: tuple[Grant, ...]) -> tuple[str, ...]:
    return paths_for(Action.READ_POSITIONS, grants=grants, is_admin=False)


class People:
    """Everybody who can be reminded: leavers are not among them."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._here = {person.pk: person for person in people}
        self._managers = [person for person in self._here.values() if any(_manages(g) for g in person.grants)]

    def writers_of(self, owing: Owing) -> Collection[int]:
        """The lead; where there is none any more, the programme managers."""
        return self._one(owing.lead_id, owing.path) or self._programme_managers(owing.path)

    def above(self, owing: Owing) -> Collection[int]:
        """The manager of the lead; where none is named or here any more, the programme managers."""
        lead = self._here.get(owing.lead_id or 0)
        return self._one(lead.manager_id if lead else None, owing.path) or self._programme_managers(owing.path)

    def _one(self, pk: int | None, path: str) -> Collection[int]:
        person = self._here.get(pk or 0)
        return (person.pk,) if person is not None and person.reads(path) else ()

    def _programme_managers(self, path: str) -> Collection[int]:
        return tuple(person.pk for person in self._managers if person.manages_programme_of(path))


def _manages(grant: Grant) -> bool:
    return grant.role == Role.PROGRAMME_MANAGER


# --- When -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """Which reminder a day asks for, and the day it falls on: a day missed is made up for, once."""

    kind: ReminderKind
    falls_on: dt.date


@cache
def stage(due_on: dt.date, today: dt.date) -> Stage | None:
    """The latest reminder that has fallen due for a month that is due on `due_on`. Nobody is reminded on a day off."""
    if not is_working_day(today):
        return None
    weeks = (today - due_on).days // 7
    if today > due_on:
        return Stage(ReminderKind.LATE, due_on + dt.timedelta(weeks=weeks)) if 0 < weeks <= WEEKS_REMINDED else None
    falls = (
        (ReminderKind.DUE_DAY, last_working_day(due_on)),
        (ReminderKind.SECOND, working_days_before(due_on, SECOND_REMINDER)),
        (ReminderKind.FIRST, working_days_before(due_on, FIRST_REMINDER)),
    )
    return next((Stage(kind, falls_on) for kind, falls_on in falls if today >= falls_on), None)


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that somebody should get: of one month, of one kind, once."""

    person_id: int
    month: dt.date
    kind: ReminderKind
    falls_on: dt.date


def reminders_due(owed: Iterable[Owing], people: People, today: dt.date) -> set[Due]:
    """Who is reminded today of what: writers up to the day it is due, whoever is above them when it is late."""
    found = set()
    for owing in owed:
        now = stage(owing.month.due_on, today)
        if now is not None:
            told = people.above(owing) if now.kind == ReminderKind.LATE else people.writers_of(owing)
            found |= {Due(pk, owing.month.starts_on, now.kind, now.falls_on) for pk in told}
    return found
