"""A committee's own writing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from engagement import actions
from engagement.models import AgendaItem, Meeting, Paper
from tests.engagement.factories import IssuedPaperFactory, ItemFactory, PaperFactory
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

COMMENTS = {"equality_impact": "Done", "legal_comments": "None", "finance_comments": "None"}


def test_a_meeting_and_its_agenda_are_added_and_edited(committee):
    meeting = actions.add_meeting(committee=committee, facts={"held_on": dt.date(2019, 10, 3)})
    item = actions.add_item(meeting=meeting, facts={"number": 1, "title": "Apologies"})

    actions.edit_meeting(meeting=meeting, version=1, facts={"place": "Southwark", "held_on": dt.date(2019, 10, 4)})
    actions.edit_item(item=item, version=1, facts={"number": 2, "title": "Minutes"})

    meeting.refresh_from_db()
    item.refresh_from_db()
    assert (meeting.place, meeting.held_on, meeting.version) == ("Southwark", dt.date(2019, 10, 4), 2)
    assert (item.number, item.title, item.version) == (2, "Minutes", 2)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(meeting):
    item = ItemFactory(meeting=meeting, title="Apologies")
    paper = PaperFactory(item=item)
    actions.edit_meeting(meeting=meeting, version=1, facts={"place": "Southwark"})
    actions.edit_item(item=item, version=1, facts={"title": "Minutes"})
    actions.edit_paper(paper=paper, version=1, facts={"title": "The plan"})

    for edit in (
        lambda: actions.edit_meeting(meeting=meeting, version=1, facts={"place": "Bexley"}),
        lambda: actions.edit_item(item=item, version=1, facts={"title": "Questions"}),
        lambda: actions.edit_paper(paper=paper, version=1, facts={"title": "Another"}),
        lambda: actions.issue_paper(paper=paper, version=1, by=None, today=TODAY),
    ):
        with pytest.raises(actions.Conflict):
            edit()

    assert Meeting.objects.get().place == "Southwark"
    assert AgendaItem.objects.get().title == "Minutes"
    assert Paper.objects.get().title == "The plan"


def test_the_second_meeting_on_a_day_is_refused_in_words(meeting):
    with pytest.raises(ValidationError, match="has a meeting on this day already"):
        actions.add_meeting(committee=meeting.committee, facts={"held_on": meeting.held_on})


def test_a_paper_is_a_draft_until_it_is_issued(meeting, clerk):
    facts = {
        "item": ItemFactory(meeting=meeting),
        "kind": "information",
        "title": "The plan",
        "report_by": "Chief Officer",
        "wards_affected": "All",
        "purpose": "To inform.",
        "asked_to": "note the report",
    }
    paper = actions.add_paper(facts=facts)
    assert paper.is_draft

    actions.issue_paper(paper=paper, version=1, by=clerk, today=TODAY)

    paper.refresh_from_db()
    assert (paper.is_draft, paper.issued_on, paper.issued_by, paper.version) == (False, TODAY, clerk, 2)


@pytest.mark.parametrize("missing", COMMENTS)
def test_a_paper_for_a_decision_lacks_none_of_its_comments(clerk, missing):
    paper = PaperFactory(kind="decision", **COMMENTS | {missing: ""})

    with pytest.raises(ValidationError, match="needs an equality impact assessment, legal comments and finance"):
        actions.issue_paper(paper=paper, version=1, by=clerk, today=TODAY)

    paper.refresh_from_db()
    assert paper.is_draft
    assert paper.missing_comments() == [missing]


def test_a_paper_for_a_decision_is_issued_with_its_comments(clerk):
    paper = PaperFactory(kind="decision", **COMMENTS)

    actions.issue_paper(paper=paper, version=1, by=clerk, today=TODAY)

    paper.refresh_from_db()
    assert not paper.is_draft
    assert PaperFactory().missing_comments() == []


def test_an_issued_paper_is_neither_edited_nor_issued_again(clerk):
    paper = IssuedPaperFactory()

    with pytest.raises(actions.Conflict):
        actions.edit_paper(paper=paper, version=1, facts={"title": "Another"})
    with pytest.raises(actions.Conflict):
        actions.issue_paper(paper=paper, version=1, by=clerk, today=TODAY)
