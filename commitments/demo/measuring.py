"""Invented values of a delivery's metric, and the trajectories some footprints set for themselves."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from random import Random

from commitments.choices import Direction
from commitments.demo.stories import STEADY, Story, Subject
from commitments.demo.timetable import LAST_DAY, end_of_month, month_ends
from commitments.measures import MetricEvidence, expected_value
from systems.choices import Level


@dataclass(frozen=True, slots=True)
class Course:
    """How a system's values go where no line is published: from how far off the target, and how fast towards it.

    Both as shares of what a place would show; then how often it is taken, without trouble and with it.
    """

    distance: Decimal
    pace: float
    in_peace: int
    in_trouble: int


_COURSES = (
    Course(Decimal(1), 1, 4, 1),  # towards the target
    Course(Decimal(1), 0, 2, 2),  # the noise of every month, far from it
    Course(Decimal("0.1"), 0, 2, 2),  # near it: hit or miss
    Course(Decimal("-0.4"), 0, 2, 0),  # beyond it
    Course(Decimal(1), -0.8, 1, 4),  # away from it
)

Points = tuple[tuple[dt.date, Decimal], ...]

SOURCE = "Invented for the demonstration"
_DAY = dt.timedelta(days=1)
# A system's values reach back before the demonstration: limits to tell signals by need thirteen.
_FIRST_MEASURED, _LAST_MEASURED = dt.date(2018, 4, 30), dt.date(2019, 8, 31)
# How far a value but the last may stray, as a share of the whole way.
_STRAYS = 0.015
_STRAYS_WITHOUT_A_LINE = Decimal("0.06")
_TRAJECTORY_STARTS = dt.date(2019, 3, 31)
# Whole things; other values have one decimal.
_WHOLE = {"CCGs", "areas", "level", "months", "organisations", "requirements", "sites", "yes/no"}
# Not in force in 2019: the network specifications, and the longest wait for a diagnosis.
_NOT_YET = {"days", "specifications"}
# England's totals that a footprint can take its share of by population.
_SHARED = {"admissions", "bed days", "cases", "events", "people", "places", "staff", "visits", "women"}
# A share smaller than this says nothing when counted in whole people.
_LEAST_SHARE = 60


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A headline metric as it is measured at one footprint."""

    metric_id: int
    unit: str
    direction: str
    is_own: bool
    target: Decimal
    target_on: dt.date | None
    baseline: Decimal | None = None
    baseline_on: dt.date | None = None
    trajectory: Points = ()

    @property
    def is_measured(self) -> bool:
        """England's totals are not measured at a footprint, and some things had no value yet in 2019."""
        grows_from_nothing = self.direction == Direction.INCREASE and self.target == 0
        return (self.is_own or bool(self.trajectory)) and self.unit not in _NOT_YET and not grows_from_nothing

    @property
    def has_line(self) -> bool:
        """Whether there is a line to be ahead of or behind."""
        has_baseline = self.baseline is not None and self.target_on is not None
        return self.is_measured and (bool(self.trajectory) or has_baseline)


def with_own_trajectory(yardstick: Yardstick, subject: Subject, population: int, england: int) -> Yardstick:
    """The yardstick with the footprint's own path for its share of an England total, where it set one."""
    if yardstick.is_own or yardstick.unit not in _SHARED or subject.deadline_ahead is None:
        return yardstick
    share = Decimal(population) / england
    start = round((yardstick.baseline or 0) * share)
    end = round(yardstick.target * share)
    is_set = subject.level == Level.SYSTEM or subject.dice("trajectory").random() < 0.5
    if abs(end - start) < _LEAST_SHARE or not is_set:
        return yardstick
    return Yardstick(
        yardstick.metric_id,
        yardstick.unit,
        yardstick.direction,
        is_own=False,
        target=Decimal(end),
        target_on=subject.deadline_ahead,
        trajectory=_straight(start, end, subject.deadline_ahead),
    )


def _straight(start: int, end: int, target_on: dt.date) -> Points:
    """A straight line with a point at the end of each financial year."""
    years = [dt.date(year, 3, 31) for year in range(_TRAJECTORY_STARTS.year, target_on.year + 1)]
    days = [day for day in years if day < target_on] + [target_on]
    whole = (target_on - _TRAJECTORY_STARTS).days
    return tuple((day, Decimal(round(start + (end - start) * (day - _TRAJECTORY_STARTS).days / whole))) for day in days)


def values_of(subject: Subject, story: Story, yardstick: Yardstick) -> list[tuple[dt.date, Decimal]]:
    """The metric's values at this footprint: monthly for a system, quarterly for a place, once for a network."""
    if not yardstick.is_measured or "." in story.line[-3:]:
        return []
    dice = subject.dice("values")
    days = _days_measured(subject)
    if yardstick.has_line:
        return _along_the_line(yardstick, story, days, dice)
    return _without_a_line(yardstick, subject, story, days, dice)


def recorded_on(day: dt.date, dice: Random) -> dt.date:
    """Values are known a week or three after their month."""
    return min(day + dice.randint(8, 22) * _DAY, LAST_DAY)


def _days_measured(subject: Subject) -> list[dt.date]:
    if subject.is_young:
        return [_LAST_MEASURED]
    if subject.level == Level.SYSTEM:
        return month_ends(_FIRST_MEASURED, _LAST_MEASURED)
    return [end_of_month(dt.date(year, month, 1)) for year, month in ((2018, 12), (2019, 3), (2019, 6), (2019, 8))]


def _along_the_line(yardstick: Yardstick, story: Story, days: list[dt.date], dice: Random) -> list:
    """Near the expected line, falling away from it as the story has it; at the target where delivered."""
    evidence = _evidence(yardstick)
    start = yardstick.trajectory[0][1] if yardstick.trajectory else yardstick.baseline
    assert start is not None
    way = yardstick.target - start
    gap = dice.uniform(*story.gap)
    found = []
    for n, day in enumerate(days, 1):
        expected = expected_value(evidence, day)
        if expected is None and yardstick.trajectory:
            continue
        strays = dice.uniform(-_STRAYS, _STRAYS) if n < len(days) else 0
        share = Decimal(gap * n / len(days) + strays)
        value = (start if expected is None else expected) - share * way
        found.append((day, _rounded(value, yardstick, upward=(way > 0) == (gap < STEADY.gap[1]))))
    return _ended(found, story, yardstick)


def _evidence(yardstick: Yardstick) -> MetricEvidence:
    return MetricEvidence(
        name="",
        unit=yardstick.unit,
        direction=yardstick.direction,
        target=yardstick.target,
        target_on=yardstick.target_on,
        baseline=yardstick.baseline,
        baseline_on=yardstick.baseline_on,
        trajectory=yardstick.trajectory,
    )


def _without_a_line(yardstick: Yardstick, subject: Subject, story: Story, days: list[dt.date], dice: Random) -> list:
    """Part of the way to the target from an invented start; a system, measured monthly, takes a course of its own."""
    start, progress = _start(yardstick, dice)
    way = yardstick.target - start
    strays = abs(way) * Decimal(progress) / len(days) / 3
    if subject.level == Level.SYSTEM:
        course = dice.choices(
            _COURSES, [course.in_trouble if story.is_trouble else course.in_peace for course in _COURSES]
        )[0]
        start, progress = yardstick.target - way * course.distance, progress * course.pace
        strays = abs(way) * _STRAYS_WITHOUT_A_LINE
    step = way * Decimal(progress) / len(days)
    values = [start + step * n + strays * Decimal(dice.uniform(-1, 1)) for n in range(len(days))]
    found = [(day, _rounded(value, yardstick, upward=way < 0)) for day, value in zip(days, values, strict=True)]
    return _ended(found, story, yardstick)


def _start(yardstick: Yardstick, dice: Random) -> tuple[Decimal, float]:
    """An invented start, and the share of the way to the target that is made from there."""
    target = yardstick.target
    if yardstick.direction == Direction.MAINTAIN:
        return target * Decimal(dice.uniform(0.97, 1.01)), 0.1
    if yardstick.direction == Direction.DECREASE:
        return target + max(target * Decimal(dice.uniform(0.2, 0.6)), Decimal(dice.randint(4, 9))), 0.3
    return target * Decimal(dice.uniform(0.3, 0.7)), dice.uniform(0.1, 0.5)


def _ended(found: list[tuple[dt.date, Decimal]], story: Story, yardstick: Yardstick) -> list:
    """A delivered commitment's last value is its target."""
    if found and story.ends_delivered:
        found[-1] = (found[-1][0], yardstick.target)
    return found


def _rounded(value: Decimal, yardstick: Yardstick, *, upward: bool) -> Decimal:
    """Whole where the unit is; counted in whole people; else one decimal."""
    if yardstick.unit in _WHOLE or yardstick.unit in _SHARED:
        return Decimal(max(0, ceil(value) if upward else floor(value)))
    rounded = round(value, 1)
    return max(Decimal(0), min(rounded, Decimal(100)) if yardstick.unit == "%" else rounded)
