"""The reporting periods of a system, as its approver runs them."""

import datetime as dt

import pytest

from commitments.choices import PeriodStep, ReportState, Status
from commitments.models import PeriodAct, Reminder
from systems.choices import Role
from tests.commitments.pages import read
from tests.factories import (
    TODAY,
    DeliveryFactory,
    PeriodActFactory,
    PeriodFactory,
    ReportFactory,
    SignedOffReportFactory,
    person,
)

PERIODS = "/systems/QKK/periods/"
AUGUST = dt.date(2019, 8, 1)


@pytest.fixture(autouse=True)
def months(db, monkeypatch):
    """August and September have opened; October opens on 20 October."""
    monkeypatch.setattr("commitments.tasks.send_reminders.delay_on_commit", lambda: None)
    return [PeriodFactory(starts_on=dt.date(2019, month, 1)) for month in (8, 9, 10, 11)]


@pytest.fixture
def desk(signed_in, approver):
    return signed_in(approver)


@pytest.fixture
def expected(place):
    """Makes a delivery on which a report is expected."""
    return lambda **facts: DeliveryFactory(footprint=place, position={"status": Status.ON_TRACK}, **facts)


def row(html, month):
    """The cells of a month's row, as text."""
    text = html.split(f">{month}<span")[1].split("</tr>")[0]
    cells = text.split("<td")[1:]
    return [" ".join(cell.split(">", 1)[1].split("</td>")[0].split()) for cell in cells]


def step(month, name):
    return f"{PERIODS}{month}/{name}/"


# --- The list ---------------------------------------------------------------------------------------------


def test_each_month_says_what_is_in_what_is_late_and_what_is_missing(desk, expected, months):
    august = months[0]
    SignedOffReportFactory(delivery=expected(), period=august, submitted_on=dt.date(2019, 9, 1))
    SignedOffReportFactory(delivery=expected(), period=august, submitted_on=dt.date(2019, 9, 8))
    ReportFactory(delivery=expected(), period=august, submitted_on=dt.date(2019, 9, 9))
    ReportFactory(delivery=expected(), period=august, state=ReportState.DRAFT, submitted_on=None)
    expected()

    html = read(desk, PERIODS)

    assert row(html, "August 2019")[:6] == ["Open, 23 days overdue", "2", "1", "1", "2", "2"]
    assert row(html, "September 2019")[:6] == ["Open, 7 days left", "5", "0", "0", "0", "0"]
    assert row(html, "October 2019")[:2] == ["Opens on 20 October 2019", "Not counted"]
    assert ">November 2019<" not in html


def test_a_later_report_tells_what_an_earlier_month_left_out(desk, expected, months):
    SignedOffReportFactory(delivery=expected(), period=months[1])

    assert row(read(desk, PERIODS), "August 2019")[1] == "0"


def test_a_correction_counts_its_delivery_once(desk, expected, months):
    first = SignedOffReportFactory(delivery=expected(), period=months[0])
    SignedOffReportFactory(delivery=first.delivery, period=months[0], supersedes=first)

    assert row(read(desk, PERIODS), "August 2019")[4] == "1"


def test_who_closed_it_is_told(desk, system, months):
    act = PeriodActFactory(system=system, period=months[0])

    assert row(read(desk, PERIODS), "August 2019")[0] == f"Closed by {act.done_by.name} on 30 September 2019"


def test_twice_the_deliveries_take_the_same_queries(desk, expected, months, django_assert_num_queries):
    SignedOffReportFactory(delivery=expected(), period=months[0])
    read(desk, PERIODS)
    with django_assert_num_queries(20, exact=False) as few:
        read(desk, PERIODS)
    for month in months[:2]:
        SignedOffReportFactory(delivery=expected(), period=month)

    with django_assert_num_queries(len(few)):
        read(desk, PERIODS)


def test_a_year_is_a_page(desk, db):
    for month in range(1, 13):
        PeriodFactory(starts_on=dt.date(2018, month, 1))

    assert "January 2018<" not in read(desk, PERIODS)
    assert "January 2018<" in read(desk, PERIODS, page=2)


# --- Closing and opening ----------------------------------------------------------------------------------


def test_closing_says_first_what_it_would_do(desk, expected):
    ReportFactory(delivery=expected(), state=ReportState.DRAFT, submitted_on=None)
    ReportFactory(delivery=expected())

    html = " ".join(read(desk, step("2019-09-01", "close")).split())

    assert "1 report waits for that" in html
    assert "1 delivery has no report on it" in html
    assert "1 report is a draft or returned, and would stay so" in html
    assert "Earlier months still open close with it: August 2019." in html
    assert not PeriodAct.objects.exists()


def test_closing_and_opening_again(desk, approver):
    closed = desk.post(step("2019-08-01", "close"), follow=True).content.decode()
    opened = desk.post(step("2019-08-01", "open"), follow=True).content.decode()

    assert "August 2019 is closed" in closed
    assert "August 2019 is open for reports" in opened
    assert f"Opened by {approver.name} on 30 September 2019" in opened
    assert list(PeriodAct.objects.values_list("step", flat=True)) == [PeriodStep.OPENED, PeriodStep.CLOSED]


def test_the_next_month_can_be_opened_before_its_day(desk):
    assert "October 2019 is open for reports" in desk.post(step("2019-10-01", "open"), follow=True).content.decode()


def test_the_second_of_two_clicks_changes_nothing_and_says_so(desk):
    desk.post(step("2019-08-01", "close"))

    html = desk.post(step("2019-08-01", "close"), follow=True).content.decode()

    assert "Nothing was changed: somebody was there before you." in html
    assert PeriodAct.objects.count() == 1


def test_a_step_that_cannot_be_taken_leads_back_to_the_list(desk):
    response = desk.get(step("2019-08-01", "open"), follow=True)

    assert response.redirect_chain == [(PERIODS, 302)]
    assert "August 2019: Open, 23 days overdue" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    ["2019-11-01/open", "2019-09-02/close", "2019-13-01/close", "x/close", "2019-09-01/burn", "20190901x/close"],
)
def test_a_month_or_a_step_that_is_not_there_is_404(desk, address):
    assert [desk.get(f"{PERIODS}{address}/").status_code, desk.post(f"{PERIODS}{address}/").status_code] == [
        404,
        404,
    ]


# --- Nudging ----------------------------------------------------------------------------------------------


def test_a_nudge_names_who_gets_it_before_and_counts_them_after(desk, expected, place):
    lead = person(Role.VIEWER, place, name="Ada Lead")
    expected(lead=lead)
    expected(lead=lead)

    before = read(desk, step("2019-08-01", "nudge"))
    after = desk.post(step("2019-08-01", "nudge"), follow=True).content.decode()

    assert "Ada Lead: 2 missing" in before
    assert "1 person gets one e-mail each" in before
    assert "Reminders for August 2019 are on their way to 1 person" in after
    assert "Last nudged by" in after
    assert [(r.person, r.period_id, r.falls_on) for r in Reminder.objects.all()] == [(lead, AUGUST, TODAY)]


def test_the_same_month_is_nudged_once_a_day(desk, expected, place, settings):
    expected(lead=person(Role.VIEWER, place))
    desk.post(step("2019-08-01", "nudge"))

    again = desk.post(step("2019-08-01", "nudge"), follow=True).content.decode()
    settings.PORTAL_TODAY = TODAY + dt.timedelta(days=1)
    tomorrow = desk.post(step("2019-08-01", "nudge"), follow=True).content.decode()

    assert "Nothing was changed" in again
    assert "are on their way to 1 person" in tomorrow
    assert Reminder.objects.count() == 2


def test_where_nobody_is_there_the_page_says_so(desk, expected):
    expected()

    assert "Nobody is there to remind" in read(desk, step("2019-08-01", "nudge"))
