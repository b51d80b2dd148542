"""Every comparison of the law on both sides: the day before, the day itself, the day after; just under and just at."""

import datetime as dt
from decimal import Decimal

import pytest

from commitments.choices import DeadlineKind, Stage, ThemeClass
from commitments.rules import deciding_rule
from tests.commitments.evidence_builder import (
    DEADLINE,
    LOCAL_DEADLINE,
    TODAY,
    core,
    day,
    evidence,
    metric,
    open_milestones,
    reported,
)

AROUND = [-1, 0, 1]
DAY = dt.timedelta(days=1)


def reason(e, today=TODAY) -> str:
    return deciding_rule(e, today).code


def reasons_around(e, turning_on: dt.date) -> list[str]:
    """What decides the day before, on the day, and the day after."""
    return [reason(e, turning_on + offset * DAY) for offset in AROUND]


# --- Comparisons with today -------------------------------------------------------------------------------


def test_the_national_deadline_is_missed_from_the_day_after_it():
    e = reported(deadline_on=day(10), local_deadline_on=None, expected_on=None)

    assert reasons_around(e, day(10)) == ["on_track", "on_track", "deadline_missed"]


@pytest.mark.parametrize("facts", [{}, {"stage": Stage.NOT_STARTED, "reported_on": TODAY}])
def test_what_runs_from_a_date_must_have_begun_on_it(facts):
    e = evidence(deadline_kind=DeadlineKind.FROM, deadline_on=day(10), local_deadline_on=day(40), **facts)

    assert [code == "not_started_by_date" for code in reasons_around(e, day(10))] == [False, False, True]


def test_a_core_foundation_needs_its_plan_on_the_day_of_final_submission():
    e = core(final_submission_on=day(10), has_lead=False)

    assert reasons_around(e, day(10)) == ["on_track", "no_plan_for_core", "no_plan_for_core"]


def test_a_planned_start_excuses_silence_until_that_day():
    e = evidence(planned_start_on=day(10), local_deadline_on=LOCAL_DEADLINE)

    assert reasons_around(e, day(10)) == ["not_due_to_start", "never_reported", "never_reported"]


def test_a_report_lapses_after_92_days():
    assert reasons_around(reported(), day(92)) == ["on_track", "on_track", "report_lapsed"]


def test_a_milestone_is_overdue_from_the_day_after_it_was_due():
    e = reported(**open_milestones(day(10)))

    assert reasons_around(e, day(10)) == ["on_track", "on_track", "milestone_overdue"]


def test_a_milestone_is_long_overdue_after_60_days():
    e = reported(**open_milestones(day(10)))

    assert reasons_around(e, day(70)) == ["milestone_overdue", "milestone_overdue", "milestone_long_overdue"]


def test_the_oldest_open_milestone_counts():
    e = reported(**open_milestones(day(-61), day(-5), day(300)))

    assert reason(e) == "milestone_long_overdue"


def test_the_local_deadline_is_missed_from_the_day_after_it():
    e = reported(local_deadline_on=day(10), expected_on=None)

    assert reasons_around(e, day(10)) == ["on_track", "on_track", "local_deadline_missed"]


# --- Comparisons of two dates -----------------------------------------------------------------------------


def test_phasing_is_beyond_only_after_the_national_deadline():
    found = [reason(reported(local_deadline_on=DEADLINE + offset * DAY)) for offset in AROUND]

    assert found == ["on_track", "on_track", "phased_beyond_deadline"]


def test_expecting_is_beyond_only_after_the_national_deadline():
    found = [reason(reported(local_deadline_on=None, expected_on=DEADLINE + offset * DAY)) for offset in AROUND]

    assert found == ["on_track", "on_track", "expected_beyond_deadline"]


def test_expecting_is_late_only_after_the_local_deadline():
    found = [reason(reported(expected_on=LOCAL_DEADLINE + offset * DAY)) for offset in AROUND]

    assert found == ["on_track", "on_track", "expected_after_local"]


@pytest.mark.parametrize(
    ("days_left", "code"), [(0, "tight"), (1, "tight"), (29, "tight"), (30, "on_track"), (31, "on_track")]
)
def test_fewer_than_30_days_of_headroom_is_tight(days_left, code):
    e = core(local_deadline_on=DEADLINE, expected_on=DEADLINE - days_left * DAY)

    assert reason(e) == code


@pytest.mark.parametrize("theme_class", [ThemeClass.PRIORITISED, ThemeClass.ENABLER])
def test_only_a_core_foundation_is_tight(theme_class):
    e = reported(theme_class=theme_class, local_deadline_on=DEADLINE, expected_on=DEADLINE)

    assert reason(e) == "on_track"


# --- Shares of the way to the target ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("observed", "code"),
    [
        ("51", "on_track"),
        ("50", "on_track"),
        ("45.0001", "on_track"),
        ("45", "metric_behind"),
        ("44.9999", "metric_behind"),
        ("30.0001", "metric_behind"),
        ("30", "metric_far_behind"),
        ("29.9999", "metric_far_behind"),
    ],
)
def test_a_metric_is_behind_at_5_and_far_behind_at_20_per_cent_of_the_way(observed, code):
    assert reason(reported(metric=metric(observed=Decimal(observed)))) == code


@pytest.mark.parametrize(
    ("observed", "code"),
    [
        ("49", "on_track"),
        ("54.9999", "on_track"),
        ("55", "metric_behind"),
        ("69.9999", "metric_behind"),
        ("70", "metric_far_behind"),
    ],
)
def test_a_metric_that_should_fall_is_behind_when_it_is_too_high(observed, code):
    falling = metric(direction="decrease", baseline=Decimal(100), target=Decimal(0), observed=Decimal(observed))

    assert reason(reported(metric=falling)) == code
