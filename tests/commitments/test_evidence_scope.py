"""The evidence of all, some, due, or those below a path: the same of each, in a few queries."""

import datetime as dt

import pytest

from commitments import evidence
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    ObservationFactory,
    PeriodFactory,
    SignedOffReportFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
AUGUST = dt.date(2019, 8, 1)


def red(delivery, **facts):
    words = {"confidence": "red", "reason": "Staff", "path_to_green": "Recruit"}
    return SignedOffReportFactory(delivery=delivery, **words | facts)


# --- All, some, due, below --------------------------------------------------------------------------------


def found(commitment, **scope):
    periods = evidence.reporting_periods()
    return {e.delivery_id for e in evidence.of_commitments([commitment.pk], TODAY, periods=periods, **scope)}


def test_a_commitments_evidence_can_be_asked_for_all_some_due_or_below_a_path(system, place):
    commitment = CommitmentFactory()
    later = {"next_change_on": TODAY + DAY}
    here = DeliveryFactory(commitment=commitment, footprint=place, position=later)
    due = DeliveryFactory(commitment=commitment, footprint=SystemFactory())
    DeliveryFactory()

    assert found(commitment) == {here.pk, due.pk}
    assert found(commitment, deliveries=[here.pk]) == {here.pk}
    assert found(commitment, due_only=True) == {due.pk}
    assert found(commitment, inside=system.path) == {here.pk}


def test_some_and_all_say_the_same_of_one_delivery(system, place):
    metric = MetricFactory()
    deliveries = [DeliveryFactory(commitment=metric.commitment, footprint=f) for f in (system, place)]
    red(deliveries[1])
    ObservationFactory(metric=metric, footprint=place)
    periods = evidence.reporting_periods()

    whole = list(evidence.of_commitments([metric.commitment_id], TODAY, periods=periods))

    assert sorted(whole, key=lambda e: e.delivery_id) == [evidence.of_delivery(d, TODAY) for d in deliveries]


def test_more_deliveries_take_no_more_queries(system, django_assert_num_queries):
    metric = MetricFactory()
    DeliveryFactory(commitment=metric.commitment, footprint=system)
    with django_assert_num_queries(20, exact=False) as few:
        found(metric.commitment)
    for _ in range(3):
        DeliveryFactory(commitment=metric.commitment)

    with django_assert_num_queries(len(few)):
        found(metric.commitment)


def test_reporting_periods_stand_in_order():
    PeriodFactory()
    PeriodFactory(starts_on=AUGUST)

    assert evidence.reporting_periods() == (
        (dt.date(2019, 8, 20), AUGUST),
        (dt.date(2019, 9, 20), dt.date(2019, 9, 1)),
    )
