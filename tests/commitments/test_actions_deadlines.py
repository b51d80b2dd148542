"""Asking for another local deadline, and deciding about it."""

import ast
import datetime as dt

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError

from commitments import actions
from commitments.choices import Ask, DeadlineKind
from commitments.models import DeadlineChange, Delivery, Position
from commitments.recompute import recompute_deliveries
from systems.choices import Role
from tests.elsewhere import all_at_once
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    MilestoneFactory,
    SignedOffReportFactory,
    person,
)

OLD, NEW, NATIONAL = dt.date(2021, 3, 31), dt.date(2021, 9, 30), dt.date(2024, 3, 31)
ROOMS = settings.BASE_DIR / "commitments"


@pytest.fixture
def delivery(place):
    return DeliveryFactory(footprint=place, local_deadline_on=OLD)


def ask(delivery, by, **changes):
    asked = {"old_on": OLD, "new_on": NEW, "reason": "The building opens later."} | changes
    return actions.ask_deadline_change(delivery=delivery, **asked, by=by, today=TODAY)


# --- Asking -----------------------------------------------------------------------------------------------


def test_asking_moves_nothing(delivery, reporter):
    change = ask(delivery, reporter)

    delivery.refresh_from_db()
    assert (change.state, change.asked_by, change.asked_on) == (Ask.ASKED, reporter, TODAY)
    assert (delivery.local_deadline_on, delivery.version) == (OLD, 1)


def test_a_second_wish_waits_until_the_first_is_decided(delivery, reporter, manager, approver):
    first = ask(delivery, reporter)

    with pytest.raises(actions.Conflict):
        ask(delivery, manager, new_on=dt.date(2021, 6, 30))

    actions.refuse_deadline_change(change=first, note="Too late", by=approver, today=TODAY)
    assert ask(delivery, manager, new_on=dt.date(2021, 6, 30)).state == Ask.ASKED


def test_who_read_another_deadline_is_told(delivery, reporter):
    with pytest.raises(actions.Conflict):
        ask(delivery, reporter, old_on=dt.date(2020, 3, 31))

    assert not DeadlineChange.objects.exists()


# --- Deciding ---------------------------------------------------------------------------------------------


def test_agreeing_moves_the_deadline_and_the_position_in_one_go(place, reporter, approver):
    passed = TODAY - dt.timedelta(days=10)
    delivery = DeliveryFactory(footprint=place, local_deadline_on=passed)
    SignedOffReportFactory(delivery=delivery)
    recompute_deliveries([delivery.pk], TODAY)
    assert Position.objects.get().reason_code == "local_deadline_missed"

    change = ask(delivery, reporter, old_on=passed)
    actions.agree_deadline_change(change=change, note="", by=approver, today=TODAY)

    delivery.refresh_from_db()
    change.refresh_from_db()
    assert (delivery.local_deadline_on, delivery.version) == (NEW, 2)
    assert (change.state, change.decided_by, change.decided_on) == (Ask.AGREED, approver, TODAY)
    assert Position.objects.get().reason_code == "on_track"
    assert delivery.position_changes.first().to_reason_code == "on_track"
    kept = delivery.plan_revisions.first()
    assert (kept.local_deadline_on, kept.recorded_by, kept.recorded_on) == (NEW, approver, TODAY)


def test_refusing_leaves_the_deadline_and_says_why(delivery, reporter, approver):
    change = ask(delivery, reporter)

    actions.refuse_deadline_change(change=change, note="The date stands", by=approver, today=TODAY)

    delivery.refresh_from_db()
    change.refresh_from_db()
    assert (delivery.local_deadline_on, delivery.version) == (OLD, 1)
    assert (change.state, change.decision_note) == (Ask.REFUSED, "The date stands")


@pytest.mark.parametrize("decide", [actions.agree_deadline_change, actions.refuse_deadline_change])
def test_nobody_decides_about_what_they_asked_for(delivery, approver, decide):
    change = ask(delivery, approver)

    with pytest.raises(PermissionDenied):
        decide(change=change, note="Mine", by=approver, today=TODAY)

    change.refresh_from_db()
    assert change.state == Ask.ASKED


@pytest.mark.parametrize("decide", [actions.agree_deadline_change, actions.refuse_deadline_change])
def test_what_is_decided_is_not_decided_again(delivery, reporter, approver, decide):
    change = ask(delivery, reporter)
    actions.agree_deadline_change(change=change, note="", by=approver, today=TODAY)

    with pytest.raises(actions.Conflict):
        decide(change=change, note="Again", by=approver, today=TODAY)


def test_a_deadline_before_the_planned_start_cannot_be_agreed_and_stays_undecided(delivery, reporter, approver):
    change = ask(delivery, reporter, new_on=dt.date(2020, 3, 31))
    Delivery.objects.filter(pk=delivery.pk).update(planned_start_on=dt.date(2020, 4, 1))

    with pytest.raises(ValidationError, match="cannot come before the planned start"):
        actions.agree_deadline_change(change=change, note="", by=approver, today=TODAY)

    delivery.refresh_from_db()
    change.refresh_from_db()
    assert (change.state, delivery.local_deadline_on) == (Ask.ASKED, OLD)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_who_decide_at_once_one_is_told(place, system, reporter, approver):
    delivery = DeliveryFactory(footprint=place, local_deadline_on=OLD)
    change = ask(delivery, reporter)
    second = person(Role.APPROVER, system)
    outcomes = []

    def decided(decide, by):
        try:
            decide(change=change, note="So be it", by=by, today=TODAY)
        except actions.Conflict:
            outcomes.append("conflict")
        else:
            outcomes.append("done")

    all_at_once(
        lambda: decided(actions.agree_deadline_change, approver),
        lambda: decided(actions.refuse_deadline_change, second),
    )

    change.refresh_from_db()
    delivery.refresh_from_db()
    assert sorted(outcomes) == ["conflict", "done"]
    assert delivery.local_deadline_on == (NEW if change.state == Ask.AGREED else OLD)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_is_told(place, reporter, manager):
    delivery = DeliveryFactory(footprint=place, local_deadline_on=OLD)
    refused = []

    def asking(by):
        try:
            ask(delivery, by)
        except actions.Conflict:
            refused.append(by)

    all_at_once(*[lambda by=by: asking(by) for by in (reporter, manager)])

    assert len(refused) == 1
    assert DeadlineChange.objects.count() == 1


# --- The local plan sets only the first one ---------------------------------------------------------------


@pytest.mark.parametrize("other", [NEW, None])
def test_the_local_plan_does_not_move_a_deadline_that_is_set(delivery, manager, other):
    plan = {"local_deadline_on": other}

    with pytest.raises(actions.Conflict):
        actions.set_local_plan(delivery=delivery, version=1, plan=plan, by=manager, today=TODAY)

    delivery.refresh_from_db()
    assert delivery.local_deadline_on == OLD


# --- The national deadline --------------------------------------------------------------------------------


def test_a_local_deadline_beyond_the_national_one_is_off_track_and_moves_no_other(place, reporter, approver):
    commitment = CommitmentFactory(deadline_kind=DeadlineKind.BY, deadline_on=NATIONAL)
    delivery = DeliveryFactory(commitment=commitment, footprint=place, local_deadline_on=OLD)
    SignedOffReportFactory(delivery=delivery)
    MilestoneFactory(delivery=delivery)

    change = ask(delivery, reporter, new_on=NATIONAL + dt.timedelta(days=1))
    actions.agree_deadline_change(change=change, note="", by=approver, today=TODAY)

    commitment.refresh_from_db()
    position = Position.objects.get()
    assert (position.status, position.reason_code) == ("off_track", "phased_beyond_deadline")
    assert (commitment.deadline_on, position.deadline_on) == (NATIONAL, NATIONAL)


def writes_a_national_deadline(source: str) -> bool:
    """Whether this source assigns `deadline_on`, names it as a form's field, or hands it to update() or create()."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "deadline_on" and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.Name) and node.id == "deadline_on" and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.keyword) and node.arg == "deadline_on")
        or (isinstance(node, ast.Dict) and any(getattr(key, "value", None) == "deadline_on" for key in node.keys))
        for node in ast.walk(ast.parse(source))
    )


@pytest.mark.parametrize("room", ["actions", "tasks", "recompute", "forms", "views"])
def test_no_code_that_people_reach_moves_a_national_deadline(room):
    sources = [*ROOMS.glob(f"{room}.py"), *ROOMS.glob(f"{room}/*.py")]

    assert sources
    assert [path.name for path in sources if writes_a_national_deadline(path.read_text())] == []


@pytest.mark.parametrize(
    "source",
    ["c.deadline_on = d", "deadline_on = DateField()", "q.update(deadline_on=d)", "q.update(**{'deadline_on': d})"],
)
def test_the_search_for_writers_of_a_national_deadline_finds_them(source):
    assert writes_a_national_deadline(source)


# --- Who sees what ----------------------------------------------------------------------------------------


def test_deadline_changes_are_for_who_works_here_and_decided_by_another(place, viewer, councillor, approver):
    agreed, refused = (
        DeadlineChangeFactory(
            delivery=DeliveryFactory(footprint=place),
            state=state,
            decided_by=approver,
            decided_on=TODAY,
            decision_note="No",
        )
        for state in (Ask.AGREED, Ask.REFUSED)
    )
    asked = DeadlineChangeFactory(delivery=agreed.delivery)
    elsewhere = DeadlineChangeFactory()

    assert not DeadlineChange.objects.readable_by(councillor).exists()
    assert set(DeadlineChange.objects.readable_by(viewer)) == {agreed, refused, asked}
    assert elsewhere not in DeadlineChange.objects.awaiting_decision_by(approver)
    assert set(DeadlineChange.objects.awaiting_decision_by(approver)) == {asked}
