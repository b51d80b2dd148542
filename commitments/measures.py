"""What the rules may look at: one frozen dataclass for a delivery, and what can be measured on it.

Pure, like the rules that read it: no database, no clock.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from commitments.choices import DeadlineKind, Direction, Stage, ThemeClass

STALE_AFTER = dt.timedelta(days=45)
LAPSED_AFTER = dt.timedelta(days=92)
LONG_OVERDUE = dt.timedelta(days=60)
TIGHT = dt.timedelta(days=30)
FAR_BEHIND = Decimal("0.20")
BEHIND = Decimal("0.05")
MAINTAINED_WITHIN = Decimal("0.01")
# A trend is the straight line of least squares through so many of the latest values.
TREND_THROUGH = 12

_NO_GRACE = dt.timedelta(0)
_DAY = dt.timedelta(days=1)
# Of a reporting period as evidence holds it: the month it is about.
_MONTH = itemgetter(1)


@dataclass(frozen=True)  # no slots: its gap is kept once it is worked out
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
    # The trend: how many values it is drawn through, where it stands on `observed_on`, and how it moves a day.
    points: int = 0
    trend_level: float | None = None
    trend_slope: float | None = None

    @cached_property
    def gap(self) -> Decimal | None:
        """What `metric_gap` says; several rules ask for it."""
        if self.observed is None or self.observed_on is None or self.baseline is None:
            return None
        way = self.target - self.baseline
        expected = expected_value(self, self.observed_on) if way else None
        return None if expected is None else (expected - self.observed) / way


class Evidence(NamedTuple):
    """All that the rules may look at for one delivery: signed-off reports and recorded facts up to the day.

    A tuple, as verdicts are: England has 80,000 of each, and a frozen dataclass takes five times as long to make.
    """

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
    # Of the milestones met: the days between due and met, added up (early ones subtract), and the latest such day.
    milestones_slip_days: int = 0
    milestone_met_on: dt.date | None = None
    reported_on: dt.date | None = None
    reported_period: dt.date | None = None
    stage: str = ""
    confidence: str = ""
    expected_on: dt.date | None = None
    metric: MetricEvidence | None = None
    # Deliveries of the same commitment below this footprint, and those whose latest report is red.
    children: int = 0
    children_red: int = 0
    # (opens on, month) of every reporting period, in order.
    periods: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def must_be_done_by(self) -> dt.date | None:
        """The national deadline where there is one to miss: only the kind "by a date" has it."""
        return self.deadline_on if self.deadline_kind == DeadlineKind.BY else None

    @property
    def milestones_met(self) -> int:
        return self.milestones - self.milestones_open

    @property
    def oldest_open_due_on(self) -> dt.date | None:
        return self.milestones_open_due_on[0] if self.milestones_open_due_on else None


def with_report(
    e: Evidence, *, stage: str, confidence: str, expected_on: dt.date | None, period: dt.date, reported_on: dt.date
) -> Evidence:
    """The evidence once this report is signed off. One on an earlier month than the latest changes nothing."""
    if e.reported_period is not None and period < e.reported_period:
        return e
    return e._replace(
        stage=stage, confidence=confidence, expected_on=expected_on, reported_period=period, reported_on=reported_on
    )


def with_achieved(
    e: Evidence, achieved: Sequence[dt.date], still_open: Sequence[tuple[dt.date, str]], today: dt.date
) -> Evidence:
    """The evidence once milestones due on these days are achieved today; others are still open, in order."""
    if not achieved:
        return e
    return e._replace(
        milestones_open=len(still_open),
        milestones_open_due_on=tuple(due_on for due_on, _ in still_open),
        oldest_open_milestone=still_open[0][1] if still_open else "",
        milestones_slip_days=e.milestones_slip_days + sum((today - due_on).days for due_on in achieved),
        milestone_met_on=today,
    )


def before(day: dt.date | None, other: dt.date | None) -> bool:
    """Whether one day comes before another; where either is not known, it does not."""
    return day is not None and other is not None and day < other


def expected_value(metric: MetricEvidence, on: dt.date) -> Decimal | None:
    """Where the metric should be on this day: on the line from its baseline through its trajectory to its target.

    Before that line begins nothing is expected; after it ends, its last value.
    """
    points = _line(metric)
    if not points or on < points[0][0]:
        return None
    for (start_on, start), (end_on, end) in pairwise(points):
        if on < end_on:
            return start + (end - start) * (on - start_on).days / (end_on - start_on).days
    return points[-1][1]


def expected_points(metric: MetricEvidence, days: Collection[dt.date] = ()) -> tuple[tuple[dt.date, Decimal], ...]:
    """The line on which the metric should move: at each day it bends, and at the days asked for."""
    bends = [metric.baseline_on, metric.target_on, *days, *(day for day, _ in metric.trajectory)]
    known = sorted({day for day in bends if day is not None})
    found = ((day, expected_value(metric, day)) for day in known)
    return tuple((day, value) for day, value in found if value is not None)


def _line(metric: MetricEvidence) -> list[tuple[dt.date, Decimal]]:
    points = list(metric.trajectory)
    if metric.target_on is not None and (not points or metric.target_on > points[-1][0]):
        points.append((metric.target_on, metric.target))
    start_on, start = metric.baseline_on, metric.baseline
    if points and start is not None and start_on is not None and start_on < points[0][0]:
        points.insert(0, (start_on, start))
    return points


def metric_gap(metric: MetricEvidence | None) -> Decimal | None:
    """How far the latest value is behind what was expected of it, as a share of the whole way to the target.

    Positive when behind, whichever way the metric should move; None without a baseline, a target or a value.
    """
    return None if metric is None else metric.gap


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


def report_older_than(e: Evidence, today: dt.date, age: dt.timedelta) -> bool:
    return e.reported_on is not None and today - e.reported_on > age


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


def not_started_by_date(e: Evidence, today: dt.date) -> bool:
    return (
        e.deadline_kind == DeadlineKind.FROM
        and before(e.deadline_on, today)
        and (never_reported(e) or e.stage == Stage.NOT_STARTED)
    )


def no_plan_for_core(e: Evidence, today: dt.date) -> bool:
    return e.theme_class == ThemeClass.CORE_FOUNDATION and today >= e.final_submission_on and bool(missing_from_plan(e))


def not_phased_yet(e: Evidence, today: dt.date) -> bool:
    return e.theme_class != ThemeClass.CORE_FOUNDATION and never_reported(e) and e.local_deadline_on is None


def tight(e: Evidence, today: dt.date) -> bool:
    return (
        e.theme_class == ThemeClass.CORE_FOUNDATION
        and e.must_be_done_by is not None
        and e.expected_on is not None
        and e.must_be_done_by - e.expected_on < TIGHT
    )


def overdue_by(e: Evidence, today: dt.date, grace: dt.timedelta = _NO_GRACE) -> bool:
    """Whether the oldest open milestone is overdue by more than the days of grace."""
    return before(e.oldest_open_due_on, today - grace)


def behind_by(e: Evidence, share: Decimal) -> bool:
    gap = metric_gap(e.metric)
    return gap is not None and gap >= share


def report_due_from(e: Evidence) -> dt.date | None:
    """The day on which the first month after the latest report opens, where there is one."""
    if e.reported_period is None:
        return None
    later = bisect_right(e.periods, e.reported_period, key=_MONTH)
    return e.periods[later][0] if later < len(e.periods) else None


def turning_days(e: Evidence, today: dt.date, until: dt.date | None = None) -> list[dt.date]:
    """The days ahead, and before `until`, on which some comparison of this evidence with "today" turns, in order.

    Not those on which the latest report is no longer as recent: `signals.freshness_turns_on` knows them.
    """
    last = dt.date.max if until is None else until - _DAY
    ends = (e.deadline_on, e.local_deadline_on, *e.milestones_open_due_on)
    days: set[dt.date | None] = {day + _DAY for day in ends if day is not None and today <= day < last}
    days |= {e.final_submission_on, e.planned_start_on}
    if e.oldest_open_due_on is not None:
        days.add(first_day_beyond(e.oldest_open_due_on, LONG_OVERDUE))
    return sorted(day for day in days if day is not None and today < day <= last)


def first_day_beyond(day: dt.date, grace: dt.timedelta) -> dt.date | None:
    """The first day more than the grace after a day; None where the calendar ends before it."""
    return day + grace + _DAY if dt.date.max - day > grace else None
