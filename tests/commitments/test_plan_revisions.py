"""The local plan as it stood on a past day: every writer keeps it, and the evidence of that day reads it."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection

from commitments import actions, evidence, recompute
from commitments.choices import DeliveryLevel, Status
from commitments.models import Delivery, PlanRevision
from commitments.models.plans import PLAN
from systems.choices import Level
from tests.factories import (
    OPENED_ON,
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    SignedOffReportFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
DEADLINE = dt.date(2025, 3, 31)
PLANS = {
    "lead": lambda: {"lead": UserFactory()},
    "planned start": lambda: {"planned_start_on": DEADLINE},
    "local deadline": lambda: {"local_deadline_on": DEADLINE},
    "applicability": lambda: {"is_applicable": False, "not_applicable_reason": "No such service here"},
}


def plan(delivery, by, **facts):
    actions.set_local_plan(delivery=delivery, version=delivery.version, plan=facts, by=by, today=TODAY)


def unrecorded() -> list[int]:
    """The deliveries whose plan is another than the latest one kept of it."""
    kept = dict(_plans(PlanRevision.objects.in_force_on(dt.date.max), "delivery_id"))
    return [pk for pk, stands in _plans(Delivery.objects.all(), "pk") if kept.get(pk) != stands]


def _plans(rows, key):
    return [(row[0], row[1:]) for row in rows.values_list(key, *PLAN)]


# --- Every writer keeps it --------------------------------------------------------------------------------


def test_a_delivery_that_is_opened_keeps_its_first_plan(system):
    CommitmentFactory(delivery_level=DeliveryLevel.SYSTEM)

    actions.open_deliveries(system=system, today=TODAY)

    assert PlanRevision.objects.get().recorded_on == TODAY
    assert unrecorded() == []


@pytest.mark.parametrize("what", PLANS)
def test_a_plan_that_is_set_is_kept_with_its_day_and_its_writer(delivery, manager, what):
    plan(delivery, manager, **PLANS[what]())

    assert delivery.plan_revisions.values_list("recorded_on", "recorded_by").first() == (TODAY, manager.pk)
    assert delivery.plan_revisions.count() == 2
    assert unrecorded() == []


def test_a_plan_that_is_refused_is_not_kept(delivery, manager):
    with pytest.raises(actions.Conflict):
        actions.set_local_plan(delivery=delivery, version=9, plan={"lead": manager}, by=manager, today=TODAY)

    assert delivery.plan_revisions.count() == 1


def test_choosing_a_lower_level_keeps_the_plan_struck_out_and_those_opened(system, place, manager):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.SYSTEM)
    above = DeliveryFactory(commitment=commitment, footprint=system)

    actions.choose_local_level(system=system, commitment=commitment, level=Level.PLACE, by=manager, today=TODAY)

    assert above.plan_revisions.first().is_applicable is False
    assert Delivery.objects.count() == 2
    assert unrecorded() == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET is_applicable = false", "DELETE FROM {}"])
def test_a_plan_that_was_kept_is_never_changed(delivery, statement):
    with pytest.raises(InternalError), connection.cursor() as cursor:
        cursor.execute(statement.format("commitments_planrevision"))


# --- The evidence of a past day reads it ------------------------------------------------------------------


def facts(e):
    return e.has_lead, e.planned_start_on, e.local_deadline_on, e.is_applicable, e.not_applicable_reason


@pytest.mark.parametrize("what", PLANS)
def test_a_plan_is_seen_from_the_day_it_was_recorded_and_not_before(delivery, manager, what):
    plan(delivery, manager, **PLANS[what]())

    the_day_before = evidence.of_delivery_then(delivery, TODAY - DAY)
    that_day = evidence.of_delivery_then(delivery, TODAY)

    assert facts(the_day_before) == (False, None, None, True, "")
    assert facts(that_day) != facts(the_day_before)
    assert that_day == evidence.of_delivery(delivery, TODAY)


LATER = {
    "report": lambda d: SignedOffReportFactory(delivery=d, submitted_on=TODAY - DAY, decided_on=TODAY),
    "milestone": lambda d: MilestoneFactory(delivery=d, recorded_on=TODAY),
    "observation": lambda d: ObservationFactory(
        metric=MetricFactory(commitment=d.commitment), footprint=d.footprint, recorded_on=TODAY
    ),
}


@pytest.mark.parametrize("kind", LATER)
def test_a_fact_is_seen_from_the_day_it_was_recorded_and_not_before(delivery, kind):
    LATER[kind](delivery)

    before, on, now = (
        evidence.of_delivery_then(delivery, TODAY - DAY),
        evidence.of_delivery_then(delivery, TODAY),
        evidence.of_delivery(delivery, TODAY),
    )

    def seen(e):
        return e.reported_on, e.milestones, e.metric and e.metric.observed

    assert seen(before) == (None, 0, None)
    assert seen(on) != (None, 0, None)
    assert on == now


def test_a_milestone_achieved_later_was_still_open(delivery, manager):
    MilestoneFactory(delivery=delivery, achieved_on=TODAY, achieved_by=manager)

    assert evidence.of_delivery_then(delivery, TODAY - DAY).milestones_open == 1
    assert evidence.of_delivery_then(delivery, TODAY).milestones_open == 0


def test_the_latest_of_two_plans_of_one_day_counts(delivery, manager):
    for day in (DEADLINE, None, DEADLINE + DAY):
        delivery.refresh_from_db()
        plan(delivery, manager, planned_start_on=day)

    assert evidence.of_delivery_then(delivery, TODAY).planned_start_on == DEADLINE + DAY


def test_a_delivery_is_not_known_before_it_was_opened(delivery):
    assert evidence.of_delivery_then(delivery, OPENED_ON) is not None
    assert evidence.of_delivery_then(delivery, OPENED_ON - DAY) is None
    assert recompute.verdicts(OPENED_ON - DAY) == {}
    assert list(recompute.audit(OPENED_ON - DAY, past=True)) == []


def test_a_child_that_did_not_apply_then_did_not_speak_against_its_parent(system, place, manager):
    commitment = CommitmentFactory()
    parent, child = (DeliveryFactory(commitment=commitment, footprint=f) for f in (system, place))
    plan(child, manager, is_applicable=False, not_applicable_reason="Closed")

    assert evidence.of_delivery_then(parent, TODAY - DAY).children == 1
    assert evidence.of_delivery_then(parent, TODAY).children == 0
    assert evidence.of_delivery(parent, TODAY).children == 0


def test_a_past_verdict_is_that_of_the_plan_then(delivery, manager):
    SignedOffReportFactory(delivery=delivery)
    plan(delivery, manager, is_applicable=False, not_applicable_reason="No such service here")

    assert recompute.verdicts(TODAY - DAY)[delivery.pk].status == Status.ON_TRACK
    assert recompute.verdicts(TODAY)[delivery.pk].status == Status.NOT_APPLICABLE
    assert delivery.position.__class__.objects.get().status == Status.NOT_APPLICABLE


def test_a_past_day_takes_as_many_queries_as_today(several, django_assert_num_queries):
    periods = evidence.reporting_periods()
    commitment = several[0].commitment_id
    with django_assert_num_queries(20, exact=False) as now:
        list(evidence.of_commitments([commitment], TODAY, periods=periods))

    with django_assert_num_queries(len(now)):
        list(evidence.of_commitments([commitment], TODAY - DAY, periods=periods, past=True))


def test_the_present_is_read_from_the_delivery_alone(delivery, django_assert_num_queries):
    with django_assert_num_queries(20, exact=False) as asked:
        evidence.of_delivery(delivery, TODAY)

    assert not any("planrevision" in query["sql"] for query in asked)


# --- Commands ---------------------------------------------------------------------------------------------


def test_explain_shows_the_plan_as_it_stood(delivery, manager, capsys):
    plan(delivery, manager, local_deadline_on=DEADLINE)

    call_command("explain", str(delivery.pk), "--as-of", str(TODAY - DAY))
    before = capsys.readouterr().out
    call_command("explain", str(delivery.pk))

    assert "Local deadline            Not set" in before
    assert "Local deadline            31 March 2025" in capsys.readouterr().out


def test_explain_of_a_day_before_it_was_opened_says_so(delivery):
    with pytest.raises(CommandError, match="was not open on 30 September 2018"):
        call_command("explain", str(delivery.pk), "--as-of", str(OPENED_ON - DAY))


def test_an_export_of_a_day_before_a_delivery_was_opened_leaves_it_out(delivery, capsys):
    DeliveryFactory(opened_on=TODAY)

    call_command("export_positions", "--as-of", str(TODAY - DAY))

    assert delivery.commitment.code in capsys.readouterr().out
    call_command("export_positions", "--as-of", str(OPENED_ON - DAY))
    assert len(capsys.readouterr().out.splitlines()) == 1
