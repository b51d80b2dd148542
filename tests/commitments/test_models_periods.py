"""Which months take reports in which system, and what the database refuses."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from commitments.choices import PeriodStep, ReminderState
from commitments.models import PeriodAct, ReportingPeriod
from tests.factories import TODAY, PeriodActFactory, PeriodFactory, ReminderFactory, SystemFactory

AUGUST, SEPTEMBER, OCTOBER = (dt.date(2019, month, 1) for month in (8, 9, 10))


@pytest.fixture
def months(db):
    return [PeriodFactory(starts_on=day) for day in (AUGUST, SEPTEMBER, OCTOBER)]


def open_in(system, day=TODAY):
    return [period.pk for period in ReportingPeriod.objects.open_for(system, day)]


def test_a_month_opens_on_its_day_and_stays_open(months, system):
    assert open_in(system, dt.date(2019, 9, 19)) == [AUGUST]
    assert open_in(system, dt.date(2019, 9, 20)) == [AUGUST, SEPTEMBER]
    assert open_in(system, dt.date(2020, 9, 20)) == [AUGUST, SEPTEMBER, OCTOBER]


def test_what_was_done_last_holds_in_that_system_only(months, system):
    other = SystemFactory()
    for step in (PeriodStep.CLOSED, PeriodStep.NUDGED):
        PeriodActFactory(system=system, period=months[0], step=step)
    PeriodActFactory(system=system, period=months[2], step=PeriodStep.OPENED)

    assert open_in(system) == [SEPTEMBER, OCTOBER]
    assert open_in(other) == [AUGUST, SEPTEMBER]

    PeriodActFactory(system=system, period=months[0], step=PeriodStep.OPENED)

    assert open_in(system) == [AUGUST, SEPTEMBER, OCTOBER]


def test_outside_any_system_no_month_is_open(months):
    assert ReportingPeriod.objects.open_for(None, TODAY) == []


def test_all_systems_take_two_queries(months, django_assert_num_queries):
    systems = [SystemFactory().pk for _ in range(4)]

    with django_assert_num_queries(2):
        ReportingPeriod.objects.open_in(systems, TODAY)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_an_approver_did_is_never_changed(months, system, change):
    act = PeriodActFactory(system=system)
    acts = PeriodAct.objects.filter(pk=act.pk)

    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        acts.update(step=PeriodStep.OPENED) if change == "update" else acts.delete()


def test_a_month_is_nudged_once_a_day(months, system):
    PeriodActFactory(system=system, step=PeriodStep.NUDGED)

    with pytest.raises(IntegrityError, match="period_nudged_once_a_day"):
        PeriodActFactory(system=system, step=PeriodStep.NUDGED)


def test_a_step_is_one_of_the_three(months, system):
    with pytest.raises(IntegrityError, match="period_act_step_is_known"):
        PeriodActFactory(system=system, step="burned")


def test_a_reminder_is_there_once(db):
    first = ReminderFactory()

    with pytest.raises(IntegrityError, match="reminder_once_per_person_period_kind_and_day"):
        ReminderFactory(person=first.person)


@pytest.mark.parametrize("facts", [{"kind": "shout"}, {"state": "lost"}])
def test_a_reminders_words_are_known(db, facts):
    with pytest.raises(IntegrityError, match="reminder_words_are_known"):
        ReminderFactory(**facts)


def test_a_reminder_that_was_sent_says_when(db):
    with pytest.raises(IntegrityError, match="reminder_sent_says_when"):
        ReminderFactory(state=ReminderState.SENT)
