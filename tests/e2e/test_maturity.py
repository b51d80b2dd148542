"""From an empty assessment to a gap, to an action, to the gap closed: as four people of a system would do it."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_plan import fill_date

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, APPROVER, VIEWER = (f"{role}.hiow@demo.example" for role in ("manager", "approver", "viewer"))
OF_SYSTEM = "/systems/QRL/maturity/"
TODAY = dt.date(2019, 9, 30)


def begin(page: Page) -> str:
    """A peer review by the checklist of requirements; its address."""
    page.goto(f"{OF_SYSTEM}QRL/assessments/")
    page.get_by_label("Framework").select_option(label="What every ICS will have, Long Term Plan, January 2019")
    page.get_by_label("Self-assessment").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("0 of 9 criteria answered")).to_be_visible()
    return page.url


def answer_every_domain(page: Page, address: str, *, missing: str = "") -> None:
    """Goes through the domains with JavaScript off, as a task list; everything is met but what is named."""
    page.goto(address)
    page.get_by_role("link", name="Governance").click()
    while page.url != address:
        for box in page.locator("fieldset.portal-criterion").all():
            result = "Not met" if missing and missing in box.inner_text() else "Met"
            box.get_by_label(result, exact=True).check()
            box.get_by_label(re.compile("^What shows this")).fill("Minutes of September")
        page.get_by_role("button", name=re.compile("Save and go (on|back to the assessment)")).click()
        expect(page.get_by_text("Answers saved").first).to_be_visible()


def submit(page: Page) -> None:
    fill_date(page, "^As it stood on", TODAY)
    page.get_by_role("button", name="Submit the assessment").click()
    expect(page.get_by_text("Assessment submitted for sign-off")).to_be_visible()


def sign_off(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Sign off").click()
    expect(page.get_by_text("Assessment signed off")).to_be_visible()


def test_from_an_empty_assessment_to_a_closed_gap(portal, visit):
    manager, approver, viewer = visit(MANAGER), visit(APPROVER), visit(VIEWER)
    first = begin(manager)
    answer_every_domain(manager, first, missing="non-executive chair")
    expect(manager.get_by_text("9 of 9 criteria answered")).to_be_visible()
    submit(manager)
    expect(manager.get_by_role("button", name="Sign off")).to_have_count(0)
    sign_off(approver, first)

    viewer.goto(OF_SYSTEM)
    governance = viewer.locator(".portal-lines__item", has=viewer.get_by_role("link", name="Governance"))
    expect(governance.get_by_text("2 of 3 are in place; all are expected by 30 April 2021.")).to_be_visible()
    expect(governance.get_by_text("At risk", exact=True)).to_be_visible()

    manager.goto(f"{OF_SYSTEM}QRL/plan/")
    manager.get_by_role("link", name=re.compile("^Add an action.*ICSR-02")).click()
    manager.get_by_label(re.compile("^Action")).fill("Appoint the chair")
    manager.get_by_label("Owner").select_option(index=1)
    fill_date(manager, "^Due date", dt.date(2020, 3, 31))
    manager.get_by_role("button", name="Save").click()
    outlook = manager.locator(".portal-lines__item", has=manager.get_by_role("heading", name=re.compile("^Governance")))
    expect(outlook.get_by_text("The plan closes it.")).to_be_visible()
    expect(outlook.get_by_text("the gap closes by 31 March 2020, in time for 30 April 2021.")).to_be_visible()

    manager.get_by_role("link", name=re.compile("^Done, with evidence.*Appoint the chair")).click()
    manager.get_by_label(re.compile("^What shows this")).fill("Letter of appointment")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_text("Action done.").first).to_be_visible()
    expect(outlook.get_by_text("The plan does not close it.")).to_be_visible()

    second = begin(manager)
    answer_every_domain(manager, second)
    submit(manager)
    sign_off(approver, second)
    viewer.goto(OF_SYSTEM)
    expect(governance).to_have_count(0)
    requirements = viewer.get_by_role("table", name=re.compile("What every ICS will have"))
    row = requirements.get_by_role("row", name=re.compile("^Governance"))
    expect(row.get_by_text("Met", exact=True)).to_be_visible()
    assert portal.is_settled()


def test_answers_save_themselves_and_show_it(portal, visit):
    page = visit(MANAGER, javascript=True)
    page.goto(f"{OF_SYSTEM}QRL/assessments/")
    page.get_by_label("Framework").select_option(label="ICS maturity matrix, June 2019")
    page.get_by_label("Peer review").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Coherent and defined population").click()
    box = page.locator("fieldset.portal-criterion").first

    box.get_by_label("Partly met").check()
    expect(box.get_by_text(re.compile("^Saved at"))).to_be_visible()
    box.get_by_label(re.compile("^What shows this")).fill("The board's minutes")
    box.get_by_label(re.compile("^What shows this")).blur()
    expect(box.locator("input[name$=version]")).to_have_value("2")
    page.reload()

    expect(box.get_by_label("Partly met")).to_be_checked()
    expect(box.get_by_label(re.compile("^What shows this"))).to_have_value("The board's minutes")
