"""Councillors sign in by code, read their dashboard, follow and rate otherwise; the system replies. Without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW
from tests.e2e.portal import Portal, manage, wait_until

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, CHAIR = "manager.sel@demo.example", "chair.sel@demo.example"
TWO_BOROUGHS, HEALTHWATCH = "councillor.two@demo.example", "healthwatch.bexley@demo.example"
STRANGER = "councillor.hiow@demo.example"
JHOSC, PUBLISHED = "/committees/south-east-london-jhosc/", "/systems/QKK/published/2019-07/1/"
REASON = "People at three surgeries told us otherwise in September."


def press(page: Page, name: str | re.Pattern) -> None:
    page.get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile(name)).first.click()


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_a_councillor_is_offered_a_code_first_and_lands_on_their_committee(visit):
    councillor, reader = visit(viewport=NARROW), visit(MANAGER)
    councillor.goto("/")
    follow(councillor, "^Sign in$")
    ways = councillor.locator("main a[role=button], main button[type=submit]")
    expect(ways.first).to_have_text("Send me a sign-in code by email")
    ways.first.click()
    councillor.get_by_label("Email address").fill(CHAIR)
    press(councillor, "Send me a code")
    title(councillor, "Enter your sign-in code")

    codes: list[str] = []

    def arrived() -> bool:
        reader.goto("/demo-mail/")
        text = reader.locator("pre").first.text_content() if reader.locator("pre").count() else ""
        codes[:] = re.findall(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", text or "", re.MULTILINE)
        return bool(codes)

    wait_until(arrived, 60, lambda: "No code arrived.")
    councillor.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(codes[0])
    press(councillor, re.compile("^Sign in$"))

    title(councillor, "Our Healthier South East London")
    press(councillor, "How things stand: the dashboard")
    title(councillor, "Dashboard")


def test_a_chair_reads_the_dashboard_and_lodges_an_opinion_with_the_system_replying(visit):
    chair = visit(CHAIR)
    chair.goto(f"{JHOSC}dashboard/")
    expect(chair.get_by_text(re.compile("as at 14 August 2019")).first).to_be_visible()
    expect(chair.get_by_text("Path to green:").first).to_be_visible()
    expect(chair.get_by_text(re.compile("second opinions lodged"))).to_be_visible()
    chair.get_by_role("list", name="Missed and off track").get_by_role("link").first.click()
    chair.locator("a[href^='/positions/']").last.click()
    title(chair, "Lodge a second opinion")
    chair.get_by_label("Not started").check()
    chair.get_by_label(re.compile("^Why")).fill(REASON)
    press(chair, "Lodge the opinion")
    expect(chair.get_by_role("link", name="Show evidence: in words, by a link or as a file")).to_be_visible()
    chair.get_by_label(re.compile("^Evidence")).fill("Draft minutes of 24 September.")
    press(chair, "Lodge the opinion")
    expect(chair.get_by_text("The system has not replied.")).to_be_visible()

    manager = visit(MANAGER)
    manager.goto("/my-work/")
    manager.locator("a[href^='/opinions/']").first.click()
    manager.locator("main ol a").first.click()
    press(manager, "Reply for the system")
    manager.get_by_label(re.compile("^Reply")).fill("We begin in November.")
    press(manager, "Send the reply")
    expect(manager.get_by_text("We begin in November.")).to_be_visible()
    follow(manager, "The commitment as it was published")
    expect(manager.get_by_text(REASON)).to_be_visible()
    expect(manager.get_by_text("We begin in November.")).to_be_visible()


def test_healthwatch_sees_its_opinion_beside_what_was_published_and_lodges_another(visit):
    healthwatch = visit(HEALTHWATCH, viewport=NARROW)
    title(healthwatch, "Published")
    healthwatch.goto(f"{PUBLISHED}places/E09000004/")
    expect(healthwatch.get_by_text(re.compile("Second opinion of Healthwatch Bexley"))).to_be_visible()
    expect(healthwatch.get_by_text(re.compile("Reply of the system"))).to_be_visible()
    healthwatch.get_by_role("list", name="Missed and off track").get_by_role("link").first.click()
    healthwatch.locator("a[href^='/positions/']").first.click()
    expect(healthwatch.get_by_text("You lodge it for Healthwatch Bexley.")).to_be_visible()
    healthwatch.get_by_label("At risk").check()
    healthwatch.get_by_label(re.compile("^Why")).fill(REASON)
    healthwatch.get_by_label(re.compile("^Link to evidence")).fill("https://www.example.org/visits")
    press(healthwatch, "Lodge the opinion")
    expect(healthwatch.get_by_text("Opinion lodged.")).to_be_visible()
    assert healthwatch.goto(JHOSC).status == 404
    assert healthwatch.goto("/systems/QKK/").status == 404


def test_a_councillor_of_two_boroughs_follows_and_is_told_what_changed(visit, portal: Portal):
    councillor = visit(TWO_BOROUGHS)
    title(councillor, "Committees")
    for board in ("Bexley", "Bromley"):
        follow(councillor, f"^{board} Health and Wellbeing Board")
        press(councillor, "How things stand: the dashboard")
        expect(councillor.get_by_text(re.compile(f"Here: {board}"))).to_be_visible()
        councillor.goto("/committees/")
    councillor.goto("/following/")
    expect(councillor.get_by_role("link", name="Bexley")).to_be_visible()
    follow(councillor, "^Bexley$")
    press(councillor, "Stop following Bexley")
    expect(councillor.get_by_text("You no longer follow this.")).to_be_visible()
    press(councillor, "Follow Bexley")
    expect(councillor.get_by_text("You follow this: an email tells you what changed")).to_be_visible()

    # What the sweep does, now: the demonstration's followers have not heard of the newest publication yet.
    own = {name: portal.environment[name] for name in ("EMAIL_URL", "SITE_URL")}
    manage("send_letters", database_url=portal.environment["DATABASE_URL"], **own)
    reader = visit(MANAGER)
    reader.goto("/demo-mail/")
    told = reader.locator("details", has_text=TWO_BOROUGHS)
    expect(told.locator("summary")).to_contain_text("What changed in what you follow: South East London, July 2019")
    councillor.goto(re.search(r"sign in first\): (\S+)", told.locator("pre").text_content())[1])
    press(councillor, "Stop all of these emails")
    expect(councillor.get_by_text("You follow nothing yet")).to_be_visible()


def test_a_stranger_finds_nothing(visit):
    stranger = visit(STRANGER)

    for address in (f"{JHOSC}dashboard/", "/opinions/1/", "/opinions/1/reply/", "/positions/1/opinion/", PUBLISHED):
        assert stranger.goto(address).status == 404, address
    signed_out = visit()
    signed_out.goto(f"{JHOSC}dashboard/")
    title(signed_out, "Sign in")
