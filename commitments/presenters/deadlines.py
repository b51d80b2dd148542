"""A local deadline that moves, in words: what is asked, why, and what it would mean."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.choices import DeadlineKind
from commitments.models import Commitment, DeadlineChange
from commitments.presenters.delivery import Facts
from commitments.sentences import day_in_words, days_between


def not_to_be_moved(commitment: Commitment) -> dt.date | None:
    """The national deadline, where there is one to meet."""
    return commitment.deadline_on if commitment.deadline_kind == DeadlineKind.BY else None


def beyond_national(commitment: Commitment, new_on: dt.date) -> str:
    """What follows from a local deadline after the national one; empty where it is not after it."""
    national = not_to_be_moved(commitment)
    if national is None or new_on <= national:
        return ""
    return (
        f"{day_in_words(new_on)} is {days_between(national, new_on)} after the national deadline of "
        f"{day_in_words(national)}, which no system can move. If this is agreed, the commitment shows as off track: "
        "phased beyond the national deadline."
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that somebody should decide, and what to know before."""

    change: DeadlineChange
    sentence: str
    warning: str


def waiting(changes: Iterable[DeadlineChange], today: dt.date) -> list[Waiting]:
    return [
        Waiting(
            change=change,
            sentence=change.delivery.position.sentence_on(today),
            warning=beyond_national(change.delivery.commitment, change.new_on),
        )
        for change in changes
    ]


def change_facts(change: DeadlineChange) -> Facts:
    """One change in full, for those who read working papers."""
    facts = [
        ("Deadline so far", day_in_words(change.old_on)),
        ("Deadline asked for", day_in_words(change.new_on)),
        ("Why", change.reason),
        ("Asked for by", f"{change.asked_by.name} on {day_in_words(change.asked_on)}"),
    ]
    if change.decided_by is None or change.decided_on is None:
        return facts
    decided = f"{change.get_state_display()} by {change.decided_by.name} on {day_in_words(change.decided_on)}"
    return [*facts, ("Decision", decided), *([("Note", change.decision_note)] if change.decision_note else [])]
