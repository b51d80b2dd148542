"""What the database refuses about maturity, whoever writes: each constraint and trigger, broken once."""

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError, transaction

from systems.choices import AssessmentState, MaturityStatus, Rater, Result
from systems.models import (
    Assessment,
    Criterion,
    ImprovementAction,
    MaturityChange,
    MaturityPosition,
)
from tests.factories import (
    TODAY,
    ActionMoveFactory,
    AssessmentFactory,
    CriterionFactory,
    DomainFactory,
    ExpectationFactory,
    FindingFactory,
    FrameworkFactory,
    ImprovementActionFactory,
    MaturityLevelFactory,
    SystemFactory,
    UserFactory,
    signed_off_assessment,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refused(name: str, write, error=IntegrityError) -> None:
    with pytest.raises(error, match=name), transaction.atomic():
        write()


def past_draft(**facts) -> dict:
    return {
        "state": AssessmentState.SUBMITTED,
        "assessed_on": TODAY,
        "submitted_on": TODAY,
        "submitted_by": UserFactory(),
    } | facts


def itself(model, row) -> None:
    model.objects.filter(pk=row.pk).update(replaces=row.pk)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("framework_words_are_known", lambda: FrameworkFactory(level="region")),
        ("framework_words_are_known", lambda: FrameworkFactory(kind="poem")),
        ("domain_once_per_framework", lambda: [DomainFactory(framework__code="F", name="A") for _ in range(2)]),
        ("expectation_is_of_a_system_a_place_or_a_network", lambda: ExpectationFactory(footprint_level="england")),
        ("expectation_is_due_in_the_years_of_a_plan", lambda: ExpectationFactory(due_on=dt.date(2014, 12, 31))),
        ("expectation_names_its_source", lambda: ExpectationFactory(source="")),
        ("expectation_without_a_code_is_local", lambda: ExpectationFactory(code=None)),
        ("assessment_words_are_known", lambda: AssessmentFactory(rater="nobody")),
        ("assessment_words_are_known", lambda: AssessmentFactory(partner="church")),
        (
            "assessment_by_a_partner_is_a_self_assessment",
            lambda: AssessmentFactory(partner="nhs", rater=Rater.PEER),
        ),
        (
            "assessment_past_draft_says_who_when_and_of_which_day",
            lambda: AssessmentFactory(**past_draft(assessed_on=TODAY + DAY)),
        ),
        (
            "assessment_past_draft_says_who_when_and_of_which_day",
            lambda: AssessmentFactory(**past_draft(submitted_by=None)),
        ),
        (
            "assessment_decided_names_who_and_when",
            lambda: AssessmentFactory(**past_draft(state=AssessmentState.SIGNED_OFF)),
        ),
        (
            "assessment_returned_has_a_note",
            lambda: AssessmentFactory(
                **past_draft(state=AssessmentState.RETURNED, decided_by=UserFactory(), decided_on=TODAY)
            ),
        ),
        (
            "improvement_action_has_an_owner_and_a_due_day_or_a_source",
            lambda: ImprovementActionFactory(owner=None),
        ),
        ("improvement_action_has_an_owner_and_a_due_day_or_a_source", lambda: ImprovementActionFactory(due_on=None)),
        (
            "improvement_action_is_due_in_the_years_of_a_plan",
            lambda: ImprovementActionFactory(due_on=dt.date(2041, 1, 1)),
        ),
        (
            "improvement_action_is_done_with_evidence",
            lambda: ImprovementActionFactory(done_on=TODAY, done_by=UserFactory()),
        ),
        (
            "improvement_action_is_done_with_evidence",
            lambda: ImprovementActionFactory(done_on=TODAY, evidence="Minutes"),
        ),
    ],
)  # fmt: skip
def test_the_database_refuses(name, write):
    refused(name, write)


def test_an_action_of_a_source_that_names_no_owner_and_no_day_is_taken():
    assert ImprovementActionFactory(owner=None, due_on=None, source="A paper").pk


@pytest.mark.parametrize(
    ("model", "factory", "name"),
    [
        ("Framework", FrameworkFactory, "framework_does_not_replace_itself"),
        ("Criterion", CriterionFactory, "criterion_does_not_replace_itself"),
    ],
)
def test_nothing_replaces_itself(model, factory, name):
    row = factory()

    refused(name, lambda: itself(type(row), row))


def test_a_level_stands_once_on_a_ladder():
    level = MaturityLevelFactory()

    refused(
        "maturity_level_once_per_framework",
        lambda: type(level).objects.create(framework=level.framework, ordinal=level.ordinal, name="Again"),
    )


def test_a_criterion_lies_in_one_framework():
    refused("criterion_lies_in_one_framework|one framework", lambda: CriterionFactory(level=MaturityLevelFactory()))


def test_an_expectation_lies_in_one_framework():
    refused("expectation_lies_in_one_framework|one framework", lambda: ExpectationFactory(domain=DomainFactory()))


def test_a_criterion_expected_by_itself_is_one_of_the_domain_and_the_level():
    criterion = CriterionFactory()
    own = {"criterion": criterion, "level": criterion.level, "domain": criterion.domain}
    ExpectationFactory(**own)

    for wrong in ({"domain": None}, {"level": MaturityLevelFactory(framework=criterion.domain.framework, ordinal=9)}):
        refused("one of the domain and the level", lambda wrong=wrong: ExpectationFactory(**(own | wrong)))


# --- Assessments ------------------------------------------------------------------------------------------


def test_one_rater_has_one_assessment_open_and_another_rater_another():
    first = AssessmentFactory()
    same = {"framework": first.framework, "footprint": first.footprint}

    refused("assessment_one_open_per_rater", lambda: AssessmentFactory(**same))
    assert AssessmentFactory(**same, rater=Rater.PEER)
    assert AssessmentFactory(**same, partner="council")


def test_nobody_decides_their_own():
    waiting = AssessmentFactory(**past_draft())

    refused(
        "assessment_nobody_decides_their_own",
        lambda: Assessment.objects.filter(pk=waiting.pk).update(
            state=AssessmentState.SIGNED_OFF, decided_by=waiting.submitted_by, decided_on=TODAY
        ),
    )


@pytest.mark.parametrize("change", [{"assessed_on": TODAY - DAY}, {"state": AssessmentState.DRAFT}])
def test_a_submitted_assessment_keeps_its_words(change):
    waiting = AssessmentFactory(**past_draft())

    refused("submitted", lambda: Assessment.objects.filter(pk=waiting.pk).update(**change), InternalError)


@pytest.fixture
def decided():
    return signed_off_assessment(SystemFactory(), {CriterionFactory(): Result.MET})


def test_a_decided_assessment_is_final(decided):
    refused("decided_assessment_is_final|Cannot update", lambda: decided.save(), InternalError)
    refused("submitted|Cannot delete", lambda: decided.delete(), (InternalError, IntegrityError))


@pytest.mark.parametrize("write", [lambda f: f.save(), lambda f: f.delete()])
def test_a_finding_is_written_only_in_a_draft(decided, write):
    finding = decided.findings.get()

    refused("What was submitted is not changed", lambda: write(finding))


def test_a_finding_is_about_a_criterion_of_its_framework():
    draft = AssessmentFactory()

    refused("another framework", lambda: FindingFactory(assessment=draft))


def finding(**facts):
    criterion = CriterionFactory()
    return FindingFactory(
        criterion=criterion, assessment=AssessmentFactory(framework=criterion.domain.framework), **facts
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("finding_result_is_known", {"result": "splendid"}),
        ("finding_file_has_a_name", {"evidence_name": "Minutes.pdf"}),
    ],
)
def test_a_finding_is_refused(name, facts):
    refused(name, lambda: finding(**facts))


def test_a_criterion_is_answered_once_in_an_assessment():
    first = finding()

    refused(
        "finding_once_per_criterion",
        lambda: FindingFactory(assessment=first.assessment, criterion=first.criterion),
    )


def test_a_plan_has_an_action_once():
    first = ImprovementActionFactory()

    refused(
        "improvement_action_once_per_footprint_and_title",
        lambda: ImprovementActionFactory(footprint=first.footprint, title=first.title),
    )


def test_a_move_goes_to_another_day_for_a_reason_and_stays():
    kept = ActionMoveFactory()
    first = ActionMoveFactory(was_due_on=None, reason="")

    refused("action_move_is_to_another_day", lambda: ActionMoveFactory(was_due_on=kept.due_on))
    refused("action_move_has_a_reason", lambda: ActionMoveFactory(reason=""))
    refused("action_move_is_append_only|Cannot", kept.save, InternalError)
    refused("action_move_is_append_only|Cannot", kept.delete, InternalError)
    assert str(kept) == f"{kept.action}: 2020-01-31 to 2020-03-31"
    assert str(first).endswith("no date to 2020-03-31")


# --- Read models ------------------------------------------------------------------------------------------


def position(**facts) -> MaturityPosition:
    return MaturityPosition.objects.create(
        **{"footprint": SystemFactory(), "domain": DomainFactory(), "moved_on": TODAY} | facts
    )


def test_a_domain_stands_once_at_a_footprint_and_in_a_known_word():
    first = position()

    refused("maturity_position_once_per_domain", lambda: position(footprint=first.footprint, domain=first.domain))
    refused("maturity_position_status_is_known", lambda: position(status="splendid"))


def test_the_log_of_moves_is_append_only():
    change = MaturityChange.objects.create(
        footprint=SystemFactory(), domain=DomainFactory(), changed_on=TODAY, to_status=MaturityStatus.MET
    )

    refused("maturity_change_is_append_only|Cannot", change.save, InternalError)
    refused("maturity_change_is_append_only|Cannot", change.delete, InternalError)


def test_each_row_says_what_it_is():
    row = finding()
    action = ImprovementActionFactory(title="Appoint a chair")
    expected = ExpectationFactory()

    assert str(row) == f"{row.criterion.code}: Met"
    assert str(row.criterion).startswith(row.criterion.code)
    assert str(row.assessment) == f"{row.assessment.framework.name}, Self-assessment"
    assert str(action) == "Appoint a chair"
    assert str(expected) == "rung 1 by 2021-04-30"
    assert str(AssessmentFactory(partner="voluntary")).endswith("Self-assessment (Voluntary sector)")
    assert Criterion.objects.get(pk=row.criterion_id).is_draft_wording is False
    assert ImprovementAction.objects.get().is_overdue(dt.date(2020, 4, 1)) is True
