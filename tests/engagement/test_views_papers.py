"""Papers: read, written as drafts, and issued."""

import datetime as dt

import pytest
from django.urls import reverse

from engagement.choices import INFORMATION_ONLY
from engagement.models import Paper
from tests.engagement.factories import IssuedPaperFactory, ItemFactory, MeetingFactory, PaperFactory
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

COMMENTS = {"equality_impact": "Assessed.", "legal_comments": "None.", "finance_comments": "None."}


@pytest.fixture
def desk(signed_in, chair):
    return signed_in(chair)


@pytest.fixture
def item(committee):
    """An item of a meeting whose papers are still in time."""
    return ItemFactory(meeting=MeetingFactory(committee=committee, held_on=dt.date(2019, 10, 15)), number=1)


@pytest.fixture
def sent(item):
    """What a browser sends for a paper for information."""
    words = {
        "item": item.pk,
        "kind": "information",
        "title": "The plan",
        "report_by": "Chief Officer",
        "wards_affected": "All",
        "purpose": "To inform.",
        "version": 0,
    }
    return lambda **changes: words | changes


def test_a_paper_has_a_cover_and_numbered_paragraphs(item, member, signed_in):
    paper = IssuedPaperFactory(
        item=item, kind="decision", asked_to="agree the plan", body="First.\n\nSecond\nline.", **COMMENTS
    )

    response = signed_in(member).get(reverse("engagement:paper", args=[paper.pk]))

    assert ("Date of meeting", "15 October 2019") in response.context["cover"]
    assert [(s.number, s.heading, s.paragraphs) for s in response.context["sections"]] == [
        (1, "Purpose", [("1.1", "To enable a discussion.")]),
        (2, "Recommendations", [("2.1", "The committee is asked to agree the plan")]),
        (3, "Report", [("3.1", "First."), ("3.2", "Second\nline.")]),
        (4, "Equality impact", [("4.1", "Assessed.")]),
        (5, "Legal comments", [("5.1", "None.")]),
        (6, "Finance comments", [("6.1", "None.")]),
    ]


def test_a_paper_for_information_says_that_it_needs_no_comments(item, member, signed_in):
    information = IssuedPaperFactory(item=item, equality_impact="Written all the same.")
    decision = IssuedPaperFactory(item=item, kind="decision", **COMMENTS)
    pages = [signed_in(member).get(reverse("engagement:paper", args=[p.pk])) for p in (information, decision)]

    assert [INFORMATION_ONLY in page.content.decode() for page in pages] == [True, False]
    assert "Equality impact" not in [section.heading for section in pages[0].context["sections"]]


def test_words_are_text_and_not_a_page(item, member, signed_in):
    paper = IssuedPaperFactory(item=item, body="<script>alert(1)</script>", source="A paper of 2019")

    page = signed_in(member).get(reverse("engagement:paper", args=[paper.pk])).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "A paper of 2019" in page


def test_a_draft_is_not_there_for_members(item, member, signed_in, desk):
    address = reverse("engagement:paper", args=[PaperFactory(item=item).pk])

    assert signed_in(member).get(address).status_code == 404
    assert "Draft, not issued" in desk.get(address).content.decode()


def test_a_paper_is_begun_as_a_draft(item, sent, desk):
    place = reverse("engagement:paper_add", args=[item.meeting.pk])
    assert "Papers must be published by 7 October 2019" in desk.get(place).content.decode()

    response = desk.post(place, sent(body="Words\r\nover lines"))

    paper = Paper.objects.get()
    assert response["Location"] == reverse("engagement:paper", args=[paper.pk])
    assert (paper.is_draft, paper.body, paper.item) == (True, "Words\nover lines", item)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Select whether the paper is for information or for a decision"),
        ({"kind": "decision"}, "Enter what the committee is asked to decide"),
        ({"item": ""}, "Select an item of this meeting’s agenda"),
        ({"title": ""}, "Enter the subject"),
        ({"report_by": ""}, "Enter who reports"),
        ({"wards_affected": ""}, "Enter the wards affected, or All"),
        ({"purpose": ""}, "Enter what the paper is for"),
        ({"body": "x" * 50_001}, "Report must be 50,000 characters or fewer"),
    ],
)
def test_what_is_wrong_with_a_paper_is_said_in_words(item, sent, desk, changes, words):
    page = desk.post(reverse("engagement:paper_add", args=[item.meeting.pk]), sent(**changes)).content.decode()

    assert words in page
    assert not Paper.objects.exists()


def test_a_paper_belongs_to_an_item_of_this_very_meeting(item, sent, desk):
    other = ItemFactory(meeting__committee=item.meeting.committee)

    page = desk.post(reverse("engagement:paper_add", args=[item.meeting.pk]), sent(item=other.pk))

    assert "Select an item of this meeting’s agenda" in page.content.decode()


def test_a_draft_is_changed_unless_somebody_else_did(item, sent, desk):
    paper = PaperFactory(item=item)
    place = reverse("engagement:paper_edit", args=[paper.pk])
    assert desk.post(place, sent(version=1, title="Mine")).status_code == 302

    response = desk.post(place, sent(version=1, title="Theirs", kind="decision", asked_to="agree"))

    assert response.status_code == 409
    rows = {row.label: (row.stored, row.sent) for row in response.context["rows"] if row.differs}
    assert rows["Subject"] == ("Mine", "Theirs")
    assert rows["What is it for?"] == ("Information", "Decision")
    paper.refresh_from_db()
    assert paper.title == "Mine"


def test_what_was_typed_about_a_paper_issued_meanwhile_can_be_copied(item, sent, desk):
    paper = IssuedPaperFactory(item=item)
    place = reverse("engagement:paper_edit", args=[paper.pk])

    response = desk.post(place, sent(version=1, body="Hours of work"))

    assert response.status_code == 409
    assert "Hours of work" in response.content.decode()
    assert "never edited" in desk.get(place).content.decode()


def test_a_paper_is_issued_after_a_look_at_it(item, chair, desk):
    paper = PaperFactory(item=item)
    place = reverse("engagement:paper_issue", args=[paper.pk])
    page = desk.get(place).content.decode()
    assert "it is never edited" in page
    assert "would be published late" not in page

    response = desk.post(place, {"version": 1})

    paper.refresh_from_db()
    assert response["Location"] == reverse("engagement:paper", args=[paper.pk])
    assert (paper.is_draft, paper.issued_on, paper.issued_by) == (False, TODAY, chair)
    assert desk.post(place, {"version": 2}).status_code == 409


@pytest.mark.parametrize("missing", COMMENTS)
def test_a_paper_for_a_decision_is_refused_without_each_comment(item, desk, missing):
    paper = PaperFactory(item=item, kind="decision", **COMMENTS | {missing: ""})
    place = reverse("engagement:paper_issue", args=[paper.pk])
    assert f"Missing: {missing.replace('_', ' ')}." in desk.get(place).content.decode()

    page = desk.post(place, {"version": 1}).content.decode()

    assert f"Enter the {missing.replace('_', ' ')}: a paper for a decision cannot be issued without" in page
    paper.refresh_from_db()
    assert paper.is_draft


def test_a_late_paper_can_be_issued_and_says_that_it_is_late(meeting, desk):
    paper = PaperFactory(item__meeting=meeting)
    place = reverse("engagement:paper_issue", args=[paper.pk])
    assert "the last day was 2 September 2019" in desk.get(place).content.decode()

    page = desk.post(place, {"version": 1}, follow=True).content.decode()

    assert "Published late: on 30 September 2019, after 2 September 2019." in page


def test_what_somebody_changed_since_it_was_read_is_read_again(item, desk):
    paper = PaperFactory(item=item)
    Paper.objects.update(version=2, title="Another subject")

    response = desk.post(reverse("engagement:paper_issue", args=[paper.pk]), {"version": 1})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Read it again" in page
    assert "Another subject" in page
    assert 'name="version" value="2"' in page
