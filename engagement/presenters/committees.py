"""A committee's first page: who sits on it, what is next, what it waits for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from commitments.sentences import day_in_words, days_left
from engagement.choices import AskState, Reply
from engagement.duties import is_in_time, publish_by
from engagement.models import AgendaItem, Committee, CommitteeMembership, Meeting, Paper, Recommendation
from engagement.tables.recommendations import times_in_words

NO_COUNCIL = "No council"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a seat, and their term in words."""

    name: str
    role: str
    term: str


def members_by_council(seats: Iterable[CommitteeMembership]) -> list[tuple[str, list[Member]]]:
    """Expects the seats in order."""
    return [
        (council, [_member(seat) for seat in held])
        for council, held in groupby(seats, lambda seat: seat.council.name if seat.council else NO_COUNCIL)
    ]


def _member(seat: CommitteeMembership) -> Member:
    begins = day_in_words(seat.starts_on)
    term = f"{begins} to {day_in_words(seat.ends_on)}" if seat.ends_on else f"Since {begins}"
    return Member(seat.person, seat.get_role_display(), term)


@dataclass(frozen=True, slots=True)
class AskRow:
    """Something that was asked, as a committee's own pages list it."""

    ask: Recommendation
    reply: str
    due: str
    is_overdue: bool
    times: str


def ask_rows(asks: Iterable[Recommendation], today: dt.date) -> list[AskRow]:
    """Expects what `for_list` adds."""
    return [
        AskRow(
            ask=ask,
            reply=Reply(ask.latest_reply).label if ask.latest_reply else "",  # type: ignore[attr-defined]
            due=days_left(ask.due_on, today) if ask.state == AskState.AWAITING else "",
            is_overdue=ask.is_overdue(today),
            times=times_in_words(ask.times_asked),  # type: ignore[attr-defined]
        )
        for ask in asks
    ]


def state_counts(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(word, value, how many) of each state, in the order in which it comes about."""
    return [(state.label, state.value, counts.get(state, 0)) for state in AskState]


def papers_due(meeting: Meeting, today: dt.date) -> str:
    """By when the papers of a meeting to come must be published, and how far off that is."""
    last = publish_by(meeting.held_on)
    return (
        f"Papers must be published by {day_in_words(last)} ({days_left(last, today)}): 5 clear days before the meeting."
    )


def late_words(paper: Paper, meeting: Meeting, today: dt.date) -> str:
    """What is said of a paper that came, or would come today, too late; nothing where it is in time."""
    day = paper.issued_on or today
    if is_in_time(day, meeting.held_on):
        return ""
    last = day_in_words(publish_by(meeting.held_on))
    if paper.issued_on:
        return f"Published late: on {day_in_words(paper.issued_on)}, after {last}."
    return f"This paper would be published late: the last day was {last}, 5 clear days before the meeting."


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of the agenda with its papers, each with what is said where it is late."""

    item: AgendaItem
    papers: list[tuple[Paper, str]]


def agenda(items: Iterable[AgendaItem], papers: Iterable[Paper], meeting: Meeting, today: dt.date) -> list[ItemRow]:
    by_item: dict[int, list[tuple[Paper, str]]] = defaultdict(list)
    for paper in papers:
        by_item[paper.item_id].append((paper, late_words(paper, meeting, today)))
    return [ItemRow(item, by_item[item.pk]) for item in items]


def facts(committee: Committee) -> list[tuple[str, str]]:
    """What the committee is, and whom it scrutinises."""
    return [
        ("Kind", committee.get_kind_display()),
        ("Standing", "Yes" if committee.is_standing else "No: set up for one matter"),
        ("Scrutinises", ", ".join(footprint.name for footprint in committee.footprints.all())),
        ("Councils", ", ".join(council.name for council in committee.councils.all()) or "None"),
        ("Source", f"{committee.source} ({committee.get_verified_display().lower()})"),
        *([("Note", committee.note)] if committee.note else []),
    ]
