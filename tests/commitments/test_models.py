"""The database refuses bad facts: one test breaks each constraint and each trigger."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import ProtectedError

from commitments import models
from commitments.choices import Ask, DeadlineKind, ReportState, Trigger
from commitments.models import Report
from systems.choices import Level
from tests.factories import (
    TODAY,
    CommitmentFactory,
    CoverageFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    PeriodFactory,
    PlanFactory,
    ReportFactory,
    SignedOffReportFactory,
    SystemFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def constraints() -> set[str]:
    return {
        constraint.name
        for name in models.__all__
        for constraint in getattr(models, name)._meta.constraints
        if not isinstance(constraint, str)
    }


def plan_before_it_is_published():
    PlanFactory(final_submission_on=dt.date(2018, 12, 31))


def two_themes_with_one_ordinal():
    ThemeFactory(ordinal=1)
    ThemeFactory(ordinal=1)


def two_published_trajectories():
    metric = MetricFactory()
    for _ in range(2):
        models.Trajectory.objects.create(metric=metric, source="Plan", recorded_on=TODAY)


def two_values_on_a_day():
    drawn = models.Trajectory.objects.create(metric=MetricFactory(), source="Plan", recorded_on=TODAY)
    for value in (1, 2):
        models.TrajectoryPoint.objects.create(trajectory=drawn, due_on=TODAY, value=value)


def two_national_milestones():
    commitment = CommitmentFactory()
    for _ in range(2):
        models.NationalMilestone.objects.create(
            commitment=commitment, title="Go", due_on=TODAY, source="P", verified="yes"
        )


def local_level(**facts):
    system, commitment = SystemFactory(), CommitmentFactory()
    facts = {"level": Level.PLACE, "chosen_by": UserFactory(), "chosen_on": TODAY} | facts
    return lambda: models.LocalLevel.objects.create(system=system, commitment=commitment, **facts)


def chosen_twice():
    choose = local_level()
    choose()
    choose()


def same_metric_twice():
    first = MetricFactory(is_headline=False)
    MetricFactory(commitment=first.commitment, is_headline=False)


def two_headlines():
    first = MetricFactory()
    MetricFactory(commitment=first.commitment, name="Another")


def same_delivery_twice():
    first = DeliveryFactory()
    DeliveryFactory(commitment=first.commitment, footprint=first.footprint)


def same_milestone_twice():
    first = MilestoneFactory()
    MilestoneFactory(delivery=first.delivery, title=first.title)


def two_open_reports():
    first = ReportFactory(state=ReportState.RETURNED, decided_by=UserFactory(), decided_on=TODAY, return_note="Why?")
    ReportFactory(delivery=first.delivery, state=ReportState.DRAFT)


def decided_by_its_author():
    author = UserFactory()
    SignedOffReportFactory(author=author, decided_by=author)


def two_open_deadline_changes():
    DeadlineChangeFactory(delivery=DeadlineChangeFactory().delivery)


def decided_change(state=Ask.AGREED, **facts):
    return DeadlineChangeFactory(state=state, **{"decided_by": UserFactory(), "decided_on": TODAY} | facts)


def change_decided_by_its_asker():
    asker = UserFactory()
    decided_change(asked_by=asker, decided_by=asker)


BREAKS = {
    "plan_is_published_before_systems_answer_it": plan_before_it_is_published,
    "theme_order_is_unique_in_a_plan": two_themes_with_one_ordinal,
    "theme_class_is_known": lambda: ThemeFactory(theme_class="other"),
    "commitment_code_is_letters_digits_and_hyphens": lambda: CommitmentFactory(code="LTP1/OOH"),
    "commitment_due_by_a_date_has_the_date": lambda: CommitmentFactory(deadline_on=None),
    "commitment_not_dated_has_no_date": lambda: CommitmentFactory(deadline_kind=DeadlineKind.NONE),
    "commitment_delivery_level_is_known": lambda: CommitmentFactory(delivery_level="village"),
    "national_milestone_once_per_commitment_and_day": two_national_milestones,
    "metric_once_per_commitment": same_metric_twice,
    "metric_one_headline_per_commitment": two_headlines,
    "metric_baseline_has_its_date": lambda: MetricFactory(baseline_on=None),
    "trajectory_one_published_per_metric": two_published_trajectories,
    "trajectory_has_one_value_a_day": two_values_on_a_day,
    "reporting_period_opens_is_due_and_closes_in_that_order": lambda: PeriodFactory(due_on=dt.date(2019, 9, 2)),
    "local_level_once_per_system_and_commitment": chosen_twice,
    "local_level_lies_below_the_system": lambda: local_level(level=Level.REGION)(),
    "delivery_once_per_commitment_and_footprint": same_delivery_twice,
    "delivery_not_applicable_says_why": lambda: DeliveryFactory(is_applicable=False),
    "delivery_starts_before_its_local_deadline": lambda: DeliveryFactory(
        planned_start_on=TODAY, local_deadline_on=TODAY - dt.timedelta(days=1)
    ),
    "deadline_change_one_open_per_delivery": two_open_deadline_changes,
    "deadline_change_nobody_decides_their_own": change_decided_by_its_asker,
    "deadline_change_asks_for_another_day": lambda: DeadlineChangeFactory(new_on=dt.date(2021, 3, 31)),
    "deadline_change_has_a_reason": lambda: DeadlineChangeFactory(reason=""),
    "deadline_change_decided_names_who_and_when": lambda: decided_change(decided_on=None),
    "deadline_change_refused_says_why": lambda: decided_change(Ask.REFUSED),
    "milestone_title_once_per_delivery": same_milestone_twice,
    "report_one_open_per_delivery_and_period": two_open_reports,
    "report_red_or_amber_has_reason_and_path_to_green": lambda: ReportFactory(confidence="amber", reason="Staff"),
    "report_nobody_decides_their_own": decided_by_its_author,
    "report_past_draft_has_its_day_of_submission": lambda: ReportFactory(submitted_on=None),
    "report_decided_names_who_and_when": lambda: SignedOffReportFactory(decided_on=None),
    "report_returned_has_a_note": lambda: SignedOffReportFactory(state=ReportState.RETURNED),
    "report_past_draft_is_complete": lambda: ReportFactory(narrative=""),
    "observation_is_of_the_past": lambda: ObservationFactory(period_end_on=TODAY, recorded_on=dt.date(2019, 9, 29)),
    "observation_has_a_source": lambda: ObservationFactory(source=""),
    "run_trigger_is_known": lambda: models.Run.objects.create(scope="Positions due", trigger="whim"),
    "run_that_failed_has_ended": lambda: models.Run.objects.create(
        scope="Positions due", trigger=Trigger.SWEEP, error="ValueError"
    ),
    "position_words_are_known": lambda: DeliveryFactory(position={"status": "fine"}),
    "coverage_one_row_a_status": lambda: cover_twice(),
    "coverage_counts_something": lambda: CoverageFactory(deliveries=0),
}


def cover_twice():
    row = CoverageFactory()
    CoverageFactory(commitment=row.commitment, footprint=row.footprint)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError, match=name):
        BREAKS[name]()


def test_every_constraint_has_a_test_that_breaks_it():
    told = "".join(test.read_text() for test in Path(__file__).parent.glob("test_*.py"))

    assert [name for name in constraints() if f'"{name}"' not in told] == []
    assert constraints() >= {*BREAKS}


@pytest.mark.parametrize("facts", [{"stage": "finished"}, {"confidence": "purple"}, {"state": "lost"}])
def test_a_report_past_draft_says_only_known_words(facts):
    with pytest.raises(IntegrityError):
        ReportFactory(**facts)


def test_a_draft_may_be_empty():
    ReportFactory(state=ReportState.DRAFT, stage="", confidence="", narrative="", submitted_on=None)


def test_a_signed_off_report_leaves_room_for_a_correction_but_only_one_at_a_time():
    first = SignedOffReportFactory()
    ReportFactory(delivery=first.delivery, supersedes=first)

    with pytest.raises(IntegrityError):
        ReportFactory(delivery=first.delivery, supersedes=None)


@pytest.mark.parametrize("facts", [{"state": "perhaps"}, {"state": Ask.ASKED}, {"decided_by": None}])
def test_a_decision_on_a_deadline_is_whole(facts):
    with pytest.raises(IntegrityError):
        decided_change(**facts)


# --- Append-only ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attempt", ["update", "delete"])
def test_a_signed_off_report_is_final_even_to_sql(attempt):
    report = SignedOffReportFactory()
    statement = {
        "update": "UPDATE commitments_report SET narrative = 'Rosy' WHERE id = %s",
        "delete": "DELETE FROM commitments_report WHERE id = %s",
    }[attempt]

    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [report.pk])
    report.refresh_from_db()
    assert report.narrative == "The work goes to plan."


def test_a_submitted_report_can_still_change():
    report = ReportFactory()

    Report.objects.filter(pk=report.pk).update(state=ReportState.DRAFT)


@pytest.mark.parametrize("change", [{"value": 99}, {"source": "Elsewhere"}])
def test_an_observation_is_never_edited(change):
    seen = ObservationFactory()

    with pytest.raises(InternalError), transaction.atomic():
        models.Observation.objects.filter(pk=seen.pk).update(**change)


def test_an_observation_is_never_deleted():
    with pytest.raises(InternalError):
        ObservationFactory().delete()


@pytest.mark.parametrize("change", [{"new_on": TODAY}, {"reason": "Other words"}, {"asked_on": TODAY}])
def test_what_was_asked_about_a_deadline_is_never_edited(change):
    asked = DeadlineChangeFactory()

    with pytest.raises(InternalError), transaction.atomic():
        models.DeadlineChange.objects.filter(pk=asked.pk).update(**change)


@pytest.mark.parametrize("statement", ["UPDATE {} SET decision_note = 'Yes'", "DELETE FROM {}"])
@pytest.mark.parametrize("state", [Ask.AGREED, Ask.REFUSED])
def test_a_decided_deadline_change_is_final(statement, state):
    decided_change(state, decision_note="No")

    with pytest.raises(InternalError), connection.cursor() as cursor:
        cursor.execute(statement.format("commitments_deadlinechange"))


@pytest.mark.parametrize("statement", ["UPDATE {} SET sentence = 'Fine'", "DELETE FROM {}"])
def test_the_log_of_changes_is_append_only(statement):
    delivery = DeliveryFactory()
    models.PositionChange.objects.create(
        delivery=delivery, changed_on=TODAY, to_status="on_track", to_reason_code="on_track", sentence="On track."
    )

    with pytest.raises(InternalError), connection.cursor() as cursor:
        cursor.execute(statement.format("commitments_positionchange"))


def test_a_delivery_with_facts_is_not_deleted():
    milestone = MilestoneFactory()

    with pytest.raises(ProtectedError):
        milestone.delivery.delete()
