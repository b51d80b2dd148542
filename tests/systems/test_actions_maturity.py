"""Assessments from draft to decision, and the improvement plan: who may write what, and what is refused."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile

from systems import actions
from systems.actions import Answer, Conflict
from systems.choices import AssessmentState, MaturityStatus, Rater, Result
from systems.models import ActionMove, Assessment, ImprovementAction, MaturityPosition
from systems.models.private_files import private_storage
from tests.elsewhere import all_at_once, tell
from tests.factories import (
    TODAY,
    CriterionFactory,
    DomainFactory,
    FrameworkFactory,
    ImprovementActionFactory,
    UserFactory,
    signed_off_assessment,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def draft(ladder, system, manager, settled) -> Assessment:
    return begun(ladder.framework, system, manager)


def begun(framework, footprint, by, **facts) -> Assessment:
    return actions.begin_assessment(
        framework=framework, footprint=footprint, rater=facts.pop("rater", Rater.SELF), by=by, today=TODAY, **facts
    )


def met(version: int = 0, **words) -> Answer:
    return Answer(version, {"result": Result.MET, "evidence": "Minutes"} | words)


def answer_all(draft, by, result=Result.MET) -> None:
    answers = {criterion.pk: met(result=result) for domain in draft.framework.domains.all() for criterion in domain.criteria.all()}  # fmt: skip  # noqa: E501
    assert actions.save_findings(assessment=draft, answers=answers, by=by) == set()
    draft.refresh_from_db()


def submit(draft, by, assessed_on=TODAY) -> None:
    actions.submit_assessment(assessment=draft, version=draft.version, assessed_on=assessed_on, by=by, today=TODAY)
    draft.refresh_from_db()


def message(refusal) -> str:
    return " ".join(refusal.value.messages)


# --- Beginning --------------------------------------------------------------------------------------------


def test_each_rater_has_one_draft_at_a_time(ladder, system, manager, draft):
    with pytest.raises(ValidationError, match="already open here"):
        begun(ladder.framework, system, manager)

    assert begun(ladder.framework, system, manager, rater=Rater.PEER)


def test_a_place_is_assessed_by_its_partners_separately_and_a_system_is_not(ladder, system, place, manager):
    assert begun(ladder.framework, place, manager, partner="nhs")
    assert begun(ladder.framework, place, manager, partner="council")

    with pytest.raises(ValidationError, match="Only a place is assessed by one of its partners alone"):
        begun(ladder.framework, system, manager, partner="nhs")


def test_a_framework_for_others_or_replaced_is_refused(ladder, system, manager):
    FrameworkFactory(replaces=ladder.framework)

    for framework in (FrameworkFactory(level="pcn"), ladder.framework):
        with pytest.raises(ValidationError, match="This framework is not for such a footprint"):
            begun(framework, system, manager)


# --- Writing in it ----------------------------------------------------------------------------------------


def test_several_people_write_in_one_draft(ladder, manager, reporter, draft):
    first, second, *_ = ladder.criteria

    actions.save_findings(assessment=draft, answers={first.pk: met()}, by=manager)
    actions.save_findings(assessment=draft, answers={second.pk: met()}, by=reporter)

    assert [finding.written_by for finding in draft.findings.order_by("pk")] == [manager, reporter]
    assert Assessment.objects.with_progress().get(pk=draft.pk).answered == 2


def test_the_second_writer_of_one_answer_overwrites_nothing(ladder, manager, reporter, draft):
    first, second, *_ = ladder.criteria
    actions.save_findings(assessment=draft, answers={first.pk: met(evidence="His")}, by=manager)

    answers = {first.pk: met(evidence="Hers"), second.pk: met()}
    overtaken = actions.save_findings(assessment=draft, answers=answers, by=reporter)

    assert overtaken == {first.pk}
    assert draft.findings.get(criterion=first).evidence == "His"
    assert draft.findings.get(criterion=second).written_by == reporter


def test_what_is_stored_already_is_not_written_again(ladder, manager, reporter, draft):
    actions.save_findings(assessment=draft, answers={ladder.criteria[0].pk: met()}, by=manager)

    assert actions.save_findings(assessment=draft, answers={ladder.criteria[0].pk: met()}, by=reporter) == set()
    assert (draft.findings.get().written_by, draft.findings.get().version) == (manager, 1)


def test_a_criterion_of_another_framework_is_refused(manager, draft):
    with pytest.raises(ValidationError) as refusal:
        actions.save_findings(assessment=draft, answers={CriterionFactory().pk: met()}, by=manager)

    assert message(refusal) == "This criterion belongs to another framework. Open the assessment again."


def test_what_is_refused_leaves_no_file_behind(ladder, manager, draft):
    before = private_storage().listdir("")[1]
    words = {"evidence_file": ContentFile(b"x", "x.pdf"), "evidence_name": "n" * 201}

    with pytest.raises(Exception, match="too long"):
        actions.save_findings(assessment=draft, answers={ladder.criteria[0].pk: Answer(0, words)}, by=manager)

    assert private_storage().listdir("")[1] == before


@pytest.mark.django_db(transaction=True)
def test_two_people_answer_the_same_criterion_at_once(ladder, system, manager, reporter):
    draft = begun(ladder.framework, system, manager)
    criterion, outcomes = ladder.criteria[0].pk, []

    all_at_once(
        *(
            lambda by=by: outcomes.append(
                actions.save_findings(assessment=draft, answers={criterion: met(evidence=by.name)}, by=by)
            )
            for by in (manager, reporter)
        )
    )

    assert sorted(outcomes, key=len) == [set(), {criterion}]


# --- Submitting -------------------------------------------------------------------------------------------


def test_only_a_whole_assessment_is_submitted(ladder, manager, draft):
    actions.save_findings(assessment=draft, answers={ladder.criteria[0].pk: met(evidence="")}, by=manager)
    draft.refresh_from_db()

    with pytest.raises(ValidationError) as refusal:
        submit(draft, manager)

    assert "Left: A2.1, A2.2, A3.1." in message(refusal)
    assert "Say what shows that these are met: A1.1." in message(refusal)


def test_a_future_day_is_refused(manager, draft):
    answer_all(draft, manager)

    with pytest.raises(ValidationError) as refusal:
        submit(draft, manager, assessed_on=TODAY + DAY)

    assert message(refusal) == "The day it was judged for must be today or earlier."


def test_a_draft_is_submitted_as_it_was_read(ladder, manager, reporter, draft):
    answer_all(draft, manager)
    finding = draft.findings.get(criterion=ladder.criteria[0])
    answer = met(finding.version, result=Result.PARTLY)
    actions.save_findings(assessment=draft, answers={ladder.criteria[0].pk: answer}, by=reporter)

    with pytest.raises(Conflict):
        submit(draft, manager)


def test_nothing_is_written_in_what_was_submitted(ladder, manager, draft):
    answer_all(draft, manager)
    submit(draft, manager)

    with pytest.raises(Conflict):
        actions.save_findings(assessment=draft, answers={ladder.criteria[0].pk: met(1, evidence="More")}, by=manager)


# --- Deciding ---------------------------------------------------------------------------------------------


def decide(draft, by) -> None:
    actions.sign_off_assessment(assessment=draft, version=draft.version, by=by, today=TODAY)


def test_sign_off_counts_at_once(ladder, system, manager, approver, draft):
    answer_all(draft, manager)
    submit(draft, manager)

    decide(draft, approver)

    stands = MaturityPosition.objects.get(footprint=system)
    assert (stands.status, stands.reached, stands.assessed_on) == (MaturityStatus.MET, 3, TODAY)
    draft.refresh_from_db()
    assert (draft.state, draft.decided_by) == (AssessmentState.SIGNED_OFF, approver)


def test_nobody_signs_off_what_they_submitted_or_wrote_in(ladder, manager, approver, draft):
    answer_all(draft, approver)
    submit(draft, manager)

    for by in (manager, approver):
        with pytest.raises(PermissionDenied, match="Nobody signs off or returns an assessment they wrote in"):
            decide(draft, by)


def test_the_second_of_two_approvers_is_told(system, manager, approver, draft):
    answer_all(draft, manager)
    submit(draft, manager)
    other = UserFactory()
    decide(draft, approver)

    with pytest.raises(Conflict):
        decide(draft, other)


@pytest.mark.django_db(transaction=True)
def test_two_approvers_decide_at_once(ladder, system, manager, approver):
    draft, outcomes = begun(ladder.framework, system, manager), []
    answer_all(draft, manager)
    submit(draft, manager)
    other = UserFactory()

    all_at_once(*(tell(outcomes, lambda by=by: decide(draft, by)) for by in (approver, other)))

    assert Assessment.objects.get().state == AssessmentState.SIGNED_OFF
    assert sorted(outcomes) == ["conflict", "done"]


def test_what_was_returned_stays_and_the_next_draft_starts_from_it(ladder, system, manager, approver, draft):
    answer_all(draft, manager, Result.NOT_MET)
    submit(draft, manager)
    actions.return_assessment(assessment=draft, version=draft.version, note="Ask the council", by=approver, today=TODAY)

    following = begun(ladder.framework, system, manager)

    draft.refresh_from_db()
    assert (draft.state, draft.return_note) == (AssessmentState.RETURNED, "Ask the council")
    assert following.findings.count() == 4
    assert MaturityPosition.objects.get(footprint=system).status == MaturityStatus.NOT_ASSESSED


# --- The improvement plan ---------------------------------------------------------------------------------


def plan(footprint, by, **facts) -> ImprovementAction:
    said = {"title": "Appoint a chair", "owner": by, "due_on": dt.date(2020, 3, 31), "closes": []} | facts
    return actions.plan_action(footprint=footprint, by=by, today=TODAY, **said)


def test_an_action_that_takes_up_what_is_missing_moves_the_status(ladder, system, manager, settled):
    signed_off_assessment(system, dict.fromkeys(ladder.criteria[:3], Result.MET))

    plan(system, manager, closes=ladder.criteria[3:])

    assert MaturityPosition.objects.get(footprint=system).status == MaturityStatus.CLOSING


def test_an_action_closes_only_what_the_footprint_is_judged_by(system, manager):
    with pytest.raises(ValidationError, match="An action closes only criteria of the frameworks"):
        plan(system, manager, closes=[CriterionFactory(domain=DomainFactory(framework__level="pcn"))])

    assert not ImprovementAction.objects.exists()


def test_an_action_is_changed_as_it_was_read(ladder, system, manager, settled):
    action = plan(system, manager)
    facts = {"title": "Appoint a chair", "owner": manager, "closes": ladder.criteria[:1]}
    facts |= {"reason": "The board meets later", "by": manager, "today": TODAY}
    actions.change_action(action=action, version=1, due_on=dt.date(2020, 6, 30), **facts)

    with pytest.raises(Conflict):
        actions.change_action(action=action, version=1, due_on=dt.date(2020, 9, 30), **facts)

    action.refresh_from_db()
    assert (action.due_on, action.version, list(action.closes.all())) == (
        dt.date(2020, 6, 30), 2, ladder.criteria[:1],
    )  # fmt: skip


def move(action, by, due_on, *, on=TODAY, **facts) -> None:
    said = {"title": action.title, "owner": action.owner, "closes": list(action.closes.all())}
    stands = ImprovementAction.objects.get(pk=action.pk)
    said |= {"version": stands.version, "reason": "The board meets later", "by": by, "today": on} | facts
    actions.change_action(action=action, due_on=due_on, **said)


def test_a_move_of_the_due_date_is_kept_with_who_when_and_why(system, manager):
    action = plan(system, manager)

    move(action, manager, dt.date(2020, 6, 30))

    (kept,) = ActionMove.objects.all()
    assert (kept.action, kept.was_due_on, kept.due_on) == (action, dt.date(2020, 3, 31), dt.date(2020, 6, 30))
    assert (kept.reason, kept.recorded_on, kept.recorded_by) == ("The board meets later", TODAY, manager)


def test_what_does_not_move_the_date_keeps_no_move_and_needs_no_reason(system, manager):
    action = plan(system, manager)

    move(action, manager, action.due_on, reason="", title="Appoint two chairs")

    assert not ActionMove.objects.exists()


def test_a_date_moves_only_for_a_reason_but_the_first_one_needs_none(system, manager):
    dated = plan(system, manager)
    undated = plan(system, manager, title="Of a paper", due_on=None, source="A paper of 2019")

    move(undated, manager, dt.date(2020, 6, 30), reason="")
    with pytest.raises(ValidationError, match="Say why the date moves"):
        move(dated, manager, dt.date(2020, 6, 30), reason="")

    assert [(kept.action, kept.was_due_on) for kept in ActionMove.objects.all()] == [(undated, None)]
    dated.refresh_from_db()
    assert dated.due_on == dt.date(2020, 3, 31)


def finish(action, by, **facts) -> None:
    said = {"version": action.version, "done_on": TODAY, "evidence": "Minutes"} | facts
    actions.finish_action(action=action, by=by, today=TODAY, **said)


def test_an_action_done_no_longer_promises_anything_and_meets_nothing_by_itself(ladder, system, manager, settled):
    signed_off_assessment(system, dict.fromkeys(ladder.criteria[:3], Result.MET))
    action = plan(system, manager, closes=ladder.criteria[3:])

    finish(action, manager)

    stands = MaturityPosition.objects.get(footprint=system)
    assert (stands.status, stands.uncovered) == (MaturityStatus.AT_RISK, [ladder.criteria[3].pk])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"evidence": ""}, "Say what shows that it is done."),
        ({"done_on": TODAY + DAY}, "The day it was done must be today or earlier."),
    ],
)
def test_an_action_is_not_done_without_evidence_nor_in_the_future(system, manager, facts, said):
    action = ImprovementActionFactory(footprint=system)

    with pytest.raises(ValidationError) as refusal:
        finish(action, manager, **facts)

    assert said in message(refusal)
    action.refresh_from_db()
    assert action.done_on is None


def test_an_action_done_is_done_once_and_leaves_no_second_file(system, manager):
    action = ImprovementActionFactory(footprint=system)
    finish(action, manager, evidence="", evidence_file=ContentFile(b"x", "x.pdf"), evidence_name="x.pdf")
    before = private_storage().listdir("")[1]

    with pytest.raises(Conflict):
        finish(action, manager, evidence_file=ContentFile(b"y", "y.pdf"), evidence_name="y.pdf")
    with pytest.raises(ValidationError):
        finish(
            ImprovementActionFactory(footprint=system),
            manager,
            evidence_file=ContentFile(b"y", "y.pdf"),
            evidence_name="n" * 300,
        )

    assert private_storage().listdir("")[1] == before
