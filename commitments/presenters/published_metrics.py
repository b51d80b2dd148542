"""What was published of a metric: its icons under the names they had then, and its line drawn again."""

from collections.abc import Iterable
from dataclasses import dataclass

from commitments.charts.icons import MEANINGS, assurance_icon, variation_icon
from commitments.charts.lines import Line, line_chart
from commitments.models import PublishedMetric
from commitments.presenters.control import NO_TARGET, Sign
from commitments.presenters.links import AnyLinks
from commitments.presenters.measured import Chart, measured
from commitments.presenters.published import latest
from commitments.spc import Assurance, Variation
from systems.sentences import day_in_words


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A metric at one footprint: the latest value, the target, and its two icons where there are any."""

    name: str
    where: str
    href: str
    latest: str
    target: str
    signs: tuple[Sign, ...]


def metric_lines(metrics: Iterable[PublishedMetric], links: AnyLinks) -> list[MetricLine]:
    """Each metric in words, in the order given. Expects them with position, commitment and footprint."""
    return [
        MetricLine(
            metric.name,
            ", ".join(filter(None, (metric.position.footprint.short_name, links.of(metric.publication_id).says))),
            links.of(metric.publication_id).commitment(metric.position.commitment.code),
            latest(metric),
            measured(metric.target, metric.unit),
            signs(metric),
        )
        for metric in metrics
    ]


def signs(metric: PublishedMetric) -> tuple[Sign, ...]:
    """The icons by the names they were published under; none where there were too few values."""
    if not metric.variation:
        return ()
    variation = Variation(metric.variation)
    shown = Sign(variation_icon(variation), variation.value, MEANINGS[variation])
    if not metric.assurance:
        return shown, Sign(assurance_icon(None), NO_TARGET, "")
    assurance = Assurance(metric.assurance)
    return shown, Sign(assurance_icon(assurance), assurance.value, MEANINGS[assurance])


def metric_chart(metric: PublishedMetric) -> Chart | None:
    """What was seen against what was expected, as known on the day of publication."""
    seen = tuple(zip(metric.seen_on, metric.seen, strict=True))
    expected = tuple(zip(metric.expected_on, metric.expected, strict=True))
    lines = [Line("Expected", expected, is_planned=True)] if expected else []
    lines.append(Line("Observed", seen))
    if len({day for line in lines for day, _ in line.points}) < 2:
        return None
    named = f"{metric.name}, {metric.unit}" if metric.unit else metric.name
    title = f"{named}: {metric.position.footprint.short_name}"
    days = sorted({day for line in lines for day, _ in line.points})
    values = [dict(line.points) for line in lines]
    return Chart(
        title=title,
        svg=line_chart(name=f"published-{metric.pk}", title=title, description=f"{latest(metric)}.", lines=lines),
        headings=("Date", *(line.name for line in lines)),
        rows=[(day_in_words(day), *(measured(line.get(day), metric.unit) for line in values)) for day in days],
    )
