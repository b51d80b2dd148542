"""A month's report in a real browser: it saves itself, and nothing typed is lost, whatever ends meanwhile."""

import re
from itertools import count

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.portal import Portal

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, SECOND = "manager.sel@demo.example", "approver.sel@demo.example"
# A page tries again by itself after some ten seconds.
SAVED_AGAIN_WITHIN = 30_000
SAVED = re.compile(r"Draft saved at ")
numbers = count()


@pytest.fixture
def address(portal: Portal) -> str:
    """The report form of a delivery that no other test writes on."""
    return f"{portal.delivery_to_report_on(next(numbers))}report/"


def narrative(page: Page):
    return page.get_by_label("What happened this month")


def draft_status(page: Page):
    return page.locator("#draft-status")


def open_form(page: Page, address: str) -> None:
    page.goto(address)
    expect(narrative(page)).to_be_visible()


def test_what_is_typed_outlives_the_death_of_the_portal(portal, visit, address):
    page = visit(MANAGER, javascript=True)
    said = []
    page.on("console", lambda message: said.append(message.text))
    open_form(page, address)
    narrative(page).fill("Typed while it lived")
    expect(draft_status(page)).to_contain_text(SAVED)
    assert said == []

    portal.stop()
    narrative(page).fill("Typed while it was dead")
    expect(draft_status(page)).to_contain_text("The portal cannot be reached.")
    portal.start(settings.PORTAL_TODAY)

    elsewhere = visit(MANAGER, javascript=True)
    open_form(elsewhere, address)
    expect(narrative(elsewhere)).to_have_value(re.compile("Typed while it (lived|was dead)"))
    expect(draft_status(page)).to_contain_text(SAVED, timeout=SAVED_AGAIN_WITHIN)
    open_form(elsewhere, address)
    expect(narrative(elsewhere)).to_have_value("Typed while it was dead")


def test_a_page_left_without_a_connection_gives_its_words_back(visit, address):
    page = visit(MANAGER, javascript=True)
    open_form(page, address)
    before = narrative(page).input_value()
    page.context.set_offline(True)
    narrative(page).fill("Typed on the train")
    expect(draft_status(page)).to_contain_text("The portal cannot be reached.")
    page.context.set_offline(False)

    page.reload()

    expect(narrative(page)).to_have_value(before)
    page.get_by_role("button", name="Put it back").click()
    expect(narrative(page)).to_have_value("Typed on the train")
    expect(draft_status(page)).to_contain_text(SAVED)
    page.reload()
    expect(narrative(page)).to_have_value("Typed on the train")
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()


def test_what_the_browser_kept_is_gone_once_it_is_discarded_sent_or_signed_out(visit, address):
    page = visit(MANAGER, javascript=True)
    kept = "Object.keys(sessionStorage).filter((key) => key.startsWith('typed:')).length"

    def type_without_connection() -> None:
        open_form(page, address)
        page.context.set_offline(True)
        narrative(page).fill("Typed on the train")
        expect(draft_status(page)).to_contain_text("The portal cannot be reached.")
        page.context.set_offline(False)
        assert page.evaluate(kept) == 1

    type_without_connection()
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    assert page.evaluate(kept) == 0
    type_without_connection()
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("Draft saved", exact=True)).to_be_visible()
    assert page.evaluate(kept) == 0
    open_form(page, address)
    page.evaluate("sessionStorage.setItem('typed:report-1-1-2019-09', '[]')")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert page.evaluate(kept) == 0


def test_whoever_is_signed_out_while_writing_signs_in_in_another_tab_and_it_is_saved(visit, address):
    page = visit(MANAGER, javascript=True)
    open_form(page, address)
    page.context.clear_cookies(name="sessionid")

    narrative(page).fill("Typed when signed out")
    expect(draft_status(page)).to_contain_text("You were signed out. Nothing you typed is lost.")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value, MANAGER)
    expect(opened.value.get_by_role("button", name="Sign out")).to_be_visible()
    page.bring_to_front()

    expect(draft_status(page)).to_contain_text(SAVED, timeout=SAVED_AGAIN_WITHIN)
    open_form(opened.value, address)
    expect(narrative(opened.value)).to_have_value("Typed when signed out")


def test_without_a_script_a_report_sent_when_signed_out_is_back_after_signing_in(visit, address):
    page = visit(MANAGER)
    open_form(page, address)
    narrative(page).fill("Typed over an hour")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("What you typed is not lost")).to_be_visible()
    page.get_by_label("Email address").fill(MANAGER)
    page.get_by_label("Password", exact=True).fill(settings.DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_text("You were signed out while you were writing.")).to_be_visible()
    expect(narrative(page)).to_have_value("Typed over an hour")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("Draft saved", exact=True)).to_be_visible()


def test_the_status_to_come_follows_what_is_said(visit, address):
    page = visit(MANAGER, javascript=True)
    open_form(page, address)

    page.get_by_label(re.compile("^Red")).check()

    preview = page.locator("#preview")
    expect(preview).to_contain_text("With this report the status will be: Off track, because it is reported red")
    page.get_by_label(re.compile("^Why it is not green")).fill("Two link workers have left.")
    page.get_by_label(re.compile("^Path to green")).fill("Interviews on 14 October 2019.")
    page.get_by_role("button", name="Submit for sign-off").click()
    expect(page.get_by_text("Report submitted for sign-off")).to_be_visible()


def test_no_change_since_last_month_takes_a_confidence_and_a_date(visit, address):
    page = visit(MANAGER, javascript=True)
    open_form(page, address)
    page.get_by_role("button", name="No change since last month").click()

    page.get_by_label(re.compile("^Green")).check()
    for label, part in (("Day", "31"), ("Month", "3"), ("Year", "2020")):
        page.get_by_label(label, exact=True).fill(part)
    expect(page.locator("#preview")).to_contain_text("With this report the status will be: ")
    page.get_by_role("button", name="Submit for sign-off").click()

    expect(page.get_by_text("Report submitted for sign-off")).to_be_visible()
    expect(page.get_by_text(re.compile("No change since August 2019")).first).to_be_visible()


def test_two_people_write_on_one_delivery_and_the_second_chooses(visit, address):
    first, second = visit(MANAGER), visit(SECOND)
    open_form(first, address)
    open_form(second, address)
    narrative(first).fill("Words of the first")
    first.get_by_label("Next steps").fill("Step of the first")
    first.get_by_role("button", name="Save as draft").click()
    narrative(second).fill("Words of the second")
    second.get_by_label("Next steps").fill("Step of the second")
    second.get_by_role("button", name="Save as draft").click()

    expect(second.get_by_text("Somebody else changed this while you were writing")).to_be_visible()
    words = second.get_by_role("group", name="What happened this month")
    expect(words).to_contain_text("Words of the first")
    expect(words).to_contain_text("Words of the second")
    words.get_by_label("Use mine").check()
    second.get_by_role("button", name="Save what I chose").click()
    expect(second.get_by_role("link", name="Select which text to keep: Next steps")).to_be_visible()
    expect(second.get_by_role("group", name="What happened this month").get_by_label("Use mine")).to_be_checked()
    second.get_by_role("group", name="Next steps").get_by_label("Keep what is stored").check()
    second.get_by_role("button", name="Save what I chose").click()

    expect(second.get_by_text("Draft saved", exact=True)).to_be_visible()
    open_form(first, address)
    expect(narrative(first)).to_have_value("Words of the second")
    expect(first.get_by_label("Next steps")).to_have_value("Step of the first")


def test_a_draft_that_saves_itself_overwrites_nobody(visit, address):
    first, second = visit(MANAGER, javascript=True), visit(SECOND, javascript=True)
    open_form(first, address)
    open_form(second, address)
    narrative(first).fill("Words of the first")
    expect(draft_status(first)).to_contain_text(SAVED)

    narrative(second).fill("Words of the second")
    expect(draft_status(second)).to_contain_text("wrote on this report at")
    expect(narrative(second)).to_have_value("Words of the second")
    second.get_by_role("button", name="See both texts and choose").click()

    second.get_by_role("button", name="Use all of mine").click()
    expect(second.get_by_text("Draft saved", exact=True)).to_be_visible()
    open_form(first, address)
    expect(narrative(first)).to_have_value("Words of the second")
