"""Writes that touch more than one table: what they leave behind, and what they refuse."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from commitments import actions
from commitments.choices import DeliveryLevel
from commitments.models import (
    Delivery,
    LocalLevel,
    Observation,
    Position,
    Trajectory,
)
from systems.choices import Level
from tests.commitments.positions import position
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    PcnFactory,
    PlaceFactory,
    SignedOffReportFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db


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


def test_a_plan_is_set_with_its_position_in_one_go(delivery, manager):
    actions.set_local_plan(
        delivery=delivery, version=1, plan={"local_deadline_on": dt.date(2025, 3, 31)}, by=manager, today=TODAY
    )

    delivery.refresh_from_db()
    assert (delivery.local_deadline_on, delivery.version) == (dt.date(2025, 3, 31), 2)
    assert position(delivery).reason_code == "never_reported"


def test_a_stale_plan_is_refused_and_nothing_is_written(delivery, manager):
    actions.set_local_plan(delivery=delivery, version=1, plan={"planned_start_on": TODAY}, by=manager, today=TODAY)

    with pytest.raises(actions.Conflict):
        actions.set_local_plan(delivery=delivery, version=1, plan={"planned_start_on": None}, by=manager, today=TODAY)

    delivery.refresh_from_db()
    assert (delivery.planned_start_on, delivery.version) == (TODAY, 2)


def test_a_plan_the_database_refuses_leaves_everything_as_it_was(delivery, manager):
    with pytest.raises(IntegrityError):
        actions.set_local_plan(delivery=delivery, version=1, plan={"is_applicable": False}, by=manager, today=TODAY)


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
    assert enqueued == ["observation"]


def test_a_revision_is_a_new_row_and_the_value_that_stands_already_is_not(delivery, metric, enqueued):
    for value in (10, 10, 12, 10):
        actions.record_observation(observation=observation(delivery, metric, value), today=TODAY)

    assert list(Observation.objects.order_by("pk").values_list("value", flat=True)) == [10, 12, 10]
    assert enqueued == ["observation"] * 3


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
