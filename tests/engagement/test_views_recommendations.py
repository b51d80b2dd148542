"""What committees asked: the list, one of it, recording, closing and opening again."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from engagement.choices import AskState
from engagement.models import Recommendation
from systems.choices import OrganisationKind, Role
from tests.engagement.factories import (
    ActionFactory,
    ClosedFactory,
    CommitteeFactory,
    CouncilFactory,
    EvidenceFactory,
    ItemFactory,
    MeetingFactory,
    RecommendationFactory,
    ResponseFactory,
    StepFactory,
)
from tests.factories import TODAY, CommitmentFactory, SystemFactory, person

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture
def listed(signed_in):
    """The rows of the list as this person sees it, in its order."""

    def rows(user, **query):
        response = signed_in(user).get(reverse("engagement:recommendations"), query)
        assert response.status_code == 200
        return [row.record for row in response.context["table"].paginated_rows]

    return rows


def address(ask, name="recommendation"):
    return reverse(f"engagement:{name}", args=[ask.pk])


# --- The list ---------------------------------------------------------------------------------------------


def test_what_awaits_an_answer_stands_first(meeting, system, member, listed):
    closed = ClosedFactory(meeting=meeting, system=system)
    late = RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY)

    assert listed(member) == [late, closed]


def test_nobody_sees_what_is_not_theirs(recommendation, listed, portal_admin):
    stranger = person(Role.APPROVER, SystemFactory())

    assert listed(stranger) == []
    assert listed(portal_admin) == [recommendation]


def test_the_list_is_narrowed(meeting, system, approver, listed):
    late = RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY, wording="Link workers")
    question = RecommendationFactory(
        meeting=meeting, system=system, kind="question", state="answered", due_on=YESTERDAY
    )
    elsewhere = SystemFactory(code="QRV")
    board = CommitteeFactory(slug="board", scrutinises=[system])
    other = RecommendationFactory(meeting__committee=board, system=elsewhere)

    assert listed(approver, overdue="1") == [late]
    assert listed(approver, state="answered") == listed(approver, kind="question") == [question]
    assert listed(approver, committee="board") == listed(approver, system="QRV") == [other]
    assert listed(approver, q="link work") == [late]
    assert listed(approver, mine="1") == [late, question]
    assert listed(approver, state="answered", committee="board") == []


def test_a_word_nobody_knows_is_an_error_and_shows_nothing(recommendation, member, signed_in):
    page = signed_in(member).get(reverse("engagement:recommendations"), {"state": "lost"}).content.decode()

    assert "State: select one that is listed" in page
    assert "Nothing that was asked matches these filters" in page


@pytest.mark.parametrize("order", ["wording", "-committee", "addressee", "state", "-due_on"])
def test_the_list_is_sorted(meeting, system, member, listed, order):
    asks = {RecommendationFactory(meeting=meeting, system=system) for _ in range(2)}

    assert set(listed(member, sort=order)) == asks


def test_how_a_row_stands_is_said_in_words(meeting, system, member, signed_in):
    first = RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY)
    RecommendationFactory(meeting=meeting, system=system, repeats=first, state="answered")
    ResponseFactory(recommendation=first.repeated.get(), reply="noted")

    page = signed_in(member).get(reverse("engagement:recommendations")).content.decode()

    for words in ("1 day overdue", "Asked twice", "Noted", "10 September 2019", "South East London"):
        assert words in page


def test_the_list_is_taken_out_as_a_file(meeting, system, member, signed_in):
    ask = RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY, wording="=1+1", reference="4.1")
    ResponseFactory(recommendation=ask, reply="in_part", reason="Money")

    answer = signed_in(member).get(reverse("engagement:recommendations"), {"export": "csv"})
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))

    assert row["What was asked"] == "'=1+1"
    assert (row["State"], row["Kind"], row["Minute reference"]) == ("Awaiting an answer", "Recommendation", "4.1")
    assert (row["Answer due"], row["Overdue"], row["Latest answer"]) == ("2019-09-29", "Yes", "Accepted in part")
    book = signed_in(member).get(reverse("engagement:recommendations"), {"export": "xlsx"})
    assert load_workbook(io.BytesIO(b"".join(book.streaming_content))).active.max_row == 2


def test_twice_the_rows_ask_no_more(meeting, system, member, listed, django_assert_max_num_queries):
    def fill():
        ask = RecommendationFactory(meeting=meeting, system=system, organisation=CouncilFactory(system=system))
        ResponseFactory(recommendation=ask)
        RecommendationFactory(meeting__committee=meeting.committee, system=system, repeats=ask, meeting=meeting)

    fill()
    with django_assert_max_num_queries(30) as few:
        listed(member)
    fill()
    with django_assert_max_num_queries(len(few)):
        listed(member)


# --- One of it --------------------------------------------------------------------------------------------


def test_a_recommendation_tells_all_that_came_of_it(recommendation, member, signed_in):
    ResponseFactory(recommendation=recommendation, reply="in_part", reason="Money", done_by_on=dt.date(2019, 12, 1))
    StepFactory(recommendation=recommendation, note="Not content", kind="reopened", due_on=dt.date(2019, 11, 1))
    recommendation.links.create(commitment=CommitmentFactory(title="Link workers", code="LTP1-PERS-03"))
    ActionFactory(recommendation=recommendation, due_on=YESTERDAY)
    ActionFactory(recommendation=recommendation, done_on=TODAY)
    EvidenceFactory(recommendation=recommendation)
    again = RecommendationFactory(meeting=recommendation.meeting, repeats=recommendation, system=recommendation.system)

    response = signed_in(member).get(address(recommendation))

    page = response.content.decode()
    assert [told.what for told in response.context["history"]] == ["Opened again", "Accepted in part"]
    assert [row.standing for row in response.context["actions"]] == ["1 day overdue", "Done on 30 September 2019"]
    assert [ask for ask, _ in response.context["same"]] == [recommendation, again]
    for words in ("Asked twice", "Money", "1 December 2019", "Link workers", "https://www.example.org/minutes"):
        assert words in page
    assert address(recommendation, "answer") not in page


def test_what_nobody_answered_says_so(recommendation, member, signed_in):
    page = signed_in(member).get(address(recommendation)).content.decode()

    for words in (
        "There is no answer yet",
        "None is linked",
        "No action has been entered",
        "No evidence has been added",
    ):
        assert words in page


def test_twice_the_answers_ask_no_more(recommendation, member, signed_in, django_assert_max_num_queries):
    def fill():
        for made in (ResponseFactory, StepFactory, ActionFactory, EvidenceFactory):
            made(recommendation=recommendation)
        recommendation.links.create(commitment=CommitmentFactory())

    fill()
    with django_assert_max_num_queries(40) as few:
        signed_in(member).get(address(recommendation))
    fill()
    with django_assert_max_num_queries(len(few)):
        signed_in(member).get(address(recommendation))


# --- Recording --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(signed_in, chair):
    return signed_in(chair)


@pytest.fixture
def sent(system):
    words = {
        "kind": "recommendation",
        "reference": "4.1",
        "wording": "That the plan is shown.",
        "asked_by": "Cllr A",
        "system": system.pk,
        "due_on_day": 8,
        "due_on_month": 10,
        "due_on_year": 2019,
    }
    return lambda **changes: words | changes


def test_an_answer_is_due_after_28_days_unless_told_otherwise(meeting, system, desk, settings):
    place = reverse("engagement:recommendation_add", args=[meeting.pk])

    assert desk.get(place).context["form"].initial == {"due_on": dt.date(2019, 10, 8), "system": system}
    settings.ANSWER_DAYS = 10
    assert desk.get(place).context["form"].initial["due_on"] == dt.date(2019, 9, 20)


def test_what_the_meeting_asked_is_recorded(meeting, system, chair, desk, sent):
    item = ItemFactory(meeting=meeting)
    trust = CouncilFactory(system=system, kind=OrganisationKind.TRUST, name="A trust")
    spring = MeetingFactory(committee=meeting.committee, held_on=dt.date(2019, 3, 1))
    earlier = RecommendationFactory(meeting=spring, system=system, wording="x" * 100)
    place = reverse("engagement:recommendation_add", args=[meeting.pk])
    assert f"of 1 March 2019: {'x' * 79}…" in desk.get(place).content.decode()

    response = desk.post(place, sent(item=item.pk, organisation=trust.pk, repeats=earlier.pk, kind="question"))

    made = Recommendation.objects.get(meeting=meeting)
    assert response["Location"] == reverse("engagement:meeting", args=[meeting.committee.slug, meeting.held_on])
    assert (made.item, made.addressee, made.repeats, made.recorded_by) == (item, "A trust", earlier, chair)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Select whether it is a recommendation or a question"),
        ({"reference": ""}, "Enter the minute reference"),
        ({"wording": ""}, "Enter the wording, as minuted"),
        ({"system": ""}, "Select a system that the committee scrutinises"),
        ({"due_on_day": "", "due_on_month": "", "due_on_year": ""}, "Enter the day by which an answer is due"),
        ({"due_on_day": 10, "due_on_month": 9}, "The answer must be due after the meeting"),
        ({"organisation": 0}, "Select a body from the list"),
        ({"repeats": 0}, "Select an earlier recommendation of this committee"),
    ],
)
def test_what_is_wrong_is_said_in_words(meeting, desk, sent, changes, words):
    page = desk.post(reverse("engagement:recommendation_add", args=[meeting.pk]), sent(**changes)).content.decode()

    assert words in page
    assert not Recommendation.objects.exists()


def test_a_system_the_committee_does_not_scrutinise_is_not_asked(meeting, desk, sent):
    page = desk.post(reverse("engagement:recommendation_add", args=[meeting.pk]), sent(system=SystemFactory().pk))

    assert "Select a system that the committee scrutinises" in page.content.decode()


def test_a_minute_reference_twice_is_refused_in_words(recommendation, desk, sent):
    place = reverse("engagement:recommendation_add", args=[recommendation.meeting.pk])

    page = desk.post(place, sent(reference=recommendation.reference)).content.decode()

    assert "has a recommendation with this minute reference already" in page


# --- Closing and opening again ----------------------------------------------------------------------------


def test_the_committee_closes_with_a_note(recommendation, chair, desk):
    place = address(recommendation, "recommendation_close")
    assert "Enter why the committee closes it" in desk.post(place, {"note": "", "version": 1}).content.decode()

    response = desk.post(place, {"note": "Content.", "version": 1})

    recommendation.refresh_from_db()
    assert response["Location"] == address(recommendation)
    assert (recommendation.state, recommendation.steps.get().done_by) == (AskState.CLOSED, chair)
    page = desk.get(place).content.decode()
    assert "the committee has closed it" in page
    assert "<form method" not in page.split("<main")[1]


def test_the_committee_opens_again_with_another_day(system, meeting, desk):
    ask = ClosedFactory(meeting=meeting, system=system)
    place = address(ask, "recommendation_reopen")
    assert desk.get(place).context["form"].initial["due_on"] == dt.date(2019, 10, 28)
    sent = {"note": "Not so.", "due_on_day": 29, "due_on_month": 9, "due_on_year": 2019, "version": 1}
    assert "The answer must be due today or later" in desk.post(place, sent).content.decode()

    desk.post(place, sent | {"due_on_day": 30})

    ask.refresh_from_db()
    assert (ask.state, ask.due_on) == (AskState.AWAITING, TODAY)
    assert "it is not closed" in desk.get(place).content.decode()


def test_an_answer_that_came_meanwhile_is_read_before_closing(recommendation, desk):
    ResponseFactory(recommendation=recommendation, words="Here is the answer")
    Recommendation.objects.update(state="answered", version=2)
    place = address(recommendation, "recommendation_close")

    response = desk.post(place, {"note": "No answer came.", "version": 1})

    page = response.content.decode()
    assert response.status_code == 409
    for words in ("Something was added since you opened this page", "Here is the answer", "No answer came."):
        assert words in page
    assert desk.post(place, {"note": "Answered now.", "version": 2}).status_code == 302


def test_what_was_closed_meanwhile_leaves_the_words_to_copy(recommendation, desk):
    Recommendation.objects.update(state="closed", version=2)

    response = desk.post(address(recommendation, "recommendation_close"), {"note": "My note.", "version": 1})

    assert response.status_code == 409
    assert "What you had typed" in response.content.decode()
    assert "My note." in response.content.decode()


@pytest.mark.parametrize("name", ["recommendation_close", "recommendation_reopen"])
def test_nobody_but_the_committee_closes(recommendation, approver, member, portal_admin, signed_in, name):
    for user in (approver, member, portal_admin):
        assert signed_in(user).post(address(recommendation, name), {"note": "x", "version": 1}).status_code == 403
    assert not recommendation.steps.exists()
