"""Councillors read what was published with JavaScript off; an approver publishes; strangers see what is public."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import NARROW
from tests.e2e.portal import Portal

pytestmark = pytest.mark.xdist_group("e2e")

APPROVER, COUNCILLOR = "approver.sel@demo.example", "councillor.sel@demo.example"
SEL, NWL = "/systems/QKK/published/2019-07/1/", "/systems/QRV/published/2019-08/1/"
FIRST_VISIT_BYTES = 150_000


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_a_councillor_finds_their_borough_and_what_changed(visit):
    councillor = visit(COUNCILLOR)
    councillor.goto("/systems/QKK/published/")

    councillor.get_by_role("link", name="Read July 2019").or_(
        councillor.get_by_role("button", name="Read July 2019")
    ).click()
    title(councillor, "July 2019")
    expect(councillor.get_by_text("Path to green:").first).to_be_visible()
    councillor.get_by_role("list", name="Boroughs and places").get_by_role("link", name="Bexley").click()
    title(councillor, "Bexley")
    councillor.get_by_role("button", name="Remember this as my borough").click()
    councillor.get_by_role("link", name="Published").first.click()
    councillor.get_by_role("link", name=re.compile("South East London: July 2019")).click()
    councillor.get_by_role("link", name="My borough: Bexley").click()
    title(councillor, "Bexley")
    councillor.get_by_role("link", name="What changed in Bexley").click()

    title(councillor, "What changed since our last meeting")
    expect(councillor.get_by_text("From June 2019 (as at 12 July 2019)")).to_be_visible()
    councillor.get_by_role("link", name=re.compile("worse")).first.click()
    expect(councillor.get_by_text("Better:")).to_have_count(0)
    councillor.get_by_role("list", name="Worse").get_by_role("link").first.click()
    expect(councillor.get_by_role("heading", name="What was promised")).to_be_visible()


def test_a_councillor_meets_no_working_page(visit, portal: Portal):
    councillor = visit(COUNCILLOR, viewport=NARROW)

    for address in (
        "/systems/QKK/",
        "/systems/QKK/places/E09000004/",
        "/systems/QKK/periods/",
        "/systems/QRL/published/",
    ):
        assert councillor.goto(address).status == 404, address
    councillor.goto(portal.delivery(reason="on_track"))
    expect(councillor.get_by_text("Page not found").first).to_be_visible()


def test_a_stranger_reads_what_is_public_and_signs_in_for_the_rest(visit):
    stranger = visit()

    assert stranger.goto(NWL).status == 200
    stranger.goto(SEL)

    title(stranger, "Sign in")


def test_an_approver_closes_publishes_and_corrects(visit):
    approver = visit(APPROVER)
    approver.goto("/systems/QKK/periods/2019-08/publish/")
    approver.get_by_role("link", name="Close it").click()
    approver.get_by_role("button", name="Close August 2019").click()
    approver.get_by_role("link", name="Publish August 2019").click()
    approver.get_by_role("button", name="Confirm and publish").click()
    expect(approver.get_by_text("August 2019 is published.")).to_be_visible()

    approver.goto("/systems/QKK/periods/2019-08/publish/")
    approver.get_by_label("Why is it corrected?").fill("Two numbers were wrong.")
    approver.get_by_role("button", name="Confirm and publish the correction").click()

    councillor = visit(COUNCILLOR)
    councillor.goto("/systems/QKK/published/2019-08/1/")
    expect(councillor.get_by_text("Two numbers were wrong.")).to_be_visible()
    councillor.get_by_role("link", name="Read edition 2").click()
    expect(councillor.get_by_text("a correction: Two numbers were wrong.")).to_be_visible()


@pytest.mark.parametrize("address", ["", "places/E09000005/", "changes/"])
def test_a_first_visit_weighs_little(browser: Browser, portal: Portal, address):
    context = browser.new_context(base_url=portal.url)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    weighed: list[float] = []
    session.on("Network.loadingFinished", lambda event: weighed.append(event["encodedDataLength"]))

    page.goto(f"{NWL}{address}", wait_until="networkidle")

    assert len(weighed) > 3
    assert sum(weighed) < FIRST_VISIT_BYTES
    context.close()


def test_a_borough_is_one_sheet_of_paper(visit):
    page = visit(COUNCILLOR)
    page.goto(f"{SEL}places/E09000004/sheet/")

    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=False))

    assert len(sheets) == 1
