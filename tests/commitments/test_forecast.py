"""The expected finish drawn from a delivery's own record: worked by hand, at every boundary, and on any evidence."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.choices import Direction
from commitments.forecast import LAST_DAY, average_slip, from_metric, from_milestones
from commitments.rules import verdict
from tests.commitments.evidence_builder import any_day, any_evidence, day, evidence, metric, patiently, reported

MET_ON = day(-30)
DAY = dt.timedelta(days=1)


# --- From milestones --------------------------------------------------------------------------------------


def slipped(*days: int, due_on: tuple[dt.date, ...] = (day(10), day(100)), met_on: dt.date = MET_ON):
    """Milestones met so many days late each, and some still open."""
    return reported(
        milestones=len(days) + len(due_on),
        milestones_open=len(due_on),
        milestones_open_due_on=due_on,
        milestones_slip_days=sum(days),
        milestone_met_on=met_on if days else None,
    )


@pytest.mark.parametrize(
    ("days", "slip"),
    [
        ((0, 0, 0), 0),
        ((10, 20, 30), 20),
        ((10, 10, 11), 11),
        ((-10, -10, -11), -10),
        ((-30, 0, 30, 30), 8),
        ((90, -3, -3), 28),
    ],
)
def test_the_last_open_milestone_is_moved_by_the_average_slip_rounded_up(days, slip):
    e = slipped(*days)

    assert average_slip(e) == slip
    assert from_milestones(e).finish_on == day(100 + slip)


@pytest.mark.parametrize(("met", "none_because"), [(2, "fewer than 3 milestones met"), (3, "")])
def test_three_milestones_met_are_the_least_to_go_by(met, none_because):
    assert from_milestones(slipped(*[5] * met)).none_because == none_because


@pytest.mark.parametrize(
    ("e", "none_because"),
    [
        (evidence(), "fewer than 3 milestones met"),
        (slipped(), "fewer than 3 milestones met"),
        (slipped(5, 5, 5, due_on=()), "no milestone is open"),
        (slipped(5, 5, 5, due_on=(day(-36),)), "a milestone was met after the day it comes to"),
    ],
)
def test_no_forecast_from_milestones(e, none_because):
    assert (from_milestones(e).finish_on, from_milestones(e).none_because) == (None, none_because)


def test_a_forecast_may_fall_on_the_very_day_of_the_last_fact():
    assert from_milestones(slipped(5, 5, 5, due_on=(MET_ON - 5 * DAY,))).finish_on == MET_ON


@pytest.mark.parametrize(("due_on", "finish_on"), [(LAST_DAY - DAY, LAST_DAY), (LAST_DAY, None), (dt.date.max, None)])
def test_after_2040_there_is_no_forecast_from_milestones(due_on, finish_on):
    forecast = from_milestones(slipped(1, 1, 1, due_on=(due_on,)))

    assert forecast.finish_on == finish_on
    assert forecast.none_because == ("" if finish_on else "it would end after 2040")


# --- From the metric --------------------------------------------------------------------------------------


def trend(level: float, slope: float, **facts):
    """At 50 of 100 on 30 June 2019, on a line that stands and moves so."""
    return metric(points=3, trend_level=level, trend_slope=slope, **facts)


JUNE_30 = dt.date(2019, 6, 30)


@pytest.mark.parametrize(
    ("measured", "days"),
    [
        (trend(50.0, 1.0), 50),
        (trend(50.0, 0.3), 167),
        (trend(49.9, 1.0), 51),
        (trend(50.00000000001, 1.0), 50),
        (trend(99.5, 1.0), 1),
        (trend(100.0, 1.0), 0),
        (trend(50.0, 1.0, direction=Direction.REACH), 50),
        (trend(50.0, -1.0, direction=Direction.DECREASE, target=Decimal(20)), 30),
        (trend(50.0, 0.5, direction=Direction.MAINTAIN), 100),
        (trend(50.0, -0.5, direction=Direction.MAINTAIN, target=Decimal(40)), 20),
    ],
)
def test_the_day_the_line_reaches_the_target_rounded_up(measured, days):
    assert from_metric(measured).finish_on == JUNE_30 + days * DAY


STANDS_STILL = "the metric is not moving towards its target"


@pytest.mark.parametrize(
    ("measured", "none_because"),
    [
        (None, "no metric with a target of this footprint's own"),
        (metric(observed=None, observed_on=None), "fewer than 3 values measured"),
        (metric(points=1), "fewer than 3 values measured"),
        (metric(points=2, trend_level=50.0, trend_slope=1.0), "fewer than 3 values measured"),
        (trend(50.0, 1.0, observed=Decimal(100)), "the metric has reached its target"),
        (trend(50.0, 0.0), STANDS_STILL),
        (trend(50.0, 1e-12), STANDS_STILL),
        (trend(50.0, -1.0), STANDS_STILL),
        (trend(120.0, -1.0), STANDS_STILL),
        (trend(50.0, 1.0, direction=Direction.DECREASE, target=Decimal(20)), STANDS_STILL),
        (trend(50.0, -0.5, direction=Direction.MAINTAIN), STANDS_STILL),
        (trend(101.0, 1.0), "the trend passed the target before the latest value, which has not reached it"),
        (trend(50.0, 1e-8), "it would end after 2040"),
    ],
)
def test_no_forecast_from_the_metric(measured, none_because):
    assert (from_metric(measured).finish_on, from_metric(measured).none_because) == (None, none_because)


def test_the_last_day_of_2040_is_the_last_of_a_forecast():
    days_left = (LAST_DAY - JUNE_30).days

    assert from_metric(trend(100.0 - days_left, 1.0)).finish_on == LAST_DAY
    assert from_metric(trend(99.0 - days_left, 1.0)).finish_on is None


# --- On any evidence --------------------------------------------------------------------------------------


def forecasts(e):
    return from_milestones(e), from_metric(e.metric)


@patiently
@given(any_evidence())
def test_there_is_a_day_or_a_reason_and_never_both(e):
    for forecast in forecasts(e):
        assert bool(forecast.finish_on) is not bool(forecast.none_because)


@patiently
@given(any_evidence())
def test_a_forecast_lies_between_the_last_fact_and_2040(e):
    by_milestones, by_metric = (forecast.finish_on for forecast in forecasts(e))

    if by_milestones is not None:
        assert e.milestone_met_on <= by_milestones <= LAST_DAY
    if by_metric is not None:
        assert e.metric.observed_on <= by_metric <= LAST_DAY


@patiently
@given(any_evidence(), any_day, st.integers(0, 4000))
def test_a_quiet_day_changes_no_forecast(e, today, days):
    earlier, later = verdict(e, today), verdict(e, today + days * DAY)

    for field in ("expected_on", "milestones_finish_on", "metric_finish_on", "headroom_days", "headroom_from"):
        assert getattr(earlier, field) == getattr(later, field)
