"""The month by spreadsheet in a browser, with the real worker: without JavaScript, and with it."""

import csv
import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.commitments.sheets import GREEN, filled, rows
from tests.e2e.conftest import NARROW
from tests.e2e.test_pages import RULES

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, COLLEAGUE = "manager.sel@demo.example", "approver.sel@demo.example"
SPREADSHEET = "/my-work/spreadsheet/"


def download(page: Page) -> bytes:
    """Bexley's deliveries."""
    page.goto(SPREADSHEET)
    page.get_by_label("All I may report on").check()
    page.get_by_label("Place").select_option(label="Bexley")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download the sheet").click()
    assert re.fullmatch(r"reports-2019-\d\d\.xlsx", begun.value.suggested_filename)
    return Path(begun.value.path()).read_bytes()


def upload(page: Page, content: bytes) -> None:
    page.goto(SPREADSHEET)
    page.get_by_label("Upload the sheet").set_input_files(
        {"name": "my month.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Upload and check").click()


def open_rows(content: bytes) -> list[int]:
    """The rows nobody has reported on this month yet."""
    return [number for number, row in enumerate(rows(content), start=2) if row["What happened this month"] is None]


@pytest.fixture(params=[False, True], ids=["without JavaScript", "with JavaScript"])
def javascript(request) -> bool:
    return request.param


def test_down_filled_in_and_up_again(portal, visit, javascript):
    said: list[str] = []
    manager = visit(MANAGER, javascript=javascript)
    manager.on("console", lambda message: said.append(message.text))
    sheet = download(manager)
    first, second, third = open_rows(sheet)[:3]
    words = f"Told by a sheet {'with' if javascript else 'without'} JavaScript."
    text = {"What happened this month": words}
    content = filled(
        sheet,
        {
            first: GREEN | text | {"Ready to submit": "Yes"},
            second: GREEN | text,
            third: {"Expected date": "March 2020"},
        },
    )

    upload(manager, content)
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Check what the sheet would change", timeout=60_000)
    expect(manager.get_by_text("“March 2020” is text, not a date.")).to_be_visible()
    expect(manager.get_by_text("New report, submitted for sign-off")).to_be_visible()
    manager.get_by_label("Leave these rows out and save the others").check()
    manager.get_by_role("button", name="Confirm and save 2 reports").click()
    expect(manager.get_by_role("heading", level=1)).to_contain_text("The sheet is saved", timeout=60_000)
    expect(manager.locator("main")).to_contain_text("Submitted for sign-off")

    upload(manager, filled(content, {third: {"Expected date": None}}))
    expect(manager.get_by_role("heading", level=1)).to_contain_text("The sheet changes nothing", timeout=60_000)

    approver = visit(COLLEAGUE)
    approver.goto("/sign-off/?page=1")
    while not approver.get_by_text(rows(content)[first - 2]["Commitment"]).count():
        approver.get_by_role("link", name="Next page").click()
    assert said == []


def test_two_people_and_one_row(portal, visit):
    manager, colleague = visit(MANAGER), visit(COLLEAGUE)
    sheet = download(manager)
    row = open_rows(sheet)[-1]
    theirs, mine = GREEN | {"What happened this month": "Theirs."}, GREEN | {"What happened this month": "Mine."}
    upload(colleague, filled(sheet, {row: theirs}))
    colleague.get_by_role("button", name="Confirm and save 1 report").click(timeout=60_000)
    expect(colleague.get_by_role("heading", level=1)).to_contain_text("The sheet is saved", timeout=60_000)

    upload(manager, filled(sheet, {row: mine}))
    expect(manager.get_by_role("heading", name="Changed since you downloaded the sheet")).to_be_visible(timeout=60_000)
    expect(manager.get_by_text("saved it as a draft (last saved")).to_be_visible()
    expect(manager.get_by_text("Stored: Theirs.")).to_be_visible()
    manager.get_by_label(f"Overwrite it with row {row} of the sheet").check()
    manager.get_by_role("button", name="Confirm and save").click()

    expect(manager.get_by_role("heading", level=1)).to_contain_text("The sheet is saved", timeout=60_000)
    expect(manager.locator("main")).to_contain_text("Saved as a draft")


def test_a_worker_that_is_away_and_comes_back_reads_what_waits(portal, visit):
    manager = visit(MANAGER)
    sheet = download(manager)
    upload(manager, filled(sheet, {open_rows(sheet)[-1]: GREEN}))
    address = manager.url
    portal.stop()

    portal.start(settings.PORTAL_TODAY)

    manager.goto(address)
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Check what the sheet would change", timeout=90_000)


@pytest.mark.parametrize("viewport", [None, NARROW], ids=["1280", "390"])
def test_axe_finds_nothing_on_the_pages_of_an_upload(portal, visit, viewport):
    page = visit(MANAGER, javascript=True, **({"viewport": viewport} if viewport else {}))
    sheet = download(page)
    rows_left = open_rows(sheet)
    upload(page, filled(sheet, {rows_left[-1]: GREEN, rows_left[-2]: {"Stage": "Purple"}}))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check what the sheet would change", timeout=60_000)
    found = _problems(page)
    page.goto(SPREADSHEET)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    found += _problems(page)
    upload(page, filled(sheet, {}, lambda book: setattr(book["Reports"], "title", "Budget")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing was saved", timeout=60_000)

    assert found + _problems(page) == []


def _problems(page: Page) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{v['id']}: {v['nodes'][0]['target']}" for v in violations] + (["runs off the side"] if wide else [])


def test_a_list_is_downloaded_as_it_is_filtered(portal, visit):
    manager = visit(MANAGER)
    manager.goto("/deliveries/?system=QKK&level=place&sort=footprint")
    found = manager.get_by_text(re.compile(r"deliveries found")).inner_text()

    with manager.expect_download() as begun:
        manager.get_by_role("link", name="Download as CSV").click()

    listed = list(csv.DictReader(io.StringIO(Path(begun.value.path()).read_text(encoding="utf-8-sig"))))
    assert begun.value.suggested_filename == "deliveries-2019-09-30.csv"
    assert len(listed) == int(re.sub(r"\D", "", found))
    assert [row["Footprint"] for row in listed] == sorted(row["Footprint"] for row in listed)
