"""Measurements: values observed, and the path a footprint gives its own metric."""

import datetime as dt
from typing import Any

from django.db import transaction

from commitments.choices import Trigger
from commitments.locks import lock_commitments
from commitments.models import (
    Delivery,
    Observation,
    Trajectory,
    TrajectoryPoint,
)
from commitments.recompute import recompute_deliveries, set_due
from commitments.tasks import recompute_due
from systems.actions.conflict import Conflict


@transaction.atomic
def record_observation(*, observation: Observation, today: dt.date) -> Observation:
    """Records a metric's value; the status follows, computed by a worker.

    A revision is a new row. The very value that stands already, sent once more, is not.
    """
    lock_commitments([observation.metric.commitment_id])
    stands = Observation.objects.filter(
        metric=observation.metric_id, footprint=observation.footprint_id, period_end_on=observation.period_end_on
    ).first()
    if stands is not None and (stands.value, stands.source) == (observation.value, observation.source):
        return stands
    observation.save()
    measured = Delivery.objects.filter(
        commitment=observation.metric.commitment_id, footprint=observation.footprint_id
    ).values_list("pk", flat=True)
    set_due(list(measured), today)
    recompute_due.delay_on_commit(Trigger.OBSERVATION)
    return observation


@transaction.atomic
def set_local_trajectory(
    *, delivery: Delivery, replaces: int, trajectory: Trajectory, points: dict[dt.date, Any], today: dt.date
) -> Trajectory:
    """Sets the path a footprint gives its own metric, unless somebody else did since `replaces` (0: none) was read.

    The one before stays readable.
    """
    lock_commitments([delivery.commitment_id])
    in_force = Trajectory.objects.filter(metric=trajectory.metric_id, footprint=trajectory.footprint_id).last()
    if (in_force.pk if in_force else 0) != replaces:
        raise Conflict
    trajectory.save()
    TrajectoryPoint.objects.bulk_create(
        TrajectoryPoint(trajectory=trajectory, due_on=due_on, value=value) for due_on, value in points.items()
    )
    recompute_deliveries([delivery.pk], today)
    return trajectory
