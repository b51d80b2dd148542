"""Evidence in, verdicts out: only changed rows are written, each move is logged, and running twice is harmless."""

import datetime as dt

import pytest

from commitments import recompute
from commitments.models import Delivery, Milestone, Position, PositionChange, PositionsVersion
from commitments.recompute import Outcome
from tests.commitments.positions import everything, position, stored
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MilestoneFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db


DAY = dt.timedelta(days=1)


# --- Writing only what changed ----------------------------------------------------------------------------


def test_a_first_run_decides_every_position(several):
    outcome = everything()

    assert (outcome.examined, outcome.changed) == (12, 12)
    assert not Position.objects.filter(reason_code="").exists()


def test_a_second_run_writes_nothing(several):
    everything()
    before = stored()

    outcome = everything()

    assert (outcome.examined, outcome.changed) == (12, 0)
    assert stored() == before
    assert PositionChange.objects.count() == 12


def test_only_the_row_that_changed_is_written(several):
    everything()
    before = stored()
    Delivery.objects.filter(pk=several[0].pk).update(local_deadline_on=TODAY - DAY)

    outcome = everything()

    changed = [row[1] for row, old in zip(stored(), before, strict=True) if row != old]
    assert (outcome.changed, changed) == (1, [several[0].pk])


def test_no_fact_and_no_human_moment_is_touched(several):
    report = ReportFactory(delivery=several[1])
    facts = [Delivery, Milestone, type(report)]
    before = [list(model.objects.order_by("pk").values()) for model in facts]

    everything()

    assert [list(model.objects.order_by("pk").values()) for model in facts] == before


def test_some_and_all_agree(several):
    for delivery in several:
        recompute.recompute_deliveries([delivery.pk], TODAY)
    one_by_one = [row[1:] for row in stored()]

    assert everything().changed == 0
    assert [row[1:] for row in stored()] == one_by_one


def test_running_all_as_the_outbox_agrees_too(several):
    recompute.recompute(TODAY)
    as_due = [row[1:] for row in stored()]

    assert everything().changed == 0
    assert [row[1:] for row in stored()] == as_due


# --- What is due ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("due_on", "examined"), [(TODAY - DAY, 1), (TODAY, 1), (TODAY + DAY, 0), (None, 0)])
def test_a_position_is_due_from_its_day_on(due_on, examined):
    DeliveryFactory(position={"next_change_on": due_on})

    assert recompute.recompute(TODAY).examined == examined


def test_what_was_recomputed_is_no_longer_due(several):
    recompute.recompute(TODAY)

    assert recompute.recompute(TODAY) == Outcome(0, 0)


def test_a_new_day_moves_what_turns_on_it():
    milestone = MilestoneFactory(due_on=TODAY)
    SignedOffReportFactory(delivery=milestone.delivery)
    recompute.recompute(TODAY)
    today = position(milestone.delivery)

    recompute.recompute(TODAY + DAY)

    tomorrow = position(milestone.delivery)
    assert (today.status, today.next_change_on) == ("on_track", TODAY + DAY)
    assert (tomorrow.status, tomorrow.moved_on) == ("at_risk", TODAY + DAY)


def test_set_due_marks_these_and_those_above_them(system, place):
    commitment = CommitmentFactory()
    later = {"next_change_on": TODAY + DAY}
    above, here, beside, other = (
        DeliveryFactory(commitment=c, footprint=f, position=later)
        for c, f in (
            (commitment, system),
            (commitment, place),
            (commitment, PlaceFactory(parent=system)),
            (CommitmentFactory(), place),
        )
    )

    recompute.set_due([here.pk], TODAY)

    due = set(Position.objects.filter(next_change_on=TODAY).values_list("pk", flat=True))
    assert due == {above.pk, here.pk}
    assert {beside.pk, other.pk}.isdisjoint(due)


def test_only_what_lies_below_a_path_is_recomputed(several, place):
    outcome = recompute.recompute(TODAY, inside=place.path, everything=True)

    assert outcome.examined == 6
    assert Position.objects.exclude(reason_code="").count() == 6


def test_nothing_to_do_is_done(db):
    assert recompute.recompute(TODAY) == Outcome()
    assert recompute.recompute_deliveries([], TODAY) == Outcome()


# --- Parents and children ---------------------------------------------------------------------------------


def test_a_red_child_contradicts_a_green_parent_at_once(system, place):
    commitment = CommitmentFactory()
    parent, child = (DeliveryFactory(commitment=commitment, footprint=f) for f in (system, place))
    SignedOffReportFactory(delivery=parent)
    recompute.recompute_deliveries([parent.pk, child.pk], TODAY)
    before = position(parent).contradiction
    SignedOffReportFactory(delivery=child, confidence="red", reason="Staff", path_to_green="Recruit")

    recompute.recompute_deliveries([child.pk], TODAY)

    assert before == ""
    assert position(parent).contradiction == "Reported green, but the only delivery below it is reported red."
    assert position(parent).status == "on_track"


# --- The log and the versions -----------------------------------------------------------------------------


def test_each_move_is_logged_with_its_reason():
    delivery = SignedOffReportFactory().delivery
    recompute.recompute_deliveries([delivery.pk], TODAY)
    MilestoneFactory(delivery=delivery, title="Recruit link workers", due_on=TODAY - 23 * DAY)

    recompute.recompute_deliveries([delivery.pk], TODAY)

    latest, first = delivery.position_changes.all()
    assert (first.from_status, first.to_status, first.from_reason_code) == ("", "on_track", "")
    assert (latest.from_status, latest.from_reason_code) == ("on_track", "on_track")
    assert (latest.to_status, latest.to_reason_code) == ("at_risk", "milestone_overdue")
    assert latest.changed_on == TODAY
    assert latest.sentence == (
        "At risk: its only milestone is 23 days overdue (Recruit link workers, due 7 September 2019)."
    )


def test_another_reason_for_the_same_status_is_logged_but_does_not_move_its_day():
    delivery = SignedOffReportFactory(confidence="amber", reason="x", path_to_green="y").delivery
    recompute.recompute_deliveries([delivery.pk], TODAY)
    MilestoneFactory(delivery=delivery, due_on=TODAY - DAY)

    recompute.recompute_deliveries([delivery.pk], TODAY + DAY)

    assert [change.to_reason_code for change in delivery.position_changes.all()] == [
        "milestone_overdue",
        "confidence_amber",
    ]
    assert position(delivery).moved_on == TODAY


def test_a_signal_beside_the_status_changes_without_a_line_in_the_log():
    PeriodFactory(starts_on=dt.date(2019, 10, 1))
    delivery = SignedOffReportFactory().delivery
    recompute.recompute_deliveries([delivery.pk], TODAY)

    outcome = recompute.recompute(dt.date(2019, 10, 20))

    assert outcome.changed == 1
    assert position(delivery).freshness == "due"
    assert delivery.position_changes.count() == 1


def test_a_transaction_that_changes_something_counts_its_systems_on(system, place):
    other = SystemFactory()
    here = DeliveryFactory(footprint=place)
    DeliveryFactory(commitment=here.commitment, footprint=other)
    recompute.recompute_deliveries([here.pk], TODAY)

    recompute.recompute(TODAY)
    recompute.recompute(TODAY, everything=True)

    assert dict(PositionsVersion.objects.values_list("system__code", "number")) == {system.code: 1, other.code: 1}


def test_more_deliveries_of_a_commitment_take_no_more_queries(django_assert_num_queries):
    commitment = CommitmentFactory()
    DeliveryFactory(commitment=commitment)
    everything()
    with django_assert_num_queries(20, exact=False) as few:
        everything()
    for _ in range(4):
        DeliveryFactory(commitment=commitment)
    everything()

    with django_assert_num_queries(len(few)):
        everything()
