"""The improvement plan of a footprint: actions added, changed and done. Where it stands is recomputed with each."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from systems.actions.conflict import Conflict
from systems.locks import lock_systems
from systems.models import ActionMove, Criterion, Expectation, Footprint, Framework, ImprovementAction, User
from systems.recompute import recompute_footprint, set_due
from systems.tasks import recompute_maturity

OTHER_FRAMEWORK = "An action closes only criteria of the frameworks by which this footprint is judged."


@transaction.atomic
def plan_action(
    *,
    footprint: Footprint,
    title: str,
    owner: User | None,
    due_on: dt.date | None,
    closes: Collection[Criterion],
    by: User,
    today: dt.date,
    source: str = "",
) -> ImprovementAction:
    """Adds an action to a footprint's improvement plan."""
    lock_systems([footprint.system_id])
    action = ImprovementAction(footprint=footprint, source=source, recorded_on=today, recorded_by=by)
    _write(action, closes, today, title=title, owner=owner, due_on=due_on)
    return action


@transaction.atomic
def change_action(
    *,
    action: ImprovementAction,
    version: int,
    title: str,
    owner: User | None,
    due_on: dt.date | None,
    closes: Collection[Criterion],
    by: User,
    today: dt.date,
    reason: str = "",
) -> None:
    """Changes an open action, unless somebody else did since it was read. A date that moves does so for a reason."""
    stands = _as_read(action, version)
    if due_on != stands.due_on:
        facts = {"was_due_on": stands.due_on, "due_on": due_on, "reason": reason}
        move = ActionMove(action=stands, recorded_on=today, recorded_by=by, **facts)
        move.full_clean()
        move.save()
    _write(stands, closes, today, title=title, owner=owner, due_on=due_on)


@transaction.atomic
def finish_action(
    *,
    action: ImprovementAction,
    version: int,
    done_on: dt.date,
    by: User,
    today: dt.date,
    evidence: str = "",
    evidence_url: str = "",
    evidence_file: File | None = None,
    evidence_name: str = "",
) -> None:
    """Marks an action as done, with what shows it. Its criteria are met once an assessment says so, not before."""
    if done_on > today:
        raise ValidationError({"done_on": "The day it was done must be today or earlier."})
    stands = _as_read(action, version)
    said = {"evidence": evidence, "evidence_url": evidence_url, "evidence_file": evidence_file or ""}
    try:
        _write(stands, None, today, done_on=done_on, done_by=by, evidence_name=evidence_name, **said)
    except BaseException:
        # What is not written leaves no file behind.
        stands.evidence_file.delete(save=False)
        raise


@transaction.atomic
def expect(*, expectation: Expectation, today: dt.date) -> None:
    """Adds or changes what is locally expected; a worker finds out what follows."""
    expectation.full_clean()
    expectation.save()
    set_due(today, framework=expectation.level.framework_id)
    recompute_maturity.delay_on_commit()


def _as_read(action: ImprovementAction, version: int) -> ImprovementAction:
    lock_systems([action.footprint.system_id])
    stands = ImprovementAction.objects.select_related("footprint").get(pk=action.pk)
    if stands.version != version or stands.done_on is not None:
        raise Conflict
    stands.version += 1
    return stands


def _write(action: ImprovementAction, closes: Collection[Criterion] | None, today: dt.date, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(action, name, value)
    if closes is not None:
        known = Framework.objects.used_by(action.footprint)
        if any(criterion.domain.framework not in known for criterion in closes):
            raise ValidationError({"closes": OTHER_FRAMEWORK})
    action.full_clean()
    action.save()
    if closes is not None:
        action.closes.set(closes)
    recompute_footprint(action.footprint_id, today)
