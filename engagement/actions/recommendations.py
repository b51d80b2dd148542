"""What a committee asks, what the NHS answers and does, and the end that only the committee puts to it."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from commitments.actions import Conflict
from commitments.models import Commitment
from engagement.actions.writing import add
from engagement.choices import OPEN_STATES, AskState, MeetingStatus, StepKind
from engagement.models import (
    CommitteeStep,
    Meeting,
    Recommendation,
    RecommendationAction,
    RecommendationCommitment,
    RecommendationEvidence,
    Response,
)
from systems.models import User

NOT_CANCELLED = "A meeting that was cancelled asked nothing."
ANOTHER_SYSTEM = "This body belongs to another system."


@transaction.atomic
def record_recommendation(
    *, meeting: Meeting, facts: dict[str, Any], by: User, today: dt.date, source: str = ""
) -> Recommendation:
    """Keeps what a meeting asked. What repeats an earlier one counts for the first time it was asked."""
    if meeting.status == MeetingStatus.CANCELLED:
        raise ValidationError(NOT_CANCELLED)
    asked = Recommendation(meeting=meeting, recorded_by=by, recorded_on=today, source=source, **facts)
    if asked.organisation and asked.organisation.system_id != asked.system_id:
        raise ValidationError({"organisation": ANOTHER_SYSTEM})
    if asked.repeats:
        asked.repeats_id = asked.repeats.first_asked_pk
    add(asked)
    return asked


@transaction.atomic
def answer(
    *, recommendation: Recommendation, version: int, facts: dict[str, Any], by: User, today: dt.date
) -> Response:
    """The NHS answers, or answers once more. What the committee closed meanwhile takes no answer."""
    stands = _as_read(recommendation, version)
    response = Response(recommendation=stands, answered_by=by, answered_on=today, **facts)
    add(response)
    _move(stands, AskState.ANSWERED)
    return response


@transaction.atomic
def link_commitments(*, recommendation: Recommendation, version: int, commitments: Collection[Commitment]) -> None:
    """Says which commitments it is about: these and no others."""
    stands = _as_read(recommendation, version)
    stands.links.exclude(commitment__in=commitments).delete()
    there = set(stands.links.values_list("commitment_id", flat=True))
    RecommendationCommitment.objects.bulk_create(
        RecommendationCommitment(recommendation=stands, commitment=commitment)
        for commitment in commitments
        if commitment.pk not in there
    )
    _move(stands, AskState(stands.state))


@transaction.atomic
def add_action(
    *, recommendation: Recommendation, facts: dict[str, Any], by: User, today: dt.date
) -> RecommendationAction:
    """Something the NHS will do about it."""
    _still_open(recommendation)
    action = RecommendationAction(recommendation=recommendation, recorded_by=by, recorded_on=today, **facts)
    add(action)
    return action


@transaction.atomic
def finish_action(*, action: RecommendationAction, today: dt.date) -> None:
    """Ticks an action as done. Ticking it again changes nothing."""
    _still_open(action.recommendation)
    RecommendationAction.objects.filter(pk=action.pk, done_on__isnull=True).update(done_on=today)


@transaction.atomic
def add_evidence(
    *,
    recommendation: Recommendation,
    title: str,
    by: User,
    today: dt.date,
    url: str = "",
    file: File | None = None,
    file_name: str = "",
) -> RecommendationEvidence:
    """A link or a file that shows what was done."""
    _still_open(recommendation)
    shown = RecommendationEvidence(
        recommendation=recommendation,
        title=title,
        url=url,
        file=file,
        file_name=file_name,
        recorded_by=by,
        recorded_on=today,
    )
    shown.full_clean()
    try:
        shown.save()
    except BaseException:
        # What is not written leaves no file behind.
        shown.file.delete(save=False)
        raise
    return shown


@transaction.atomic
def close(*, recommendation: Recommendation, version: int, note: str, by: User, today: dt.date) -> None:
    """The committee is content, or has given up: its note says which."""
    stands = _as_read(recommendation, version)
    add(CommitteeStep(recommendation=stands, kind=StepKind.CLOSED, note=note, done_by=by, done_on=today))
    _move(stands, AskState.CLOSED)


@transaction.atomic
def reopen(
    *, recommendation: Recommendation, version: int, note: str, due_on: dt.date, by: User, today: dt.date
) -> None:
    """The committee wants another answer after all, by another day."""
    stands = _as_read(recommendation, version, states=(AskState.CLOSED,))
    step = CommitteeStep(
        recommendation=stands, kind=StepKind.REOPENED, note=note, due_on=due_on, done_by=by, done_on=today
    )
    add(step)
    stands.due_on = due_on
    _move(stands, AskState.AWAITING)


def _as_read(recommendation: Recommendation, version: int, states: Collection[str] = OPEN_STATES) -> Recommendation:
    """The recommendation, held until the transaction ends; a conflict if it is no longer what was read."""
    stands = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if stands.version != version or stands.state not in states:
        raise Conflict
    return stands


def _still_open(recommendation: Recommendation) -> None:
    """Nobody closes it until the transaction ends."""
    stands = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if stands.state not in OPEN_STATES:
        raise Conflict


def _move(stands: Recommendation, state: AskState) -> None:
    stands.state = state
    stands.version += 1
    stands.save(update_fields=["state", "due_on", "version"])
