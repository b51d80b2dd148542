"""Opening, nudging and closing a month of a system."""

import datetime as dt

import pytest

from commitments.actions import Conflict, close_period, nudge_period, open_period
from commitments.choices import PeriodStep, Status
from commitments.models import PeriodAct, Reminder, Report, ReportingPeriod
from systems.choices import Role
from tests.elsewhere import all_at_once
from tests.factories import TODAY, DeliveryFactory, PeriodFactory, person

AUGUST, OCTOBER = dt.date(2019, 8, 1), dt.date(2019, 10, 1)


@pytest.fixture
def sent(monkeypatch):
    """How often the worker was asked to send what waits."""
    calls = []
    monkeypatch.setattr("commitments.tasks.send_reminders.delay_on_commit", lambda: calls.append(1))
    return calls


@pytest.fixture
def take(system, approver):
    return lambda step, period: step(system=system, period=period, by=approver, today=TODAY)


def is_open(system, period):
    return period in ReportingPeriod.objects.open_for(system, TODAY)


def test_a_closed_month_takes_no_report_and_says_who_closed_it(
    take, system, approver, period, save, delivery, reporter
):
    take(close_period, period)

    with pytest.raises(Conflict):
        save(delivery, reporter)
    assert not Report.objects.exists()
    act = PeriodAct.objects.get()
    assert (act.system, act.period, act.step, act.done_by, act.done_on) == (
        system,
        period,
        PeriodStep.CLOSED,
        approver,
        TODAY,
    )


def test_earlier_months_close_with_it_and_later_ones_do_not(take, system, period):
    august, july = (PeriodFactory(starts_on=day) for day in (AUGUST, dt.date(2019, 7, 1)))

    take(close_period, august)

    assert [is_open(system, month) for month in (july, august, period)] == [False, False, True]


def test_a_month_is_opened_before_its_day_or_once_more(take, system, period, save, delivery, reporter):
    october = PeriodFactory(starts_on=OCTOBER)
    take(close_period, period)

    take(open_period, october)
    take(open_period, period)

    assert is_open(system, october)
    assert save(delivery, reporter, period=period).pk


@pytest.mark.parametrize("step", [open_period, close_period, nudge_period])
def test_a_step_somebody_took_already_is_a_conflict(take, period, sent, step):
    if step is not open_period:
        take(step, period)

    with pytest.raises(Conflict):
        take(step, period)


def test_a_closed_month_is_not_nudged(take, period, sent):
    take(close_period, period)

    with pytest.raises(Conflict):
        take(nudge_period, period)
    assert not Reminder.objects.exists()


def test_a_nudge_writes_a_reminder_for_each_who_owes_and_has_it_sent(take, place, period, sent):
    lead = person(Role.VIEWER, place)
    for _ in range(2):
        DeliveryFactory(footprint=place, lead=lead, position={"status": Status.ON_TRACK})

    assert take(nudge_period, period) == 1

    assert Reminder.objects.get().person == lead
    assert sent == [1]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_is_told(take, period):
    told = []

    def close():
        try:
            take(close_period, period)
        except Conflict:
            told.append(1)

    all_at_once(close, close)

    assert (PeriodAct.objects.count(), told) == (1, [1])
