"""The milestones of one delivery: added, moved, achieved with evidence, opened again after a wrong tick, withdrawn."""

import datetime as dt
from typing import Any

from django.core.files import File
from django.db import transaction

from commitments.choices import StepKind
from commitments.locks import lock_commitments
from commitments.models import Delivery, Milestone, MilestoneChange
from commitments.recompute import recompute_deliveries
from systems.actions.conflict import Conflict
from systems.models import User


@transaction.atomic
def add_milestone(*, delivery: Delivery, title: str, due_on: dt.date, by: User, today: dt.date) -> Milestone:
    """Adds a dated step to a delivery's plan."""
    lock_commitments([delivery.commitment_id])
    milestone = Milestone(delivery=delivery, title=title, due_on=due_on, recorded_on=today, recorded_by=by)
    milestone.full_clean()
    milestone.save()
    recompute_deliveries([delivery.pk], today)
    return milestone


@transaction.atomic
def move_milestone(
    *, milestone: Milestone, was_due_on: dt.date, due_on: dt.date, reason: str, by: User, today: dt.date
) -> None:
    """Gives an open milestone another due date, unless somebody moved or achieved it since it was read."""
    stands = _as_it_stands(milestone)
    if not _is_open(stands) or stands.due_on != was_due_on:
        raise Conflict
    _change(stands, StepKind.MOVED, by=by, today=today, due_on=due_on, reason=reason)


@transaction.atomic
def achieve_milestone(
    *,
    milestone: Milestone,
    by: User,
    today: dt.date,
    achieved_on: dt.date | None = None,
    evidence_url: str = "",
    evidence_file: File | None = None,
    evidence_name: str = "",
) -> None:
    """Ticks a milestone as achieved, today unless told otherwise, with a link or a file as evidence.

    Ticking it again changes nothing, and is a conflict where another day or other evidence would be lost.
    """
    evidence = {"evidence_url": evidence_url, "evidence_file": evidence_file, "evidence_name": evidence_name}
    stands = _as_it_stands(milestone)
    if _is_open(stands):
        _change(stands, StepKind.ACHIEVED, by=by, today=today, achieved_on=achieved_on or today, **evidence)
    elif stands.withdrawn_on or any(evidence.values()) or achieved_on not in (None, stands.achieved_on):
        raise Conflict


@transaction.atomic
def reopen_milestone(*, milestone: Milestone, was_achieved_on: dt.date, reason: str, by: User, today: dt.date) -> None:
    """Takes a wrong tick back, unless somebody did since it was read. That it was ticked stays in the history."""
    stands = _as_it_stands(milestone)
    if stands.achieved_on != was_achieved_on:
        raise Conflict
    _change(stands, StepKind.REOPENED, by=by, today=today, achieved_on=None, reason=reason)


@transaction.atomic
def withdraw_milestone(*, milestone: Milestone, was_due_on: dt.date, reason: str, by: User, today: dt.date) -> None:
    """Takes an open milestone out of the plan, unless somebody changed it since it was read. Past days keep it."""
    stands = _as_it_stands(milestone)
    if not _is_open(stands) or stands.due_on != was_due_on:
        raise Conflict
    stands.withdrawn_on = today
    _change(stands, StepKind.WITHDRAWN, by=by, today=today, reason=reason)


def _is_open(milestone: Milestone) -> bool:
    return milestone.achieved_on is None and milestone.withdrawn_on is None


def _as_it_stands(milestone: Milestone) -> Milestone:
    """The milestone once its commitment is held: nobody changes it until the transaction ends."""
    lock_commitments([milestone.delivery.commitment_id])
    return Milestone.objects.get(pk=milestone.pk)


def _change(stands: Milestone, kind: StepKind, *, by: User, today: dt.date, **after: Any) -> None:
    """Keeps what the milestone was and is, writes it, and recomputes the position."""
    before = {"was_due_on": stands.due_on, "was_achieved_on": stands.achieved_on}
    now = {"due_on": stands.due_on, "achieved_on": stands.achieved_on} | after
    change = MilestoneChange(milestone=stands, kind=kind, recorded_on=today, recorded_by=by, **before, **now)
    change.full_clean()
    try:
        change.save()
        stands.due_on, stands.achieved_on = change.due_on, change.achieved_on
        stands.achieved_by = by if change.achieved_on else None
        stands.save()
        recompute_deliveries([stands.delivery_id], today)
    except BaseException:
        # What is not written leaves no file behind.
        change.evidence_file.delete(save=False)
        raise
