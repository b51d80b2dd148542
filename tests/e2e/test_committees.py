"""A committee asks, the NHS answers, the committee closes: chair, approver, member and stranger, without scripts."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_plan import fill_date

pytestmark = pytest.mark.xdist_group("e2e")

CHAIR, MEMBER, APPROVER = (f"{role}.sel@demo.example" for role in ("chair", "councillor", "approver"))
STRANGER = "chair.nwl@demo.example"
WORDING = "That each borough hears by January how many people link workers have seen."


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile(name)).first.click()


def test_from_a_meeting_to_an_answer_and_its_end(visit):
    chair = visit(CHAIR)
    # A chair begins at their committee: what is overdue stands there.
    expect(chair.get_by_role("heading", level=1)).to_contain_text("Our Healthier South East London")
    expect(chair.get_by_text(re.compile("Papers must be published by 7 October 2019"))).to_be_visible()
    expect(chair.get_by_text("55 days overdue")).to_be_visible()
    expect(chair.get_by_text("Asked 3 times").first).to_be_visible()
    follow(chair, "^24 September 2019$")
    follow(chair, "^Record a recommendation")
    chair.get_by_label("Recommendation", exact=True).check()
    chair.get_by_label(re.compile("^Minute reference")).fill("2.3")
    chair.get_by_label(re.compile("^Wording")).fill(WORDING)
    press(chair, "Record it")
    expect(chair.get_by_text("22 October 2019").first).to_be_visible()

    approver = visit(APPROVER)
    approver.goto("/my-work/")
    counted = approver.locator("a[href^='/recommendations/']").first
    expect(counted).to_have_text(re.compile("^5"))
    counted.click()
    follow(approver, re.escape(WORDING))
    address = approver.url
    press(approver, "Answer")
    approver.get_by_label("Accepted in part").check()
    approver.get_by_label(re.compile("^Answer")).fill("We will report quarterly.")
    approver.get_by_label(re.compile("^Who sees to it")).fill("Head of primary care")
    press(approver, "Send the answer")
    expect(approver.get_by_role("link", name="Enter why it is not accepted, or only in part")).to_be_visible()
    approver.get_by_label(re.compile("^Reason")).fill("Networks report by quarter.")
    press(approver, "Send the answer")
    expect(approver.get_by_text("Answer sent to the committee")).to_be_visible()
    follow(approver, "^Say which commitments")
    approver.get_by_label(re.compile("^Codes")).fill("LTP1-PERS-03\nLTP1-PERS-04")
    press(approver, "Save")
    follow(approver, "^Add an action")
    approver.get_by_label(re.compile("^What will be done")).fill("Ask each network")
    approver.get_by_label(re.compile("^Who does it")).fill("Programme office")
    fill_date(approver, "^Due", dt.date(2019, 12, 31))
    press(approver, "Add the action")
    follow(approver, "^Mark as done")
    press(approver, "Mark as done")
    follow(approver, "^Add evidence")
    approver.get_by_label(re.compile("^What it is")).fill("Letter to networks")
    file = {"name": "Letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nPlease count."}
    approver.get_by_label(re.compile("^Or a file")).set_input_files(file)
    press(approver, "Add the evidence")
    expect(approver.get_by_text("Done on 30 September 2019.")).to_be_visible()
    # Closing is the committee's alone.
    expect(approver.get_by_role("link", name="Close it for the committee")).to_have_count(0)
    assert approver.goto(f"{address}close/").status == 403

    member = visit(MEMBER)
    member.goto(address)
    expect(member.get_by_text("Networks report by quarter.")).to_be_visible()
    with member.expect_download() as started:
        follow(member, "^Letter to networks")
    assert started.value.suggested_filename == "Letter.pdf"

    chair.goto(address)
    follow(chair, "^Close it for the committee")
    chair.get_by_label(re.compile("^Why the committee closes it")).fill("Content for now.")
    press(chair, "Close it")
    expect(chair.get_by_text("Closed by the committee").first).to_be_visible()
    approver.goto(address)
    expect(approver.get_by_role("button", name=re.compile("^Answer"))).to_have_count(0)
    assert visit(STRANGER).goto(address).status == 404


def test_a_paper_for_a_decision_is_issued_with_its_comments_and_not_before(visit):
    chair, member = visit(CHAIR), visit(MEMBER)
    follow(chair, "^15 October 2019$")
    meeting = chair.url
    follow(chair, "^Residents’ questions at each meeting$")
    address = chair.url
    assert member.goto(address).status == 404
    follow(chair, "^Issue the paper$")
    press(chair, "Issue the paper")
    expect(chair.get_by_text(re.compile("^Enter the legal comments"))).to_be_visible()
    follow(chair, "^Change the draft$")
    chair.get_by_label(re.compile("^Legal comments")).fill("The constitution of each council allows it.")
    chair.get_by_label(re.compile("^Finance comments")).fill("No cost.")
    press(chair, "Save as a draft")
    follow(chair, "^Issue the paper$")
    press(chair, "Issue the paper")
    expect(chair.get_by_text("Paper issued")).to_be_visible()

    member.goto(meeting)
    follow(member, "^Residents’ questions at each meeting$")
    expect(member.get_by_role("heading", name=re.compile("Legal comments"))).to_be_visible()
    expect(member.get_by_text("Change the draft")).to_have_count(0)


def test_a_second_writer_sees_both_texts(visit):
    one, two = visit(CHAIR), visit("clerk.sel@demo.example")
    for page in (one, two):
        follow(page, "^15 October 2019$")
        follow(page, "^Change the meeting$")
    one.get_by_label(re.compile("^Place")).fill("Council offices, Greenwich")
    press(one, "Save")
    expect(one.get_by_text("Meeting saved")).to_be_visible()

    two.get_by_label(re.compile("^Place")).fill("Council offices, Lambeth")
    press(two, "Save")

    expect(two.get_by_role("heading", level=1)).to_contain_text("Somebody else changed this")
    two.get_by_label("Use mine").check()
    press(two, "Save what I chose")
    expect(two.get_by_text(re.compile("Council offices, Lambeth"))).to_be_visible()
