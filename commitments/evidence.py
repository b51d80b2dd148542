"""Turns facts into frozen Evidence: a few set-based queries for a whole commitment, no judgement.

Only signed-off reports, and milestones and observations recorded up to the day, are seen. The local plan and the
milestones are read as they are; for a `past` day from the plan's revisions and the milestones' changes, and only of
deliveries that were open by then.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal

from django.db import connection

from commitments.choices import Scope
from commitments.measures import TREND_THROUGH, Evidence, MetricEvidence
from commitments.models import Delivery, Metric, ReportingPeriod

Periods = tuple[tuple[dt.date, dt.date], ...]
Points = tuple[tuple[dt.date, Decimal], ...]

# The deliveries with their local plans: as they are, and as they were.
_AS_THEY_ARE = "commitments_delivery"
_AS_THEY_WERE = """(
       SELECT delivery.id, delivery.commitment_id, delivery.footprint_id, plan.lead_id, plan.planned_start_on,
              plan.local_deadline_on, plan.is_applicable, plan.not_applicable_reason
         FROM commitments_delivery delivery
         JOIN LATERAL (
              SELECT *
                FROM commitments_planrevision
               WHERE delivery_id = delivery.id AND recorded_on <= %(today)s
               ORDER BY recorded_on DESC, id DESC
               LIMIT 1
              ) plan ON true
       )"""
# The first change after the day says what each milestone was on it.
_MILESTONES_THEN = """(
       SELECT step.id, step.delivery_id, step.title, step.recorded_on,
              CASE WHEN later.id IS NULL THEN step.due_on ELSE later.was_due_on END AS due_on,
              CASE WHEN later.id IS NULL THEN step.achieved_on ELSE later.was_achieved_on END AS achieved_on
         FROM commitments_milestone step
         LEFT JOIN LATERAL (
              SELECT id, was_due_on, was_achieved_on
                FROM commitments_milestonechange
               WHERE milestone_id = step.id AND recorded_on > %(today)s
               ORDER BY id
               LIMIT 1
              ) later ON true
       )"""
# Latest report and milestone counts by LATERAL: one index look-up a delivery instead of sorting every report.
_DELIVERIES = """
SELECT d.id, d.footprint_id,
       theme.theme_class, c.deadline_kind, c.deadline_on, plan.final_submission_on,
       d.is_applicable, d.not_applicable_reason, d.lead_id IS NOT NULL, d.planned_start_on, d.local_deadline_on,
       m.total, m.still_open, m.due_ons, m.oldest, m.slip_days, m.met_on,
       r.submitted_on, r.period_id, r.stage, r.confidence, r.expected_on
  FROM {deliveries} d
  JOIN commitments_commitment c ON c.id = d.commitment_id
  JOIN commitments_theme theme ON theme.id = c.theme_id
  JOIN commitments_plan plan ON plan.id = theme.plan_id
  JOIN commitments_position position ON position.delivery_id = d.id
  JOIN systems_footprint f ON f.id = d.footprint_id
  LEFT JOIN LATERAL (
       SELECT count(*) AS total,
              count(*) FILTER (WHERE is_open) AS still_open,
              array_agg(due_on ORDER BY due_on, id) FILTER (WHERE is_open) AS due_ons,
              (array_agg(title ORDER BY due_on, id) FILTER (WHERE is_open))[1] AS oldest,
              sum(achieved_on - due_on) FILTER (WHERE NOT is_open) AS slip_days,
              max(achieved_on) FILTER (WHERE NOT is_open) AS met_on
         FROM (SELECT id, title, due_on, achieved_on, achieved_on IS NULL OR achieved_on > %(today)s AS is_open
                 FROM {milestones} known
                WHERE delivery_id = d.id AND recorded_on <= %(today)s) milestone
       ) m ON true
  LEFT JOIN LATERAL (
       SELECT submitted_on, period_id, stage, confidence, expected_on
         FROM commitments_report
        WHERE delivery_id = d.id AND state = 'signed_off' AND decided_on <= %(today)s
        ORDER BY period_id DESC, id DESC
        LIMIT 1
       ) r ON true
 WHERE d.commitment_id = %(commitment)s
"""
# The applicable deliveries below each applicable one, and how many of them were last reported red. Nearly every
# commitment is delivered at one level; the first condition is then settled once, and nothing else is looked at.
_CHILDREN = """
SELECT parent.id, count(*), count(*) FILTER (WHERE r.confidence = 'red')
  FROM {deliveries} parent
  JOIN systems_footprint below ON parent.footprint_id IN (below.place_id, below.system_id)
  JOIN {deliveries} child
    ON child.commitment_id = parent.commitment_id AND child.footprint_id = below.id
   AND child.id <> parent.id AND child.is_applicable
  LEFT JOIN LATERAL (
       SELECT confidence
         FROM commitments_report
        WHERE delivery_id = child.id AND state = 'signed_off' AND decided_on <= %(today)s
        ORDER BY period_id DESC, id DESC
        LIMIT 1
       ) r ON true
 WHERE (SELECT count(DISTINCT f.level) > 1
          FROM {deliveries} d JOIN systems_footprint f ON f.id = d.footprint_id
         WHERE d.commitment_id = %(commitment)s AND d.is_applicable)
   AND parent.id = ANY(%(parents)s) AND parent.is_applicable
 GROUP BY parent.id
"""
# The latest value at each footprint, and the line of least squares through the last values: where it stands on the day
# of the latest one, and how it moves a day. A value corrected counts as corrected. The order keeps sums of floats the
# same to the last digit; days are counted from a fixed day, never from today, so that a quiet day changes nothing.
_TRENDS = """
SELECT footprint.id, trend.latest, trend.observed_on, trend.points,
       trend.origin + trend.slope * (trend.observed_on - DATE '2019-01-01'), trend.slope
  FROM unnest(%(footprints)s::bigint[]) AS footprint (id)
 CROSS JOIN LATERAL (
       SELECT (array_agg(value ORDER BY period_end_on DESC))[1] AS latest,
              max(period_end_on) AS observed_on,
              count(*) AS points,
              regr_slope(value, period_end_on - DATE '2019-01-01' ORDER BY period_end_on) AS slope,
              regr_intercept(value, period_end_on - DATE '2019-01-01' ORDER BY period_end_on) AS origin
         FROM (SELECT DISTINCT ON (period_end_on) period_end_on, value
                 FROM commitments_observation
                WHERE metric_id = %(metric)s AND footprint_id = footprint.id AND recorded_on <= %(today)s
                ORDER BY period_end_on DESC, id DESC
                LIMIT %(through)s) observed
       ) trend
 WHERE trend.points > 0
"""
# The path a metric should take, at each footprint and as published.
_TRAJECTORIES = """
SELECT path.footprint_id, array_agg(due_on ORDER BY due_on), array_agg(value ORDER BY due_on)
  FROM (SELECT DISTINCT ON (footprint_id) id, footprint_id
          FROM commitments_trajectory
         WHERE metric_id = %(metric)s
           AND (footprint_id IS NULL OR footprint_id = ANY(%(footprints)s) AND recorded_on <= %(today)s)
         ORDER BY footprint_id, id DESC
       ) path
  JOIN commitments_trajectorypoint point ON point.trajectory_id = path.id
 GROUP BY path.footprint_id
"""
_SOME = " AND d.id = ANY(%(deliveries)s)"
_DUE = " AND position.next_change_on <= %(today)s"
_INSIDE = " AND f.path LIKE %(inside)s"


def reporting_periods() -> Periods:
    """(opens on, month) of every reporting period, in order: read once for a whole run."""
    return tuple(ReportingPeriod.objects.order_by("opens_on").values_list("opens_on", "starts_on"))


def of_commitment(
    commitment_id: int,
    today: dt.date,
    *,
    periods: Periods,
    deliveries: Collection[int] | None = None,
    due_only: bool = False,
    inside: str = "",
    past: bool = False,
) -> Iterator[Evidence]:
    """The evidence of a commitment's deliveries on this day: all, those named, those due, or those below a path."""
    plans = _AS_THEY_WERE if past else _AS_THEY_ARE
    query = _DELIVERIES.format(deliveries=plans, milestones=_MILESTONES_THEN if past else "commitments_milestone")
    query += _SOME if deliveries is not None else ""
    query += _DUE if due_only else ""
    query += _INSIDE if inside else ""
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "commitment": commitment_id,
                "today": today,
                "deliveries": list(deliveries or ()),
                "inside": f"{inside}%",
            },
        )
        rows = cursor.fetchall()
    metrics = _metrics(commitment_id, today, footprints=[row[1] for row in rows])
    children = _children(commitment_id, today, parents=[row[0] for row in rows], plans=plans)
    for row in rows:
        yield _evidence(row, metrics.get(row[1]), children.get(row[0], (0, 0)), periods)


def of_delivery(delivery: Delivery, today: dt.date) -> Evidence:
    """The evidence of one delivery on this day."""
    found = of_commitment(delivery.commitment_id, today, periods=reporting_periods(), deliveries=[delivery.pk])
    return next(found)


def of_delivery_then(delivery: Delivery, day: dt.date) -> Evidence | None:
    """What was known of one delivery on another day than today; None where it was not open yet."""
    periods = reporting_periods()
    found = of_commitment(delivery.commitment_id, day, periods=periods, deliveries=[delivery.pk], past=True)
    return next(found, None)


def _evidence(row: tuple, metric: MetricEvidence | None, children: tuple[int, int], periods: Periods) -> Evidence:
    (
        delivery_id, _footprint_id, theme_class, deadline_kind, deadline_on, final_submission_on,
        is_applicable, not_applicable_reason, has_lead, planned_start_on, local_deadline_on,
        milestones, milestones_open, due_ons, oldest, slip_days, met_on,
        reported_on, reported_period, stage, confidence, expected_on,
    ) = row  # fmt: skip
    return Evidence(
        delivery_id=delivery_id,
        theme_class=theme_class,
        deadline_kind=deadline_kind,
        deadline_on=deadline_on,
        final_submission_on=final_submission_on,
        is_applicable=is_applicable,
        not_applicable_reason=not_applicable_reason,
        has_lead=has_lead,
        planned_start_on=planned_start_on,
        local_deadline_on=local_deadline_on,
        milestones=milestones,
        milestones_open=milestones_open,
        milestones_open_due_on=tuple(due_ons or ()),
        oldest_open_milestone=oldest or "",
        milestones_slip_days=slip_days or 0,
        milestone_met_on=met_on,
        reported_on=reported_on,
        reported_period=reported_period,
        stage=stage or "",
        confidence=confidence or "",
        expected_on=expected_on,
        metric=metric,
        children=children[0],
        children_red=children[1],
        periods=periods,
    )


def _children(commitment_id: int, today: dt.date, *, parents: list[int], plans: str) -> dict[int, tuple[int, int]]:
    """By delivery: how many lie below it, and how many of them are red."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CHILDREN.format(deliveries=plans), {"commitment": commitment_id, "today": today, "parents": parents}
        )
        return {parent: (total, red) for parent, total, red in cursor.fetchall()}


def _metrics(commitment_id: int, today: dt.date, *, footprints: list[int]) -> dict[int, MetricEvidence]:
    """The headline metric of each footprint that has a target of its own, with the latest value seen there."""
    metric = Metric.objects.filter(commitment_id=commitment_id, is_headline=True).select_related("commitment").first()
    if metric is None or not footprints:
        return {}
    paths = _trajectories(metric, today, footprints)
    published = paths.get(None, ())
    targeted = {footprint: _with_target(metric, published, paths.get(footprint, ())) for footprint in footprints}
    bound = {footprint: target for footprint, target in targeted.items() if target is not None}
    observed = _observed(metric, today, list(bound)) if bound else {}
    return {footprint: MetricEvidence(**target, **observed.get(footprint, {})) for footprint, target in bound.items()}


def _with_target(metric: Metric, published: Points, local: Points) -> dict | None:
    """The metric as it binds a footprint: by its own trajectory, else by a target set for every ICS.

    None where neither is there: an England total is nobody's own target.
    """
    own = metric.scope == Scope.PER_ICS
    shared = {"name": metric.name, "unit": metric.unit, "direction": metric.direction}
    if local:
        has_baseline = own and metric.baseline is not None
        return shared | {
            "target": local[-1][1],
            "target_on": local[-1][0],
            "baseline": metric.baseline if has_baseline else local[0][1],
            "baseline_on": metric.baseline_on if has_baseline else local[0][0],
            "trajectory": local,
        }
    if not own or metric.target is None:
        return None
    return shared | {
        "target": metric.target,
        "target_on": metric.commitment.deadline_on,
        "baseline": metric.baseline,
        "baseline_on": metric.baseline_on,
        "trajectory": published,
    }


def _trajectories(metric: Metric, today: dt.date, footprints: list[int]) -> dict[int | None, Points]:
    """The trajectory in force at each footprint that set one, the latest recorded; under None the published one."""
    with connection.cursor() as cursor:
        cursor.execute(_TRAJECTORIES, {"metric": metric.pk, "footprints": footprints, "today": today})
        return {footprint: tuple(zip(days, values, strict=True)) for footprint, days, values in cursor.fetchall()}


def _observed(metric: Metric, today: dt.date, footprints: list[int]) -> dict[int, dict]:
    """What was measured up to the day at each footprint where anything was: the latest value, and the trend."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TRENDS, {"metric": metric.pk, "footprints": footprints, "today": today, "through": TREND_THROUGH}
        )
        return {
            footprint: {
                "observed": latest,
                "observed_on": on,
                "points": points,
                "trend_level": level,
                "trend_slope": slope,
            }
            for footprint, latest, on, points, level, slope in cursor.fetchall()
        }
