"""Freezes what commitments are measured by: each line of values as it was known, and what its signals were called."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from commitments import evidence
from commitments.measures import MetricEvidence, expected_points
from commitments.models import Delivery, Metric, Observation, Publication, PublishedMetric, PublishedPosition
from commitments.signals import BETTER
from commitments.spc import LEAST_POINTS, judge
from systems.models import Footprint

_ROWS_A_STATEMENT = 500
Seen = list[tuple[dt.date, Decimal]]


def freeze_metrics(publication: Publication, system: Footprint) -> None:
    """The headline metric of each commitment, wherever in the system something was seen of it by then."""
    PublishedMetric.objects.bulk_create(_metrics(publication, system), batch_size=_ROWS_A_STATEMENT)


def _metrics(publication: Publication, system: Footprint) -> Iterator[PublishedMetric]:
    today = publication.as_at_on
    series = _series(system, today)
    metrics = {m.commitment_id: m for m in Metric.objects.filter(pk__in={metric for metric, _ in series})}
    measured = Delivery.objects.inside(system).filter(commitment__in=metrics).order_by()
    seen, codes = {}, {}
    for pk, commitment, footprint, *names in measured.values_list(
        "pk", "commitment_id", "footprint_id", "commitment__code", "footprint__code"
    ):
        if found := series.get((metrics[commitment].pk, footprint)):
            seen[pk], codes[pk] = (metrics[commitment], found), tuple(names)
    periods = evidence.reporting_periods()
    evident = evidence.of_commitments(list(metrics), today, periods=periods, deliveries=list(seen))
    bound = {e.delivery_id: e.metric for e in evident}
    positions = _positions(publication)
    for pk, (metric, values) in seen.items():
        yield _metric(metric, bound.get(pk), values, publication, positions[codes[pk]])


def _series(system: Footprint, today: dt.date) -> dict[tuple[int, int], Seen]:
    """What was seen by then, by metric and footprint, in the order of days."""
    observed = Observation.objects.filter(footprint__path__startswith=system.path, metric__is_headline=True)
    series: dict[tuple[int, int], Seen] = defaultdict(list)
    facts = ("metric_id", "footprint_id", "period_end_on", "value")
    for metric, footprint, day, value in observed.standing_on(today).values_list(*facts):
        series[metric, footprint].append((day, value))
    return dict(series)


def _positions(publication: Publication) -> dict[tuple[str, str], int]:
    """The frozen positions by the codes of commitment and footprint."""
    frozen = PublishedPosition.objects.filter(publication=publication).order_by()
    return {(code, at): pk for pk, code, at in frozen.values_list("pk", "commitment__code", "footprint__code")}


def _metric(
    metric: Metric, target: MetricEvidence | None, seen: Seen, publication: Publication, position: int
) -> PublishedMetric:
    judged = None
    if len(seen) >= LEAST_POINTS and metric.unit != "yes/no":
        judged = judge(seen, better=BETTER[metric.direction], target=target.target if target else None)
    path = expected_points(target, [day for day, _ in seen]) if target else ()
    observed_on, value = seen[-1]
    return PublishedMetric(
        publication=publication,
        position_id=position,
        name=metric.name,
        unit=metric.unit,
        direction=metric.direction,
        value=value,
        observed_on=observed_on,
        target=target.target if target else None,
        target_on=target.target_on if target else None,
        variation=judged.variation.value if judged and judged.variation else "",
        assurance=judged.assurance.value if judged and judged.assurance else "",
        seen_on=[day for day, _ in seen],
        seen=[value for _, value in seen],
        expected_on=[day for day, _ in path],
        expected=[round(value, 4) for _, value in path],
    )
