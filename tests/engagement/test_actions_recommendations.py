"""What a committee asks, and what becomes of it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError

from engagement import actions
from engagement.choices import AskState, Reply
from engagement.models import Recommendation, RecommendationEvidence
from systems.models.private_files import private_storage
from tests.elsewhere import all_at_once, tell
from tests.engagement.factories import (
    ActionFactory,
    CouncilFactory,
    MeetingFactory,
    RecommendationFactory,
)
from tests.factories import TODAY, CommitmentFactory, SystemFactory, UserFactory

pytestmark = pytest.mark.django_db

YES = {"reply": Reply.ACCEPTED, "words": "We will.", "owner": "Director of delivery"}


def asked(system, **facts):
    return {
        "kind": "recommendation",
        "reference": "7.1",
        "wording": "That the plan is shown.",
        "system": system,
        "due_on": dt.date(2019, 10, 8),
    } | facts


def close(recommendation, chair, version=1):
    actions.close(recommendation=recommendation, version=version, note="Content.", by=chair, today=TODAY)


def reopen(recommendation, chair, version=2, due_on=dt.date(2019, 10, 28)):
    actions.reopen(recommendation=recommendation, version=version, note="Not so.", due_on=due_on, by=chair, today=TODAY)


def reply(recommendation, by, version=1, **facts):
    return actions.answer(recommendation=recommendation, version=version, facts=YES | facts, by=by, today=TODAY)


def test_what_is_recorded_awaits_an_answer(meeting, system, clerk):
    made = actions.record_recommendation(meeting=meeting, facts=asked(system), by=clerk, today=TODAY)

    assert (made.state, made.recorded_by, made.recorded_on) == (AskState.AWAITING, clerk, TODAY)
    assert made.addressee == "South East London"


def test_a_body_is_named_within_its_system(meeting, system, clerk):
    own, other = CouncilFactory(system=system, name="A trust"), CouncilFactory(system=SystemFactory())

    made = actions.record_recommendation(meeting=meeting, facts=asked(system, organisation=own), by=clerk, today=TODAY)
    assert made.addressee == "A trust"
    with pytest.raises(ValidationError, match="another system"):
        actions.record_recommendation(
            meeting=meeting, facts=asked(system, organisation=other, reference="8"), by=clerk, today=TODAY
        )


def test_a_cancelled_meeting_asked_nothing(committee, system, clerk):
    meeting = MeetingFactory(committee=committee, status="cancelled")

    with pytest.raises(ValidationError, match="cancelled"):
        actions.record_recommendation(meeting=meeting, facts=asked(system), by=clerk, today=TODAY)


def test_what_is_asked_again_counts_for_the_first_time_it_was_asked(recommendation, meeting, system, clerk):
    again = actions.record_recommendation(
        meeting=meeting, facts=asked(system, repeats=recommendation), by=clerk, today=TODAY
    )
    once_more = actions.record_recommendation(
        meeting=meeting, facts=asked(system, repeats=again, reference="7.2"), by=clerk, today=TODAY
    )

    assert (again.repeats, once_more.repeats) == (recommendation, recommendation)


def test_an_answer_is_kept_beside_the_earlier_ones(recommendation, approver):
    reply(recommendation, approver)
    reply(recommendation, approver, version=2, reply=Reply.IN_PART, reason="Money.")

    recommendation.refresh_from_db()
    assert recommendation.state == AskState.ANSWERED
    assert [r.reply for r in recommendation.responses.all()] == ["in_part", "accepted"]


def test_an_answer_that_refuses_says_why(recommendation, approver):
    with pytest.raises(ValidationError, match="Say why"):
        reply(recommendation, approver, reply=Reply.NOT_ACCEPTED)

    recommendation.refresh_from_db()
    assert recommendation.state == AskState.AWAITING


def test_only_what_was_read_is_answered(recommendation, approver, chair):
    close(recommendation, chair)

    with pytest.raises(actions.Conflict):
        reply(recommendation, approver)
    with pytest.raises(actions.Conflict):
        reply(recommendation, approver, version=2)


def test_the_committee_closes_with_a_note_and_opens_again_with_a_day(recommendation, chair):
    close(recommendation, chair)
    recommendation.refresh_from_db()
    assert recommendation.state == AskState.CLOSED

    reopen(recommendation, chair)

    recommendation.refresh_from_db()
    assert (recommendation.state, recommendation.due_on) == (AskState.AWAITING, dt.date(2019, 10, 28))
    assert [(step.kind, step.done_by) for step in recommendation.steps.all()] == [
        ("reopened", chair),
        ("closed", chair),
    ]


def test_nothing_is_closed_or_opened_twice(recommendation, chair):
    with pytest.raises(actions.Conflict):
        reopen(recommendation, chair, version=1)
    close(recommendation, chair)
    with pytest.raises(actions.Conflict):
        close(recommendation, chair, version=2)
    reopen(recommendation, chair)
    with pytest.raises(actions.Conflict):
        reopen(recommendation, chair, version=3)


def test_closing_needs_a_note(recommendation, chair):
    with pytest.raises(ValidationError):
        actions.close(recommendation=recommendation, version=1, note="", by=chair, today=TODAY)

    assert not recommendation.steps.exists()


def test_its_commitments_are_those_named_and_no_others(recommendation):
    one, two, three = (CommitmentFactory() for _ in range(3))

    actions.link_commitments(recommendation=recommendation, version=1, commitments=[one, two])
    actions.link_commitments(recommendation=recommendation, version=2, commitments=[two, three])

    assert set(recommendation.commitments.all()) == {two, three}
    with pytest.raises(actions.Conflict):
        actions.link_commitments(recommendation=recommendation, version=2, commitments=[])


def test_actions_are_added_and_ticked_once(recommendation, manager):
    facts = {"title": "Send it", "owner": "Office", "due_on": dt.date(2019, 9, 1)}
    action = actions.add_action(recommendation=recommendation, facts=facts, by=manager, today=TODAY)
    assert action.is_overdue(TODAY)

    actions.finish_action(action=action, today=TODAY)
    actions.finish_action(action=action, today=TODAY + dt.timedelta(days=1))

    action.refresh_from_db()
    assert (action.done_on, action.is_overdue(TODAY)) == (TODAY, False)


def test_evidence_is_a_link_or_a_file(recommendation, manager):
    linked = {"title": "Minutes", "url": "https://example.org/m"}
    filed = {"title": "Plan", "file": ContentFile(b"%PDF", "plan.pdf"), "file_name": "plan.pdf"}

    for evidence in (linked, filed):
        actions.add_evidence(recommendation=recommendation, **evidence, by=manager, today=TODAY)

    first, second = recommendation.evidence.all()
    assert (first.url, second.file_name) == ("https://example.org/m", "plan.pdf")
    with second.file.open() as kept:
        assert kept.read() == b"%PDF"
    with pytest.raises(ValidationError, match="not both"):
        actions.add_evidence(recommendation=recommendation, **filed, url="https://x.org", by=manager, today=TODAY)


def test_what_is_not_written_leaves_no_file_behind(recommendation, manager, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(RecommendationEvidence, "save_base", fail)
    before = set(private_storage().listdir("")[1])

    with pytest.raises(DatabaseError):
        actions.add_evidence(
            recommendation=recommendation,
            title="Plan",
            file=ContentFile(b"%PDF", "plan.pdf"),
            file_name="plan.pdf",
            by=manager,
            today=TODAY,
        )

    assert set(private_storage().listdir("")[1]) == before


def test_nothing_is_added_to_what_is_closed(recommendation, chair, manager):
    action = ActionFactory(recommendation=recommendation)
    close(recommendation, chair)

    for work in (
        lambda: actions.add_action(recommendation=recommendation, facts={}, by=manager, today=TODAY),
        lambda: actions.finish_action(action=action, today=TODAY),
        lambda: actions.add_evidence(recommendation=recommendation, title="x", by=manager, today=TODAY),
    ):
        with pytest.raises(actions.Conflict):
            work()


def test_the_state_is_what_its_history_says(recommendation, approver, chair):
    reply(recommendation, approver)
    close(recommendation, chair, version=2)
    reopen(recommendation, chair, version=3)
    reply(recommendation, approver, version=4)

    recommendation.refresh_from_db()
    assert (recommendation.state, recommendation.version) == (AskState.ANSWERED, 5)
    assert (recommendation.responses.count(), recommendation.steps.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_the_second_is_told():
    recommendation, by = RecommendationFactory(), UserFactory()
    outcomes: list[str] = []

    all_at_once(*(tell(outcomes, lambda: reply(recommendation, by)) for _ in range(2)))

    assert sorted(outcomes) == ["conflict", "done"]
    assert Recommendation.objects.get().version == 2
