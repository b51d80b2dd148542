"""The story the portal exists for, told in a browser without JavaScript, with the real worker."""

import csv
import datetime as dt
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import submit
from tests.e2e.portal import Portal, manage, wait_until

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, APPROVER, VIEWER, COUNCILLOR = (
    f"{role}.sel@demo.example" for role in ("manager", "approver", "viewer", "councillor")
)
A_NEW_DAY = dt.date(2019, 10, 2)


def positions(portal: Portal) -> list[dict]:
    printed = manage("export_positions", "--system", "QKK", database_url=portal.environment["DATABASE_URL"])
    return list(csv.DictReader(io.StringIO(printed)))


def one_to_report_on(portal: Portal, *, commitments: re.Pattern) -> str:
    """The code of a commitment of this class that is on track for the whole system and has no September report."""
    return next(
        row["commitment"]
        for row in positions(portal)
        if row["footprint"] == "QKK"
        and row["freshness"] == "due"
        and row["status"] == "on_track"
        and commitments.match(row["commitment"])
    )


def open_delivery(page: Page, commitment: str) -> str:
    """Finds the delivery through the list, as a person would; its address."""
    page.goto(f"/deliveries/?system=QKK&level=system&commitment={commitment}")
    page.get_by_role("table").get_by_role("link", name=re.compile(commitment)).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.url


def report_progress(page: Page, confidence: str, words: str) -> None:
    page.get_by_role("button", name="Report progress").or_(page.get_by_role("link", name="Report progress")).click()
    page.get_by_label("Under way").check()
    page.get_by_label(re.compile(f"^{confidence}")).check()
    page.get_by_label(re.compile("^What happened")).fill(words)
    if confidence != "Green":
        page.get_by_label(re.compile("^Why it is not green")).fill("Two link workers have left.")
        page.get_by_label(re.compile("^Path to green")).fill("Interviews on 14 October 2019.")
    submit(page)


def fill_date(page: Page, legend: str, day: dt.date) -> None:
    boxes = page.get_by_role("group", name=re.compile(legend))
    for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label).fill(str(part))


def sign_off(page: Page, words: str) -> None:
    """Reads the reports in the queue until it finds these words, and signs that one off."""
    page.goto("/sign-off/")
    row = page.get_by_role("row").filter(has_text=words)
    row.get_by_role("link").first.click()
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("button", name="Sign off", exact=True).click()
    expect(page.get_by_text(re.compile("Report signed off"))).to_be_visible()


def ask_for_deadline(page: Page, delivery: str, day: dt.date, words: str) -> None:
    page.goto(delivery)
    page.get_by_role("button", name="Ask for another deadline").click()
    fill_date(page, "New local deadline", day)
    page.get_by_label(re.compile("^Why another deadline")).fill(words)
    page.get_by_role("button", name="Ask for this deadline").click()
    expect(page.get_by_text("Deadline change asked for. It counts once an approver agrees.")).to_be_visible()


def agree_to_deadline(page: Page, words: str) -> None:
    page.goto("/sign-off/")
    page.get_by_role("row").filter(has_text=words).get_by_role("link").first.click()
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_text(re.compile("Deadline change agreed"))).to_be_visible()


def status_of(page: Page, address: str) -> str:
    page.goto(address)
    return page.locator(".portal-status").first.inner_text()


def test_from_report_to_dashboard_and_on_into_a_new_day(portal, visit):
    core = one_to_report_on(portal, commitments=re.compile(r"LTP1-|LTP3-(CAN|MH|EL)"))
    prioritised = one_to_report_on(portal, commitments=re.compile(r"LTP2-|LTP3-(MAT|CYP|LDA|CVD|STR|DIAB|RESP)"))
    tomorrow = A_NEW_DAY - dt.timedelta(days=1)

    manager = visit(MANAGER)
    core_page = open_delivery(manager, core)
    report_progress(manager, "Green", "The core foundation story is told.")
    manager.goto(f"{core_page}milestones/")
    manager.get_by_label(re.compile("^(Milestone|Title|What)")).fill("Board agrees the plan")
    fill_date(manager, "due|Due", tomorrow)
    manager.get_by_role("button", name="Add the milestone").click()
    prioritised_page = open_delivery(manager, prioritised)
    report_progress(manager, "Amber", "The prioritised story is told.")
    ask_for_deadline(manager, prioritised_page, tomorrow, "The board brought the date forward.")

    approver = visit(APPROVER)
    agree_to_deadline(approver, "The board brought the date forward.")
    sign_off(approver, "The core foundation story is told.")
    sign_off(approver, "The prioritised story is told.")

    viewer = visit(VIEWER)
    assert status_of(viewer, core_page) == "On track"
    expect(viewer.get_by_text("On track: reported green on 30 September 2019").first).to_be_visible()
    assert status_of(viewer, prioritised_page) == "At risk"
    expect(viewer.get_by_text("after the local deadline of 1 October 2019").first).to_be_visible()
    expect(viewer.get_by_text("The prioritised story is told.").first).to_be_visible()

    portal.start(A_NEW_DAY)

    wait_until(lambda: status_of(viewer, core_page) == "At risk", 60, portal.said)
    expect(viewer.get_by_text(re.compile(r"is 1 day overdue \(Board agrees the plan, due 1 October 2019\)")).first
           ).to_be_visible()  # fmt: skip
    status_of(viewer, prioritised_page)
    expect(viewer.get_by_text("the local deadline of 1 October 2019 passed 1 day ago").first).to_be_visible()
    viewer.goto("/systems/QKK/")
    expect(viewer.get_by_text("As at 2 October 2019")).to_be_visible()


def test_several_reports_signed_off_together_get_their_status_from_the_worker(portal, visit):
    approver = visit(APPROVER)
    approver.goto("/sign-off/")
    boxes = approver.get_by_role("checkbox")
    waiting = boxes.count()
    for number in (0, 1, 2):
        boxes.nth(number).check()
    approver.get_by_role("button", name="Sign off the ticked reports").click()
    approver.get_by_role("button", name="Sign off 3 reports").click()
    expect(approver.get_by_text("3 reports signed off")).to_be_visible()
    expect(approver.get_by_role("checkbox")).to_have_count(waiting - 3)

    wait_until(portal.is_settled, 60, portal.said)


def test_an_observation_moves_the_status_by_the_worker(portal, visit):
    address = portal.delivery(reason="metric_behind")
    manager = visit(MANAGER)
    manager.goto(address)
    expect(manager.get_by_text("against an expected").first).to_be_visible()

    manager.goto(f"{address}observations/")
    manager.get_by_label(re.compile("^Value")).fill("1000000")
    fill_date(manager, "end|End|day", dt.date(2019, 9, 29))
    manager.get_by_label(re.compile("^Source")).fill("Local return, checked by hand")
    manager.get_by_role("button", name="Record the value").click()
    expect(manager.get_by_text("Value recorded. The status follows within a minute.")).to_be_visible()

    def moved() -> bool:
        manager.goto(address)
        return manager.locator(".nhsuk-inset-text").get_by_text("against an expected").count() == 0

    wait_until(moved, 60, portal.said)
    assert portal.is_settled()


def test_a_viewer_reaches_no_form(portal, visit):
    viewer = visit(VIEWER)
    commitment = one_to_report_on(portal, commitments=re.compile("LTP"))
    page = open_delivery(viewer, commitment)

    assert viewer.locator("main form[method=post]").count() == 0
    assert viewer.get_by_role("link", name="Report progress").count() == 0
    for form in ("report", "plan", "deadline", "milestones", "observations", "trajectory"):
        assert viewer.goto(f"{page}{form}/").status == 403
    assert viewer.goto("/sign-off/").status == 403
    viewer.goto("/admin/")
    expect(viewer.get_by_text("Site administration")).to_have_count(0)
    assert visit(COUNCILLOR).goto(page).status == 404
