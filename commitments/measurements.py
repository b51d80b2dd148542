"""What was measured for each delivery: its headline metric, what binds its footprint, latest value and trend."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from commitments.choices import Scope
from commitments.measures import TREND_THROUGH, MetricEvidence
from systems.arrays import array

Points = tuple[tuple[dt.date, Decimal], ...]

_HEADLINES = """
SELECT metric.commitment_id, metric.id, metric.name, metric.unit, metric.direction, metric.scope,
       metric.baseline, metric.baseline_on, metric.target, commitment.deadline_on
  FROM commitments_metric metric
  JOIN commitments_commitment commitment ON commitment.id = metric.commitment_id
 WHERE metric.commitment_id = ANY(%s) AND metric.is_headline
"""
# The latest value at each footprint, and the line of least squares through the last values: where it stands on the day
# of the latest one, and how it moves a day. A value corrected counts as corrected. The order of the inner query keeps
# sums of floats the same to the last digit; days are counted from a fixed day, never from today, so that a quiet day
# changes nothing.
_TRENDS = """
SELECT asked.metric_id, asked.footprint_id, trend.latest, trend.observed_on, trend.points,
       trend.origin + trend.slope * (trend.observed_on - DATE '2019-01-01'), trend.slope
  FROM unnest(%(metrics)s::bigint[], %(footprints)s::bigint[]) AS asked (metric_id, footprint_id)
 CROSS JOIN LATERAL (
       SELECT (array_agg(value))[1] AS latest,
              max(period_end_on) AS observed_on,
              count(*) AS points,
              regr_slope(value, period_end_on - DATE '2019-01-01') AS slope,
              regr_intercept(value, period_end_on - DATE '2019-01-01') AS origin
         FROM (SELECT DISTINCT ON (period_end_on) period_end_on, value
                 FROM commitments_observation
                WHERE metric_id = asked.metric_id AND footprint_id = asked.footprint_id AND recorded_on <= %(today)s
                ORDER BY period_end_on DESC, id DESC
                LIMIT %(through)s) observed
       ) trend
 WHERE trend.points > 0
"""
# The path a metric should take, at each footprint and as published.
_TRAJECTORIES = """
SELECT path.metric_id, path.footprint_id, array_agg(due_on ORDER BY due_on), array_agg(value ORDER BY due_on)
  FROM (SELECT DISTINCT ON (metric_id, footprint_id) id, metric_id, footprint_id
          FROM commitments_trajectory
         WHERE metric_id = ANY(%(metrics)s)
           AND (footprint_id IS NULL OR recorded_on <= %(today)s AND (metric_id, footprint_id) IN (
               SELECT * FROM unnest(%(measured)s::bigint[], %(footprints)s::bigint[])))
         ORDER BY metric_id, footprint_id, id DESC
       ) path
  JOIN commitments_trajectorypoint point ON point.trajectory_id = path.id
 GROUP BY path.metric_id, path.footprint_id
"""


class _Headline(NamedTuple):
    """A metric by which its commitment is judged, and that commitment's national deadline."""

    pk: int
    name: str
    unit: str
    direction: str
    scope: str
    baseline: Decimal | None
    baseline_on: dt.date | None
    target: Decimal | None
    deadline_on: dt.date | None


def measured(places: list[tuple[int, int, int]], today: dt.date) -> dict[int, MetricEvidence]:
    """The headline metric of each delivery whose footprint has a target of its own, with the latest value seen there.

    `places`: (commitment, footprint, delivery).
    """
    headline = _headline({commitment for commitment, _, _ in places})
    watched = [(delivery, headline[which], footprint) for which, footprint, delivery in places if which in headline]
    if not watched:
        return {}
    paths = _trajectories([(metric.pk, footprint) for _, metric, footprint in watched], today)
    bound = {}
    for delivery, metric, footprint in watched:
        target = _target(metric, paths.get((metric.pk, None), ()), paths.get((metric.pk, footprint), ()))
        if target is not None:
            bound[delivery] = (metric, footprint, target)
    observed = _observed([(metric.pk, footprint) for metric, footprint, _ in bound.values()], today)
    return {
        delivery: MetricEvidence(
            metric.name, metric.unit, metric.direction, *target, *observed.get((metric.pk, footprint), ())
        )
        for delivery, (metric, footprint, target) in bound.items()
    }


def _headline(commitments: set[int]) -> dict[int, _Headline]:
    """The headline metric of each of these commitments that has one."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADLINES, [array(commitments)])
        return {row[0]: _Headline(*row[1:]) for row in cursor.fetchall()}


def _target(metric: _Headline, published: Points, local: Points) -> tuple | None:
    """What binds a footprint: (target, its day, baseline, its day, path), by its own trajectory or set for every ICS.

    None where neither is there: an England total is nobody's own target.
    """
    own = metric.scope == Scope.PER_ICS
    if local:
        (first_on, first), (last_on, last) = local[0], local[-1]
        has_baseline = own and metric.baseline is not None
        start = (metric.baseline, metric.baseline_on) if has_baseline else (first, first_on)
        return last, last_on, *start, local
    if not own or metric.target is None:
        return None
    return metric.target, metric.deadline_on, metric.baseline, metric.baseline_on, published


def _trajectories(places: list[tuple[int, int]], today: dt.date) -> dict[tuple[int, int | None], Points]:
    """By metric and footprint the trajectory in force, the latest recorded; under footprint None the published one."""
    facts: dict[str, Any] = {
        "metrics": array({metric for metric, _ in places}),
        "measured": array(metric for metric, _ in places),
        "footprints": array(footprint for _, footprint in places),
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TRAJECTORIES, facts)
        return {(metric, at): tuple(zip(days, values, strict=True)) for metric, at, days, values in cursor.fetchall()}


def _observed(places: list[tuple[int, int]], today: dt.date) -> dict[tuple[int, int], tuple]:
    """What was measured up to the day, by metric and footprint, where anything was.

    (latest value, its day, points of the trend, where the trend stands, how it moves a day)
    """
    facts: dict[str, Any] = {
        "metrics": array(metric for metric, _ in places),
        "footprints": array(footprint for _, footprint in places),
        "today": today,
        "through": TREND_THROUGH,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TRENDS, facts)
        return {(metric, footprint): tuple(seen) for metric, footprint, *seen in cursor.fetchall()}
