"""What a forecast rests on, as it is read from the facts: slips of milestones, and the trend drawn in SQL."""

import datetime as dt
import math
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from commitments import evidence
from commitments.forecast import from_metric, from_milestones
from commitments.measures import TREND_THROUGH
from commitments.models import Observation
from commitments.recompute import recompute_deliveries
from tests.factories import (
    TODAY,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
MONTH_ENDS = [dt.date(2018 + month // 12, month % 12 + 1, 1) - DAY for month in range(20)]


# --- Milestones -------------------------------------------------------------------------------------------


def met(delivery, due_on, days_late, **facts):
    return MilestoneFactory(delivery=delivery, due_on=due_on, achieved_on=due_on + days_late * DAY, **facts)


def test_slips_are_added_up_and_the_last_day_met_is_kept():
    delivery = DeliveryFactory()
    for month, days_late in ((5, 10), (6, 25), (7, -5)):
        met(delivery, dt.date(2019, month, 1), days_late)
    MilestoneFactory(delivery=delivery, due_on=dt.date(2020, 1, 1))
    MilestoneFactory(delivery=delivery, due_on=dt.date(2020, 6, 1))

    e = evidence.of_delivery(delivery, TODAY)

    assert (e.milestones_met, e.milestones_slip_days, e.milestone_met_on) == (3, 30, dt.date(2019, 6, 26))
    assert from_milestones(e).finish_on == dt.date(2020, 6, 11)


def test_a_milestone_met_later_or_recorded_later_is_no_fact_yet():
    delivery = DeliveryFactory()
    for month in (4, 5, 6):
        met(delivery, dt.date(2019, month, 1), 10)
    met(delivery, TODAY - 40 * DAY, 40)
    met(delivery, dt.date(2019, 7, 1), 20, recorded_on=TODAY)
    MilestoneFactory(delivery=delivery)

    before, on = (evidence.of_delivery(delivery, day) for day in (TODAY - DAY, TODAY))

    assert (before.milestones_met, before.milestones_slip_days) == (3, 30)
    assert (on.milestones_met, on.milestones_slip_days, on.milestone_met_on) == (5, 90, TODAY)


def test_nothing_met_is_no_slip():
    e = evidence.of_delivery(MilestoneFactory().delivery, TODAY)

    assert (e.milestones_met, e.milestones_slip_days, e.milestone_met_on) == (0, 0, None)


# --- The trend --------------------------------------------------------------------------------------------


def observe(metric, footprint, values, **facts):
    """One value for each day, recorded the day after."""
    for on, value in values:
        ObservationFactory(
            metric=metric, footprint=footprint, period_end_on=on, value=value, **{"recorded_on": on + DAY} | facts
        )


def seen_here(metric, values):
    delivery = DeliveryFactory(commitment=metric.commitment)
    observe(metric, delivery.footprint, values)
    return evidence.of_delivery(delivery, TODAY).metric


def test_a_line_through_points_on_a_line_is_that_line():
    on = [dt.date(2019, 6, 1) + n * 10 * DAY for n in range(4)]

    seen = seen_here(MetricFactory(target=100), zip(on, (10, 20, 30, 40), strict=True))

    assert (seen.points, seen.observed, seen.observed_on) == (4, 40, dt.date(2019, 7, 1))
    assert seen.trend_slope == pytest.approx(1)
    assert seen.trend_level == pytest.approx(40)
    assert from_metric(seen).finish_on == dt.date(2019, 8, 30)


@pytest.mark.parametrize(("months", "has_forecast"), [(2, False), (3, True)])
def test_three_values_are_the_least_to_go_by(months, has_forecast):
    seen = seen_here(MetricFactory(), [(end, 5 * n) for n, end in enumerate(MONTH_ENDS[:months])])

    assert seen.points == months
    assert (from_metric(seen).finish_on is not None) is has_forecast


def test_one_value_has_no_trend_and_none_is_no_value():
    metric = MetricFactory()

    alone, nothing = seen_here(metric, [(MONTH_ENDS[0], 5)]), seen_here(metric, [])

    assert (alone.points, alone.observed, alone.trend_level, alone.trend_slope) == (1, 5, None, None)
    assert (nothing.points, nothing.observed, nothing.observed_on) == (0, None, None)


def test_only_the_last_twelve_values_make_the_trend():
    metric = MetricFactory()
    values = [(end, 10 + 2 * n) for n, end in enumerate(MONTH_ENDS[:14])]
    wild = [(end, 90) for end, _ in values[:2]]

    with_wild, without = seen_here(metric, wild + values[2:]), seen_here(metric, values[2:])

    assert with_wild == without
    assert with_wild.points == TREND_THROUGH == 12


def test_a_corrected_value_counts_once_and_as_corrected():
    metric = MetricFactory()
    true = [(end, 5 * n) for n, end in enumerate(MONTH_ENDS[:4])]

    corrected = seen_here(metric, [(MONTH_ENDS[1], 99), *true])

    assert corrected == seen_here(metric, true)


def test_the_order_in_which_facts_came_does_not_matter():
    metric = MetricFactory()
    values = [(end, Decimal(n * n) / 7) for n, end in enumerate(MONTH_ENDS[:9])]
    shuffled = random.Random(3).sample(values, len(values))

    assert seen_here(metric, values) == seen_here(metric, shuffled) == seen_here(metric, values[::-1])


def test_a_value_recorded_later_does_not_bend_the_trend_yet():
    metric = MetricFactory()
    delivery = DeliveryFactory(commitment=metric.commitment)
    observe(metric, delivery.footprint, [(end, n) for n, end in enumerate(MONTH_ENDS[:3])])
    observe(metric, delivery.footprint, [(MONTH_ENDS[3], 50)], recorded_on=TODAY)

    before, on = (evidence.of_delivery(delivery, day).metric for day in (TODAY - DAY, TODAY))

    assert (before.points, before.observed) == (3, 2)
    assert (on.points, on.observed) == (4, 50)


# --- SQL against a slow twin in Python --------------------------------------------------------------------


def twin(metric, footprint, target):
    """The same finish, in exact fractions, one row at a time."""
    rows = Observation.objects.filter(metric=metric, footprint=footprint).order_by("period_end_on", "id")
    latest = {row.period_end_on: Fraction(row.value) for row in rows}
    points = sorted(latest.items())[-12:]
    if len(points) < 3 or points[-1][1] >= target:
        return None
    last_on = points[-1][0]
    xs, ys = [(on - last_on).days for on, _ in points], [value for _, value in points]
    mean_x, mean_y = Fraction(sum(xs), len(xs)), sum(ys) / len(ys)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)
    if slope <= 0:
        return None
    days = (target - (mean_y - slope * mean_x)) / slope
    finish = last_on.toordinal() + math.ceil(days)
    return dt.date.fromordinal(finish) if days >= 0 and finish <= dt.date(2040, 12, 31).toordinal() else None


def test_the_trend_in_sql_agrees_with_a_slow_twin():
    chance = random.Random(2019)
    metric = MetricFactory(target=100)
    deliveries = [DeliveryFactory(commitment=metric.commitment) for _ in range(30)]
    rows = [
        Observation(
            metric=metric, footprint=delivery.footprint, source="Made up", recorded_on=TODAY, period_end_on=end,
            value=Decimal(chance.randint(0, 60_000) + n * chance.choice((-3, 0, 2500, 4000))) / 1000,
        )
        for delivery in deliveries
        for n, end in enumerate(sorted(chance.choices(MONTH_ENDS, k=chance.randint(0, 17))))
    ]  # fmt: skip
    Observation.objects.bulk_create(rows)
    periods = evidence.reporting_periods()

    found = {e.delivery_id: e for e in evidence.of_commitments([metric.commitment_id], TODAY, periods=periods)}

    by_sql = [from_metric(found[d.pk].metric).finish_on for d in deliveries]
    assert by_sql == [twin(metric, d.footprint, 100) for d in deliveries]
    assert 5 < sum(day is not None for day in by_sql) < 30


# --- As stored --------------------------------------------------------------------------------------------


def test_a_recompute_stores_the_forecasts_and_a_quiet_day_writes_nothing():
    metric = MetricFactory(target=100)
    delivery = DeliveryFactory(commitment=metric.commitment, footprint=SystemFactory())
    for month in (5, 6, 7):
        met(delivery, dt.date(2019, month, 1), 30)
    MilestoneFactory(delivery=delivery, due_on=dt.date(2020, 3, 1))
    observe(metric, delivery.footprint, zip(MONTH_ENDS[:3], (10, 20, 30), strict=True))
    recompute_deliveries([delivery.pk], TODAY)

    quiet = recompute_deliveries([delivery.pk], TODAY + DAY)

    position = delivery.position
    position.refresh_from_db()
    assert (position.expected_on, position.milestones_finish_on) == (None, dt.date(2020, 3, 31))
    assert position.metric_finish_on > MONTH_ENDS[2]
    assert (position.headroom_days, position.headroom_from) == (1461, "milestones")
    assert (quiet.examined, quiet.changed) == (1, 0)
