"""Any day computed, the stored positions audited, and several workers at once."""

import datetime as dt

import pytest
from django.db import transaction

from commitments import recompute
from commitments.locks import lock_commitments
from commitments.models import Position, PositionChange
from tests.commitments.positions import everything, position, stored
from tests.elsewhere import Elsewhere, all_at_once
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MilestoneFactory,
    SignedOffReportFactory,
)

pytestmark = pytest.mark.django_db


DAY = dt.timedelta(days=1)


# --- Any day, and the audit -------------------------------------------------------------------------------


def test_a_past_day_is_computed_and_never_stored(several):
    everything()
    before = stored()

    computed = recompute.verdicts(dt.date(2019, 9, 26))

    assert computed[several[0].pk].reported_on is None
    assert position(several[0]).reported_on == dt.date(2019, 9, 25)
    assert stored() == before


def test_verdicts_can_be_asked_for_below_a_path(several, place):
    assert len(recompute.verdicts(TODAY, inside=place.path)) == 6


def test_the_audit_finds_nothing_after_a_run_and_writes_nothing(several):
    everything()
    before = stored()

    assert list(recompute.audit(TODAY)) == []
    assert stored() == before


def test_the_audit_finds_a_position_that_somebody_tampered_with(several):
    everything()
    Position.objects.filter(pk=several[0].pk).update(status="delivered")

    found = list(recompute.audit(TODAY))

    assert [(drift.delivery_id, drift.stored[0], drift.computed[0]) for drift in found] == [
        (several[0].pk, "delivered", "on_track")
    ]
    assert position(several[0]).status == "delivered"


def test_the_audit_finds_a_fact_that_went_round_the_actions(several, place):
    everything()
    MilestoneFactory(delivery=several[0], due_on=TODAY - DAY)

    assert [drift.delivery_id for drift in recompute.audit(TODAY)] == [several[0].pk]
    assert list(recompute.audit(TODAY, inside=place.path)) == []


# --- Locks ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_commitment_held_elsewhere_is_waited_for_and_its_new_fact_is_seen():
    first = DeliveryFactory()
    held = SignedOffReportFactory(delivery=first).delivery
    free = DeliveryFactory()
    done = []
    worker = Elsewhere(lambda: done.append(recompute.recompute(TODAY)))

    with transaction.atomic():
        lock_commitments([held.commitment_id])
        worker.start()
        worker.join(timeout=1)
        waited = worker.is_alive()
        while_held = position(free).reason_code
        MilestoneFactory(delivery=held, due_on=TODAY - DAY)
    worker.join()

    assert waited
    assert while_held == "not_phased_yet"
    assert [(outcome.examined, outcome.changed) for outcome in done] == [(2, 2)]
    assert position(held).reason_code == "milestone_overdue"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_decide_each_position_once():
    deliveries = [DeliveryFactory() for _ in range(12)]
    outcomes = []

    all_at_once(*[lambda: outcomes.append(recompute.recompute(TODAY))] * 2)

    assert sum(outcome.changed for outcome in outcomes) == len(deliveries)
    assert PositionChange.objects.count() == len(deliveries)


@pytest.mark.django_db(transaction=True)
def test_two_hands_share_a_recompute_and_decide_each_position_once():
    deliveries = [DeliveryFactory() for _ in range(12)]

    outcome = recompute.recompute(TODAY, hands=2)

    assert (outcome.examined, outcome.changed) == (12, 12)
    assert PositionChange.objects.count() == len(deliveries)
    assert recompute.recompute(TODAY, everything=True, hands=2).changed == 0


@pytest.mark.django_db(transaction=True)
def test_what_fails_in_one_hand_fails_the_run(monkeypatch):
    DeliveryFactory()
    monkeypatch.setattr(recompute.rules, "verdict", lambda e, today: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        recompute.recompute(TODAY, hands=2)


@pytest.mark.django_db(transaction=True)
def test_locks_in_any_order_never_wait_in_a_ring():
    commitments = [CommitmentFactory().pk for _ in range(8)]

    def hold(ids):
        for _ in range(20):
            with transaction.atomic():
                lock_commitments(ids)

    all_at_once(lambda: hold(commitments), lambda: hold(commitments[::-1]))
