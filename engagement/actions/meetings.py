"""A committee's own writing: meetings, agenda items and papers."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from commitments.actions import Conflict
from engagement.actions.writing import add, change
from engagement.choices import PaperState
from engagement.models import AgendaItem, Committee, Meeting, Paper
from systems.models import User


@transaction.atomic
def add_meeting(*, committee: Committee, facts: dict[str, Any]) -> Meeting:
    meeting = Meeting(committee=committee, **facts)
    add(meeting)
    return meeting


@transaction.atomic
def edit_meeting(*, meeting: Meeting, version: int, facts: dict[str, Any]) -> None:
    change(meeting, Meeting.objects.all(), version=version, facts=facts)


@transaction.atomic
def add_item(*, meeting: Meeting, facts: dict[str, Any]) -> AgendaItem:
    item = AgendaItem(meeting=meeting, **facts)
    add(item)
    return item


@transaction.atomic
def edit_item(*, item: AgendaItem, version: int, facts: dict[str, Any]) -> None:
    change(item, AgendaItem.objects.all(), version=version, facts=facts)


@transaction.atomic
def add_paper(*, facts: dict[str, Any], source: str = "") -> Paper:
    """A draft; only its committee's chair and officers read it until it is issued."""
    paper = Paper(source=source, **facts)
    add(paper)
    return paper


@transaction.atomic
def edit_paper(*, paper: Paper, version: int, facts: dict[str, Any]) -> None:
    """Changes a draft. What was issued meanwhile is a conflict."""
    change(paper, Paper.objects.filter(state=PaperState.DRAFT), version=version, facts=facts)


@transaction.atomic
def issue_paper(*, paper: Paper, version: int, by: User, today: dt.date) -> None:
    """Publishes a paper as it was read. From then on it is never edited.

    Raises ValidationError where a paper for a decision lacks its comments.
    """
    stands = Paper.objects.select_for_update().get(pk=paper.pk)
    if stands.version != version or not stands.is_draft:
        raise Conflict
    issued = {"state": PaperState.ISSUED, "issued_on": today, "issued_by": by}
    for name, value in issued.items():
        setattr(stands, name, value)
    stands.full_clean()
    Paper.objects.filter(pk=stands.pk).update(**issued, version=F("version") + 1)
