"""Writes that touch more than one table: what they leave behind, and what they refuse."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from commitments import actions
from commitments.choices import Confidence, DeliveryLevel, ReportState, Stage
from commitments.models import (
    Delivery,
    LocalLevel,
    Milestone,
    Observation,
    Position,
    PositionsVersion,
    Report,
    Trajectory,
)
from systems.choices import Level, Role
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    PcnFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    SystemFactory,
    UserFactory,
    person,
)

pytestmark = pytest.mark.django_db

WORDS = {"stage": Stage.UNDER_WAY, "confidence": Confidence.GREEN, "narrative": "All goes to plan."}


@pytest.fixture
def enqueued(monkeypatch):
    """How often the worker was called."""
    calls = []
    monkeypatch.setattr("commitments.tasks.recompute_due.delay_on_commit", lambda: calls.append("due"))
    return calls


@pytest.fixture
def delivery(place):
    return DeliveryFactory(footprint=place)


def position(delivery):
    return Position.objects.get(delivery=delivery)


def holds_lock(commitment_id) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 2019 AND objid = %s "
            "AND pid = pg_backend_pid()",
            [commitment_id],
        )
        return cursor.fetchone()[0] > 0


# --- Opening deliveries -----------------------------------------------------------------------------------


def test_deliveries_open_at_the_level_that_delivers_each_commitment(system, place):
    network = PcnFactory(parent=place)
    by_level = {level: CommitmentFactory(delivery_level=level) for level in DeliveryLevel}
    SystemFactory()

    opened = actions.open_deliveries(system=system, today=TODAY)

    assert opened == 4
    assert set(Delivery.objects.values_list("commitment", "footprint")) == {
        (by_level[DeliveryLevel.SYSTEM].pk, system.pk),
        (by_level[DeliveryLevel.PROVIDER].pk, system.pk),
        (by_level[DeliveryLevel.PLACE].pk, place.pk),
        (by_level[DeliveryLevel.NEIGHBOURHOOD].pk, network.pk),
    }


def test_a_delivery_is_born_with_a_decided_position(system):
    CommitmentFactory()

    actions.open_deliveries(system=system, today=TODAY)

    born = Position.objects.get()
    assert (born.status, born.reason_code, born.moved_on) == ("not_started", "not_phased_yet", TODAY)


def test_opening_again_opens_only_what_is_missing(system):
    CommitmentFactory()
    actions.open_deliveries(system=system, today=TODAY)
    CommitmentFactory()

    assert actions.open_deliveries(system=system, today=TODAY) == 1
    assert actions.open_deliveries(system=system, today=TODAY) == 0


def test_footprints_that_have_closed_are_left_out(system):
    PlaceFactory(parent=system, closed_on=TODAY - dt.timedelta(days=1))
    CommitmentFactory(delivery_level=DeliveryLevel.PLACE)

    assert actions.open_deliveries(system=system, today=TODAY) == 0


def test_deliveries_open_at_the_level_the_system_chose(system, place, manager):
    commitment = CommitmentFactory()
    LocalLevel.objects.create(
        system=system, commitment=commitment, level=Level.PLACE, chosen_by=manager, chosen_on=TODAY
    )

    actions.open_deliveries(system=system, today=TODAY)

    assert Delivery.objects.get().footprint == place


# --- Local levels -----------------------------------------------------------------------------------------


def test_choosing_a_lower_level_strikes_out_the_delivery_above(system, place, manager):
    above = DeliveryFactory(footprint=system)

    choice = actions.choose_local_level(
        system=system, commitment=above.commitment, level=Level.PLACE, by=manager, today=TODAY
    )

    above.refresh_from_db()
    assert (choice.chosen_by, choice.chosen_on) == (manager, TODAY)
    assert (above.is_applicable, above.version) == (False, 2)
    assert (position(above).status, position(above).sentence) == (
        "not_applicable", "Not applicable: Delivered by place in South East London.",
    )  # fmt: skip
    assert Delivery.objects.filter(commitment=above.commitment, footprint=place).exists()


def test_a_reason_given_before_is_kept(system, place, manager):
    above = DeliveryFactory(footprint=system, is_applicable=False, not_applicable_reason="No coast here")

    actions.choose_local_level(system=system, commitment=above.commitment, level=Level.PLACE, by=manager, today=TODAY)

    above.refresh_from_db()
    assert (above.not_applicable_reason, above.version) == ("No coast here", 1)


def test_other_systems_and_other_commitments_are_left_alone(system, place, manager):
    above = DeliveryFactory(footprint=system)
    others = [DeliveryFactory(commitment=above.commitment), DeliveryFactory(footprint=system)]

    actions.choose_local_level(system=system, commitment=above.commitment, level=Level.PLACE, by=manager, today=TODAY)

    assert Delivery.objects.filter(pk__in=[other.pk for other in others], is_applicable=True).count() == 2
    assert Delivery.objects.count() == 4


def test_a_level_is_chosen_once(system, place, manager):
    commitment = CommitmentFactory()
    choose = {"system": system, "commitment": commitment, "by": manager, "today": TODAY}
    actions.choose_local_level(level=Level.PLACE, **choose)

    with pytest.raises(ValidationError, match="already chosen a level"):
        actions.choose_local_level(level=Level.PCN, **choose)


def test_a_level_that_is_not_below_the_system_is_refused(system, manager):
    with pytest.raises(ValidationError):
        actions.choose_local_level(
            system=system, commitment=CommitmentFactory(), level=Level.REGION, by=manager, today=TODAY
        )


# --- The local plan ---------------------------------------------------------------------------------------


def test_a_plan_is_set_with_its_position_in_one_go(delivery):
    actions.set_local_plan(delivery=delivery, version=1, plan={"local_deadline_on": dt.date(2025, 3, 31)}, today=TODAY)

    delivery.refresh_from_db()
    assert (delivery.local_deadline_on, delivery.version) == (dt.date(2025, 3, 31), 2)
    assert position(delivery).reason_code == "never_reported"


def test_a_stale_plan_is_refused_and_nothing_is_written(delivery):
    actions.set_local_plan(delivery=delivery, version=1, plan={"planned_start_on": TODAY}, today=TODAY)

    with pytest.raises(actions.Conflict):
        actions.set_local_plan(delivery=delivery, version=1, plan={"planned_start_on": None}, today=TODAY)

    delivery.refresh_from_db()
    assert (delivery.planned_start_on, delivery.version) == (TODAY, 2)


def test_a_plan_the_database_refuses_leaves_everything_as_it_was(delivery):
    with pytest.raises(IntegrityError):
        actions.set_local_plan(delivery=delivery, version=1, plan={"is_applicable": False}, today=TODAY)


def test_a_milestone_moves_the_position_when_added_and_when_ticked(delivery, reporter):
    SignedOffReportFactory(delivery=delivery)
    yesterday = TODAY - dt.timedelta(days=1)

    milestone = actions.add_milestone(delivery=delivery, title="Open a hub", due_on=yesterday, today=TODAY)
    overdue = position(delivery).status
    actions.achieve_milestone(milestone=milestone, by=reporter, today=TODAY)

    milestone.refresh_from_db()
    assert (overdue, position(delivery).status) == ("at_risk", "on_track")
    assert (milestone.recorded_on, milestone.achieved_on, milestone.achieved_by) == (TODAY, TODAY, reporter)


def test_ticking_again_keeps_the_first_day_and_the_first_person(reporter, manager):
    milestone = MilestoneFactory()
    actions.achieve_milestone(milestone=milestone, by=reporter, today=TODAY)

    actions.achieve_milestone(milestone=milestone, by=manager, today=TODAY + dt.timedelta(days=1))

    milestone.refresh_from_db()
    assert (milestone.achieved_on, milestone.achieved_by) == (TODAY, reporter)


def test_a_milestone_is_not_added_twice(delivery):
    actions.add_milestone(delivery=delivery, title="Open a hub", due_on=TODAY, today=TODAY)

    with pytest.raises(ValidationError, match="already has a milestone with this title"):
        actions.add_milestone(delivery=delivery, title="Open a hub", due_on=TODAY, today=TODAY)
    assert Milestone.objects.count() == 1


# --- Measurements -----------------------------------------------------------------------------------------


def observation(delivery, metric, value=10, **facts):
    facts = {"period_end_on": dt.date(2019, 8, 31), "source": "Return", "recorded_on": TODAY} | facts
    return Observation(metric=metric, footprint=delivery.footprint, value=value, **facts)


@pytest.fixture
def metric(delivery):
    return MetricFactory(commitment=delivery.commitment)


def test_a_value_marks_only_its_own_delivery_as_due_and_calls_the_worker(delivery, metric, enqueued):
    other = DeliveryFactory(commitment=delivery.commitment)
    Position.objects.update(next_change_on=None)

    actions.record_observation(observation=observation(delivery, metric), today=TODAY)

    assert (position(delivery).next_change_on, position(other).next_change_on) == (TODAY, None)
    assert enqueued == ["due"]


def test_a_revision_is_a_new_row_and_the_value_that_stands_already_is_not(delivery, metric, enqueued):
    for value in (10, 10, 12, 10):
        actions.record_observation(observation=observation(delivery, metric, value), today=TODAY)

    assert list(Observation.objects.order_by("pk").values_list("value", flat=True)) == [10, 12, 10]
    assert enqueued == ["due"] * 3


def draw(delivery, metric, *, replaces=0, last=60):
    return actions.set_local_trajectory(
        delivery=delivery,
        replaces=replaces,
        trajectory=Trajectory(metric=metric, footprint=delivery.footprint, source="Plan", recorded_on=TODAY),
        points={dt.date(2019, 4, 1): 10, dt.date(2024, 3, 31): last},
        today=TODAY,
    )


def test_a_trajectory_replaces_the_one_that_was_read_and_keeps_it(delivery, metric):
    first = draw(delivery, metric)

    draw(delivery, metric, replaces=first.pk, last=70)

    assert [drawn.points.last().value for drawn in Trajectory.objects.all()] == [60, 70]


@pytest.mark.parametrize("read", [0, 999_999])
def test_a_trajectory_drawn_over_another_unseen_is_refused(delivery, metric, read):
    draw(delivery, metric)

    with pytest.raises(actions.Conflict):
        draw(delivery, metric, replaces=read)
    assert Trajectory.objects.count() == 1


def test_a_trajectory_moves_the_position_at_once(delivery, metric):
    SignedOffReportFactory(delivery=delivery)
    observation(delivery, metric, value=10).save()

    draw(delivery, metric, last=900)

    assert position(delivery).reason_code == "metric_behind"


# --- Reports ----------------------------------------------------------------------------------------------


def save(delivery, by, *, version=0, submit=True, period=None, **words):
    return actions.save_report(
        delivery=delivery,
        period=period or PeriodFactory(),
        words=WORDS | words,
        version=version,
        submit=submit,
        by=by,
        today=TODAY,
    )


def test_a_draft_is_changed_submitted_and_then_closed_to_its_writer(delivery, reporter):
    draft = save(delivery, reporter, submit=False)
    submitted = save(delivery, reporter, version=1, narrative="Better words")

    assert (draft.state, draft.submitted_on) == (ReportState.DRAFT, None)
    assert (submitted.pk, submitted.version, submitted.submitted_on) == (draft.pk, 2, TODAY)
    with pytest.raises(actions.Conflict):
        save(delivery, reporter, version=2)


def test_a_submission_moves_no_position(delivery, reporter):
    save(delivery, reporter)

    assert position(delivery).reported_on is None


@pytest.mark.parametrize("version", [0, 7])
def test_a_stale_draft_is_refused_and_nothing_is_written(delivery, reporter, manager, version):
    save(delivery, reporter, submit=False, narrative="First")

    with pytest.raises(actions.Conflict):
        save(delivery, manager, version=version, narrative="Second")
    assert Report.objects.get().narrative == "First"


def test_a_draft_that_is_gone_meanwhile_is_not_started_anew(delivery, reporter):
    with pytest.raises(actions.Conflict):
        save(delivery, reporter, version=3)


def test_a_returned_report_is_sent_again_under_its_new_writer(delivery, reporter, manager, approver):
    report = save(delivery, reporter)
    actions.return_report(report=report, version=1, note="Which hubs?", by=approver, today=TODAY)

    again = save(delivery, manager, version=2, narrative="Bexley and Erith.")

    assert (again.pk, again.author, again.decided_by, again.decided_on) == (report.pk, manager, None, None)
    assert again.return_note == "Which hubs?"


def test_each_correction_supersedes_the_one_before(delivery, reporter, approver):
    kept = []
    for number in range(3):
        report = save(delivery, reporter, narrative=f"Words {number}")
        actions.sign_off(report=report, version=1, by=approver, today=TODAY)
        kept.append(report)

    assert [report.supersedes for report in kept] == [None, kept[0], kept[1]]
    assert position(delivery).reported_on == TODAY


def test_a_report_of_another_month_is_another_report(delivery, reporter):
    save(delivery, reporter)
    save(delivery, reporter, period=PeriodFactory(starts_on=dt.date(2019, 8, 1)))

    assert Report.objects.count() == 2


# --- Sign-off ---------------------------------------------------------------------------------------------


def test_signing_off_recomputes_the_position_and_bumps_the_version(delivery, approver, system):
    report = ReportFactory(delivery=delivery)

    actions.sign_off(report=report, version=1, by=approver, today=TODAY)

    report.refresh_from_db()
    assert (report.state, report.decided_by, report.version) == (ReportState.SIGNED_OFF, approver, 2)
    assert position(delivery).status == "on_track"
    assert PositionsVersion.objects.get(system=system).number == 1
    assert holds_lock(delivery.commitment_id)


@pytest.mark.parametrize("decide", ["sign_off", "return_report"])
def test_nobody_decides_their_own(delivery, approver, decide):
    report = ReportFactory(delivery=delivery, author=approver)
    note = {"note": "Fine"} if decide == "return_report" else {}

    with pytest.raises(PermissionDenied):
        getattr(actions, decide)(report=report, version=1, by=approver, today=TODAY, **note)


@pytest.mark.parametrize("version", [0, 2])
def test_a_report_is_decided_only_as_it_was_read(delivery, approver, version):
    report = ReportFactory(delivery=delivery)

    with pytest.raises(actions.Conflict):
        actions.sign_off(report=report, version=version, by=approver, today=TODAY)


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SIGNED_OFF])
def test_only_what_was_submitted_can_be_decided(delivery, approver, state):
    decided = {"decided_by": UserFactory(), "decided_on": TODAY} if state == ReportState.SIGNED_OFF else {}
    report = ReportFactory(delivery=delivery, state=state, **decided)

    with pytest.raises(actions.Conflict):
        actions.return_report(report=report, version=1, note="No", by=approver, today=TODAY)


def test_several_are_signed_off_and_left_to_the_worker(place, approver, enqueued):
    first, second = (ReportFactory(delivery=DeliveryFactory(footprint=place)) for _ in range(2))
    Position.objects.update(next_change_on=None)

    signed = actions.sign_off_many(reports={first.pk: 1, second.pk: 1}, by=approver, today=TODAY)

    assert signed == 2
    assert set(Position.objects.values_list("status", "next_change_on")) == {("not_started", TODAY)}
    assert enqueued == ["due"]


def test_of_several_only_those_one_may_decide_as_they_were_read_are_signed_off(place, approver, enqueued):
    readable, own, elsewhere, rewritten, draft = (
        ReportFactory(delivery=DeliveryFactory(footprint=footprint), **facts)
        for footprint, facts in (
            (place, {}),
            (place, {"author": approver}),
            (SystemFactory(), {}),
            (place, {"version": 2}),
            (place, {"state": ReportState.DRAFT}),
        )
    )
    asked = dict.fromkeys((report.pk for report in (readable, own, elsewhere, rewritten, draft)), 1)

    signed = actions.sign_off_many(reports=asked, by=approver, today=TODAY)

    assert signed == 1
    assert Report.objects.signed_off().get() == readable


def test_signing_off_none_is_harmless(system, enqueued):
    assert actions.sign_off_many(reports={}, by=person(Role.APPROVER, system), today=TODAY) == 0
