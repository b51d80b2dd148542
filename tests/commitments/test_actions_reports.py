"""Reports saved, signed off and returned: what that leaves behind, and what is refused."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from commitments import actions
from commitments.choices import ReportState
from commitments.models import (
    Position,
    PositionsVersion,
    Report,
)
from systems.choices import Role
from tests.commitments.positions import position
from tests.factories import (
    TODAY,
    DeliveryFactory,
    PeriodFactory,
    ReportFactory,
    SystemFactory,
    UserFactory,
    person,
)

pytestmark = pytest.mark.django_db


def holds_lock(commitment_id) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 2019 AND objid = %s "
            "AND pid = pg_backend_pid()",
            [commitment_id],
        )
        return cursor.fetchone()[0] > 0


# --- Reports ----------------------------------------------------------------------------------------------


def test_a_draft_is_changed_submitted_and_then_closed_to_its_writer(delivery, reporter, save):
    draft = save(delivery, reporter, submit=False)
    submitted = save(delivery, reporter, version=1, narrative="Better words")

    assert (draft.state, draft.submitted_on) == (ReportState.DRAFT, None)
    assert (submitted.pk, submitted.version, submitted.submitted_on) == (draft.pk, 2, TODAY)
    with pytest.raises(actions.Conflict):
        save(delivery, reporter, version=2)


def test_a_submission_moves_no_position(delivery, reporter, save):
    save(delivery, reporter)

    assert position(delivery).reported_on is None


@pytest.mark.parametrize("version", [0, 7])
def test_a_stale_draft_is_refused_and_nothing_is_written(delivery, reporter, manager, version, save):
    save(delivery, reporter, submit=False, narrative="First")

    with pytest.raises(actions.Conflict):
        save(delivery, manager, version=version, narrative="Second")
    assert Report.objects.get().narrative == "First"


def test_a_draft_that_is_gone_meanwhile_is_not_started_anew(delivery, reporter, save):
    with pytest.raises(actions.Conflict):
        save(delivery, reporter, version=3)


def test_a_returned_report_is_sent_again_under_its_new_writer(delivery, reporter, manager, approver, save):
    report = save(delivery, reporter)
    actions.return_report(report=report, version=1, note="Which hubs?", by=approver, today=TODAY)

    again = save(delivery, manager, version=2, narrative="Bexley and Erith.")

    assert (again.pk, again.author, again.decided_by, again.decided_on) == (report.pk, manager, None, None)
    assert again.return_note == "Which hubs?"


def test_each_correction_supersedes_the_one_before(delivery, reporter, approver, save):
    kept = []
    for number in range(3):
        report = save(delivery, reporter, narrative=f"Words {number}")
        actions.sign_off(report=report, version=1, by=approver, today=TODAY)
        kept.append(report)

    assert [report.supersedes for report in kept] == [None, kept[0], kept[1]]
    assert position(delivery).reported_on == TODAY


def test_a_report_of_another_month_is_another_report(delivery, reporter, save):
    save(delivery, reporter)
    save(delivery, reporter, period=PeriodFactory(starts_on=dt.date(2019, 8, 1)))

    assert Report.objects.count() == 2


# --- Sign-off ---------------------------------------------------------------------------------------------


def test_signing_off_recomputes_the_position_and_bumps_the_version(delivery, approver, system):
    report = ReportFactory(delivery=delivery)

    actions.sign_off(report=report, version=1, by=approver, today=TODAY)

    report.refresh_from_db()
    assert (report.state, report.decided_by, report.version) == (ReportState.SIGNED_OFF, approver, 2)
    assert position(delivery).status == "on_track"
    assert PositionsVersion.objects.get(system=system).number == 1
    assert holds_lock(delivery.commitment_id)


@pytest.mark.parametrize("decide", ["sign_off", "return_report"])
def test_nobody_decides_their_own(delivery, approver, decide):
    report = ReportFactory(delivery=delivery, author=approver)
    note = {"note": "Fine"} if decide == "return_report" else {}

    with pytest.raises(PermissionDenied):
        getattr(actions, decide)(report=report, version=1, by=approver, today=TODAY, **note)


@pytest.mark.parametrize("version", [0, 2])
def test_a_report_is_decided_only_as_it_was_read(delivery, approver, version):
    report = ReportFactory(delivery=delivery)

    with pytest.raises(actions.Conflict):
        actions.sign_off(report=report, version=version, by=approver, today=TODAY)


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SIGNED_OFF])
def test_only_what_was_submitted_can_be_decided(delivery, approver, state):
    decided = {"decided_by": UserFactory(), "decided_on": TODAY} if state == ReportState.SIGNED_OFF else {}
    report = ReportFactory(delivery=delivery, state=state, **decided)

    with pytest.raises(actions.Conflict):
        actions.return_report(report=report, version=1, note="No", by=approver, today=TODAY)


def test_several_are_signed_off_and_left_to_the_worker(place, approver, enqueued):
    first, second = (ReportFactory(delivery=DeliveryFactory(footprint=place)) for _ in range(2))
    Position.objects.update(next_change_on=None)

    signed = actions.sign_off_many(reports={first.pk: 1, second.pk: 1}, by=approver, today=TODAY)

    assert signed == 2
    assert set(Position.objects.values_list("status", "next_change_on")) == {("not_started", TODAY)}
    assert enqueued == ["sign_off"]


def test_of_several_only_those_one_may_decide_as_they_were_read_are_signed_off(place, approver, enqueued):
    readable, own, elsewhere, rewritten, draft = (
        ReportFactory(delivery=DeliveryFactory(footprint=footprint), **facts)
        for footprint, facts in (
            (place, {}),
            (place, {"author": approver}),
            (SystemFactory(), {}),
            (place, {"version": 2}),
            (place, {"state": ReportState.DRAFT}),
        )
    )
    asked = dict.fromkeys((report.pk for report in (readable, own, elsewhere, rewritten, draft)), 1)

    signed = actions.sign_off_many(reports=asked, by=approver, today=TODAY)

    assert signed == 1
    assert Report.objects.signed_off().get() == readable


def test_signing_off_none_is_harmless(system, enqueued):
    assert actions.sign_off_many(reports={}, by=person(Role.APPROVER, system), today=TODAY) == 0
