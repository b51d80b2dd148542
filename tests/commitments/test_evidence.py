"""Facts into Evidence: what was known on a day, and nothing more."""

import datetime as dt
from decimal import Decimal

import pytest

from commitments import evidence
from commitments.choices import ReportState, Scope
from commitments.models import Trajectory, TrajectoryPoint
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    PcnFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    SystemFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
AUGUST = dt.date(2019, 8, 1)


def trajectory(metric, footprint, *points, recorded_on=dt.date(2019, 4, 1)):
    drawn = Trajectory.objects.create(metric=metric, footprint=footprint, source="Plan", recorded_on=recorded_on)
    for due_on, value in points:
        TrajectoryPoint.objects.create(trajectory=drawn, due_on=due_on, value=value)
    return drawn


def test_an_untouched_delivery_has_the_catalogues_facts_and_no_others():
    delivery = DeliveryFactory()

    e = evidence.of_delivery(delivery, TODAY)

    assert (e.delivery_id, e.deadline_on, e.final_submission_on) == (
        delivery.pk, dt.date(2024, 3, 31), dt.date(2019, 11, 15),
    )  # fmt: skip
    assert (e.has_lead, e.milestones, e.reported_on, e.metric, e.children) == (False, 0, None, None, 0)
    assert (e.stage, e.confidence, e.oldest_open_milestone) == ("", "", "")


def test_the_local_plan_is_seen():
    delivery = DeliveryFactory(
        lead=UserFactory(), planned_start_on=dt.date(2019, 4, 1), local_deadline_on=dt.date(2022, 3, 31)
    )

    e = evidence.of_delivery(delivery, TODAY)

    assert (e.has_lead, e.planned_start_on, e.local_deadline_on) == (True, dt.date(2019, 4, 1), dt.date(2022, 3, 31))


# --- Reports ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SUBMITTED])
def test_a_report_counts_only_once_signed_off(state):
    delivery = ReportFactory(state=state).delivery

    assert evidence.of_delivery(delivery, TODAY).reported_on is None


def test_a_report_is_seen_from_the_day_it_was_signed_off():
    report = SignedOffReportFactory(submitted_on=dt.date(2019, 9, 25), decided_on=dt.date(2019, 9, 27))

    before, on = (evidence.of_delivery(report.delivery, dt.date(2019, 9, day)) for day in (26, 27))

    assert before.reported_on is None
    assert (on.reported_on, on.reported_period) == (dt.date(2019, 9, 25), dt.date(2019, 9, 1))


def test_the_latest_month_counts_even_where_an_earlier_one_was_signed_off_later():
    september = SignedOffReportFactory(confidence="green", decided_on=dt.date(2019, 9, 25))
    SignedOffReportFactory(
        delivery=september.delivery, period=PeriodFactory(starts_on=AUGUST), confidence="red",
        reason="x", path_to_green="y", decided_on=dt.date(2019, 9, 28),
    )  # fmt: skip

    assert evidence.of_delivery(september.delivery, TODAY).confidence == "green"


def test_a_correction_replaces_the_report_it_supersedes():
    first = SignedOffReportFactory(stage="under_way")
    SignedOffReportFactory(delivery=first.delivery, stage="delivered", supersedes=first)

    assert evidence.of_delivery(first.delivery, TODAY).stage == "delivered"


# --- Milestones -------------------------------------------------------------------------------------------


def test_open_milestones_stand_in_the_order_they_are_due():
    delivery = DeliveryFactory()
    MilestoneFactory(delivery=delivery, title="Later", due_on=dt.date(2020, 3, 31))
    MilestoneFactory(delivery=delivery, title="Sooner", due_on=dt.date(2019, 12, 31))
    MilestoneFactory(delivery=delivery, title="Done", due_on=dt.date(2019, 6, 30), achieved_on=dt.date(2019, 6, 1))

    e = evidence.of_delivery(delivery, TODAY)

    assert (e.milestones, e.milestones_open, e.oldest_open_milestone) == (3, 2, "Sooner")
    assert e.milestones_open_due_on == (dt.date(2019, 12, 31), dt.date(2020, 3, 31))


def test_a_milestone_is_seen_from_the_day_it_was_recorded():
    milestone = MilestoneFactory(recorded_on=TODAY)

    assert evidence.of_delivery(milestone.delivery, TODAY - DAY).milestones == 0
    assert evidence.of_delivery(milestone.delivery, TODAY).milestones == 1


def test_a_milestone_is_open_until_the_day_it_was_achieved():
    milestone = MilestoneFactory(achieved_on=TODAY)

    assert evidence.of_delivery(milestone.delivery, TODAY - DAY).milestones_open == 1
    assert evidence.of_delivery(milestone.delivery, TODAY).milestones_open == 0


# --- Metrics ----------------------------------------------------------------------------------------------


def measured_delivery(**facts):
    metric = MetricFactory(**facts)
    return DeliveryFactory(commitment=metric.commitment), metric


def test_a_target_of_every_ics_is_this_footprints_own():
    delivery, metric = measured_delivery(baseline=20, target=80)

    seen = evidence.of_delivery(delivery, TODAY).metric

    assert (seen.name, seen.baseline, seen.target, seen.target_on) == (metric.name, 20, 80, dt.date(2024, 3, 31))
    assert (seen.observed, seen.observed_on) == (None, None)


def test_a_total_for_england_is_nobodys_own_target():
    delivery, _ = measured_delivery(scope=Scope.ENGLAND)

    assert evidence.of_delivery(delivery, TODAY).metric is None


def test_only_the_headline_metric_is_looked_at():
    delivery, _ = measured_delivery(is_headline=False)

    assert evidence.of_delivery(delivery, TODAY).metric is None


def test_a_metric_without_a_target_gives_no_evidence():
    delivery, _ = measured_delivery(target=None)

    assert evidence.of_delivery(delivery, TODAY).metric is None


def test_a_local_trajectory_makes_a_target_even_of_an_england_total():
    delivery, metric = measured_delivery(scope=Scope.ENGLAND, baseline=1000, target=9000)
    trajectory(metric, delivery.footprint, (dt.date(2019, 4, 1), 10), (dt.date(2024, 3, 31), 60))

    seen = evidence.of_delivery(delivery, TODAY).metric

    assert (seen.baseline, seen.baseline_on) == (10, dt.date(2019, 4, 1))
    assert (seen.target, seen.target_on) == (60, dt.date(2024, 3, 31))


def test_the_latest_trajectory_of_ones_own_recorded_by_the_day_is_in_force():
    delivery, metric = measured_delivery(scope=Scope.ENGLAND)
    trajectory(metric, SystemFactory(), (dt.date(2019, 4, 1), 1), (dt.date(2024, 3, 31), 2))
    for value, recorded_on in ((60, dt.date(2019, 4, 1)), (70, TODAY)):
        points = (dt.date(2019, 4, 1), 10), (dt.date(2024, 3, 31), value)
        trajectory(metric, delivery.footprint, *points, recorded_on=recorded_on)

    assert evidence.of_delivery(delivery, TODAY - DAY).metric.target == 60
    assert evidence.of_delivery(delivery, TODAY).metric.target == 70


def test_a_published_trajectory_guides_those_without_their_own():
    delivery, metric = measured_delivery()
    trajectory(metric, None, (dt.date(2021, 3, 31), 40))

    assert evidence.of_delivery(delivery, TODAY).metric.trajectory == ((dt.date(2021, 3, 31), Decimal(40)),)


def test_the_latest_value_of_the_latest_day_counts_a_revision_included():
    delivery, metric = measured_delivery()
    for end, value in ((dt.date(2019, 8, 31), 10), (dt.date(2019, 8, 31), 11), (dt.date(2019, 7, 31), 99)):
        ObservationFactory(metric=metric, footprint=delivery.footprint, period_end_on=end, value=value)
    ObservationFactory(metric=metric, value=50)

    seen = evidence.of_delivery(delivery, TODAY).metric

    assert (seen.observed, seen.observed_on) == (11, dt.date(2019, 8, 31))


def test_a_value_is_seen_from_the_day_it_was_recorded():
    delivery, metric = measured_delivery()
    ObservationFactory(metric=metric, footprint=delivery.footprint, recorded_on=TODAY)

    assert evidence.of_delivery(delivery, TODAY - DAY).metric.observed is None
    assert evidence.of_delivery(delivery, TODAY).metric.observed == 10


# --- Children ---------------------------------------------------------------------------------------------


def red(delivery, **facts):
    words = {"confidence": "red", "reason": "Staff", "path_to_green": "Recruit"}
    return SignedOffReportFactory(delivery=delivery, **words | facts)


def test_the_deliveries_below_are_counted_and_the_red_among_them(system):
    commitment = CommitmentFactory()
    places = [PlaceFactory(parent=system) for _ in range(3)]
    parent, first, second, third = (DeliveryFactory(commitment=commitment, footprint=f) for f in (system, *places))
    red(first)
    SignedOffReportFactory(delivery=second)
    red(DeliveryFactory(footprint=third.footprint))
    red(DeliveryFactory(commitment=commitment))

    e = evidence.of_delivery(parent, TODAY)

    assert (e.children, e.children_red) == (3, 1)
    assert evidence.of_delivery(first, TODAY).children == 0


def test_a_place_looks_at_its_networks_and_a_system_at_both(system, place):
    commitment = CommitmentFactory()
    network = PcnFactory(parent=place)
    whole, borough, lowest = (DeliveryFactory(commitment=commitment, footprint=f) for f in (system, place, network))
    red(lowest)

    found = [evidence.of_delivery(delivery, TODAY) for delivery in (whole, borough, lowest)]

    assert [(e.children, e.children_red) for e in found] == [(2, 1), (1, 1), (0, 0)]


def test_a_child_that_is_struck_out_or_was_red_only_later_does_not_speak(system, place):
    commitment = CommitmentFactory()
    parent, child = (DeliveryFactory(commitment=commitment, footprint=f) for f in (system, place))
    DeliveryFactory(
        commitment=commitment, footprint=PlaceFactory(parent=system), is_applicable=False, not_applicable_reason="No"
    )
    red(child, decided_on=TODAY)

    before, on = (evidence.of_delivery(parent, day) for day in (TODAY - DAY, TODAY))

    assert [(e.children, e.children_red) for e in (before, on)] == [(1, 0), (1, 1)]
