"""One recommendation with all that came of it, in the order in which it happened."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.sentences import day_in_words, days_left
from engagement.choices import AskState, StepKind
from engagement.models import (
    CommitteeStep,
    Recommendation,
    RecommendationAction,
    RecommendationEvidence,
    Response,
)

NOT_SAID = "Not provided"


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was said or done, by whom and when. `rows` are its further facts."""

    on: dt.date
    what: str
    by: str
    words: str
    rows: list[tuple[str, str]]


def history(responses: Iterable[Response], steps: Iterable[CommitteeStep]) -> list[Happened]:
    """Answers of the NHS and steps of the committee, the latest first."""
    told = [(response.answered_on, response.pk, _answered(response)) for response in responses]
    told += [(step.done_on, step.pk, _stepped(step)) for step in steps]
    return [happened for _, _, happened in sorted(told, key=lambda row: row[:2], reverse=True)]


def _answered(response: Response) -> Happened:
    rows = [("Reason", response.reason)] if response.reason else []
    rows.append(("Who sees to it", response.owner))
    if response.done_by_on:
        rows.append(("To be done by", day_in_words(response.done_by_on)))
    by = f"the NHS ({response.answered_by.name})"
    return Happened(response.answered_on, response.get_reply_display(), by, response.words, rows)


def _stepped(step: CommitteeStep) -> Happened:
    rows = [("Answer due", day_in_words(step.due_on))] if step.due_on else []
    what = "Closed" if step.kind == StepKind.CLOSED else "Opened again"
    return Happened(step.done_on, what, f"the committee ({step.done_by.name})", step.note, rows)


def facts(ask: Recommendation, today: dt.date) -> list[tuple[str, str]]:
    """What was asked, of whom, and by when."""
    due = day_in_words(ask.due_on)
    if ask.state == AskState.AWAITING:
        due = f"{due} ({days_left(ask.due_on, today)})"
    return [
        ("State", ask.get_state_display()),
        ("Answer due", due),
        ("To whom", ask.addressee),
        ("Minute reference", ask.reference),
        ("Agenda item", str(ask.item) if ask.item else "No item"),
        ("Who asked", ask.asked_by or NOT_SAID),
        *([("Source", ask.source)] if ask.source else []),
    ]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """Something to be done, and how it stands."""

    action: RecommendationAction
    standing: str
    is_open: bool


def action_rows(actions: Iterable[RecommendationAction], today: dt.date) -> list[ActionRow]:
    return [
        ActionRow(
            action,
            f"Done on {day_in_words(action.done_on)}"
            if action.done_on
            else days_left(action.due_on, today).capitalize(),
            action.done_on is None,
        )
        for action in actions
    ]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What shows that something was done."""

    evidence: RecommendationEvidence
    name: str
    since: str


def evidence_rows(evidence: Iterable[RecommendationEvidence]) -> list[EvidenceRow]:
    return [EvidenceRow(row, row.file_name or row.url, day_in_words(row.recorded_on)) for row in evidence]


def asked_rows(same: Iterable[Recommendation]) -> list[tuple[Recommendation, str]]:
    """Each time the same was asked, with the day of the meeting."""
    return [(ask, day_in_words(ask.meeting.held_on)) for ask in same]
