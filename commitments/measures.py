"""What the rules may look at: one frozen dataclass for a delivery, and the arithmetic of its metric.

Pure, like the rules that read it: no database, no clock.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from commitments.choices import DeadlineKind, Direction, Stage

MAINTAINED_WITHIN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class MetricEvidence:
    """A metric that has a target for this very footprint, and the latest value seen there."""

    name: str
    unit: str
    direction: str
    target: Decimal
    target_on: dt.date | None = None
    baseline: Decimal | None = None
    baseline_on: dt.date | None = None
    trajectory: tuple[tuple[dt.date, Decimal], ...] = ()
    observed: Decimal | None = None
    observed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the rules may look at for one delivery: signed-off reports and recorded facts up to the day."""

    delivery_id: int
    theme_class: str
    deadline_kind: str
    deadline_on: dt.date | None
    final_submission_on: dt.date
    is_applicable: bool = True
    not_applicable_reason: str = ""
    has_lead: bool = False
    planned_start_on: dt.date | None = None
    local_deadline_on: dt.date | None = None
    milestones: int = 0
    milestones_open: int = 0
    milestones_open_due_on: tuple[dt.date, ...] = ()
    oldest_open_milestone: str = ""
    reported_on: dt.date | None = None
    reported_period: dt.date | None = None
    stage: str = ""
    confidence: str = ""
    expected_on: dt.date | None = None
    metric: MetricEvidence | None = None
    # (opens on, month) of every reporting period, in order.
    periods: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def must_be_done_by(self) -> dt.date | None:
        """The national deadline where there is one to miss: only the kind "by a date" has it."""
        return self.deadline_on if self.deadline_kind == DeadlineKind.BY else None

    @property
    def oldest_open_due_on(self) -> dt.date | None:
        return self.milestones_open_due_on[0] if self.milestones_open_due_on else None


def expected_value(metric: MetricEvidence, on: dt.date) -> Decimal | None:
    """Where the metric should be on this day: its trajectory, else the line from the baseline to the target."""
    points = list(metric.trajectory)
    if not points and metric.target_on is not None:
        points = [(metric.target_on, metric.target)]
    if not points:
        return None
    if metric.baseline is not None and metric.baseline_on is not None and metric.baseline_on < points[0][0]:
        points.insert(0, (metric.baseline_on, metric.baseline))
    if on <= points[0][0]:
        return points[0][1]
    for (start_on, start), (end_on, end) in pairwise(points):
        if on <= end_on:
            return start + (end - start) * (on - start_on).days / (end_on - start_on).days
    return points[-1][1]


def metric_gap(metric: MetricEvidence | None) -> Decimal | None:
    """How far the latest value is behind what was expected of it, as a share of the whole way to the target.

    Positive when behind, whichever way the metric should move; None without a baseline, a target or a value.
    """
    if metric is None or metric.observed is None or metric.observed_on is None or metric.baseline is None:
        return None
    expected = expected_value(metric, metric.observed_on)
    way = metric.target - metric.baseline
    if expected is None or not way:
        return None
    return (expected - metric.observed) / way


def target_met(metric: MetricEvidence) -> bool:
    """Whether the latest value reaches the target. No value, no proof."""
    if metric.observed is None:
        return False
    if metric.direction == Direction.DECREASE:
        return metric.observed <= metric.target
    if metric.direction == Direction.MAINTAIN:
        return abs(metric.observed - metric.target) <= abs(metric.target) * MAINTAINED_WITHIN
    return metric.observed >= metric.target


def never_reported(e: Evidence) -> bool:
    return e.reported_on is None


def claimed_delivered(e: Evidence) -> bool:
    return e.stage == Stage.DELIVERED


def borne_out(e: Evidence) -> bool:
    return not e.milestones_open and (e.metric is None or target_met(e.metric))


def missing_from_plan(e: Evidence) -> list[str]:
    missing = []
    if not e.has_lead:
        missing.append("lead")
    if e.local_deadline_on is None:
        missing.append("local deadline")
    if not e.milestones:
        missing.append("milestone")
    return missing
