"""The local plan of one delivery, and its milestones."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from commitments.actions.conflict import Conflict
from commitments.models import (
    Delivery,
    Milestone,
    PlanRevision,
)
from commitments.recompute import lock_commitments, recompute_deliveries
from systems.models import User


@transaction.atomic
def set_local_plan(*, delivery: Delivery, version: int, plan: dict[str, Any], by: User, today: dt.date) -> None:
    """Sets lead, planned start, first local deadline and applicability, unless somebody else did since `version`."""
    lock_commitments([delivery.commitment_id])
    as_read = Delivery.objects.filter(pk=delivery.pk, version=version)
    if "local_deadline_on" in plan:
        # Only the first is set here. Another is asked for, and decided by somebody else.
        as_read = as_read.filter(local_deadline_on=None)
    if not as_read.update(**plan, version=F("version") + 1):
        raise Conflict
    PlanRevision.objects.record([delivery.pk], today=today, by=by)
    recompute_deliveries([delivery.pk], today)


@transaction.atomic
def add_milestone(*, delivery: Delivery, title: str, due_on: dt.date, today: dt.date) -> Milestone:
    """Adds a dated step to a delivery's plan."""
    lock_commitments([delivery.commitment_id])
    milestone = Milestone(delivery=delivery, title=title, due_on=due_on, recorded_on=today)
    milestone.full_clean()
    milestone.save()
    recompute_deliveries([delivery.pk], today)
    return milestone


@transaction.atomic
def achieve_milestone(*, milestone: Milestone, by: User, today: dt.date) -> None:
    """Ticks a milestone as achieved today. Ticking it again changes nothing."""
    lock_commitments([milestone.delivery.commitment_id])
    Milestone.objects.filter(pk=milestone.pk, achieved_on__isnull=True).update(achieved_on=today, achieved_by=by)
    recompute_deliveries([milestone.delivery_id], today)
