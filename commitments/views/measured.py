"""What is measured by the headline metric of a commitment: at one delivery's footprint, and at each system's."""

import datetime as dt
from typing import Any

from commitments import evidence
from commitments.measures import MetricEvidence
from commitments.models import Commitment, Delivery, Metric, Observation
from commitments.models.facts import DeliveryQuerySet
from commitments.presenters.control import ControlLine, control, control_lines
from commitments.presenters.measured import Chart, metric_facts, observed_chart
from systems.choices import Level


def measured(delivery: Delivery, target: MetricEvidence | None, day: dt.date) -> dict[str, Any]:
    """The headline metric here: its target, what was observed up to the day, and which of it is a signal."""
    metric, seen = _seen(delivery, day)
    if metric is None:
        return {"metric": None}
    return {
        "metric": metric,
        "metric_facts": metric_facts(metric),
        "chart": observed_chart(metric, target, seen),
        "control": control(metric, target.target if target else None, seen),
    }


def chart_of(delivery: Delivery, target: MetricEvidence | None, day: dt.date) -> Chart | None:
    """What the headline metric did here up to the day, for whoever writes about it."""
    metric, seen = _seen(delivery, day)
    return observed_chart(metric, target, seen) if metric else None


def _seen(delivery: Delivery, day: dt.date) -> tuple[Metric | None, list[Observation]]:
    metric = delivery.commitment.metrics.filter(is_headline=True).first()
    if metric is None:
        return None, []
    return metric, list(metric.observations.filter(footprint=delivery.footprint_id).standing_on(day))


def measured_by_system(commitment: Commitment, deliveries: DeliveryQuerySet, day: dt.date) -> list[ControlLine]:
    """The signals of each system among the deliveries that has enough values to tell."""
    metric = commitment.metrics.filter(is_headline=True).first()
    if metric is None:
        return []
    at_systems = list(deliveries.filter(footprint__level=Level.SYSTEM).order_by("footprint__name"))
    seen = metric.observations.filter(footprint__in=[found.footprint_id for found in at_systems]).standing_on(day)
    bound = evidence.of_deliveries(at_systems, day)
    targets = {pk: found.metric.target for pk, found in bound.items() if found.metric}
    return control_lines(metric, at_systems, seen, targets)
