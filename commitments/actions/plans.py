"""The local plan of one delivery."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from commitments.locks import lock_commitments
from commitments.models import Delivery, PlanRevision
from commitments.recompute import recompute_deliveries
from systems.actions.conflict import Conflict
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
