"""The arithmetic of a metric: what was expected, how far behind, whether the target is met."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commitments.choices import DeadlineKind, Direction
from commitments.measures import (
    before,
    borne_out,
    expected_value,
    metric_gap,
    missing_from_plan,
    target_met,
    turning_days,
    with_achieved,
    with_report,
)
from tests.commitments.evidence_builder import (
    DEADLINE,
    FINAL_SUBMISSION,
    LOCAL_DEADLINE,
    TODAY,
    TOMORROW,
    YESTERDAY,
    any_day,
    any_value,
    day,
    evidence,
    metric,
    metrics,
    open_milestones,
    patiently,
    reported,
)

START = dt.date(2019, 4, 1)
END = START + dt.timedelta(days=100)
# From 20 to 120 in 100 days: one a day.
STRAIGHT = {"baseline": Decimal(20), "baseline_on": START, "target": Decimal(120), "target_on": END, "trajectory": ()}


def on_day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


# --- What was expected ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "expected"), [(-1, None), (0, 20), (1, 21), (50, 70), (99, 119), (100, 120), (101, 120), (1000, 120)]
)
def test_expected_is_on_the_straight_line_from_baseline_to_target(number, expected):
    assert expected_value(metric(**STRAIGHT), on_day(number)) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, 20), (10, 25), (20, 30), (30, 50), (40, 70), (70, 95), (100, 120), (101, 120)]
)
def test_expected_follows_the_trajectory_between_its_points(number, expected):
    bent = ((on_day(20), Decimal(30)), (on_day(40), Decimal(70)))

    assert expected_value(metric(**STRAIGHT | {"trajectory": bent}), on_day(number)) == expected


def test_a_trajectory_that_ends_at_the_target_stays_there():
    ends = ((on_day(50), Decimal(120)), (END, Decimal(120)))

    assert expected_value(metric(**STRAIGHT | {"trajectory": ends}), on_day(500)) == 120


def test_a_trajectory_without_a_deadline_stays_at_its_last_point():
    facts = STRAIGHT | {"target_on": None, "trajectory": ((on_day(20), Decimal(30)),)}

    assert expected_value(metric(**facts), on_day(500)) == 30


def test_a_trajectory_that_begins_at_the_baseline_holds_it_once():
    facts = STRAIGHT | {"trajectory": ((START, Decimal(20)), (END, Decimal(120)))}

    assert expected_value(metric(**facts), on_day(50)) == 70


@pytest.mark.parametrize(
    ("facts", "on"),
    [
        ({"target_on": None}, on_day(50)),
        ({"baseline": None, "baseline_on": None}, on_day(50)),
        ({"trajectory": ((on_day(20), Decimal(30)),), "baseline": None, "baseline_on": None}, on_day(19)),
        ({"baseline_on": on_day(100)}, on_day(99)),
    ],
)
def test_nothing_is_expected_before_a_line_begins_or_without_one(facts, on):
    assert expected_value(metric(**STRAIGHT | facts), on) is None


# --- How far behind ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "gap"),
    [
        ({"observed": Decimal(50)}, "0"),
        ({"observed": Decimal(40)}, "0.1"),
        ({"observed": Decimal(60)}, "-0.1"),
        ({"observed": Decimal(0)}, "0.5"),
        # The way to the target is its length: half of it, whatever the numbers are.
        ({"baseline": Decimal(40), "target": Decimal(60), "observed": Decimal(48)}, "0.1"),
        ({"baseline": Decimal(60), "target": Decimal(40), "observed": Decimal(52), "direction": "decrease"}, "0.1"),
        ({"baseline": Decimal(60), "target": Decimal(40), "observed": Decimal(48), "direction": "decrease"}, "-0.1"),
    ],
)
def test_gap_is_the_share_of_the_way_that_is_missing(facts, gap):
    assert metric_gap(metric(**facts)) == Decimal(gap)


@pytest.mark.parametrize(
    "facts",
    [
        {"observed": None, "observed_on": None},
        {"baseline": None, "baseline_on": None},
        {"target_on": None, "trajectory": ()},
        {"target": Decimal(0)},
        {"observed_on": dt.date(2019, 3, 31)},
    ],
    ids=["no value", "no baseline", "no deadline", "no way to go", "before the line begins"],
)
def test_there_is_no_gap_without_all_of_its_facts(facts):
    assert metric_gap(metric(**facts)) is None


def test_there_is_no_gap_without_a_metric():
    assert metric_gap(None) is None


def mirrored(m):
    """The same metric upside down: what rose now falls."""
    turned = {name: -getattr(m, name) for name in ("target", "baseline", "observed") if getattr(m, name) is not None}
    return dataclasses.replace(m, **turned, trajectory=tuple((on, -value) for on, value in m.trajectory))


@patiently
@given(metrics())
def test_gap_is_the_same_whichever_way_the_metric_should_move(m):
    assert metric_gap(mirrored(m)) == metric_gap(m)


@patiently
@given(any_value, any_value, st.integers(0, 100), any_value)
def test_gap_is_positive_exactly_when_short_of_the_line(baseline, target, number, observed):
    assume(baseline != target)
    facts = STRAIGHT | {"baseline": baseline, "target": target, "observed": observed, "observed_on": on_day(number)}
    m = metric(**facts)

    expected, gap = expected_value(m, on_day(number)), metric_gap(m)

    short = observed < expected if target > baseline else observed > expected
    assert (gap > 0) == short
    assert (gap == 0) == (observed == expected)


@patiently
@given(metrics(), any_day)
def test_expected_stays_between_the_values_it_was_drawn_from(m, on):
    expected = expected_value(m, on)

    values = [m.target, *(value for _, value in m.trajectory)] + ([] if m.baseline is None else [m.baseline])
    assert expected is None or min(values) <= expected <= max(values)


# --- Whether the target is met ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "observed", "met"),
    [
        (Direction.INCREASE, "99.9999", False),
        (Direction.INCREASE, "100", True),
        (Direction.INCREASE, "100.0001", True),
        (Direction.REACH, "99.9999", False),
        (Direction.REACH, "100", True),
        (Direction.REACH, "100.0001", True),
        (Direction.DECREASE, "99.9999", True),
        (Direction.DECREASE, "100", True),
        (Direction.DECREASE, "100.0001", False),
        (Direction.MAINTAIN, "98.9999", False),
        (Direction.MAINTAIN, "99", True),
        (Direction.MAINTAIN, "100", True),
        (Direction.MAINTAIN, "101", True),
        (Direction.MAINTAIN, "101.0001", False),
    ],
)
def test_target_is_met(direction, observed, met):
    assert target_met(metric(direction=direction, target=Decimal(100), observed=Decimal(observed))) is met


def test_a_target_below_nothing_is_maintained_within_a_hundredth_too():
    m = metric(direction=Direction.MAINTAIN, target=Decimal(-100))

    assert target_met(dataclasses.replace(m, observed=Decimal(-101)))
    assert not target_met(dataclasses.replace(m, observed=Decimal("-101.5")))


def test_no_value_is_no_proof():
    assert not target_met(metric(observed=None, observed_on=None))


# --- What else is measured on a delivery ------------------------------------------------------------------


def test_a_claim_is_borne_out_by_milestones_and_metric():
    assert borne_out(reported())
    assert borne_out(reported(metric=metric(observed=Decimal(100))))
    assert not borne_out(reported(metric=metric(observed=Decimal(99))))
    assert not borne_out(reported(**open_milestones(day(99))))


def test_missing_from_plan_names_the_parts():
    assert missing_from_plan(reported()) == []
    assert missing_from_plan(evidence()) == ["lead", "local deadline", "milestone"]


def test_an_unknown_day_is_before_nothing():
    assert before(YESTERDAY, TODAY)
    assert not before(TODAY, TODAY)
    assert not before(None, TODAY)
    assert not before(TODAY, None)


def test_only_a_deadline_by_a_date_must_be_met():
    assert evidence().must_be_done_by == DEADLINE
    assert [evidence(deadline_kind=kind).must_be_done_by for kind in list(DeadlineKind)[1:]] == [None, None, None]


def test_turning_days_are_those_on_which_a_comparison_with_today_turns():
    e = reported(**open_milestones(TODAY, day(5)), planned_start_on=day(3), reported_on=YESTERDAY)

    ahead = [
        TOMORROW,
        day(3),
        day(6),
        FINAL_SUBMISSION,
        TODAY + dt.timedelta(days=61),
        LOCAL_DEADLINE + dt.timedelta(days=1),
        DEADLINE + dt.timedelta(days=1),
    ]
    assert turning_days(e, TODAY) == ahead
    assert turning_days(e, TODAY, day(7)) == ahead[:3]
    assert turning_days(e, TODAY, day(6)) == ahead[:2]


def test_the_last_day_of_the_calendar_does_no_harm():
    never = dt.date.max
    e = evidence(deadline_on=never, local_deadline_on=never, planned_start_on=never, **open_milestones(never))

    assert turning_days(e, TODAY) == [FINAL_SUBMISSION, never]


# --- What would be ----------------------------------------------------------------------------------------

REPORT = {"stage": "planning", "confidence": "red", "expected_on": DEADLINE, "reported_on": TODAY}


@pytest.mark.parametrize(("month", "counts"), [(8, False), (9, True), (10, True)])
def test_a_report_counts_unless_a_later_month_is_reported(month, counts):
    e = reported(confidence="green")

    seen = with_report(e, **REPORT, period=dt.date(2019, month, 1))

    assert seen == (e._replace(**REPORT, reported_period=dt.date(2019, month, 1)) if counts else e)


def test_a_first_report_counts():
    assert with_report(evidence(), **REPORT, period=dt.date(2019, 9, 1)).confidence == "red"


def test_milestones_achieved_today_are_met_and_their_slip_counts():
    e = reported(**open_milestones(day(-10), day(-3), day(20)), milestones_slip_days=4)

    seen = with_achieved(e, [day(-10), day(20)], [(day(-3), "Second")], TODAY)

    assert (seen.milestones, seen.milestones_open, seen.milestones_met) == (4, 1, 3)
    assert (seen.milestones_open_due_on, seen.oldest_open_milestone) == ((day(-3),), "Second")
    assert (seen.milestones_slip_days, seen.milestone_met_on) == (4 + 10 - 20, TODAY)


def test_with_the_last_one_achieved_none_is_open():
    seen = with_achieved(reported(**open_milestones(day(-10))), [day(-10)], [], TODAY)

    assert (seen.milestones_open, seen.oldest_open_milestone, seen.oldest_open_due_on) == (0, "", None)


def test_nothing_achieved_changes_nothing():
    e = reported(**open_milestones(day(-10)))

    assert with_achieved(e, [], [(day(-10), "Recruit link workers")], TODAY) == e
