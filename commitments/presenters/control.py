"""Which values of a metric are signals: the icons, the control chart and the words for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from commitments.charts.control import control_chart, in_few_places
from commitments.charts.icons import MEANINGS, assurance_icon, variation_icon
from commitments.models import Delivery, Metric, Observation
from commitments.presenters.measured import Chart, measured, metric_title
from commitments.sentences import amount, day_in_words
from commitments.signals import BETTER
from commitments.spc import LEAST_POINTS, JudgedPoint, Judgement, judge

NO_TARGET = "No target to be judged against"
NO_SIGNAL = "No signal"


@dataclass(frozen=True, slots=True)
class Sign:
    """An icon, and the same in words."""

    svg: SafeString
    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Control:
    """A metric at a footprint: its two icons and why they are shown, or why there are none."""

    signs: tuple[Sign, ...] = ()
    why: tuple[str, ...] = ()
    usual: str = ""
    chart: Chart | None = None
    too_few: str = ""


def control(metric: Metric, target: Decimal | None, seen: Sequence[Observation]) -> Control | None:
    """Signals in what was seen, in the order of days; nothing where a yes or no is all there is to see."""
    if not seen or metric.unit == "yes/no":
        return None
    if len(seen) < LEAST_POINTS:
        return Control(too_few=f"Control limits need {LEAST_POINTS} values; there {_so_far(len(seen))} so far.")
    series = [(observation.period_end_on, observation.value) for observation in seen]
    found = judge(series, better=BETTER[metric.direction], target=target)
    return Control(signs(found), found.why, usual(metric, found), _chart(metric, target, found))


@dataclass(frozen=True, slots=True)
class ControlLine:
    """How a metric goes at one of several footprints."""

    delivery: Delivery
    latest: str
    control: Control


def control_lines(
    metric: Metric, deliveries: Iterable[Delivery], seen: Iterable[Observation], targets: Mapping[int, Decimal]
) -> list[ControlLine]:
    """A line for each delivery with enough values, in the order given; `targets` by delivery."""
    series: dict[int, list[Observation]] = defaultdict(list)
    for observation in seen:
        series[observation.footprint_id].append(observation)
    return [
        ControlLine(delivery, _value_on_day(metric, found[-1]), judged)
        for delivery in deliveries
        if (found := series[delivery.footprint_id])
        and (judged := control(metric, targets.get(delivery.pk), found))
        and judged.chart
    ]


def _value_on_day(metric: Metric, seen: Observation) -> str:
    return f"{measured(seen.value, metric.unit)} on {day_in_words(seen.period_end_on)}"


def _so_far(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def signs(found: Judgement) -> tuple[Sign, ...]:
    """The icons of a series with enough points."""
    assert found.variation is not None
    variation = Sign(variation_icon(found.variation), found.variation.value, MEANINGS[found.variation])
    if found.assurance is None:
        return variation, Sign(assurance_icon(None), NO_TARGET, "")
    return variation, Sign(assurance_icon(found.assurance), found.assurance.value, MEANINGS[found.assurance])


def _chart(metric: Metric, target: Decimal | None, found: Judgement) -> Chart:
    title = f"{metric_title(metric)}: usual values and signals"
    return Chart(
        title=title,
        svg=control_chart(
            name=f"metric-{metric.pk}-control",
            title=title,
            description=f"{usual(metric, found)} {_latest(metric, found)}",
            points=found.points,
            target=target,
        ),
        headings=("Month", "Value", "Signal"),
        rows=[_row(metric, point) for point in found.points],
        ends_in_words=True,
    )


def usual(metric: Metric, found: Judgement) -> str:
    """Between which values the metric lies as a matter of course."""
    limits = found.points[-1].limits
    known = (value for value in (limits.lower, limits.upper, limits.mean) if value is not None)
    lower, upper, mean = (amount(in_few_places(value, found.points), metric.unit) for value in known)
    return f"As a rule values lie from {lower} to {upper}, around a mean of {mean}."


def _latest(metric: Metric, found: Judgement) -> str:
    point = found.points[-1]
    return f"The latest, of {point.day:%B %Y}, is {amount(point.value, metric.unit)}. {point.variation.value}."


def _row(metric: Metric, point: JudgedPoint) -> tuple[str, ...]:
    said = "; ".join(signal.words for signal in point.signals)
    words = f"{point.variation.value}: {said}" if said else NO_SIGNAL
    return f"{point.day:%B %Y}", measured(point.value, metric.unit), words
