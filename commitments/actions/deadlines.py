"""Local deadlines that move: asked for by one person, decided by another."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from commitments.choices import Ask
from commitments.locks import lock_commitments
from commitments.models import (
    DeadlineChange,
    Delivery,
    PlanRevision,
)
from commitments.models.deadlines import NOT_ONES_OWN_ASK
from commitments.recompute import recompute_deliveries
from systems.actions.conflict import Conflict
from systems.models import User


@transaction.atomic
def ask_deadline_change(
    *, delivery: Delivery, old_on: dt.date, new_on: dt.date, reason: str, by: User, today: dt.date
) -> DeadlineChange:
    """Asks for another local deadline, unless it is no longer `old_on` or somebody has asked already."""
    lock_commitments([delivery.commitment_id])
    stands = Delivery.objects.filter(pk=delivery.pk, local_deadline_on=old_on).exists()
    if not stands or DeadlineChange.objects.undecided().filter(delivery=delivery).exists():
        raise Conflict
    asked = {"delivery": delivery, "old_on": old_on, "new_on": new_on, "reason": reason}
    return DeadlineChange.objects.create(**asked, asked_by=by, asked_on=today)


@transaction.atomic
def agree_deadline_change(*, change: DeadlineChange, note: str, by: User, today: dt.date) -> None:
    """Moves the local deadline to the day asked for, and recomputes the position in the same transaction."""
    lock_commitments([change.delivery.commitment_id])
    _decide_change(change, state=Ask.AGREED, decision_note=note, by=by, today=today)
    delivery = Delivery.objects.get(pk=change.delivery_id)
    delivery.local_deadline_on = change.new_on
    delivery.validate_constraints()
    Delivery.objects.filter(pk=delivery.pk).update(local_deadline_on=change.new_on, version=F("version") + 1)
    PlanRevision.objects.record([delivery.pk], today=today, by=by)
    recompute_deliveries([delivery.pk], today)


@transaction.atomic
def refuse_deadline_change(*, change: DeadlineChange, note: str, by: User, today: dt.date) -> None:
    """Leaves the local deadline where it is, and says why."""
    lock_commitments([change.delivery.commitment_id])
    _decide_change(change, state=Ask.REFUSED, decision_note=note, by=by, today=today)


def _decide_change(change: DeadlineChange, *, by: User, today: dt.date, **decision: Any) -> None:
    if change.asked_by_id == by.pk:
        raise PermissionDenied(NOT_ONES_OWN_ASK)
    undecided = DeadlineChange.objects.undecided().filter(pk=change.pk)
    if not undecided.update(decided_by=by, decided_on=today, **decision):
        raise Conflict
