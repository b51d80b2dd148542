"""The local plan: a milestone is added, moved with a reason, and achieved with a file that a colleague downloads."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, APPROVER, VIEWER, COUNCILLOR = (
    f"{role}.sel@demo.example" for role in ("manager", "approver", "viewer", "councillor")
)
OF_ANOTHER_SYSTEM = "manager.nwl@demo.example"
MINUTES = b"%PDF-1.7\nThe board agreed the lease."


def fill_date(page: Page, legend: str, day: dt.date) -> None:
    boxes = page.get_by_role("group", name=re.compile(legend))
    for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label).fill(str(part))


def test_from_plan_to_evidence_in_a_colleagues_hands(portal, visit):
    address = portal.delivery(reason="on_track")
    manager = visit(MANAGER)
    manager.goto(f"{address}milestones/")
    manager.get_by_label(re.compile("^Milestone")).fill("Sign the lease")
    fill_date(manager, "^Due date", dt.date(2019, 9, 1))
    manager.get_by_role("button", name="Add the milestone").click()
    expect(manager.get_by_text(re.compile("29 days overdue")).first).to_be_visible()

    manager.get_by_role("link", name=re.compile("^Move.*Sign the lease")).click()
    fill_date(manager, "^New due date", dt.date(2019, 12, 1))
    manager.get_by_label(re.compile("^Why it moves")).fill("The landlord asked for three months.")
    manager.get_by_role("button", name="Move the milestone").click()
    expect(manager.get_by_text("From 1 September 2019 to 1 December 2019.")).to_be_visible()
    expect(manager.locator(".portal-status").first).to_have_text("On track")

    manager.get_by_role("link", name=re.compile("^Achieved, with evidence.*Sign the lease")).click()
    fill_date(manager, "^Achieved on", dt.date(2019, 9, 27))
    file = {"name": "Board minutes.pdf", "mimeType": "application/pdf", "buffer": MINUTES}
    manager.get_by_label(re.compile("^Evidence as a file")).set_input_files(file)
    manager.get_by_role("button", name="Mark as achieved").click()
    expect(manager.get_by_text("Milestone achieved: Sign the lease").first).to_be_visible()

    approver = visit(APPROVER)
    approver.goto(address)
    with approver.expect_download() as started:
        approver.get_by_role("link", name=re.compile("Board minutes.pdf")).first.click()
    assert started.value.suggested_filename == "Board minutes.pdf"
    assert started.value.path().read_bytes() == MINUTES
    evidence = approver.get_by_role("link", name=re.compile("Board minutes.pdf")).first.get_attribute("href")

    assert visit(COUNCILLOR).goto(evidence).status == 404
    assert visit(OF_ANOTHER_SYSTEM).goto(evidence).status == 404


@pytest.mark.parametrize("who", [MANAGER, VIEWER], ids=["manager", "viewer"])
def test_a_highlight_report_is_one_sheet(who, portal, visit):
    page = visit(who)
    worst = portal.delivery(reason="confidence_red")

    for address in (f"{worst}highlight/", "/systems/QKK/themes/OOH/highlight/", "/systems/QKK/themes/MH/highlight/"):
        assert page.goto(address).status == 200
        sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=False))
        assert len(sheets) == 1, address
