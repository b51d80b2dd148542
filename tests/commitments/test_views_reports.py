"""The monthly report, as its writer sees it."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments.choices import Confidence, ReportState, Stage
from commitments.models import Report
from systems.choices import Role
from tests.factories import (
    TODAY,
    DeliveryFactory,
    MilestoneFactory,
    PeriodFactory,
    ReportFactory,
    SignedOffReportFactory,
    person,
)


def test_a_first_report_starts_empty_and_shows_what_its_writer_needs(signed_in, reporter, delivery, report_address):
    MilestoneFactory(delivery=delivery, title="Appoint a lead nurse", due_on=dt.date(2019, 9, 1))

    html = signed_in(reporter).get(report_address).content.decode()

    assert "Report for September 2019" in html
    assert "due on 7 October 2019" in html
    assert "2023/24" in html
    assert "Appoint a lead nurse, due 1 September 2019: 29 days overdue" in html
    assert "Off track: it needs a decision above you." in html


def test_the_form_starts_from_last_months_words_and_says_so(signed_in, reporter, delivery, report_address):
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    SignedOffReportFactory(delivery=delivery, period=august, narrative="In August we planned.")

    html = signed_in(reporter).get(report_address).content.decode()

    assert "starts from the words of the report for August 2019" in html
    assert "In August we planned.</textarea>" in html
    assert 'name="version" value="0"' in html


def test_reading_the_form_writes_nothing(signed_in, reporter, report_address):
    signed_in(reporter).get(report_address)

    assert not Report.objects.exists()


def test_a_report_is_submitted_and_awaits_sign_off(signed_in, reporter, delivery, report_address, green):
    response = signed_in(reporter).post(report_address, green(), follow=True)

    report = Report.objects.get()
    assert (report.state, report.author, report.submitted_on) == (ReportState.SUBMITTED, reporter, TODAY)
    assert report.expected_on == dt.date(2021, 3, 31)
    assert response.redirect_chain == [(reverse("commitments:delivery", args=[delivery.pk]), 302)]
    assert "Report submitted for sign-off" in response.content.decode()


def test_a_draft_may_be_unfinished(signed_in, reporter, report_address, green):
    unfinished = green(stage="", confidence="", narrative="", then="draft")

    response = signed_in(reporter).post(report_address, unfinished, follow=True)

    assert Report.objects.get().state == ReportState.DRAFT
    assert "Draft saved" in response.content.decode()


def test_a_draft_is_taken_up_again_and_submitted(signed_in, reporter, report_address, green):
    browser = signed_in(reporter)
    browser.post(report_address, green(then="draft", narrative="First words"))

    html = browser.get(report_address).content.decode()
    browser.post(report_address, green(version="1", narrative="Last words"))

    assert "First words</textarea>" in html
    assert 'name="version" value="1"' in html
    assert Report.objects.get().narrative == "Last words"
    assert Report.objects.get().state == ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stage": ""}, "Select a stage"),
        ({"confidence": ""}, "Select a delivery confidence"),
        ({"narrative": " \r\n "}, "Enter what happened this month"),
        ({"confidence": "amber"}, "Enter why it is not green"),
        ({"confidence": "red", "reason": "Staff"}, "Enter the path to green"),
        (
            {
                "confidence": "red",
                "reason": "x",
                "path_to_green": "y",
                "expected_on_day": "",
                "expected_on_month": "",
                "expected_on_year": "",
            },
            "Enter the date you now expect it to be delivered",
        ),
        ({"stage": "finished"}, "Select a stage from the list"),
        ({"confidence": "purple"}, "Select a delivery confidence from the list"),
        ({"expected_on_month": "13"}, "Enter a real date, such as 30 9 2019"),
        ({"expected_on_year": ""}, "The date must include a year"),
        ({"expected_on_year": "9999"}, "Expected date must be between 2015 and 2040"),
        ({"narrative": "x" * 4001}, "What happened this month must be 4,000 characters or fewer"),
        ({"evidence": "a\x00b"}, "Null characters are not allowed."),
        ({"version": "first"}, "This page is out of date. Open it again"),
        ({"version": "9" * 30}, "This page is out of date. Open it again"),
        ({"version": ""}, "This page is out of date. Open it again"),
        ({"period": "September"}, "This page is out of date. Open it again"),
    ],
)
def test_what_is_wrong_shows_the_form_again_with_a_message(
    signed_in, reporter, report_address, changes, message, green
):
    response = signed_in(reporter).post(report_address, green(**changes))

    html = response.content.decode()
    assert response.status_code == 200
    assert message in html
    assert "<title>Error: " in html
    assert not Report.objects.exists()


def test_nothing_at_all_shows_the_form_again(signed_in, reporter, report_address):
    response = signed_in(reporter).post(report_address, {})

    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


def test_hostile_words_are_shown_as_words(signed_in, reporter, report_address, green):
    response = signed_in(reporter).post(report_address, green(narrative="<script>alert(1)</script>"), follow=True)

    assert "<script>alert" not in response.content.decode()
    assert Report.objects.get().narrative == "<script>alert(1)</script>"


def test_only_the_reports_own_fields_are_taken(signed_in, reporter, approver, report_address, green):
    signed_in(reporter).post(report_address, green(state="signed_off", author=approver.pk, decided_by=approver.pk))

    report = Report.objects.get()
    assert (report.state, report.author, report.decided_by) == (ReportState.SUBMITTED, reporter, None)


def test_a_line_break_counts_once(signed_in, reporter, report_address, green):
    signed_in(reporter).post(report_address, green(narrative="x" * 1999 + "\r\n" * 1 + "y" * 2000))

    assert len(Report.objects.get().narrative) == 4000


def test_a_submitted_report_is_read_only_and_says_who_decides(
    signed_in, reporter, approver, delivery, period, report_address
):
    ReportFactory(delivery=delivery, period=period, author=reporter)

    html = signed_in(reporter).get(report_address).content.decode()

    assert "awaits sign-off" in html
    assert approver.name in html
    assert "<textarea" not in html


def test_its_own_writer_is_not_named_among_those_who_decide(signed_in, approver, delivery, period, report_address):
    ReportFactory(delivery=delivery, period=period, author=approver)

    html = signed_in(approver).get(report_address).content.decode()

    assert "Nobody but its writer can sign off here" in html


def test_a_returned_report_shows_the_note_and_can_be_sent_again(
    signed_in, reporter, approver, delivery, period, report_address, green
):
    returned = ReportFactory(
        delivery=delivery, period=period, author=reporter, state=ReportState.RETURNED,
        decided_by=approver, decided_on=TODAY, return_note="Say which hubs.",
    )  # fmt: skip
    browser = signed_in(reporter)

    html = browser.get(report_address).content.decode()
    browser.post(report_address, green(version="1", narrative="Bexley and Erith."))

    returned.refresh_from_db()
    assert "Say which hubs." in html
    assert approver.name in html
    assert (returned.state, returned.narrative) == (ReportState.SUBMITTED, "Bexley and Erith.")


def test_a_correction_of_a_signed_off_month_supersedes_it(signed_in, reporter, delivery, period, report_address, green):
    first = SignedOffReportFactory(delivery=delivery, period=period)
    browser = signed_in(reporter)

    html = browser.get(report_address).content.decode()
    browser.post(report_address, green(stage=Stage.PLANNING, confidence=Confidence.GREEN))

    assert "is a correction: it replaces that report" in html
    assert Report.objects.still_open().get().supersedes == first


def test_there_is_nothing_to_report_where_it_does_not_apply(signed_in, reporter, place, period, green):
    struck_out = DeliveryFactory(footprint=place, is_applicable=False, not_applicable_reason="No coast here")
    address = reverse("commitments:report", args=[struck_out.pk])

    html = signed_in(reporter).get(address).content.decode()
    sent = signed_in(reporter).post(address, green(narrative="We looked\n<b>for a coast</b>"))

    assert "No coast here" in html
    assert "What you wrote was not saved" not in html
    assert sent.status_code == 409
    assert "We looked<br>&lt;b&gt;for a coast&lt;/b&gt;" in sent.content.decode()
    assert not Report.objects.exists()


def test_there_is_nothing_to_report_before_the_first_month_opens(signed_in, reporter, place):
    delivery = DeliveryFactory(footprint=place)
    PeriodFactory(starts_on=dt.date(2019, 10, 1))

    html = signed_in(reporter).get(reverse("commitments:report", args=[delivery.pk])).content.decode()

    assert "No month is open for reports today. The report for October 2019 opens on 20 October 2019." in html


@pytest.mark.parametrize(("day", "is_open"), [((2019, 9, 19), False), ((2019, 9, 20), True), ((2019, 12, 24), True)])
def test_a_month_takes_reports_from_the_day_it_opens(
    signed_in, reporter, report_address, green, settings, day, is_open
):
    settings.PORTAL_TODAY = dt.date(*day)
    browser = signed_in(reporter)

    html = browser.get(report_address).content.decode()
    browser.post(report_address, green())

    assert ("Report for September 2019" in html) is is_open
    assert ("No month is open for reports today." in html) is not is_open
    assert Report.objects.exists() is is_open


def test_after_the_due_day_the_page_says_it_is_late(signed_in, reporter, place):
    delivery = DeliveryFactory(footprint=place)
    PeriodFactory(starts_on=dt.date(2019, 8, 1), closes_on=TODAY)

    html = signed_in(reporter).get(reverse("commitments:report", args=[delivery.pk])).content.decode()

    assert "it will count as late" in html


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_only_read_is_refused(signed_in, viewer, portal_admin, report_address, method):
    answers = [getattr(signed_in(user), method)(report_address).status_code for user in (viewer, portal_admin)]

    assert answers == [403, 403]


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_systems_delivery_is_not_found(signed_in, report_address, method):
    stranger = person(Role.PROGRAMME_MANAGER, DeliveryFactory().footprint)

    assert getattr(signed_in(stranger), method)(report_address).status_code == 404


def test_a_delivery_beyond_any_number_is_not_found(signed_in, reporter):
    assert signed_in(reporter).get(f"/deliveries/{'9' * 40}/report/").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client, report_address):
    assert client.get(report_address).headers["Location"].startswith(reverse("account_login"))
