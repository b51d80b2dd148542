"""Turns facts into frozen Evidence: a few set-based queries for any number of deliveries, no judgement.

Only signed-off reports, and milestones and observations recorded up to the day, are seen. The local plan and the
milestones are read as they are; for a `past` day from the plan's revisions and the milestones' changes, and only of
deliveries that were open by then.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection

from commitments.measurements import measured
from commitments.measures import Evidence, MetricEvidence
from commitments.models import Delivery
from systems.arrays import array

Periods = tuple[tuple[dt.date, dt.date], ...]

# The one array among the facts: it comes as a list, and evidence holds nothing that can be changed.
_DUE_ONS = Evidence._fields.index("milestones_open_due_on")

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
       SELECT step.id, step.delivery_id, step.title, step.recorded_on, step.withdrawn_on,
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
SELECT d.commitment_id, d.footprint_id,
       d.id, theme.theme_class, c.deadline_kind, c.deadline_on, plan.final_submission_on,
       d.is_applicable, d.not_applicable_reason, d.lead_id IS NOT NULL, d.planned_start_on, d.local_deadline_on,
       m.total, m.still_open, m.due_ons, m.oldest, m.slip_days, m.met_on,
       r.submitted_on, r.period_id, coalesce(r.stage, ''), coalesce(r.confidence, ''), r.expected_on
  FROM {deliveries} d
  JOIN commitments_commitment c ON c.id = d.commitment_id
  JOIN commitments_theme theme ON theme.id = c.theme_id
  JOIN commitments_plan plan ON plan.id = theme.plan_id
  LEFT JOIN LATERAL (
       SELECT count(*) AS total,
              count(*) FILTER (WHERE is_open) AS still_open,
              coalesce(array_agg(due_on) FILTER (WHERE is_open), '{{}}') AS due_ons,
              coalesce((array_agg(title) FILTER (WHERE is_open))[1], '') AS oldest,
              coalesce(sum(achieved_on - due_on) FILTER (WHERE NOT is_open), 0) AS slip_days,
              max(achieved_on) FILTER (WHERE NOT is_open) AS met_on
         FROM (SELECT title, due_on, achieved_on, achieved_on IS NULL OR achieved_on > %(today)s AS is_open
                 FROM {milestones} known
                WHERE delivery_id = d.id AND recorded_on <= %(today)s
                  AND (withdrawn_on IS NULL OR withdrawn_on > %(today)s)
                ORDER BY due_on, id) milestone
       ) m ON true
  LEFT JOIN LATERAL (
       SELECT submitted_on, period_id, stage, confidence, expected_on
         FROM commitments_report
        WHERE delivery_id = d.id AND state = 'signed_off' AND decided_on <= %(today)s
        ORDER BY period_id DESC, id DESC
        LIMIT 1
       ) r ON true
 WHERE d.commitment_id = ANY(%(commitments)s)
"""
# The applicable deliveries below each applicable one, and how many of them were last reported red. From the parents
# down: where nothing lies below them, nothing is read. Not materialized, the planner may pair all with all instead.
_CHILDREN = """
WITH below AS MATERIALIZED (
     SELECT parent.id, parent.commitment_id, lies_in.footprint_id
       FROM {deliveries} parent
       JOIN systems_footprintancestor lies_in
         ON lies_in.ancestor_id = parent.footprint_id AND lies_in.footprint_id <> parent.footprint_id
      WHERE parent.id = ANY(%(parents)s) AND parent.is_applicable
     )
SELECT below.id, count(*), count(*) FILTER (WHERE r.confidence = 'red')
  FROM below
  JOIN {deliveries} child
    ON child.commitment_id = below.commitment_id AND child.footprint_id = below.footprint_id AND child.is_applicable
  LEFT JOIN LATERAL (
       SELECT confidence
         FROM commitments_report
        WHERE delivery_id = child.id AND state = 'signed_off' AND decided_on <= %(today)s
        ORDER BY period_id DESC, id DESC
        LIMIT 1
       ) r ON true
 WHERE child.commitment_id = ANY(%(commitments)s)
 GROUP BY below.id
"""
_SOME = " AND d.id = ANY(%(deliveries)s)"
_DUE = " AND d.id IN (SELECT delivery_id FROM commitments_position WHERE next_change_on <= %(today)s)"
_INSIDE = " AND d.footprint_id IN (SELECT id FROM systems_footprint WHERE path LIKE %(inside)s)"


def reporting_periods() -> Periods:
    """(opens on, month) of every reporting period, in order: read once for a whole run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opens_on, starts_on FROM commitments_reportingperiod ORDER BY opens_on")
        return tuple(cursor.fetchall())


def of_commitments(
    commitments: Collection[int],
    today: dt.date,
    *,
    periods: Periods,
    deliveries: Collection[int] | None = None,
    due_only: bool = False,
    inside: str = "",
    past: bool = False,
) -> Iterator[Evidence]:
    """The evidence of these commitments' deliveries on this day: all, those named, those due, or those below a path."""
    plans = _AS_THEY_WERE if past else _AS_THEY_ARE
    query = _DELIVERIES.format(deliveries=plans, milestones=_MILESTONES_THEN if past else "commitments_milestone")
    query += _SOME if deliveries is not None else ""
    query += _DUE if due_only else ""
    query += _INSIDE if inside else ""
    facts: dict[str, Any] = {
        "commitments": array(commitments),
        "today": today,
        "deliveries": array(deliveries or ()),
        "inside": f"{inside}%",
    }
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows = cursor.fetchall()
    metrics = measured([row[:3] for row in rows], today)
    children = _children([row[2] for row in rows], commitments, today, plans=plans)
    for row in rows:
        yield _evidence(row, metrics.get(row[2]), children.get(row[2], (0, 0)), periods)


def of_delivery(delivery: Delivery, today: dt.date) -> Evidence:
    """The evidence of one delivery on this day."""
    found = of_commitments([delivery.commitment_id], today, periods=reporting_periods(), deliveries=[delivery.pk])
    return next(found)


def of_deliveries(deliveries: Collection[Delivery], today: dt.date) -> dict[int, Evidence]:
    """The evidence of several deliveries on this day, by delivery."""
    commitments = {delivery.commitment_id for delivery in deliveries}
    keys = [delivery.pk for delivery in deliveries]
    found = of_commitments(commitments, today, periods=reporting_periods(), deliveries=keys)
    return {e.delivery_id: e for e in found}


def of_delivery_then(delivery: Delivery, day: dt.date) -> Evidence | None:
    """What was known of one delivery on another day than today; None where it was not open yet."""
    periods = reporting_periods()
    found = of_commitments([delivery.commitment_id], day, periods=periods, deliveries=[delivery.pk], past=True)
    return next(found, None)


def _evidence(row: tuple, metric: MetricEvidence | None, children: tuple[int, int], periods: Periods) -> Evidence:
    """`row` has commitment and footprint, and then what Evidence has, in its order."""
    facts = [*row[2:], metric, *children, periods]
    facts[_DUE_ONS] = tuple(facts[_DUE_ONS])
    return Evidence._make(facts)


def _children(
    parents: list[int], commitments: Collection[int], today: dt.date, *, plans: str
) -> dict[int, tuple[int, int]]:
    """By delivery: how many lie below it, and how many of them are red."""
    facts: dict[str, Any] = {"today": today, "parents": array(parents), "commitments": array(commitments)}
    with connection.cursor() as cursor:
        cursor.execute(_CHILDREN.format(deliveries=plans), facts)
        return {parent: (total, red) for parent, total, red in cursor.fetchall()}
