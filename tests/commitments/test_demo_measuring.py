"""The demonstration's metrics: they say what their story says, and never pass England's total off as one's own."""

import datetime as dt
from decimal import Decimal
from random import Random

import pytest

from commitments.choices import Direction
from commitments.demo.measuring import recorded_on, values_of, with_own_trajectory
from commitments.demo.timetable import LAST_DAY
from commitments.measures import BEHIND, FAR_BEHIND, MetricEvidence, metric_gap
from systems.choices import Level
from tests.commitments.demo_subjects import DEADLINE, many, network, story, subject, yardstick

ENGLAND = 50_000_000
TOTAL = {"unit": "people", "is_own": False, "target": Decimal(100_000), "baseline": None, "baseline_on": None}


def gap(values, measure):
    on, value = values[-1]
    return metric_gap(
        MetricEvidence(
            name="",
            unit=measure.unit,
            direction=measure.direction,
            target=measure.target,
            target_on=measure.target_on,
            baseline=measure.trajectory[0][1] if measure.trajectory else measure.baseline,
            baseline_on=measure.baseline_on,
            trajectory=measure.trajectory,
            observed=value,
            observed_on=on,
        )
    )


@pytest.mark.parametrize(
    ("name", "at_least", "below"),
    [("steady", Decimal(-1), BEHIND), ("behind", BEHIND, FAR_BEHIND), ("far behind", FAR_BEHIND, Decimal(1))],
)
@pytest.mark.parametrize("target", [60, 5])
def test_the_gap_to_the_line_is_the_story_s(name, at_least, below, target):
    measure = yardstick(target=Decimal(target), baseline=Decimal(20))

    for one in many(count=40):
        assert at_least <= gap(values_of(one, story(name), measure), measure) < below


def test_systems_are_measured_monthly_places_quarterly_and_networks_once():
    counts = [
        len(values_of(one, story("steady"), yardstick())) for one in (subject(level=Level.SYSTEM), subject(), network())
    ]

    assert counts == [17, 4, 1]


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("target", [100, 1])
def test_without_a_line_values_move_towards_the_target_and_reach_it_when_delivered(direction, target):
    measure = yardstick(baseline=None, baseline_on=None, direction=direction, target=Decimal(target), unit="level")

    assert values_of(subject(), story("delivered"), measure)[-1][1] == target
    assert all(value >= 0 for _, value in values_of(subject(), story("steady"), measure))


def test_nothing_is_measured_where_nothing_is_reported():
    assert values_of(subject(), story("never reported"), yardstick()) == []


@pytest.mark.parametrize(
    "facts",
    [TOTAL, {"unit": "specifications"}, {"target": Decimal(0), "baseline": None}],
    ids=["England's total", "not in force", "nothing to grow from"],
)
def test_what_says_nothing_here_is_not_measured(facts):
    assert values_of(subject(), story("steady"), yardstick(**facts)) == []


def test_a_system_takes_its_share_of_an_england_total_by_population():
    measure = with_own_trajectory(yardstick(**TOTAL), subject(level=Level.SYSTEM), 2_000_000, ENGLAND)

    assert measure.target == 4000
    assert measure.trajectory[0] == (dt.date(2019, 3, 31), 0)
    assert measure.trajectory[-1] == (DEADLINE, 4000)
    assert gap(values_of(subject(level=Level.SYSTEM), story("steady"), measure), measure) < BEHIND


def test_half_of_the_places_set_a_trajectory():
    found = [with_own_trajectory(yardstick(**TOTAL), one, 300_000, ENGLAND) for one in many()]

    assert 150 < sum(bool(one.trajectory) for one in found) < 250


@pytest.mark.parametrize(
    ("facts", "population"),
    [({}, 1_000_000), (TOTAL | {"unit": "%"}, 1_000_000), (TOTAL, 20_000)],
    ids=["own target", "a percentage has no share", "too few to count"],
)
def test_no_other_metric_is_shared_out(facts, population):
    measure = yardstick(**facts)

    assert with_own_trajectory(measure, subject(level=Level.SYSTEM), population, ENGLAND) is measure


def test_a_value_is_known_after_its_month_and_before_the_end():
    days = [recorded_on(dt.date(2019, 9, 20), Random(n)) for n in range(20)]

    assert all(dt.date(2019, 9, 20) < day <= LAST_DAY for day in days)
