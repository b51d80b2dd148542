"""What becomes of a milestone: what it leaves behind, and the status it brings about in the same transaction."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import InternalError, connection

from commitments import actions, evidence
from commitments.choices import StepKind
from commitments.models import Milestone, MilestoneChange
from systems.models.private_files import private_storage
from tests.commitments.positions import position
from tests.factories import TODAY, MilestoneFactory, SignedOffReportFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
FAR = dt.date(2020, 12, 31)


def test_a_milestone_moves_the_position_when_added_and_when_ticked(delivery, reporter, manager):
    SignedOffReportFactory(delivery=delivery)
    yesterday = TODAY - dt.timedelta(days=1)

    milestone = actions.add_milestone(delivery=delivery, title="Open a hub", due_on=yesterday, by=manager, today=TODAY)
    overdue = position(delivery).status
    actions.achieve_milestone(milestone=milestone, by=reporter, today=TODAY)

    milestone.refresh_from_db()
    assert (overdue, position(delivery).status) == ("at_risk", "on_track")
    assert (milestone.recorded_on, milestone.recorded_by) == (TODAY, manager)
    assert (milestone.achieved_on, milestone.achieved_by) == (TODAY, reporter)


def test_ticking_again_keeps_the_first_day_and_the_first_person(reporter, manager):
    milestone = MilestoneFactory()
    actions.achieve_milestone(milestone=milestone, by=reporter, today=TODAY)

    actions.achieve_milestone(milestone=milestone, by=manager, today=TODAY + dt.timedelta(days=1))

    milestone.refresh_from_db()
    assert (milestone.achieved_on, milestone.achieved_by) == (TODAY, reporter)


def test_a_milestone_is_not_added_twice(delivery, manager):
    actions.add_milestone(delivery=delivery, title="Open a hub", due_on=TODAY, by=manager, today=TODAY)

    with pytest.raises(ValidationError, match="already has a milestone with this title"):
        actions.add_milestone(delivery=delivery, title="Open a hub", due_on=TODAY, by=manager, today=TODAY)
    assert Milestone.objects.count() == 1


@pytest.fixture
def overdue(delivery):
    """A milestone that was due yesterday, of a delivery that is reported green."""
    SignedOffReportFactory(delivery=delivery)
    return MilestoneFactory(delivery=delivery, due_on=TODAY - DAY)


def move(milestone, by, **facts):
    asked = {"was_due_on": milestone.due_on, "due_on": FAR, "reason": "The lease is late", "today": TODAY} | facts
    actions.move_milestone(milestone=milestone, by=by, **asked)


def test_moving_a_milestone_settles_the_position_at_once(overdue, delivery, manager):
    move(overdue, manager)

    assert position(delivery).status == "on_track"
    assert position(delivery).next_milestone_on == FAR


def test_a_tick_taken_back_settles_the_position_at_once(overdue, delivery, reporter):
    actions.achieve_milestone(milestone=overdue, by=reporter, today=TODAY)
    achieved = position(delivery).status

    actions.reopen_milestone(milestone=overdue, was_achieved_on=TODAY, reason="The wrong one", by=reporter, today=TODAY)

    assert (achieved, position(delivery).status) == ("on_track", "at_risk")
    assert list(MilestoneChange.objects.values_list("kind", flat=True)) == [StepKind.REOPENED, StepKind.ACHIEVED]


STALE = {
    "moved meanwhile": {"was_due_on": FAR + DAY},
    "achieved meanwhile": {},
}


@pytest.mark.parametrize("how", STALE)
def test_a_milestone_is_not_moved_by_who_read_it_before_somebody_else_did_something(overdue, manager, how):
    if how == "achieved meanwhile":
        Milestone.objects.filter(pk=overdue.pk).update(achieved_on=TODAY)

    with pytest.raises(actions.Conflict):
        move(overdue, manager, **STALE[how])
    assert not MilestoneChange.objects.exists()


def test_a_tick_is_not_taken_back_twice(overdue, reporter):
    with pytest.raises(actions.Conflict):
        actions.reopen_milestone(milestone=overdue, was_achieved_on=TODAY, reason="Wrong", by=reporter, today=TODAY)


@pytest.mark.parametrize("lost", [{"evidence_url": "https://example.org/"}, {"achieved_on": TODAY - DAY}])
def test_evidence_and_another_day_are_not_lost_silently(overdue, reporter, manager, lost):
    actions.achieve_milestone(milestone=overdue, by=reporter, today=TODAY)

    with pytest.raises(actions.Conflict):
        actions.achieve_milestone(milestone=overdue, by=manager, today=TODAY, **lost)


def test_a_file_goes_where_its_change_is_not_written(overdue, reporter, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("commitments.actions.milestones.recompute_deliveries", fail)
    before = private_storage().listdir("")[1]

    with pytest.raises(RuntimeError):
        actions.achieve_milestone(
            milestone=overdue, by=reporter, today=TODAY,
            evidence_file=ContentFile(b"%PDF-", "a.pdf"), evidence_name="a.pdf",
        )  # fmt: skip
    assert private_storage().listdir("")[1] == before
    assert not MilestoneChange.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'Another'", "DELETE FROM {}"])
def test_what_became_of_a_milestone_is_never_rewritten(overdue, manager, statement):
    move(overdue, manager)

    with pytest.raises(InternalError), connection.cursor() as cursor:
        cursor.execute(statement.format("commitments_milestonechange"))


# --- As a past day had it ---------------------------------------------------------------------------------


def due_and_open(delivery, day):
    seen = evidence.of_delivery_then(delivery, day)
    return seen.milestones_open_due_on


def test_a_past_day_has_the_due_date_it_had_then(delivery, manager):
    milestone = MilestoneFactory(delivery=delivery, due_on=FAR)
    for number, today in enumerate((TODAY - 2 * DAY, TODAY - DAY, TODAY), start=1):
        milestone.refresh_from_db()
        move(milestone, manager, due_on=FAR + number * DAY, today=today)

    seen = [due_and_open(delivery, TODAY - back * DAY) for back in (3, 2, 1, 0)]

    assert seen == [(FAR,), (FAR + DAY,), (FAR + 2 * DAY,), (FAR + 3 * DAY,)]
    assert evidence.of_delivery(delivery, TODAY) == evidence.of_delivery_then(delivery, TODAY)


def test_a_past_day_knows_only_ticks_that_were_recorded_by_then(delivery, reporter):
    milestone = MilestoneFactory(delivery=delivery, due_on=FAR)
    actions.achieve_milestone(milestone=milestone, achieved_on=TODAY - 9 * DAY, by=reporter, today=TODAY - 2 * DAY)
    actions.reopen_milestone(
        milestone=milestone, was_achieved_on=TODAY - 9 * DAY, reason="Wrong", by=reporter, today=TODAY
    )

    seen = [due_and_open(delivery, TODAY - back * DAY) for back in (3, 2, 1, 0)]

    assert seen == [(FAR,), (), (), (FAR,)]


def test_today_is_read_from_the_milestones_alone(delivery, django_assert_num_queries):
    with django_assert_num_queries(20, exact=False) as asked:
        evidence.of_delivery(delivery, TODAY)

    assert not any("milestonechange" in query["sql"] for query in asked)


# --- Withdrawn --------------------------------------------------------------------------------------------


def withdraw(milestone, by, **changes):
    facts = {"was_due_on": milestone.due_on, "reason": "Entered twice", "by": by, "today": TODAY}
    actions.withdraw_milestone(milestone=milestone, **facts | changes)


def test_a_withdrawn_milestone_counts_no_more_and_past_days_keep_it(overdue, manager, delivery):
    evidence_before = evidence.of_delivery(delivery, TODAY)

    withdraw(overdue, manager)

    change = MilestoneChange.objects.get()
    assert evidence_before.milestones == 1
    assert evidence.of_delivery(delivery, TODAY).milestones == 0
    assert evidence.of_delivery_then(delivery, TODAY - DAY).milestones_open == 1
    assert position(delivery).status == "on_track"
    assert (change.kind, change.reason, change.recorded_by) == (StepKind.WITHDRAWN, "Entered twice", manager)


def test_a_milestone_moved_or_achieved_meanwhile_is_not_withdrawn(overdue, manager, reporter):
    with pytest.raises(actions.Conflict):
        withdraw(overdue, manager, was_due_on=FAR)
    actions.achieve_milestone(milestone=overdue, by=reporter, today=TODAY)
    with pytest.raises(actions.Conflict):
        withdraw(overdue, manager)


def test_nothing_more_becomes_of_a_withdrawn_milestone(overdue, manager, reporter):
    withdraw(overdue, manager)

    with pytest.raises(actions.Conflict):
        withdraw(overdue, manager)
    with pytest.raises(actions.Conflict):
        actions.achieve_milestone(milestone=overdue, by=reporter, today=TODAY)
    with pytest.raises(actions.Conflict):
        actions.move_milestone(
            milestone=overdue, was_due_on=overdue.due_on, due_on=FAR, reason="Late", by=manager, today=TODAY
        )


def test_a_tick_on_a_milestone_withdrawn_meanwhile_achieves_nothing(overdue, manager, reporter, save, delivery):
    draft = save(delivery, reporter, submit=False)
    draft.ticked.set([overdue])
    withdraw(overdue, manager)

    save(delivery, reporter, version=1)

    overdue.refresh_from_db()
    assert overdue.achieved_on is None
