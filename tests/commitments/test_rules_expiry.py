"""A verdict knows when it expires: hypothesis tries every kind of evidence on every day."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given

from commitments.choices import Stage
from commitments.measures import LAPSED_AFTER
from commitments.rules import RULES, Verdict, verdict
from tests.commitments.evidence_builder import (
    DEADLINE,
    LOCAL_DEADLINE,
    PERIODS,
    TODAY,
    any_day,
    any_evidence,
    day,
    evidence,
    open_milestones,
    patiently,
    reported,
)

DAY = dt.timedelta(days=1)
# After the last day that any of the evidence tried here can speak of, with the longest wait there is.
HORIZON = day(150) + LAPSED_AFTER + 2 * DAY


def days(start: dt.date, end: dt.date) -> list[dt.date]:
    """From the first day up to, not including, the last."""
    return [start + n * DAY for n in range((end - start).days)]


def apart_from_expiry(reached: Verdict) -> Verdict:
    return reached._replace(next_change_on=None)


@patiently
@given(any_evidence(), any_day)
def test_a_verdict_holds_on_every_day_before_it_expires(e, today):
    reached = verdict(e, today)

    for later in days(today, reached.next_change_on or HORIZON):
        assert verdict(e, later) == reached


@patiently
@given(any_evidence(), any_day)
def test_a_verdict_is_another_on_the_day_it_expires(e, today):
    reached = verdict(e, today)

    if reached.next_change_on is not None:
        assert reached.next_change_on > today
        assert apart_from_expiry(verdict(e, reached.next_change_on)) != apart_from_expiry(reached)


@patiently
@given(any_evidence())
def test_from_change_to_change_no_change_is_missed(e):
    start = day(-200)
    on_each_day = [(on, apart_from_expiry(verdict(e, on))) for on in days(start, HORIZON)]
    changes = [on for (_, earlier), (on, later) in pairwise(on_each_day) if earlier != later]

    stops, on = [], verdict(e, start).next_change_on
    while on is not None:
        stops.append(on)
        on = verdict(e, on).next_change_on

    assert stops == changes


@patiently
@given(any_evidence())
def test_at_the_end_of_days_nothing_changes_any_more(e):
    assert verdict(e, HORIZON).next_change_on is None


@patiently
@given(any_evidence(), any_day)
def test_the_verdict_depends_on_evidence_and_day_alone(e, today):
    assert verdict(e, today) == verdict(e._replace(delivery_id=2), today)


@patiently
@given(any_evidence(), any_day)
def test_exactly_one_rule_decides_and_the_last_always_holds(e, today):
    first = next(rule for rule in RULES if rule.holds(e, today))

    assert verdict(e, today).reason_code == first.code
    assert RULES[-1].holds(e, today)


@pytest.mark.parametrize(
    ("e", "next_change_on"),
    [
        (reported(is_applicable=False, not_applicable_reason="None here", reported_on=None), None),
        (evidence(planned_start_on=day(10), local_deadline_on=LOCAL_DEADLINE), day(10)),
        (evidence(), DEADLINE + DAY),
        (reported(), day(46)),
        (reported(periods=PERIODS), dt.date(2019, 10, 25)),
        (reported(**open_milestones(day(10), day(20))), day(11)),
        (reported(**open_milestones(day(-1), day(20))), day(21)),
        (reported(**open_milestones(day(-1))), day(46)),
        (reported(**open_milestones(day(-40))), day(21)),
        (reported(stage=Stage.DELIVERED, reported_on=day(-93)), None),
        (reported(reported_on=day(-93)), DEADLINE + DAY),
        (reported(deadline_on=day(-1), reported_on=None), None),
    ],
)
def test_expires_on(e, next_change_on):
    assert verdict(e, TODAY).next_change_on == next_change_on
