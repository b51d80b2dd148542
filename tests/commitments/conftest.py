"""What the tests of commitments may ask for."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments.actions import save_report
from commitments.choices import Confidence, Stage
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    PcnFactory,
    PeriodFactory,
    SignedOffReportFactory,
    SystemFactory,
)

WORDS = {"stage": Stage.UNDER_WAY, "confidence": Confidence.GREEN, "narrative": "All goes to plan."}


@pytest.fixture
def enqueued(monkeypatch):
    """How often the worker was called."""
    calls = []
    monkeypatch.setattr("commitments.tasks.recompute_due.delay_on_commit", calls.append)
    return calls


@pytest.fixture
def delivery(place):
    return DeliveryFactory(footprint=place)


@pytest.fixture
def reader(signed_in, viewer):
    return signed_in(viewer)


@pytest.fixture
def save(db):
    """Saves a green report on September, submitted unless told otherwise."""

    def saved(delivery, by, *, version=0, submit=True, period=None, **words):
        return save_report(
            delivery=delivery,
            period=period or PeriodFactory(),
            words=WORDS | words,
            version=version,
            submit=submit,
            by=by,
            today=TODAY,
        )

    return saved


@pytest.fixture
def several(system, place):
    """Deliveries of several commitments at several levels, with something reported, late, measured and red."""
    metric = MetricFactory()
    commitments = [metric.commitment, CommitmentFactory(), CommitmentFactory(deadline_on=TODAY - dt.timedelta(days=1))]
    footprints = [system, place, PcnFactory(parent=place), SystemFactory()]
    deliveries = [DeliveryFactory(commitment=c, footprint=f) for c in commitments for f in footprints]
    for delivery in deliveries[::2]:
        SignedOffReportFactory(delivery=delivery)
    red = {"confidence": "red", "reason": "Staff", "path_to_green": "Recruit"}
    SignedOffReportFactory(delivery=deliveries[5], **red)
    MilestoneFactory(delivery=deliveries[2], due_on=TODAY - dt.timedelta(days=23))
    ObservationFactory(metric=metric, footprint=place)
    return deliveries


@pytest.fixture
def measured_monthly(db):
    """A metric's values at a footprint, month by month from April 2018."""

    def measured(metric, footprint, *values):
        for n, value in enumerate(values, 3):
            day = dt.date(2018 + n // 12, n % 12 + 1, 28)
            ObservationFactory(metric=metric, footprint=footprint, period_end_on=day, value=value)

    return measured


# --- The report form --------------------------------------------------------------------------------------


@pytest.fixture
def period(db):
    return PeriodFactory()


@pytest.fixture
def report_address(delivery, period):
    return reverse("commitments:report", args=[delivery.pk])


@pytest.fixture
def green():
    """What a browser sends for a green report on September, submitted; any part of it can be changed."""
    sent = {
        "stage": "under_way",
        "confidence": "green",
        "expected_on_day": "31",
        "expected_on_month": "3",
        "expected_on_year": "2021",
        "narrative": "Two hubs opened.",
        "next_steps": "Open the third.",
        "reason": "",
        "path_to_green": "",
        "evidence": "Minutes of 12 September",
        "version": "0",
        "period": "2019-09-01",
        "then": "submit",
    }
    return lambda **changes: sent | changes


# --- Many deliveries at once ------------------------------------------------------------------------------


@pytest.fixture
def desk(signed_in, manager):
    """A programme manager at work."""
    return signed_in(manager)


@pytest.fixture
def two(place):
    return [DeliveryFactory(footprint=place) for _ in range(2)]


@pytest.fixture
def august():
    """An amber report for August, signed off."""

    def signed_off(delivery, **facts):
        words = {
            "confidence": Confidence.AMBER,
            "reason": "Two posts are empty.",
            "path_to_green": "Interviews in May.",
            "expected_on": dt.date(2021, 3, 31),
            "narrative": "Words of August",
        }
        period = PeriodFactory(starts_on=dt.date(2019, 8, 1))
        return SignedOffReportFactory(delivery=delivery, period=period, **words | facts)

    return signed_off
