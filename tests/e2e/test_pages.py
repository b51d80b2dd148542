"""Every page, at a desk's and a phone's width: axe finds nothing, nothing runs off the side, no console message."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, WIDE

# The width of A4 between its margins.
PAPER = {"width": 680, "height": 960}

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, APPROVER, VIEWER, COUNCILLOR, CHAIR = (
    f"{role}.sel@demo.example" for role in ("manager", "approver", "viewer", "councillor", "chair")
)
# What South East London published last.
PUBLISHED = "/systems/QKK/published/2019-07/1/"
OF_TWO_SYSTEMS = "chair.two@demo.example"
REPORTER, ADMIN, NOBODY = "reporter.bexley@demo.example", "admin@demo.example", ""

PAGES = {
    NOBODY: [
        "/", "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/how-status-works/",
        "/accessibility/", "/cookies/", "/privacy/", "/nowhere/", "/published/", "/systems/QRV/published/2019-08/1/",
        "/systems/QRV/published/2019-08/1/places/E09000005/",
    ],
    COUNCILLOR: [
        "/published/", "/systems/QKK/published/", PUBLISHED, f"{PUBLISHED}deliveries/?status=off_track&page=2",
        f"{PUBLISHED}themes/OOH/", f"{PUBLISHED}commitments/LTP1-OOH-01/", f"{PUBLISHED}commitments/LTP3-MH-13/",
        f"{PUBLISHED}places/E09000004/", f"{PUBLISHED}places/E09000004/sheet/", f"{PUBLISHED}changes/",
        f"{PUBLISHED}maturity/",
        f"{PUBLISHED}changes/?kind=worse&place=E09000004", f"{PUBLISHED}changes/?kind=nonsense",
        "/commitments/", "/commitments/LTP1-OOH-01/", "{delivery}", "/systems/QKK/",
        "/committees/", "/committees/south-east-london-jhosc/",
        "/committees/south-east-london-jhosc/meetings/2019-09-24/", "{paper}", "/recommendations/", "{asked}",
        "/committees/south-east-london-jhosc/meetings/2019-09-24/pack/",
        "/recommendations/?state=lost",
        "/committees/south-east-london-jhosc/dashboard/",
        "/committees/south-east-london-jhosc/dashboard/deliveries/?status=off_track&page=2",
        "/opinions/", "/opinions/1/", "/following/",
        "/following/stop/",
    ],
    VIEWER: [
        "/systems/", "/systems/QKK/", "/systems/QKK/places/E09000004/", "/commitments/LTP1-OOH-01/",
        "/commitments/LTP3-MH-13/", "/commitments/LTP1-OOH-05/coverage/QKK/", "/deliveries/",
        "/deliveries/?status=missed&status=off_track&page=2",
        "/deliveries/?system=nonsense", "{delivery}", "{delivery}report/",
        "/systems/QKK/?as_of=2019-08-31", "/systems/QKK/places/E09000004/?as_of=2030-01-01",
        "{delivery}?as_of=2019-08-31", "/deliveries/?as_of=2019-08-31&status=off_track",
        "/systems/QKK/changes/?from=2019-06-30", "/systems/QKK/entirety/?missing=lead", "{delivery}highlight/",
        "/systems/QKK/commitments/LTP1-PERS-03/engagement/",
        "/systems/QKK/themes/OOH/highlight/", "{measured}", "{promised}",
        "/systems/QKK/maturity/", "/systems/QKK/maturity/E09000004/", "/systems/QKK/maturity/QKK/frameworks/ICSM/",
        "/systems/QKK/maturity/QKK/history/?first_day=1", "/systems/QKK/maturity/QKK/sheet/",
        "/systems/QKK/maturity/QKK/plan/",
    ],
    CHAIR: [
        "/committees/south-east-london-jhosc/", "/committees/south-east-london-jhosc/meetings/add/",
        "/committees/south-east-london-jhosc/meetings/2019-10-15/", "{meeting}edit/", "{meeting}items/add/",
        "{meeting}papers/add/", "{meeting}pack/add/", "{meeting}recommendations/add/", "{paper}", "{draft}issue/",
        "{draft}edit/", "{asked}close/", "{asked}reopen/", "{position}opinion/",
    ],
    OF_TWO_SYSTEMS: [
        "/committees/two-systems-jhosc-demonstration/", "/committees/two-systems-jhosc-demonstration/dashboard/",
        "/committees/two-systems-jhosc-demonstration/dashboard/deliveries/?status=missed&status=off_track",
        "/committees/two-systems-jhosc-demonstration/meetings/2019-11-07/",
    ],
    MANAGER: [
        "/my-work/", "/my-work/?whose=all&due=2", "/my-calendar/", "{delivery}report/?month=2019-08-01",
        "{delivery}report/?month=2019-07-01",
        "{delivery}", "{delivery}report/", "{unreported}report/", "{unreported}report/unchanged/",
        "{delivery}plan/", "{delivery}deadline/", "{delivery}milestones/",
        "{open}move/", "{open}withdraw/", "{open}achieve/", "{done}reopen/", "/systems/QKK/entirety/",
        "/systems/QKK/commitments/LTP1-PERS-03/engagement/", "/systems/QKK/commitments/LTP1-PERS-03/engagement/add/",
        "{measured}", "{measured}observations/", "{measured}trajectory/", "/systems/QKK/levels/LTP1-ICS-02/",
        "/systems/QKK/maturity/QKK/plan/actions/", "/systems/QKK/maturity/QKK/assessments/",
        "/systems/QKK/deliveries/open/", "/deliveries/?level=place", "/deliveries/grid/?level=place",
        "/deliveries/grid/submit/", "/deliveries/change/", "/deliveries/change/?all=1&level=place",
        "/accounts/", "/accounts/password/change/", "/accounts/2fa/",
        "/my-work/spreadsheet/", "/my-work/spreadsheet/download/",
    ],
    APPROVER: [
        "/my-work/", "/sign-off/", "/sign-off/check/?report={ticked}", "{waiting}", "{asked}", "/demo-mail/",
        "/systems/QKK/periods/", "/systems/QKK/periods/2019-08-01/nudge/", "/systems/QKK/periods/2019-09-01/close/",
        "/systems/QKK/periods/2019-10-01/open/", "/systems/QKK/periods/2019-07/publish/",
        "/systems/QKK/periods/2019-08/publish/", "/systems/QKK/public/", "/recommendations/?mine=1", "{recommended}",
        "{recommended}answer/", "{recommended}commitments/", "{recommended}actions/add/", "{recommended}evidence/add/",
    ],
    REPORTER: ["/", "/systems/", "/deliveries/"],
    ADMIN: [
        "/systems/", "/systems/england/", "/commitments/LTP1-OOH-05/", "/commitments/", "/runs/", "/audit/",
        "/accounts/logout/",
    ],
}  # fmt: skip


def first_link(page, start: str, within: str = "main") -> str:
    return page.locator(f"{within} a[href^='{start}']").first.get_attribute("href")


def walk(page, portal, who: str) -> list[str]:
    """The addresses of this person's pages."""
    known = {
        "delivery": portal.delivery(reason="on_track"),
        "measured": portal.delivery_with_signals(),
        "unreported": portal.delivery_to_report_on(0),
    }
    if who in (COUNCILLOR, CHAIR):
        page.goto("/committees/south-east-london-jhosc/meetings/2019-09-24/")
        known |= {"paper": first_link(page, "/papers/"), "asked": first_link(page, "/recommendations/")}
    if who == CHAIR:
        page.goto("/committees/south-east-london-jhosc/meetings/2019-10-15/")
        known["draft"] = first_link(page, "/papers/")
        known["meeting"] = first_link(page, "/meetings/").removesuffix("edit/")
        page.goto(f"{PUBLISHED}commitments/LTP1-OOH-01/")
        known["position"] = first_link(page, "/positions/").removesuffix("opinion/")
    if who == APPROVER:
        page.goto("/recommendations/?mine=1&state=awaiting")
        known["recommended"] = first_link(page, "/recommendations/", "tbody")
        page.goto("/sign-off/")
        known["waiting"] = page.locator("table a").first.get_attribute("href")
        known["ticked"] = page.get_by_role("checkbox").first.get_attribute("value")
        known["asked"] = page.locator("a[href^='/deadline-changes/']").first.get_attribute("href")
    if who == VIEWER:
        page.goto(known["measured"])
        expect(page.get_by_role("heading", name="Signal or noise")).to_be_visible()
        known["promised"] = page.locator("main a[href^='/commitments/']").first.get_attribute("href")
    if who == MANAGER:
        page.goto(known["delivery"])
        for name, word in (("open", "achieve"), ("done", "reopen")):
            known[name] = page.locator(f"a[href$='/{word}/']").first.get_attribute("href").removesuffix(f"{word}/")
    return [address.format(**known) for address in PAGES[who]]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
@pytest.mark.parametrize("who", PAGES, ids=lambda who: who.split("@")[0] or "nobody")
def test_axe_finds_nothing(who, viewport, visit, portal):
    page = visit(who, viewport=viewport, javascript=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    found = []
    for address in walk(page, portal, who):
        page.goto(address, wait_until="load")
        results = Axe().run(page, options=RULES)
        found += [
            f"{address}: {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{address} runs off the side")

    assert found == []
    assert [line for line in said if "the server responded with a status of" not in line] == []


CUT_OFF = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth).length"


def test_paper_holds_the_whole_page(visit, portal):
    page = visit(VIEWER, viewport=PAPER, javascript=True)
    page.emulate_media(media="print")

    for address in (*walk(page, portal, VIEWER), *walk(page, portal, COUNCILLOR)):
        page.goto(address)
        assert page.evaluate(CUT_OFF) == 0, address
    manager = visit(MANAGER, viewport=PAPER, javascript=True)
    manager.emulate_media(media="print")
    manager.goto(portal.delivery(reason="on_track"))
    expect(manager.get_by_text("The first rule that holds decides").first).to_be_visible()


@pytest.mark.parametrize("who", [COUNCILLOR, MANAGER], ids=["councillor", "manager"])
def test_every_page_says_that_its_data_are_invented(who, visit, portal):
    page = visit(who)

    for address in walk(page, portal, who):
        page.goto(address)
        assert "Demonstration data" in page.inner_text("body"), address
