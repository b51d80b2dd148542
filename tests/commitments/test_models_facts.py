"""Who sees which facts, and what each fact calls itself."""

import datetime as dt

import pytest

from commitments import models
from commitments.choices import ReportState, Stage
from commitments.models import Delivery, Report
from systems.choices import Level
from tests.factories import (
    TODAY,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    ReportFactory,
    SignedOffReportFactory,
    SystemFactory,
    person,
)

pytestmark = pytest.mark.django_db


def test_deliveries_are_seen_in_and_below_ones_footprint(system, place):
    above, here, elsewhere = (DeliveryFactory(footprint=f) for f in (system, place, SystemFactory()))
    borough, whole = (person("viewer", footprint) for footprint in (place, system))

    assert set(Delivery.objects.visible_to(borough)) == {here}
    assert set(Delivery.objects.visible_to(whole)) == {above, here}
    assert elsewhere not in Delivery.objects.visible_to(whole)


def test_reports_are_for_who_works_here_drafts_too(place, viewer, councillor):
    signed = SignedOffReportFactory(delivery=DeliveryFactory(footprint=place))
    draft = ReportFactory(delivery=signed.delivery, state=ReportState.DRAFT)
    ReportFactory()

    assert set(Report.objects.readable_by(viewer)) == {signed, draft}
    assert not Report.objects.readable_by(councillor).exists()


@pytest.mark.parametrize(("submitted_on", "late"), [(dt.date(2019, 10, 7), False), (dt.date(2019, 10, 8), True)])
def test_a_report_is_late_after_the_day_it_was_due(submitted_on, late):
    assert ReportFactory(submitted_on=submitted_on).is_late() is late


@pytest.mark.parametrize(
    ("state", "editable"),
    [(ReportState.DRAFT, True), (ReportState.RETURNED, True), (ReportState.SUBMITTED, False)],
)
def test_only_drafts_and_returned_reports_can_be_edited(state, editable):
    assert Report(state=state).is_editable is editable


def test_facts_say_what_they_are():
    delivery = DeliveryFactory(commitment__title="Talking therapies", footprint__name="Bexley")
    report = ReportFactory(delivery=delivery)
    milestone = MilestoneFactory(delivery=delivery, title="Open a hub")
    seen = ObservationFactory(metric__name="Seen", footprint__name="Bexley", value=10)

    assert [str(thing) for thing in (delivery, report, milestone, seen)] == [
        "Talking therapies, Bexley",
        "Talking therapies, Bexley, September 2019",
        "Open a hub",
        "Seen at Bexley, 2019-08-31: 10",
    ]
    assert (delivery.path, report.path) == (delivery.footprint.path, delivery.footprint.path)
    assert Stage(report.stage) == Stage.UNDER_WAY


def test_the_catalogue_and_what_follows_from_it_say_what_they_are():
    metric = MetricFactory(name="Seen", commitment__code="LTP1-UEC-01", commitment__title="Same day care")
    drawn = models.Trajectory(metric=metric)
    delivery = DeliveryFactory(commitment=metric.commitment, footprint__name="Bexley")
    change = models.PositionChange(delivery=delivery, to_status="on_track", changed_on=TODAY)
    choice = models.LocalLevel(system=delivery.footprint, commitment=metric.commitment, level=Level.PLACE)
    things = [
        metric.commitment.theme.plan,
        models.NationalMilestone(title="Go"),
        drawn,
        models.TrajectoryPoint(trajectory=drawn, value=4, due_on=TODAY),
        delivery.position,
        change,
        models.PositionsVersion(system=delivery.footprint, number=3),
        choice,
    ]

    assert [str(thing) for thing in things] == [
        "NHS Long Term Plan",
        "Go",
        "Seen: England",
        "4 on 2019-09-30",
        "Same day care, Bexley: Not started",
        "Same day care, Bexley: new to on_track on 2019-09-30",
        "Bexley: 3",
        "LTP1-UEC-01 Same day care in Bexley by Place",
    ]
