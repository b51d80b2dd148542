"""The signals beside a status: freshness, headroom, and what speaks against a report."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given

from commitments.choices import Confidence, DeadlineKind, Freshness, Method, Stage
from commitments.forecast import Forecast
from commitments.measures import report_due_from
from commitments.rules import verdict
from commitments.sentences import spoken
from commitments.signals import Headroom, contradiction, freshness, freshness_turns_on, headroom
from tests.commitments.evidence_builder import (
    DEADLINE,
    LOCAL_DEADLINE,
    PERIODS,
    TODAY,
    YESTERDAY,
    any_day,
    any_evidence,
    day,
    evidence,
    metric,
    open_milestones,
    patiently,
    reported,
)

SEPTEMBER = dt.date(2019, 9, 1)
OCTOBER_OPENS_ON = dt.date(2019, 10, 25)


# --- Freshness --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "value"),
    [
        (0, Freshness.FRESH),
        (45, Freshness.FRESH),
        (46, Freshness.STALE),
        (92, Freshness.STALE),
        (93, Freshness.LAPSED),
        (1000, Freshness.LAPSED),
    ],
)
def test_freshness_by_the_age_of_the_report(age, value):
    assert freshness(reported(reported_on=day(-age)), TODAY) == value


@patiently
@given(any_evidence(), any_day)
def test_freshness_turns_on_the_first_day_on_which_it_is_another(e, today):
    fresh = freshness(e, today)
    others = (later for later in (today + dt.timedelta(days=n) for n in range(700)) if freshness(e, later) is not fresh)

    assert freshness_turns_on(e, fresh) == next(others, None)


def test_a_report_on_the_last_day_of_the_calendar_is_fresh_for_ever():
    assert freshness_turns_on(reported(reported_on=dt.date.max), Freshness.FRESH) is None


def test_never_reported_is_never_fresh():
    assert freshness(evidence(periods=PERIODS), TODAY) == Freshness.NEVER


@pytest.mark.parametrize(("offset", "value"), [(-1, Freshness.FRESH), (0, Freshness.DUE), (1, Freshness.DUE)])
def test_a_report_is_due_from_the_day_the_next_month_opens(offset, value):
    e = reported(reported_period=SEPTEMBER, periods=PERIODS)

    assert freshness(e, OCTOBER_OPENS_ON + dt.timedelta(days=offset)) == value


def test_a_report_on_the_month_open_now_is_fresh():
    e = reported(reported_period=dt.date(2019, 10, 1), reported_on=OCTOBER_OPENS_ON, periods=PERIODS)

    assert freshness(e, OCTOBER_OPENS_ON) == Freshness.FRESH


def test_a_stale_report_is_stale_and_not_merely_due():
    e = reported(reported_period=dt.date(2019, 7, 1), reported_on=day(-46), periods=PERIODS)

    assert freshness(e, TODAY) == Freshness.STALE


def test_after_the_last_month_there_is_no_report_due():
    e = reported(reported_period=dt.date(2019, 12, 1), periods=PERIODS)

    assert report_due_from(e) is None
    assert freshness(e, TODAY) == Freshness.FRESH


# --- Headroom ---------------------------------------------------------------------------------------------


NONE = Forecast(none_because="nothing to draw it from")
BY_MILESTONES, BY_METRIC = Forecast(DEADLINE - dt.timedelta(days=10)), Forecast(DEADLINE + dt.timedelta(days=20))


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({"expected_on": LOCAL_DEADLINE, "local_deadline_on": DEADLINE}, 90),
        ({"expected_on": DEADLINE}, 0),
        ({"expected_on": DEADLINE + dt.timedelta(days=30)}, -30),
        ({"expected_on": None, "local_deadline_on": LOCAL_DEADLINE}, 90),
        ({"expected_on": None, "local_deadline_on": None}, None),
        ({"deadline_on": None}, None),
        ({"deadline_kind": DeadlineKind.FROM}, None),
        ({"deadline_kind": DeadlineKind.CONTINUOUS}, None),
        ({"deadline_kind": DeadlineKind.NONE}, None),
    ],
)
def test_headroom_is_from_the_date_aimed_at_to_the_national_deadline(facts, days):
    assert headroom(reported(**facts), NONE, NONE).days == days


@pytest.mark.parametrize(
    ("expected_on", "by_milestones", "by_metric", "room"),
    [
        (LOCAL_DEADLINE, BY_MILESTONES, BY_METRIC, Headroom(90, Method.EXPECTED)),
        (None, BY_MILESTONES, BY_METRIC, Headroom(10, Method.MILESTONES)),
        (None, NONE, BY_METRIC, Headroom(-20, Method.METRIC)),
        (None, NONE, NONE, Headroom(90, Method.LOCAL_DEADLINE)),
    ],
)
def test_a_forecast_makes_headroom_only_where_nobody_gave_a_date(expected_on, by_milestones, by_metric, room):
    assert headroom(reported(expected_on=expected_on), by_milestones, by_metric) == room


def test_without_a_national_deadline_to_meet_there_is_no_headroom_and_no_method():
    assert headroom(reported(deadline_kind=DeadlineKind.NONE), BY_MILESTONES, BY_METRIC) == Headroom(None, None)


def test_a_forecast_never_mixes_into_the_status():
    late = {"milestones": 4, "milestones_slip_days": 3000, "milestone_met_on": TODAY}
    plain = reported(expected_on=None, **open_milestones(DEADLINE))
    slipping = reported(expected_on=None, **open_milestones(DEADLINE) | late)

    reached = verdict(slipping, TODAY)

    assert (reached.status, reached.reason_code) == (verdict(plain, TODAY).status, verdict(plain, TODAY).reason_code)
    assert (reached.headroom_days, reached.headroom_from) == (-1000, Method.MILESTONES)
    assert reached.milestones_finish_on == DEADLINE + dt.timedelta(days=1000)


# --- Contradiction ----------------------------------------------------------------------------------------

OVERDUE = open_milestones(YESTERDAY)
BEHIND = {"metric": metric(observed=Decimal(45))}
CHILD = {"children": 6, "children_red": 1}
DELIVERED = {"stage": Stage.DELIVERED}


@pytest.mark.parametrize(
    ("facts", "starts"),
    [
        (OVERDUE, "Reported green, but 1 of 4 milestones is {days} overdue"),
        (BEHIND, "Reported green, but People offered a link worker stood at 45%"),
        (CHILD, "Reported green, but 1 of 6 deliveries below it is reported red."),
        (DELIVERED | OVERDUE, "Reported as delivered, but 1 of 4 milestones is still open"),
        (DELIVERED | open_milestones(day(50)), "Reported as delivered, but 1 of 4 milestones is still open"),
        (DELIVERED | BEHIND, "Reported as delivered, but People offered a link worker stood at 45%"),
        (DELIVERED | CHILD, "Reported as delivered, but 1 of 6 deliveries below it is reported red."),
        (DELIVERED | OVERDUE | {"confidence": Confidence.RED}, "Reported as delivered, but 1 of 4"),
        (OVERDUE | BEHIND | CHILD, "Reported green, but 1 of 4 milestones"),
        (BEHIND | CHILD, "Reported green, but People"),
    ],
)
def test_contradicted_by(facts, starts):
    assert contradiction(reported(**facts), TODAY).text.startswith(starts)


@pytest.mark.parametrize(
    "e",
    [
        reported(),
        reported(**open_milestones(TODAY)),
        reported(metric=metric(observed=Decimal("45.0001"))),
        reported(children=6),
        reported(**DELIVERED),
        reported(**DELIVERED, metric=metric(observed=Decimal(100))),
        reported(**OVERDUE, confidence=Confidence.AMBER),
        reported(**BEHIND, confidence=Confidence.RED),
        reported(**CHILD, confidence=Confidence.AMBER),
        reported(**OVERDUE, is_applicable=False, not_applicable_reason="No acute trust here"),
        evidence(**OVERDUE, **BEHIND, **CHILD),
    ],
)
def test_nothing_speaks_against_it(e):
    assert contradiction(e, TODAY).text == ""


@pytest.mark.parametrize(
    ("e", "sentence"),
    [
        (
            reported(**open_milestones(dt.date(2019, 8, 31))),
            "Reported green, but 1 of 4 milestones is 30 days overdue (Recruit link workers, due 31 August 2019).",
        ),
        (
            reported(metric=metric(observed=Decimal(45))),
            "Reported green, but People offered a link worker stood at 45% on 30 June 2019 against an expected 50%: "
            "behind by 5% of the way from baseline to target.",
        ),
        (reported(children=1, children_red=1), "Reported green, but the only delivery below it is reported red."),
        (reported(children=6, children_red=2), "Reported green, but 2 of 6 deliveries below it are reported red."),
        (reported(), ""),
    ],
)
def test_contradiction_reads(e, sentence):
    reached = verdict(e, TODAY)

    assert spoken(reached.contradiction, reached.contradiction_since_on, TODAY) == sentence


def test_a_contradiction_counts_its_days_from_the_oldest_milestone():
    assert contradiction(reported(**OVERDUE), TODAY).since_on == YESTERDAY


def test_signals_never_mix_into_the_status():
    plain = verdict(reported(), TODAY)
    signalling = verdict(reported(**CHILD, reported_on=day(-60), periods=PERIODS), TODAY)

    assert (signalling.status, signalling.reason_code) == (plain.status, plain.reason_code)
    assert (signalling.freshness, plain.freshness) == (Freshness.STALE, Freshness.FRESH)
    assert signalling.contradiction
