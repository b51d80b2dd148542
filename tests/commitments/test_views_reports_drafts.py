"""A draft that saves itself while its writer types; and nothing typed is lost where it cannot be saved."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from commitments.models import Milestone, Report
from tests.factories import TODAY, DeliveryFactory, MilestoneFactory, PeriodFactory, ReportFactory

PAGE, OTHER_PAGE = (str(uuid.UUID(int=number)) for number in (1, 2))
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def draft_address(delivery, period):
    return reverse("commitments:report_draft", args=[delivery.pk])


@pytest.fixture
def typing(green):
    """What the page sends by itself while somebody writes."""
    return lambda **changes: green(then="", page=PAGE, seen="nothing") | changes


# --- A draft saves itself ---------------------------------------------------------------------------------


def test_a_draft_is_begun_by_itself_and_says_when_it_was_saved(signed_in, reporter, draft_address, typing):
    answer = signed_in(reporter).post(draft_address, typing(), **HTMX)

    html = answer.content.decode()
    draft = Report.objects.get()
    assert (draft.state, draft.narrative, draft.author) == ("draft", "Two hubs opened.", reporter)
    assert re.search(r"Draft saved at (\d\d?(:\d\d)?[ap]m|midday|midnight)\.", html)
    assert '<input type="hidden" name="version" id="id_version" value="1" hx-swap-oob="true">' in html


def test_the_status_to_come_is_told_only_when_it_is_another(signed_in, reporter, draft_address, typing):
    browser = signed_in(reporter)

    first = browser.post(draft_address, typing(), **HTMX).content.decode()
    mark = re.search(r'name="seen" value="([^"]+)"', first)[1]
    second = browser.post(draft_address, typing(version="1", seen=mark), **HTMX).content.decode()

    assert "With this report the status will be: <strong>On track</strong>" in first
    assert "With this report" not in second


def test_what_cannot_be_stored_is_named_and_the_rest_is_stored(signed_in, reporter, draft_address, typing):
    sent = typing(narrative="x" * 4001, expected_on_month="13", stage="finished", evidence="a\x00b")

    html = signed_in(reporter).post(draft_address, sent, **HTMX).content.decode()

    draft = Report.objects.get()
    assert "Not yet saved:" in html
    assert "Expected date (Enter a real date, such as 30 9 2019)" in html
    assert "What happened this month (What happened this month must be 4,000 characters or fewer)" in html
    assert (draft.narrative, draft.expected_on, draft.stage, draft.evidence) == ("", None, "", "")
    assert (draft.confidence, draft.next_steps) == ("green", "Open the third.")


def test_what_was_stored_before_stays_where_the_new_words_cannot_be(signed_in, reporter, draft_address, typing):
    browser = signed_in(reporter)
    browser.post(draft_address, typing(), **HTMX)

    browser.post(draft_address, typing(version="1", narrative="x" * 4001), **HTMX)

    assert Report.objects.get().narrative == "Two hubs opened."


def test_ticks_are_kept_and_no_milestone_is_achieved_by_itself(signed_in, reporter, delivery, draft_address, typing):
    milestone = MilestoneFactory(delivery=delivery)

    signed_in(reporter).post(draft_address, typing(ticked=[milestone.pk]), **HTMX)

    assert Report.objects.get().ticked.get() == milestone
    assert Milestone.objects.get().achieved_on is None


def test_a_page_whose_answer_was_lost_goes_on_from_its_own_words(
    signed_in, reporter, draft_address, report_address, typing, green
):
    browser = signed_in(reporter)
    browser.post(draft_address, typing(narrative="One"), **HTMX)

    again = browser.post(draft_address, typing(narrative="One, two"), **HTMX)
    browser.post(report_address, green(page=PAGE, narrative="One, two, three"))

    report = Report.objects.get()
    assert again.status_code == 200
    assert (report.state, report.narrative) == ("submitted", "One, two, three")


def test_a_page_does_not_go_on_after_its_report_was_returned(
    signed_in, reporter, approver, draft_address, report_address, typing, green
):
    browser = signed_in(reporter)
    browser.post(report_address, green(page=PAGE))
    decision = {"decision": "return", "note": "Say which hubs.", "version": "1"}
    signed_in(approver).post(reverse("commitments:sign_off_report", args=[Report.objects.get().pk]), decision)

    answer = browser.post(draft_address, typing(narrative="Never saw the note"), **HTMX)

    assert answer.status_code == 409
    assert Report.objects.get().state == "returned"


def test_ones_own_second_window_overwrites_nothing(signed_in, reporter, draft_address, typing):
    browser = signed_in(reporter)
    browser.post(draft_address, typing(narrative="In the first window"), **HTMX)

    answer = browser.post(draft_address, typing(narrative="In the second", page=OTHER_PAGE), **HTMX)

    assert answer.status_code == 409
    assert Report.objects.get().narrative == "In the first window"


def test_somebody_elses_words_are_not_overwritten_by_itself(signed_in, reporter, manager, draft_address, typing):
    signed_in(manager).post(draft_address, typing(narrative="Words of the first"), **HTMX)

    answer = signed_in(reporter).post(draft_address, typing(page=OTHER_PAGE, narrative="Mine"), **HTMX)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"{manager.name} wrote on this report at" in html
    assert "What you typed is not saved. It is still here." in html
    assert '<button class="nhsuk-button nhsuk-button--secondary' in html
    assert Report.objects.get().narrative == "Words of the first"


def test_a_report_that_was_submitted_meanwhile_is_not_opened_again_by_itself(
    signed_in, reporter, delivery, period, draft_address, typing
):
    ReportFactory(delivery=delivery, period=period, author=reporter)

    answer = signed_in(reporter).post(draft_address, typing(version="1"), **HTMX)

    assert answer.status_code == 409
    assert "Its state: awaiting sign-off." in answer.content.decode()


def test_a_month_that_closed_meanwhile_says_so(signed_in, reporter, place, typing):
    delivery = DeliveryFactory(footprint=place)
    PeriodFactory(starts_on=dt.date(2019, 10, 1))

    answer = signed_in(reporter).post(reverse("commitments:report_draft", args=[delivery.pk]), typing(), **HTMX)

    assert answer.status_code == 409
    assert "This month takes no reports any more." in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("changes", [{"version": "x"}, {"version": ""}, {"period": "x"}])
def test_a_page_out_of_date_writes_nothing_by_itself(signed_in, reporter, draft_address, typing, changes):
    answer = signed_in(reporter).post(draft_address, typing(**changes), **HTMX)

    assert answer.status_code == 409
    assert "This page is out of date." in answer.content.decode()
    assert not Report.objects.exists()


def test_a_returned_reports_note_stays_in_sight_while_it_is_written_anew(
    signed_in, reporter, approver, delivery, period, draft_address, report_address, typing
):
    ReportFactory(
        delivery=delivery, period=period, author=reporter, state="returned",
        decided_by=approver, decided_on=dt.date(2019, 9, 28), return_note="Say which hubs.",
    )  # fmt: skip
    browser = signed_in(reporter)
    browser.post(draft_address, typing(version="1"), **HTMX)

    html = browser.get(report_address).content.decode()

    assert "This report was returned" in html
    assert "Say which hubs." in html


def test_the_form_saves_itself_and_keeps_what_is_typed_under_its_writers_name(
    signed_in, reporter, delivery, draft_address, report_address
):
    html = signed_in(reporter).get(report_address).content.decode()

    assert f'data-keep="report-{reporter.pk}-{delivery.pk}-2019-09"' in html
    assert f'hx-post="{draft_address}" hx-trigger="input delay:1s, retry delay:2s"' in html
    assert 'id="draft-status" role="status"' in html


# --- Signed out while writing -----------------------------------------------------------------------------


def fields_of(html: str) -> dict[str, str]:
    """What the page sends by itself: its tokens and marks."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")', html))


@pytest.fixture
def browser(reporter):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter, backend="ltp_portal.backends.PortalBackend")
    return client


@pytest.fixture
def sent(browser, report_address, green):
    """A report written in a page of the portal."""
    page = fields_of(browser.get(report_address).content.decode())
    return lambda **changes: green() | {n: page[n] for n in ("writer", "page", "csrfmiddlewaretoken")} | changes


def signs_in_again(browser, user):
    browser.force_login(user, backend="ltp_portal.backends.PortalBackend")


def end_session(browser):
    browser.session.flush()


def test_a_report_sent_after_the_session_ended_is_in_the_form_after_signing_in(browser, reporter, report_address, sent):
    end_session(browser)

    answer = browser.post(report_address, sent(narrative="Typed over an hour <b>and</b> more"))
    sign_in_page = browser.get(answer["Location"]).content.decode()
    signs_in_again(browser, reporter)
    html = browser.get(report_address).content.decode()

    assert answer["Location"] == f"/accounts/login/?next={report_address.replace('/', '%2F')}"
    assert "What you typed is not lost: it will be back in the form." in sign_in_page
    assert "You were signed out while you were writing." in html
    assert "Typed over an hour &lt;b&gt;and&lt;/b&gt; more</textarea>" in html
    assert not Report.objects.exists()


def test_so_it_is_when_the_portal_ended_the_session_after_an_hour(browser, reporter, report_address, sent):
    session = browser.session
    session["seen_at"] = session["signed_in_at"] = 1
    session.save()

    browser.post(report_address, sent(narrative="Typed over an hour"))
    signs_in_again(browser, reporter)

    assert "Typed over an hour</textarea>" in browser.get(report_address).content.decode()


def test_so_it_is_when_its_writer_has_signed_in_anew_in_another_tab(browser, reporter, report_address, sent):
    old_page = sent(narrative="Typed before", csrfmiddlewaretoken="x" * 64)

    answer = browser.post(report_address, old_page, follow=True)
    html = answer.content.decode()
    fresh = fields_of(html)
    browser.post(report_address, old_page | {"csrfmiddlewaretoken": fresh["csrfmiddlewaretoken"]})

    assert answer.redirect_chain == [(report_address, 302)]
    assert "Typed before</textarea>" in html
    assert Report.objects.get().narrative == "Typed before"


def test_once_it_is_sent_nothing_is_kept(browser, reporter, report_address, sent):
    end_session(browser)
    browser.post(report_address, sent())
    signs_in_again(browser, reporter)
    fresh = fields_of(browser.get(report_address).content.decode())["csrfmiddlewaretoken"]

    browser.post(report_address, sent(csrfmiddlewaretoken=fresh, then="draft", narrative="As saved"))

    html = browser.get(report_address).content.decode()
    assert "You were signed out while" not in html
    assert "As saved</textarea>" in html


def test_what_was_kept_can_be_discarded(browser, reporter, report_address, sent):
    end_session(browser)
    browser.post(report_address, sent(narrative="Not wanted"))
    signs_in_again(browser, reporter)
    fresh = fields_of(browser.get(report_address).content.decode())["csrfmiddlewaretoken"]

    answer = browser.post("/unsent/discard/", {"page": report_address, "csrfmiddlewaretoken": fresh})

    assert answer["Location"] == report_address
    assert "Not wanted" not in browser.get(report_address).content.decode()


@pytest.mark.parametrize("month", [8, 9])
def test_it_comes_back_under_the_month_it_was_written_for(browser, reporter, report_address, sent, month):
    PeriodFactory(starts_on=dt.date(2019, 8, 1), closes_on=TODAY)
    end_session(browser)
    browser.post(report_address, sent(period=f"2019-0{month}-01", narrative="Typed before"))
    signs_in_again(browser, reporter)

    html = browser.get(report_address).content.decode()

    assert f"<title>Report for {dt.date(2019, month, 1):%B} 2019" in html
    assert "Typed before</textarea>" in html


def test_it_is_given_to_nobody_else(browser, manager, report_address, sent):
    end_session(browser)
    browser.post(report_address, sent(narrative="For my eyes"))

    signs_in_again(browser, manager)

    assert "For my eyes" not in browser.get(report_address).content.decode()


def test_a_report_that_somebody_else_submitted_meanwhile_and_the_kept_words_stand_side_by_side(
    browser, reporter, delivery, period, report_address, sent
):
    end_session(browser)
    browser.post(report_address, sent(narrative="Typed before"))
    ReportFactory(delivery=delivery, period=period, narrative="Submitted meanwhile")
    signs_in_again(browser, reporter)

    html = browser.get(report_address).content.decode()

    assert "Typed before" in html
    assert "Submitted meanwhile" in html
    assert "yours cannot be saved. Copy what you want to keep." in html


def test_a_report_of_no_change_sent_too_late_is_kept_too(browser, reporter, delivery, green):
    ReportFactory(delivery=delivery, period=PeriodFactory(starts_on=dt.date(2019, 8, 1)))
    PeriodFactory()
    address = reverse("commitments:report_unchanged", args=[delivery.pk])
    page = fields_of(browser.get(address).content.decode())
    end_session(browser)

    browser.post(address, green(narrative="No change") | {n: page[n] for n in ("writer", "csrfmiddlewaretoken")})
    signs_in_again(browser, reporter)

    assert "No change</textarea>" in browser.get(address).content.decode()
    assert Report.objects.count() == 1


def test_a_page_that_saves_itself_is_told_that_its_writer_is_signed_out(browser, draft_address, sent):
    end_session(browser)

    answer = browser.post(draft_address, sent(), **HTMX)

    html = answer.content.decode()
    assert answer.status_code == 401
    assert "You were signed out." in html
    assert 'href="/accounts/login/" target="_blank"' in html
    assert "<html" not in html


def test_and_once_its_writer_is_back_it_gets_a_new_token_and_sends_again(browser, draft_address, sent):
    old_page = sent(csrfmiddlewaretoken="x" * 64)

    answer = browser.post(draft_address, old_page, **HTMX)
    fresh = fields_of(answer.content.decode())["csrfmiddlewaretoken"]
    again = browser.post(draft_address, old_page | {"csrfmiddlewaretoken": fresh}, **HTMX)

    assert answer.status_code == 401
    assert answer["HX-Trigger-After-Swap"] == '{"retry": {}}'
    assert again.status_code == 200
    assert Report.objects.get().state == "draft"


def test_another_person_in_the_same_browser_gets_no_token_for_the_old_page(browser, manager, draft_address, sent):
    old_page = sent(csrfmiddlewaretoken="x" * 64)
    signs_in_again(browser, manager)

    answers = [browser.post(draft_address, old_page, **HTMX), browser.post(draft_address, old_page)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not Report.objects.exists()
