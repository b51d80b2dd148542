"""Who owes which report, and who is reminded of it when: without a database."""

import datetime as dt
from typing import NamedTuple

import pytest

from commitments.choices import ReminderKind
from commitments.duties import Owing, People, Person, Stage, month_owed, owings, reminders_due, stage
from systems.choices import Role
from systems.permissions import Grant


class Month(NamedTuple):
    starts_on: dt.date
    due_on: dt.date


JULY = Month(dt.date(2019, 7, 1), dt.date(2019, 8, 7))
AUGUST = Month(dt.date(2019, 8, 1), dt.date(2019, 9, 6))
SEPTEMBER = Month(dt.date(2019, 9, 1), dt.date(2019, 10, 7))
SYSTEM, PLACE, ELSEWHERE = "ENG/QKK/", "ENG/QKK/BEX/", "ENG/QRV/"
LEAD, BOSS, MANAGER, STRANGER = 1, 2, 3, 4


def person(pk, role, path=SYSTEM, manager=None):
    return Person(pk, manager, (Grant(role, path),))


def owing(lead=LEAD, month=SEPTEMBER):
    return Owing(delivery_id=7, path=PLACE, lead_id=lead, month=month, is_returned=False)


ALL_HERE = People(
    [
        person(LEAD, Role.VIEWER, manager=BOSS),
        person(BOSS, Role.APPROVER),
        person(MANAGER, Role.PROGRAMME_MANAGER),
        person(STRANGER, Role.PROGRAMME_MANAGER, ELSEWHERE),
    ]
)


# --- Which month ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "owed"),
    [
        (None, SEPTEMBER),
        (dt.date(2019, 6, 1), JULY),
        (JULY.starts_on, AUGUST),
        (AUGUST.starts_on, SEPTEMBER),
        (SEPTEMBER.starts_on, None),
        (dt.date(2019, 10, 1), None),
    ],
)
def test_the_first_open_month_after_the_latest_report_is_owed(told, owed):
    assert month_owed([JULY, AUGUST, SEPTEMBER], told) == owed


def test_nothing_is_owed_where_no_month_is_open():
    assert month_owed([], None) is None
    assert month_owed([], JULY.starts_on) is None


def test_what_is_due_first_stands_first_and_the_order_given_decides_among_equals():
    expecting = [
        (1, PLACE, 10, None, AUGUST.starts_on, None),
        (2, PLACE, 10, LEAD, JULY.starts_on, None),
        (3, PLACE, 10, None, AUGUST.starts_on, SEPTEMBER.starts_on),
        (4, PLACE, 10, None, SEPTEMBER.starts_on, None),
        (5, ELSEWHERE, 11, None, None, None),
    ]

    found = owings(expecting, {10: [AUGUST, SEPTEMBER]})

    assert [(o.delivery_id, o.month, o.is_returned) for o in found] == [
        (2, AUGUST, False),
        (1, SEPTEMBER, False),
        (3, SEPTEMBER, True),
    ]


# --- Who --------------------------------------------------------------------------------------------------


def test_the_lead_is_told_and_their_manager_is_above():
    assert (ALL_HERE.writers_of(owing()), ALL_HERE.above(owing())) == ((LEAD,), (BOSS,))


def test_without_a_lead_the_programme_managers_of_the_system_are_both():
    unled = owing(lead=None)

    assert (ALL_HERE.writers_of(unled), ALL_HERE.above(unled)) == ((MANAGER,), (MANAGER,))


def test_a_lead_without_a_manager_has_the_programme_managers_above():
    people = People([person(LEAD, Role.VIEWER), person(MANAGER, Role.PROGRAMME_MANAGER)])

    assert people.above(owing()) == (MANAGER,)


@pytest.mark.parametrize(
    "left", [[], [person(LEAD, Role.VIEWER, ELSEWHERE, BOSS)], [person(LEAD, Role.JHOSC_MEMBER, manager=BOSS)]]
)
def test_a_lead_who_left_or_may_not_read_it_any_more_is_told_nothing(left):
    people = People([*left, person(MANAGER, Role.PROGRAMME_MANAGER)])

    assert people.writers_of(owing()) == (MANAGER,)


def test_a_manager_who_left_is_told_nothing():
    people = People([person(LEAD, Role.VIEWER, manager=BOSS), person(MANAGER, Role.PROGRAMME_MANAGER)])

    assert people.above(owing()) == (MANAGER,)


# --- When -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "kind", "falls_on"),
    [
        ((9, 20), None, None),
        ((9, 23), ReminderKind.FIRST, (9, 23)),  # 10 working days before
        ((9, 28), None, None),  # a Saturday
        ((10, 1), ReminderKind.FIRST, (9, 23)),  # missed until now: made up for
        ((10, 2), ReminderKind.SECOND, (10, 2)),  # 3 working days before
        ((10, 4), ReminderKind.SECOND, (10, 2)),
        ((10, 7), ReminderKind.DUE_DAY, (10, 7)),
        ((10, 8), None, None),
        ((10, 11), None, None),
        ((10, 14), ReminderKind.LATE, (10, 14)),
        ((10, 18), ReminderKind.LATE, (10, 14)),
        ((10, 21), ReminderKind.LATE, (10, 21)),
        ((11, 4), ReminderKind.LATE, (11, 4)),
        ((11, 8), ReminderKind.LATE, (11, 4)),
        ((11, 11), None, None),  # after four weeks later months speak of it
    ],
)
def test_each_day_asks_for_the_latest_reminder_that_fell_due(day, kind, falls_on):
    expected = kind and Stage(kind, dt.date(2019, *falls_on))

    assert stage(SEPTEMBER.due_on, dt.date(2019, *day)) == expected


@pytest.mark.parametrize(
    ("due_on", "today", "kind"),
    [
        ((2019, 4, 22), (2019, 4, 18), ReminderKind.DUE_DAY),  # due on Easter Monday: told on Maundy Thursday
        ((2019, 4, 22), (2019, 4, 19), None),  # Good Friday
        ((2019, 4, 22), (2019, 4, 17), ReminderKind.SECOND),
        ((2020, 1, 8), (2019, 12, 19), None),
        ((2020, 1, 8), (2019, 12, 20), ReminderKind.FIRST),
        ((2020, 1, 8), (2019, 12, 25), None),
        ((2020, 1, 8), (2020, 1, 2), ReminderKind.FIRST),
        ((2020, 1, 8), (2020, 1, 3), ReminderKind.SECOND),
    ],
)
def test_bank_holidays_are_known(due_on, today, kind):
    found = stage(dt.date(*due_on), dt.date(*today))

    assert (found and found.kind) == kind


def test_the_lead_is_reminded_before_and_whoever_is_above_after():
    before = reminders_due([owing(), owing()], ALL_HERE, dt.date(2019, 10, 7))
    after = reminders_due([owing()], ALL_HERE, dt.date(2019, 10, 14))

    assert [(due.person_id, due.kind) for due in before] == [(LEAD, ReminderKind.DUE_DAY)]
    assert [(due.person_id, due.kind) for due in after] == [(BOSS, ReminderKind.LATE)]


def test_nobody_is_reminded_between_the_stages():
    assert reminders_due([owing()], ALL_HERE, dt.date(2019, 10, 9)) == set()
