"""Two people at once: one is told, and nothing is lost."""

import datetime as dt

import pytest

from commitments import actions
from commitments.models import (
    Delivery,
    Position,
    Report,
)
from commitments.recompute import audit, recompute
from systems.choices import Role
from tests.elsewhere import all_at_once, tell
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    PeriodFactory,
    ReportFactory,
    person,
)


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_who_start_a_report_at_once_one_is_told(place, reporter, manager, save):
    delivery = DeliveryFactory(footprint=place)
    period = PeriodFactory()
    outcomes = []

    all_at_once(
        *[tell(outcomes, lambda by=by: save(delivery, by, submit=False, period=period)) for by in (reporter, manager)]
    )

    assert sorted(outcomes) == ["conflict", "done"]
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_who_decide_at_once_one_is_told(place, system, approver):
    report = ReportFactory(delivery=DeliveryFactory(footprint=place))
    second = person(Role.APPROVER, system)
    outcomes = []

    all_at_once(
        tell(outcomes, lambda: actions.sign_off(report=report, version=1, by=approver, today=TODAY)),
        tell(outcomes, lambda: actions.return_report(report=report, version=1, note="No", by=second, today=TODAY)),
    )

    assert sorted(outcomes) == ["conflict", "done"]


@pytest.mark.django_db(transaction=True)
def test_two_who_open_deliveries_at_once_open_each_of_them_once(system):
    for _ in range(5):
        CommitmentFactory()
    opened = []

    all_at_once(*[lambda: opened.append(actions.open_deliveries(system=system, today=TODAY))] * 2)

    assert sorted(opened) == [0, 5]
    assert Delivery.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_who_set_a_plan_at_once_do_not_lose_one_of_them_silently(place, manager):
    delivery = DeliveryFactory(footprint=place)
    outcomes = []

    def plan(day):
        actions.set_local_plan(delivery=delivery, version=1, plan={"planned_start_on": day}, by=manager, today=TODAY)

    all_at_once(*[tell(outcomes, lambda day=day: plan(day)) for day in (TODAY, dt.date(2019, 4, 1))])

    assert sorted(outcomes) == ["conflict", "done"]
    delivery.refresh_from_db()
    assert delivery.version == 2


@pytest.mark.django_db(transaction=True)
def test_signing_off_while_the_commitment_is_recomputed_loses_nothing(place, approver):
    reports = [ReportFactory(delivery=DeliveryFactory(footprint=place)) for _ in range(6)]

    def sign_all():
        for report in reports:
            actions.sign_off(report=report, version=1, by=approver, today=TODAY)

    def recompute_all():
        for _ in range(6):
            recompute(TODAY, everything=True)

    all_at_once(sign_all, recompute_all)

    assert list(audit(TODAY)) == []
    assert set(Position.objects.values_list("status", flat=True)) == {"on_track"}
