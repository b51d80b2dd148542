"""One local deadline for many deliveries, and reports moved to another month."""

import datetime as dt

import pytest

from commitments.choices import ReportState
from commitments.models import DeadlineChange, Delivery, Report
from commitments.presenters.bulk import APPROVED_BY_ANOTHER
from tests.commitments.bulk import CHOOSE, CONFIRM, NEW, OLD, deadline, month
from tests.commitments.grid import read
from tests.factories import (
    DeadlineChangeFactory,
    DeliveryFactory,
    PeriodFactory,
    ReportFactory,
    SignedOffReportFactory,
)

pytestmark = pytest.mark.usefixtures("period")


# --- The local deadline -----------------------------------------------------------------------------------


def test_the_first_local_deadline_is_set_and_a_later_one_is_asked_for(desk, two, manager, enqueued):
    first, later = two
    Delivery.objects.filter(pk=later.pk).update(local_deadline_on=OLD)

    preview = read(desk.post(CHOOSE, deadline(NEW, *two)))
    response = desk.post(CONFIRM, deadline(NEW, *two), follow=True)

    asked = DeadlineChange.objects.get()
    assert APPROVED_BY_ANOTHER in preview
    assert "1 delivery changed" in read(response)
    assert "1 deadline change asked for" in read(response)
    assert dict(Delivery.objects.values_list("pk", "local_deadline_on")) == {first.pk: NEW, later.pk: OLD}
    assert (asked.delivery, asked.old_on, asked.new_on, asked.asked_by) == (later, OLD, NEW, manager)
    assert asked.reason == "The building opens later."


def test_a_later_deadline_takes_a_reason(desk, two):
    Delivery.objects.update(local_deadline_on=OLD)

    html = read(desk.post(CHOOSE, deadline(NEW, *two, reason="")))
    desk.post(CONFIRM, deadline(NEW, *two, reason=""))

    assert "Enter why another deadline is needed" in html
    assert not DeadlineChange.objects.exists()


def test_a_deadline_beyond_the_national_one_is_warned_of(desk, two):
    html = read(desk.post(CHOOSE, deadline(dt.date(2025, 1, 31), *two)))

    assert "after the national deadline of 31 March 2024" in html


def test_deadlines_that_cannot_move_are_listed_with_the_reason(desk, place):
    asked = DeadlineChangeFactory(delivery=DeliveryFactory(footprint=place, local_deadline_on=OLD)).delivery
    same = DeliveryFactory(footprint=place, local_deadline_on=NEW)
    late_start = DeliveryFactory(footprint=place, planned_start_on=dt.date(2022, 1, 1))
    struck_out = DeliveryFactory(footprint=place, is_applicable=False, not_applicable_reason="No")

    html = read(desk.post(CHOOSE, deadline(NEW, asked, same, late_start, struck_out)))
    desk.post(CONFIRM, deadline(NEW, asked, same, late_start, struck_out))

    for reason in (
        "Another deadline has been asked for already and is not decided yet",
        "It is the local deadline already",
        "It comes before the planned start",
        "The commitment does not apply here",
    ):
        assert reason in html
    assert "None of these deliveries would change." in html
    assert DeadlineChange.objects.count() == 1


def test_a_reporter_asks_for_deadlines_and_sets_none(signed_in, reporter, two):
    Delivery.objects.filter(pk=two[1].pk).update(local_deadline_on=OLD)
    client = signed_in(reporter)

    html = read(client.post(CHOOSE, deadline(NEW, *two)))
    client.post(CONFIRM, deadline(NEW, *two))

    assert "You may not set the first local deadline here" in html
    assert DeadlineChange.objects.get().delivery == two[1]
    assert not Delivery.objects.filter(local_deadline_on=NEW).exists()


# --- The month of the report ------------------------------------------------------------------------------


def test_what_was_written_under_the_wrong_month_moves_and_keeps_its_words(desk, two, reporter):
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    draft = ReportFactory(delivery=two[0], period=august, state=ReportState.DRAFT, submitted_on=None, author=reporter)
    waiting = ReportFactory(delivery=two[1], period=august, author=reporter)

    preview = read(desk.post(CHOOSE, month("2019-09-01", *two)))
    desk.post(CONFIRM, month("2019-09-01", *two))

    draft.refresh_from_db(), waiting.refresh_from_db()
    assert "August 2019" in preview
    assert "September 2019" in preview
    assert {str(report.period) for report in (draft, waiting)} == {"September 2019"}
    assert (draft.version, waiting.version) == (2, 2)
    assert (waiting.state, waiting.author) == (ReportState.SUBMITTED, reporter)


def test_reports_that_cannot_move_are_listed_with_the_reason(desk, place, reporter):
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    taken, signed_off, correction, unwritten = (DeliveryFactory(footprint=place) for _ in range(4))
    ReportFactory(delivery=taken), ReportFactory(delivery=taken, period=august)
    SignedOffReportFactory(delivery=signed_off, period=august)
    old = SignedOffReportFactory(delivery=correction, period=august)
    ReportFactory(delivery=correction, period=august, supersedes=old)

    html = read(desk.post(CHOOSE, month("2019-09-01", taken, signed_off, correction, unwritten)))
    desk.post(CONFIRM, month("2019-09-01", taken, signed_off, correction, unwritten))

    assert "It has a report for September 2019 already" in html
    assert html.count("It has no report that could be moved") == 2
    assert "Its report corrects one that is signed off" in html
    assert Report.objects.filter(period="2019-09-01").count() == 1


def test_a_report_written_anew_meanwhile_is_not_moved_in_silence(desk, two, reporter):
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    ReportFactory(delivery=two[0], period=august, author=reporter, version=3)

    response = desk.post(CONFIRM, month("2019-09-01", two[0]))

    assert response.status_code == 409
    assert f"{reporter.name}, whose report it is" in read(response)
    assert not Report.objects.filter(period="2019-09-01").exists()
