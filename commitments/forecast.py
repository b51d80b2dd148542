"""When a delivery will be finished if it goes on as it has: drawn from its own record, never from a wish.

Each forecast is anchored to the last fact it rests on, never to today, so that a quiet day changes nothing. A day is
rounded up: a forecast never promises an earlier one than its figures. Pure: no database, no clock.
"""

import datetime as dt
import math
from typing import NamedTuple

from commitments.choices import Direction
from commitments.measures import Evidence, MetricEvidence, target_met

LEAST_POINTS = 3
LAST_DAY = dt.date(2040, 12, 31)

_UPWARD = (Direction.INCREASE, Direction.REACH)
# Below this a day, a value kept to four places does not move within a human life.
_STANDING_STILL = 1e-9


class Forecast(NamedTuple):
    """The day of an expected finish, or why there is none."""

    finish_on: dt.date | None = None
    none_because: str = ""


_TOO_FAR = Forecast(none_because="it would end after 2040")
_TOO_FEW_MET = Forecast(none_because=f"fewer than {LEAST_POINTS} milestones met")
_NONE_OPEN = Forecast(none_because="no milestone is open")
_MET_LATER = Forecast(none_because="a milestone was met after the day it comes to")
_NO_METRIC = Forecast(none_because="no metric with a target of this footprint's own")
_TOO_FEW_SEEN = Forecast(none_because=f"fewer than {LEAST_POINTS} values measured")
_TARGET_MET = Forecast(none_because="the metric has reached its target")
_NOT_TOWARDS = Forecast(none_because="the metric is not moving towards its target")
_LINE_BEYOND = Forecast(none_because="the trend passed the target before the latest value, which has not reached it")


def average_slip(e: Evidence) -> int:
    """By how many days milestones were met late, on average and rounded up; negative when early."""
    return -(-e.milestones_slip_days // e.milestones_met)


def from_milestones(e: Evidence) -> Forecast:
    """The last open milestone's due date, moved by the average slip of those met so far."""
    if e.milestones_met < LEAST_POINTS or e.milestone_met_on is None:
        return _TOO_FEW_MET
    if not e.milestones_open_due_on:
        return _NONE_OPEN
    day = e.milestones_open_due_on[-1].toordinal() + average_slip(e)
    return _MET_LATER if day < e.milestone_met_on.toordinal() else _on(day)


def from_metric(metric: MetricEvidence | None) -> Forecast:
    """The day on which the line of least squares through the latest values reaches the target."""
    if metric is None:
        return _NO_METRIC
    level, slope, seen_on = metric.trend_level, metric.trend_slope, metric.observed_on
    if metric.points < LEAST_POINTS or level is None or slope is None or seen_on is None:
        return _TOO_FEW_SEEN
    if target_met(metric):
        return _TARGET_MET
    if abs(slope) < _STANDING_STILL or not _moves_rightly(metric.direction, slope):
        return _NOT_TOWARDS
    # Rounded, so that the dust of floating figures does not make a day.
    days = round((float(metric.target) - level) / slope, 6)
    if days < 0:
        return _NOT_TOWARDS if metric.direction == Direction.MAINTAIN else _LINE_BEYOND
    return _TOO_FAR if days > LAST_DAY.toordinal() else _on(seen_on.toordinal() + math.ceil(days))


def _moves_rightly(direction: str, slope: float) -> bool:
    if direction == Direction.MAINTAIN:
        return True
    return (slope > 0) is (direction in _UPWARD)


def _on(day: int) -> Forecast:
    return _TOO_FAR if day > LAST_DAY.toordinal() else Forecast(dt.date.fromordinal(day))
