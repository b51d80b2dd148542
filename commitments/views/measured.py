"""How a delivery is measured: the headline metric of its commitment, and what was seen at its footprint."""

import datetime as dt
from typing import Any

from commitments.measures import MetricEvidence
from commitments.models import Delivery
from commitments.presenters.measured import metric_facts, observed_chart


def measured(delivery: Delivery, target: MetricEvidence | None, day: dt.date) -> dict[str, Any]:
    """The headline metric here: its target, and what was observed up to the day."""
    metric = delivery.commitment.metrics.filter(is_headline=True).first()
    if metric is None:
        return {"metric": None}
    observed = metric.observations.filter(footprint=delivery.footprint_id, recorded_on__lte=day)
    latest_of_each = observed.order_by("period_end_on", "-id").distinct("period_end_on")
    chart = observed_chart(metric, target, list(latest_of_each))
    return {"metric": metric, "metric_facts": metric_facts(metric), "chart": chart}
