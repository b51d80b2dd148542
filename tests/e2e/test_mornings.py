"""The manager's morning and the approver's, in a browser without JavaScript, with the real worker."""

import re

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.e2e.conftest import submit
from tests.e2e.portal import wait_until

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, APPROVER = (f"{role}.sel@demo.example" for role in ("manager", "approver"))
REPORTER = "reporter.bexley@demo.example"


def number(page: Page, words: str) -> int:
    """The number that stands beside these words at the top of My work."""
    row = page.locator(".nhsuk-summary-list__row").filter(has=page.get_by_role("term").get_by_text(words, exact=True))
    return int(re.search(r"[\d,]+", row.get_by_role("definition").inner_text())[0].replace(",", ""))


def reports_to_write(page: Page):
    return page.get_by_role("region", name="Reports to write").locator("tbody tr")


def test_the_managers_morning(portal, visit):
    page = visit(MANAGER)
    expect(page.get_by_role("heading", level=1, name="My work")).to_be_visible()
    assert page.url.endswith("/my-work/")
    first = reports_to_write(page).first
    expect(first).to_contain_text("24 days overdue")
    expect(first).to_contain_text("August 2019")
    to_write, done = number(page, "Reports to write"), number(page, "Done: with an approver now")
    address = first.get_by_role("link").get_attribute("href")

    first.get_by_role("link").click()
    expect(page.get_by_text("Report for August 2019")).to_be_visible()
    expect(page.get_by_text("it will count as late")).to_be_visible()
    page.get_by_role("link", name="September 2019", exact=True).click()
    page.get_by_label("Under way").check()
    page.get_by_label(re.compile("^Green")).check()
    page.get_by_label(re.compile("^What happened")).fill("The morning's report is written.")
    submit(page)

    page.get_by_role("link", name="My work").click()
    assert number(page, "Reports to write") == to_write - 1
    assert number(page, "Done: with an approver now") == done + 1
    assert page.locator(f"a[href='{address}']").count() == 0
    page.get_by_role("link", name=re.compile("^Show all")).click()
    assert number(page, "Reports to write") > to_write


def test_a_returned_report_is_put_right(portal, visit):
    page = visit(REPORTER)
    returned = page.get_by_role("region", name="Returned reports").locator("tbody tr")
    before = returned.count()
    note = returned.first.get_by_role("cell").nth(1).inner_text().splitlines()[0]

    returned.first.get_by_role("link").click()
    expect(page.locator(".nhsuk-warning-callout")).to_contain_text(note)
    page.get_by_label(re.compile("^Next steps")).fill("As asked: Dr Patel, by 14 October 2019.")
    submit(page)

    page.goto("/my-work/")
    assert number(page, "Returned reports") == before - 1


def test_the_approvers_morning(portal, visit):
    page = visit(APPROVER)
    waiting = number(page, "Awaiting your sign-off")
    page.get_by_role("link", name=re.compile("to read, sign off or return$")).click()
    rows = page.get_by_role("region", name="Reports awaiting sign-off").locator("tbody tr")
    said = [rows.nth(n).get_by_role("cell").nth(3).inner_text().split("…")[0][:40] for n in (0, 1)]
    for n in (0, 1):
        rows.nth(n).get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign off the ticked reports").click()
    for words in said:
        expect(page.get_by_text(words).first).to_be_visible()
    assert page.locator(".portal-foreseen .portal-status").count() >= 2
    page.get_by_role("button", name="Sign off 2 reports").click()
    expect(page.get_by_text("2 reports signed off")).to_be_visible()
    page.get_by_role("link", name="My work").click()
    assert number(page, "Awaiting your sign-off") == waiting - 2

    page.get_by_role("link", name=re.compile("^Reporting periods of South East London")).click()
    page.get_by_role("link", name="Nudge August 2019").click()
    expect(page.get_by_text(re.compile("Marguerite Okafor: [0-9]+ missing"))).to_be_visible()
    page.get_by_role("button", name="Send the reminders").click()
    expect(page.get_by_text(re.compile("Reminders for August 2019 are on their way to [0-9]+ people"))).to_be_visible()
    expect(page.get_by_role("link", name="Nudge August 2019")).to_have_count(0)

    def reminded() -> bool:
        page.goto("/demo-mail/")
        return page.get_by_text(re.compile("reports to write.*: to manager.sel@demo.example")).count() > 0

    wait_until(reminded, 60, portal.said)


def test_a_month_closed_is_asked_for_no_more(portal, visit):
    approver, manager = visit(APPROVER), visit(MANAGER)
    expect(reports_to_write(manager).first).to_contain_text("August 2019")
    approver.goto("/systems/QKK/periods/")

    approver.get_by_role("link", name="Close August 2019").click()
    expect(approver.get_by_text(re.compile("[0-9]+ deliveries have no report on it"))).to_be_visible()
    approver.get_by_role("button", name="Close August 2019").click()
    expect(approver.get_by_text("August 2019 is closed")).to_be_visible()

    manager.reload()
    expect(reports_to_write(manager).first).to_contain_text("September 2019")
    expect(manager.get_by_role("cell", name="August 2019", exact=True)).to_have_count(0)


def test_a_calendar_of_ones_own(portal, visit):
    page = visit(MANAGER)
    page.get_by_role("link", name="Have these days in your own calendar").click()
    page.get_by_role("button", name="Make an address").click()
    address = page.locator(".portal-address").inner_text()

    answer = visit().request.get(address)
    names = [str(event["summary"]) for event in Calendar.from_ical(answer.body()).walk("VEVENT")]

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "Reports for September 2019 are due" in names
    assert any(name.startswith("National deadline: ") for name in names)
    page.get_by_role("button", name="Stop the calendar").click()
    assert visit().request.get(address).status == 404
