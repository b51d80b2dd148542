"""Which month a report is written on, where several are open or none is."""

import datetime as dt

import pytest

from commitments.models import Report
from tests.factories import PeriodActFactory, PeriodFactory, SignedOffReportFactory

JULY, AUGUST, SEPTEMBER = (dt.date(2019, month, 1) for month in (7, 8, 9))


@pytest.fixture
def august(period):
    return PeriodFactory(starts_on=AUGUST)


@pytest.fixture
def writer(signed_in, reporter):
    return signed_in(reporter)


def shown(writer, address, **query) -> str:
    return " ".join(writer.get(address, query).content.decode().split())


def test_who_never_reported_writes_on_the_newest_month(writer, august, report_address):
    assert "<strong>September 2019</strong>" in shown(writer, report_address)


def test_the_oldest_open_month_after_the_latest_report_comes_first_and_others_can_be_chosen(
    writer, august, delivery, report_address
):
    SignedOffReportFactory(delivery=delivery, period=PeriodFactory(starts_on=JULY))
    PeriodActFactory(system=delivery.footprint.system, period_id=JULY)

    by_itself, chosen = shown(writer, report_address), shown(writer, report_address, month="2019-09-01")

    assert "Open for reports: <strong>August 2019</strong>" in by_itself
    assert f'href="{report_address}?month=2019-09-01">September 2019</a>' in by_itself
    assert "it will count as late" in by_itself
    assert "<strong>September 2019</strong>" in chosen


def test_where_all_is_told_the_newest_month_is_corrected(writer, august, period, delivery, report_address):
    SignedOffReportFactory(delivery=delivery, period=period)

    assert "<strong>September 2019</strong>" in shown(writer, report_address)


def test_one_open_month_leaves_nothing_to_choose(writer, period, report_address):
    assert "Open for reports" not in shown(writer, report_address)


def test_a_report_after_its_due_day_is_taken_and_marked_late(writer, august, report_address, green):
    writer.post(report_address, green(period="2019-08-01"))

    report = Report.objects.get()
    assert (report.period, report.is_late()) == (august, True)


@pytest.mark.parametrize("month", ["2019-08-01", "2019-10-01", "2018-01-01"])
def test_a_month_that_is_not_open_says_which_are(writer, august, delivery, report_address, month):
    PeriodActFactory(system=delivery.footprint.system, period=august)

    html = shown(writer, report_address, month=month)

    assert "The month you asked for takes no reports. Open for reports:" in html
    assert f'href="{report_address}?month=2019-09-01"' in html


def test_what_was_typed_while_the_month_was_closed_is_given_back(writer, period, delivery, report_address, green):
    PeriodActFactory(system=delivery.footprint.system, period=period)

    response = writer.post(report_address, green())

    assert response.status_code == 409
    assert "Two hubs opened." in response.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("month", ["x", "2019-13-01", "a\x00", "9" * 400, ""])
def test_a_nonsense_month_is_passed_over(writer, august, report_address, month):
    assert "<strong>September 2019</strong>" in shown(writer, report_address, month=month)
