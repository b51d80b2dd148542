"""What a commitment is measured by: figures with their units, and the chart of what is expected and what was seen."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

from commitments.charts.frame import Point
from commitments.charts.lines import Line, line_chart
from commitments.choices import Direction, Scope
from commitments.measures import MetricEvidence, expected_points
from commitments.models import Metric, Observation
from commitments.sentences import amount, day_in_words
from systems.sentences import NO_DATA

ENGLAND_TOTAL = "England total: not any system's own target"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the numbers in it."""

    title: str
    svg: SafeString
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    # Whether the last column holds words, not figures.
    ends_in_words: bool = False


MOVES: dict[str, str] = {
    Direction.REACH: "Reach its target",
    Direction.INCREASE: "Increase",
    Direction.DECREASE: "Decrease",
    Direction.MAINTAIN: "Stay where it is",
}


def linked(source: str) -> SafeString:
    """A source's words, escaped, with its addresses as links; of several, each on a line of its own."""
    return mark_safe("<br>".join(urlize(one, autoescape=True) for one in source.split(" ; ")))  # noqa: S308


def measured(value: Decimal | None, unit: str) -> str:
    """A figure as one says it, or that there is none."""
    if value is None:
        return NO_DATA
    said = amount(value, unit)
    return f"{said[:1].upper()}{said[1:]}"


def metric_title(metric: Metric) -> str:
    """A metric's name with its unit, as charts are headed."""
    return f"{metric.name}, {metric.unit}" if metric.unit else metric.name


def metric_facts(metric: Metric) -> list[tuple[str, str]]:
    """A metric's baseline and target, and whose target it is."""
    baseline = measured(metric.baseline, metric.unit)
    if metric.baseline_on:
        baseline = f"{baseline} on {day_in_words(metric.baseline_on)}"
    scope = ENGLAND_TOTAL if metric.scope == Scope.ENGLAND else f"{metric.get_scope_display()} has this target"
    return [
        ("What it should do", MOVES[metric.direction]),
        ("Baseline", baseline),
        ("Target", measured(metric.target, metric.unit)),
        ("Whose target", scope),
        ("Source", linked(metric.source)),
    ]


@dataclass(frozen=True, slots=True)
class MetricSection:
    """A metric of the catalogue: what it should do, and the path published for it."""

    metric: Metric
    facts: list[tuple[str, str]]
    chart: Chart | None


def metric_sections(metrics: Iterable[Metric], points: Iterable[tuple[int, dt.date, Decimal]]) -> list[MetricSection]:
    """Each metric with its share of the (metric, day, value) points."""
    published: dict[int, list[Point]] = defaultdict(list)
    for metric_id, day, value in points:
        published[metric_id].append((day, value))
    return [MetricSection(m, metric_facts(m), published_chart(m, published[m.pk])) for m in metrics]


def published_chart(metric: Metric, published: Sequence[Point]) -> Chart | None:
    """The path published for a metric; none where a single figure says it all."""
    points = tuple(published)
    if metric.target is not None:
        evidence = MetricEvidence(
            name=metric.name,
            unit=metric.unit,
            direction=metric.direction,
            target=metric.target,
            target_on=metric.commitment.deadline_on,
            baseline=metric.baseline,
            baseline_on=metric.baseline_on,
            trajectory=points,
        )
        points = expected_points(evidence)
    return _chart(metric, [Line("Published path", points, is_planned=True)]) if len(points) > 1 else None


def observed_chart(metric: Metric, target: MetricEvidence | None, seen: Sequence[Observation]) -> Chart | None:
    """What was seen here, against what was expected where this footprint has a target of its own."""
    observed = tuple((observation.period_end_on, observation.value) for observation in seen)
    expected = expected_points(target, [day for day, _ in observed]) if target else ()
    lines = [Line("Expected", expected, is_planned=True)] if expected else []
    lines += [Line("Observed", observed)] if observed else []
    return _chart(metric, lines) if len({day for line in lines for day, _ in line.points}) > 1 else None


def _chart(metric: Metric, lines: list[Line]) -> Chart:
    title = metric_title(metric)
    ends = [
        f"{line.name}: {measured(line.points[-1][1], metric.unit)} on {day_in_words(line.points[-1][0])}"
        for line in lines
    ]
    return Chart(
        title=title,
        svg=line_chart(name=f"metric-{metric.pk}", title=title, description=f"{'. '.join(ends)}.", lines=lines),
        headings=("Date", *(line.name for line in lines)),
        rows=_numbers(metric, lines),
    )


def _numbers(metric: Metric, lines: list[Line]) -> list[tuple[str, ...]]:
    values = [dict(line.points) for line in lines]
    days = sorted({day for line in values for day in line})
    return [(day_in_words(day), *(measured(line.get(day), metric.unit) for line in values)) for day in days]
