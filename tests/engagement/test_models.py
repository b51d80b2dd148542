"""Each constraint, and one test that breaks it."""

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError, transaction

from engagement.models import AgendaItem, Paper, Recommendation
from tests.engagement.factories import (
    ActionFactory,
    CommitteeFactory,
    CouncilFactory,
    EngagementFactory,
    EvidenceFactory,
    IssuedPaperFactory,
    ItemFactory,
    MeetingFactory,
    PaperFactory,
    RecommendationFactory,
    ResponseFactory,
    SeatFactory,
    StepFactory,
    WithdrawalFactory,
)
from tests.factories import CommitmentFactory, UserFactory

pytestmark = pytest.mark.django_db

ONE_DAY = dt.timedelta(days=1)
COMMENTS = {"equality_impact": "None", "legal_comments": "None", "finance_comments": "None"}


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


BROKEN = {
    "committee_kind_is_known": lambda: CommitteeFactory(kind="club"),
    "committee_member_is_an_account_or_a_name": lambda: SeatFactory(user=None),
    "committee_member_has_a_known_role": lambda: SeatFactory(role="king"),
    "committee_term_ends_after_it_begins": lambda: SeatFactory(ends_on=dt.date(2018, 4, 30)),
    "meeting_status_is_known": lambda: MeetingFactory(status="perhaps"),
    "agenda_begins_with_number_one": lambda: ItemFactory(number=0),
    "paper_kind_is_known": lambda: PaperFactory(kind="poem"),
    "paper_issued_names_the_day": lambda: IssuedPaperFactory(issued_on=None),
    "recommendation_kind_is_known": lambda: RecommendationFactory(kind="wish"),
    "recommendation_state_is_known": lambda: RecommendationFactory(state="lost"),
    "recommendation_has_a_wording": lambda: RecommendationFactory(wording=""),
    "response_reply_is_known": lambda: ResponseFactory(reply="perhaps"),
    "response_has_words_and_an_owner": lambda: ResponseFactory(owner=""),
    "response_not_wholly_accepted_says_why": lambda: ResponseFactory(reply="in_part"),
    "action_has_a_title_and_an_owner": lambda: ActionFactory(title=""),
    "action_is_done_after_it_was_recorded": lambda: ActionFactory(done_on=dt.date(2019, 9, 19)),
    "evidence_is_a_link_or_a_file": lambda: EvidenceFactory(url=""),
    "evidence_link_is_https": lambda: EvidenceFactory(url="http://www.example.org"),
    "evidence_file_has_a_name": lambda: EvidenceFactory(file_name="minutes.pdf"),
    "committee_step_reopened_names_another_day": lambda: StepFactory(kind="reopened"),
    "committee_step_has_a_note": lambda: StepFactory(note=""),
    "engagement_happened_before_it_was_recorded": lambda: EngagementFactory(happened_on=dt.date(2019, 6, 14)),
    "engagement_says_with_whom_and_what_was_heard": lambda: EngagementFactory(with_whom=""),
    "engagement_link_is_https": lambda: EngagementFactory(link="http://www.example.org"),
    "engagement_withdrawn_says_why": lambda: WithdrawalFactory(reason=""),
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_the_database_refuses_a_bad_fact(constraint):
    with refused(constraint):
        BROKEN[constraint]()


def test_a_committee_has_each_council_and_each_footprint_once(committee, system):
    council = CouncilFactory()
    committee.council_seats.create(council=council, source="Test")

    with refused("committee_has_a_council_once"), transaction.atomic():
        committee.council_seats.create(council=council, source="Test")
    with refused("committee_scrutinises_a_footprint_once"):
        committee.scope.create(footprint=system, source="Test")


def test_a_committee_has_one_chair_whose_term_has_no_end(committee, chair):
    SeatFactory(committee=committee, role="chair", ends_on=dt.date(2019, 5, 1))

    with refused("committee_has_one_chair_without_an_end"):
        SeatFactory(committee=committee, role="chair")


def test_nobody_begins_the_same_term_twice(committee, member):
    with refused("committee_member_begins_a_term_once"):
        SeatFactory(committee=committee, user=member)


def test_a_committee_meets_once_a_day_and_numbers_its_agenda_once(meeting):
    ItemFactory(meeting=meeting, number=1)

    with refused("committee_meets_once_a_day"), transaction.atomic():
        MeetingFactory(committee=meeting.committee)
    with refused("agenda_has_a_number_once"):
        ItemFactory(meeting=meeting, number=1)


@pytest.mark.parametrize("missing", COMMENTS)
def test_a_paper_for_a_decision_is_not_issued_without_each_comment(missing):
    with refused("paper_for_decision_is_issued_with_its_comments"):
        IssuedPaperFactory(kind="decision", **COMMENTS | {missing: ""})


def test_a_paper_for_a_decision_is_issued_with_all_and_one_for_information_with_none():
    assert not IssuedPaperFactory(kind="decision", **COMMENTS).is_draft
    assert not IssuedPaperFactory().is_draft
    assert PaperFactory(kind="decision").is_draft


def test_an_issued_paper_is_final():
    paper = IssuedPaperFactory()

    for change in (lambda: Paper.objects.update(title="Another"), paper.delete):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_a_draft_can_be_changed():
    PaperFactory()

    assert Paper.objects.update(title="Another") == 1


def test_a_minute_reference_stands_once_and_repeats_another(recommendation):
    with refused("recommendation_has_a_minute_reference_once"), transaction.atomic():
        RecommendationFactory(meeting=recommendation.meeting, reference=recommendation.reference)
    with refused("recommendation_does_not_repeat_itself"):
        RecommendationFactory(pk=10_000, repeats_id=10_000)


def test_a_recommendation_is_linked_to_a_commitment_once(recommendation):
    commitment = CommitmentFactory()
    recommendation.links.create(commitment=commitment)

    with refused("recommendation_is_linked_to_a_commitment_once"):
        recommendation.links.create(commitment=commitment)


@pytest.mark.parametrize(
    ("field", "value"), [("wording", "Another"), ("reference", "9"), ("recorded_on", "2019-01-01"), ("asked_by", "X")]
)
def test_what_the_committee_asked_stays(recommendation, field, value):
    with pytest.raises(InternalError):
        Recommendation.objects.update(**{field: value})


def test_a_recommendation_is_never_deleted(recommendation):
    with pytest.raises(InternalError):
        recommendation.delete()


@pytest.mark.parametrize(
    ("made", "field"),
    [(ResponseFactory, "words"), (EvidenceFactory, "title"), (StepFactory, "note")],
)
def test_answers_evidence_and_steps_are_append_only(made, field):
    row = made()

    with pytest.raises(InternalError), transaction.atomic():
        type(row)._base_manager.update(**{field: "Another"})
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


def test_names_are_for_people(meeting, committee):
    council = CouncilFactory(name="Bexley")
    seat = SeatFactory(committee=committee, user=None, name="Cllr Named", council=council, role="chair")
    item = AgendaItem(meeting=meeting, number=4, title="The plan")

    assert str(seat) == "Cllr Named, Chair of South East London committee"
    assert str(SeatFactory(user=UserFactory(name="Ann")).person) == "Ann"
    assert str(meeting) == "South East London committee, 10 September 2019"
    assert str(item) == "4. The plan"
    assert str(RecommendationFactory(reference="4.1")) == "Recommendation 4.1"
    assert str(ResponseFactory(recommendation__reference="4.2")) == "Recommendation 4.2: Accepted"
    assert str(StepFactory(recommendation__reference="4.3")) == "Recommendation 4.3: Closed"
    assert str(committee.scope.get()) == "South East London committee on South East London"
    assert str(committee.council_seats.create(council=council, source="x")).startswith("Bexley on")
    assert (str(ActionFactory()), str(EvidenceFactory()), str(PaperFactory())) == (
        "Send the draft plan to the six councils",
        "Minutes",
        "The NHS Long Term Plan",
    )
