"""Statistical process control: which values of a metric are signals, and which only the noise of every month.

XmR charts in the style of NHS England's Making Data Count. Its tool and the R package NHSRplotthedots differ in a few
points; each is a named option, ours is the tool's way. Pure: no database, no clock.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum
from itertools import groupby, pairwise
from math import isclose

LEAST_POINTS = 13
LEAST_BASELINE = 12

_LIMIT = Decimal("2.66")
_NEAR_LIMIT = 2 * _LIMIT / 3
_OUTLIER = Decimal("3.267")
# Values have four places; beyond these a difference is the dust of division, and a value "on" a limit is on it.
_PLACES = 12
_ON = 1e-9


class Better(IntEnum):
    """Which way is an improvement."""

    HIGH = 1
    LOW = -1
    NEITHER = 0


class Variation(StrEnum):
    """What a value, or the latest of a series, is a sign of."""

    COMMON_CAUSE = "Common cause: no significant change"
    IMPROVEMENT_HIGH = "Improvement: high"
    IMPROVEMENT_LOW = "Improvement: low"
    CONCERN_HIGH = "Concern: high"
    CONCERN_LOW = "Concern: low"
    NEUTRAL_HIGH = "Change: high"
    NEUTRAL_LOW = "Change: low"


class Assurance(StrEnum):
    """Whether the target is met by what happens as a matter of course."""

    PASS = "Consistently hitting the target"  # noqa: S105 - an icon's name
    FAIL = "Consistently failing the target"
    HIT_OR_MISS = "Hit or miss: the target may or may not be met"


class Rule(StrEnum):
    """What makes a signal, by precedence; the words count the points and name the side."""

    LIMIT = "{count} point {side} the {limit} limit"
    TREND = "{count} points {way} one after another"
    TWO_OF_THREE = "{count} of {span} points close to or beyond the {limit} limit"
    SHIFT = "{count} points {side} the mean"


_VARIATIONS = {
    (1, 1): Variation.IMPROVEMENT_HIGH,
    (1, -1): Variation.IMPROVEMENT_LOW,
    (-1, 1): Variation.CONCERN_HIGH,
    (-1, -1): Variation.CONCERN_LOW,
    (0, 1): Variation.NEUTRAL_HIGH,
    (0, -1): Variation.NEUTRAL_LOW,
}


@dataclass(frozen=True, slots=True)
class Options:
    """Where the tools of the trade differ."""

    # Whether points beyond the limits count among the two of three: "mdc2023" yes, "r0.2.2" no.
    two_of_three: str = "mdc2023"
    # Whether moving ranges out of all proportion are left out of the limits.
    screen_outliers: bool = False
    # Of a point that is both an improvement and a concern, show the improvement; else precedence decides.
    improvement_first: bool = True
    run_length: int = 7
    # Whether fewer than 13 points get signals and icons all the same.
    judge_trials: bool = False
    # Limits are worked out from so many points of each group, and kept; from all if None.
    fix_after_n_points: int | None = None

    def __post_init__(self) -> None:
        if self.two_of_three not in ("mdc2023", "r0.2.2"):
            raise ValueError("two_of_three is mdc2023 or r0.2.2")
        if self.run_length not in (6, 7):
            raise ValueError("a run is of 6 or 7 points")
        if self.fix_after_n_points is not None and self.fix_after_n_points < LEAST_BASELINE:
            raise ValueError(f"a baseline needs {LEAST_BASELINE} points")


MAKING_DATA_COUNT = Options()
# NHSRplotthedots 0.2.2, to compare with.
REFERENCE = Options(two_of_three="r0.2.2", screen_outliers=True, improvement_first=False, judge_trials=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a group of points is judged by; trial limits rest on too few. None where no two values can be compared."""

    mean: Decimal
    lower: Decimal | None
    upper: Decimal | None
    near_lower: Decimal | None
    near_upper: Decimal | None
    is_trial: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that holds, on the high side (1) or the low (-1), and the stretch of points it holds for."""

    rule: Rule
    side: int
    count: int
    span: int
    first_on: dt.date
    last_on: dt.date
    is_latest: bool

    @property
    def words(self) -> str:
        """Why: "7 points above the mean from April 2018"."""
        said = self.rule.format(
            count=self.count,
            span=self.span,
            side="above" if self.side > 0 else "below",
            limit="upper" if self.side > 0 else "lower",
            way="rising" if self.side > 0 else "falling",
        )
        if self.span == 1:
            return f"{said} in {self.first_on:%B %Y}"
        until = "" if self.is_latest else f" to {self.last_on:%B %Y}"
        return f"{said} from {self.first_on:%B %Y}{until}"


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A value, what it is judged by, all rules that hold for it, and the one that names it."""

    day: dt.date
    value: Decimal
    group: int
    limits: Limits
    variation: Variation = Variation.COMMON_CAUSE
    shown: Signal | None = None
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A series as a whole: its icons, if it has enough points, and why."""

    points: tuple[JudgedPoint, ...]
    variation: Variation | None
    assurance: Assurance | None
    is_trial: bool

    @property
    def why(self) -> tuple[str, ...]:
        """What the latest point is a signal of, in sentences."""
        return tuple(signal.words for signal in self.points[-1].signals)


def judge(
    series: Iterable[tuple[dt.date, Decimal]],
    *,
    better: Better,
    target: Decimal | None = None,
    rebase: Collection[dt.date] = (),
    options: Options = MAKING_DATA_COUNT,
) -> Judgement:
    """Judges a series of at least one (day, value); from each day of `rebase` on, everything starts anew."""
    starts, ordered = sorted(rebase), sorted(series)
    groups = groupby(ordered, key=lambda point: bisect_right(starts, point[0]))
    judged = [_judged(number, tuple(group), better, options) for number, (_, group) in enumerate(groups)]
    latest = judged[-1][-1]
    has_icons = options.judge_trials or not latest.limits.is_trial
    return Judgement(
        points=tuple(point for group in judged for point in group),
        variation=latest.variation if has_icons else None,
        assurance=_assurance(latest.limits, target, better) if has_icons else None,
        is_trial=latest.limits.is_trial,
    )


def limits_of(values: Sequence[Decimal], options: Options = MAKING_DATA_COUNT) -> Limits:
    """The mean of the baseline, and how far from it values lie as a matter of course."""
    baseline = values[: options.fix_after_n_points]
    mean = sum(baseline) / Decimal(len(baseline))
    ranges = [abs(after - before) for before, after in pairwise(baseline)]
    if options.screen_outliers and ranges:
        most = _OUTLIER * _average(ranges)
        ranges = [size for size in ranges if size < most]
    is_trial = len(values) < LEAST_POINTS
    if not ranges:
        return Limits(_settled(mean), None, None, None, None, is_trial)
    size = _average(ranges)
    far, near = _LIMIT * size, _NEAR_LIMIT * size
    lines = (mean, mean - far, mean + far, mean - near, mean + near)
    middle, lower, upper, near_lower, near_upper = map(_settled, lines)
    return Limits(middle, lower, upper, near_lower, near_upper, is_trial)


def _average(sizes: Sequence[Decimal]) -> Decimal:
    return sum(sizes) / Decimal(len(sizes))


def _settled(value: Decimal) -> Decimal:
    return round(value, _PLACES)


def _judged(
    number: int, group: Sequence[tuple[dt.date, Decimal]], better: Better, options: Options
) -> list[JudgedPoint]:
    limits = limits_of([value for _, value in group], options)
    points = [JudgedPoint(day, value, number, limits) for day, value in group]
    if limits.is_trial and not options.judge_trials:
        return points
    found: list[list[Signal]] = [[] for _ in points]
    for rule, side, first, last, places in _holding(points, limits, options):
        stretch = (last - first + 1, points[first].day, points[last].day, last == len(points) - 1)
        signal = Signal(rule, side, len(places), *stretch)
        for place in places:
            found[place].append(signal)
    return [_named(point, tuple(signals), better, options) for point, signals in zip(points, found, strict=True)]


def _named(point: JudgedPoint, signals: tuple[Signal, ...], better: Better, options: Options) -> JudgedPoint:
    if not signals:
        return point
    improving = (signal for signal in signals if options.improvement_first and signal.side * better > 0)
    shown = next(improving, signals[0])
    variation = _VARIATIONS[shown.side * better, shown.side]
    return replace(point, variation=variation, shown=shown, signals=signals)


Held = tuple[Rule, int, int, int, Sequence[int]]


def _holding(points: Sequence[JudgedPoint], limits: Limits, options: Options) -> Iterator[Held]:
    """Each rule that holds: on which side, from which place to which, and the places it marks."""
    values = [point.value for point in points]
    outside = [_side(value, limits.lower, limits.upper) for value in values]
    near = [_side(value, limits.near_lower, limits.near_upper) for value in values]
    of_mean = [_side(value, limits.mean, limits.mean) for value in values]
    steps = [_side(after, before, before) for before, after in pairwise(values)]
    for place, side in enumerate(outside):
        if side:
            yield Rule.LIMIT, side, place, place, (place,)
    # The later of two trends comes first: it names the point they share.
    for side, first, last in reversed(list(_runs(steps))):
        if last - first + 2 >= options.run_length:
            yield Rule.TREND, side, first, last + 1, range(first, last + 2)
    if options.two_of_three == "r0.2.2":
        near = [0 if out else side for side, out in zip(near, outside, strict=True)]
    triples = [_two_of_three(of_mean[n : n + 3], near[n : n + 3]) for n in range(len(values) - 2)]
    for side, first, last in _runs(triples):
        yield Rule.TWO_OF_THREE, side, first, last + 2, [n for n in range(first, last + 3) if near[n]]
    for side, first, last in _runs(of_mean):
        if last - first + 1 >= options.run_length:
            yield Rule.SHIFT, side, first, last, range(first, last + 1)


def _side(value: Decimal, low: Decimal | None, high: Decimal | None) -> int:
    """1 above, -1 below, 0 between or where there is nothing to be beyond."""
    if low is None or high is None:
        return 0
    return (value > high) - (value < low)


def _runs(sides: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each stretch on one side: (side, first place, last place)."""
    for side, places in groupby(range(len(sides)), key=sides.__getitem__):
        if side:
            first, *rest = places
            yield side, first, rest[-1] if rest else first


def _two_of_three(of_mean: Sequence[int], near: Sequence[int]) -> int:
    """The side that three points share of which two are close to its limit."""
    return of_mean[0] if abs(sum(of_mean)) == 3 and abs(sum(near)) >= 2 else 0


def _assurance(limits: Limits, target: Decimal | None, better: Better) -> Assurance | None:
    if target is None or better is Better.NEITHER:
        return None
    is_on_a_limit = any(
        isclose(target, limit, rel_tol=_ON) for limit in (limits.lower, limits.upper) if limit is not None
    )
    side = 0 if is_on_a_limit else _side(target, limits.lower, limits.upper)
    return {1: Assurance.FAIL, 0: Assurance.HIT_OR_MISS, -1: Assurance.PASS}[side * better]
