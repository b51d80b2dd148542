"""The part of the NHS: answers, commitments, actions and evidence."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagement.choices import AskState, Reply
from engagement.models import Recommendation
from tests.engagement.factories import ActionFactory, ClosedFactory, EvidenceFactory, RecommendationFactory, StepFactory
from tests.factories import TODAY, CommitmentFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def desk(signed_in, approver):
    return signed_in(approver)


def address(ask, name="recommendation", *more):
    return reverse(f"engagement:{name}", args=[ask.pk, *more])


def sent(**changes):
    return {"reply": "accepted", "words": "We will.", "reason": "", "owner": "Director", "version": 1} | changes


def test_an_approver_answers(recommendation, approver, desk):
    assert address(recommendation, "answer") in desk.get(address(recommendation)).content.decode()

    when = {"done_by_on_day": 31, "done_by_on_month": 12, "done_by_on_year": 2019}
    response = desk.post(address(recommendation, "answer"), sent(**when))

    said = recommendation.responses.get()
    recommendation.refresh_from_db()
    assert response["Location"] == address(recommendation)
    assert (said.reply, said.answered_by, said.done_by_on) == (Reply.ACCEPTED, approver, dt.date(2019, 12, 31))
    assert recommendation.state == AskState.ANSWERED
    assert "Answer again" in desk.get(address(recommendation)).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reply": ""}, "Select how you answer"),
        ({"words": ""}, "Enter your answer"),
        ({"owner": ""}, "Enter who sees to it"),
        ({"reply": "not_accepted"}, "Enter why it is not accepted, or only in part"),
        ({"reply": "in_part"}, "Enter why it is not accepted, or only in part"),
        ({"done_by_on_day": 31}, "The date must include a month and year"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_in_words(recommendation, desk, changes, words):
    page = desk.post(address(recommendation, "answer"), sent(**changes)).content.decode()

    assert words in page
    assert not recommendation.responses.exists()


def test_of_two_who_answer_the_second_reads_the_first(recommendation, manager, desk, signed_in):
    signed_in(manager).post(address(recommendation, "answer"), sent(words="The manager was first."))

    response = desk.post(address(recommendation, "answer"), sent(words="The approver came second."))

    page = response.content.decode()
    assert response.status_code == 409
    assert "The manager was first." in page
    assert "The approver came second." in page
    assert desk.post(address(recommendation, "answer"), sent(version=2)).status_code == 302
    assert recommendation.responses.count() == 2


def test_what_the_committee_closed_meanwhile_takes_no_answer(recommendation, desk):
    StepFactory(recommendation=recommendation)
    Recommendation.objects.update(state="closed", version=2)

    response = desk.post(address(recommendation, "answer"), sent(words="Too late"))

    page = response.content.decode()
    assert response.status_code == 409
    for words in ("the committee has closed it", "What you had typed", "Too late"):
        assert words in page
    assert address(recommendation, "answer") not in desk.get(address(recommendation)).content.decode()


def test_its_commitments_are_named_by_their_codes(recommendation, desk):
    one, two = CommitmentFactory(code="LTP1-PERS-03"), CommitmentFactory(code="LTP1-PERS-04")
    place = address(recommendation, "answer_commitments")
    assert desk.post(place, {"codes": "ltp1-pers-03,\nLTP1-PERS-04", "version": 1}).status_code == 302
    assert set(recommendation.commitments.all()) == {one, two}
    assert desk.get(place).context["form"].initial["codes"] == "LTP1-PERS-03\nLTP1-PERS-04"

    assert (
        "There is no commitment LTP9-X, NONE"
        in desk.post(place, {"codes": "none LTP9-X", "version": 2}).content.decode()
    )
    assert desk.post(place, {"codes": "LTP1-PERS-04", "version": 1}).status_code == 409
    desk.post(place, {"codes": "LTP1-PERS-04", "version": 2})

    assert list(recommendation.commitments.all()) == [two]


def test_an_action_is_added_and_marked_as_done(recommendation, desk):
    due = {"due_on_day": 31, "due_on_month": 12, "due_on_year": 2019}
    place = address(recommendation, "action_add")
    assert "Enter what will be done" in desk.post(place, due | {"title": "", "owner": "Office"}).content.decode()
    desk.post(place, due | {"title": "Count the link workers", "owner": "Office"})
    action = recommendation.actions.get()
    done = address(recommendation, "action_done", action.pk)
    assert done in desk.get(address(recommendation)).content.decode()
    assert "Done: Count the link workers" in desk.get(done).content.decode()

    response = desk.post(done)

    action.refresh_from_db()
    assert (response["Location"], action.done_on) == (address(recommendation), TODAY)


def test_an_action_of_another_recommendation_is_not_there(recommendation, system, desk):
    other = ActionFactory(recommendation=RecommendationFactory(system=system))

    assert desk.get(address(recommendation, "action_done", other.pk)).status_code == 404


def test_a_link_is_added_as_evidence(recommendation, approver, desk):
    place = address(recommendation, "evidence_add")

    desk.post(place, {"title": "Minutes", "url": "https://www.example.org/minutes"})

    shown = recommendation.evidence.get()
    assert (shown.url, shown.recorded_by) == ("https://www.example.org/minutes", approver)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": "", "url": "https://x.org"}, "Enter what it is"),
        ({"title": "A"}, "Enter a link, or select a file"),
        ({"title": "A", "url": "http://x.org"}, "Enter a link that begins with https://"),
        ({"title": "A", "url": "https://x.org", "file": SimpleUploadedFile("a.pdf", PDF)}, "but not both"),
        ({"title": "A", "file": SimpleUploadedFile("a.exe", b"MZ")}, "The selected file must be a PDF"),
        ({"title": "A", "file": SimpleUploadedFile("a.pdf", b"no")}, "not what its name says"),
    ],
)
def test_what_is_wrong_with_evidence_is_said_in_words(recommendation, desk, sent, words):
    page = desk.post(address(recommendation, "evidence_add"), sent).content.decode()

    assert words in page
    assert not recommendation.evidence.exists()


def test_a_file_is_kept_under_a_made_up_name_and_handed_over_to_who_sees_the_recommendation(
    recommendation, desk, member, signed_in, security_log
):
    file = SimpleUploadedFile("Plan of Bexley.pdf", PDF)
    desk.post(address(recommendation, "evidence_add"), {"title": "The plan", "file": file})
    shown = recommendation.evidence.get()
    assert "Bexley" not in shown.file.name

    answer = signed_in(member).get(address(recommendation, "evidence", shown.pk))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="Plan of Bexley.pdf"'
    assert any(event["event"] == "evidence_downloaded" for event in security_log())


def test_a_file_that_is_gone_and_a_link_are_not_there(recommendation, desk):
    gone = EvidenceFactory(recommendation=recommendation, url="", file="gone.pdf", file_name="gone.pdf")
    link = EvidenceFactory(recommendation=recommendation)

    for shown in (gone, link):
        assert desk.get(address(recommendation, "evidence", shown.pk)).status_code == 404


@pytest.mark.parametrize("name", ["answer", "answer_commitments", "action_add", "evidence_add"])
def test_what_is_closed_cannot_be_added_to(meeting, system, desk, name):
    ask = ClosedFactory(meeting=meeting, system=system)

    page = desk.get(address(ask, name)).content.decode()

    assert "the committee has closed it" in page
    assert 'type="submit">Send' not in page


def test_sent_twice_an_answer_is_taken_once(recommendation, desk):
    page = desk.get(address(recommendation, "answer"))
    key = page.content.decode().split('name="form_key" value="')[1].split('"')[0]

    for _click in range(2):
        assert desk.post(address(recommendation, "answer"), sent(form_key=key)).status_code == 302

    assert recommendation.responses.count() == 1
