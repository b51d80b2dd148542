"""A manager's month in the grid: without JavaScript, with the keyboard alone, and with a second person in the way."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NARROW, WIDE, sign_in
from tests.e2e.test_pages import RULES

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, APPROVER = "manager.sel@demo.example", "approver.sel@demo.example"
# Boroughs' deliveries whose September report is not in yet.
GRID = "/deliveries/grid/?system=QKK&level=place&freshness=due"
SAVED = re.compile(r"Saved \d{1,2}(:\d\d)?(am|pm)|Saved mid(day|night)")


def rows_to_write(page: Page) -> Locator:
    return page.locator("tbody tr:has(textarea)").filter(has_text="not saved yet")


def name_of(row: Locator) -> str:
    return row.locator("th a").inner_text()


def row_named(page: Page, name: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=name)


def is_sound(page: Page) -> bool:
    """axe finds nothing, and nothing runs off the side."""
    found = [
        (violation["id"], violation["nodes"]) for violation in Axe().run(page, options=RULES).response["violations"]
    ]
    assert found == []
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_without_javascript_several_rows_are_saved_at_once_and_submitted(visit):
    page = visit(MANAGER)
    page.goto(GRID)
    right, wrong = (name_of(rows_to_write(page).nth(number)) for number in (0, 1))
    for name, day in ((right, "31 March 2021"), (wrong, "soon")):
        row = row_named(page, name)
        row.get_by_label(re.compile("^Confidence")).select_option("Green")
        row.get_by_label(re.compile("^Expected date")).fill(day)
        row.get_by_label(re.compile("^What happened")).fill("Written without JavaScript.")

    page.get_by_role("button", name="Save all", exact=True).click()

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(row_named(page, right)).to_contain_text(SAVED)
    expect(row_named(page, wrong)).to_contain_text("Not saved.")
    expect(row_named(page, wrong).get_by_label(re.compile("^What happened"))).to_have_value(
        "Written without JavaScript."
    )

    row_named(page, wrong).get_by_label(re.compile("^Expected date")).fill("31/3/2021")
    page.get_by_role("button", name="Save all and check what to submit").click()
    expect(page.get_by_role("heading", name="Check before you submit")).to_be_visible()
    assert row_named(page, wrong).get_by_role("checkbox").is_checked()
    page.get_by_role("button", name="Submit the ticked reports").click()

    expect(page.get_by_text("submitted for sign-off")).to_be_visible()
    expect(row_named(page, wrong)).to_contain_text("It awaits sign-off")


def test_with_the_keyboard_alone_each_cell_is_saved_as_one_leaves_it(visit):
    page = visit(MANAGER, javascript=True)
    page.goto(GRID)
    first, second = (name_of(rows_to_write(page).nth(number)) for number in (0, 1))
    box = row_named(page, first).get_by_label(re.compile("^Confidence"))
    box.focus()
    before = box.input_value()

    page.keyboard.press("ArrowUp" if before == "red" else "ArrowDown")
    expect(row_named(page, first)).to_contain_text(SAVED)
    expect(page.locator("#grid-said")).to_have_text(re.compile("^Saved "))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("31/3/2021")
    page.keyboard.press("Enter")
    expect(row_named(page, second).get_by_label(re.compile("^Expected date"))).to_be_focused()
    page.keyboard.type("soon")
    page.keyboard.press("ArrowUp")
    expect(row_named(page, first).get_by_label(re.compile("^Expected date"))).to_be_focused()
    expect(row_named(page, second)).to_contain_text("Enter a real date, such as 30/9/2019")
    expect(row_named(page, second).get_by_label(re.compile("^Expected date"))).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.type("1/4/2021")
    page.keyboard.press("Tab")
    expect(row_named(page, second)).to_contain_text(SAVED)
    expect(row_named(page, second)).not_to_contain_text("Enter a real date")

    page.reload()
    for name, day in ((first, "31/03/2021"), (second, "01/04/2021")):
        expect(row_named(page, name).get_by_label(re.compile("^Expected date"))).to_have_value(day)
    assert row_named(page, first).get_by_label(re.compile("^Confidence")).input_value() != before


@pytest.mark.parametrize(
    ("javascript", "viewport"), [(True, WIDE), (True, NARROW), (False, WIDE)], ids=["1280", "390", "one form"]
)
def test_the_second_of_two_people_sees_both_texts_and_chooses(visit, javascript, viewport):
    manager, approver = (visit(who, javascript=javascript, viewport=viewport) for who in (MANAGER, APPROVER))
    for page in (manager, approver):
        page.goto(GRID)
    name = name_of(rows_to_write(manager).nth(0))
    words = f"{viewport['width']}, {javascript}"

    def write(page: Page, text: str) -> None:
        row_named(page, name).get_by_label(re.compile("^What happened")).fill(text)
        if javascript:
            page.keyboard.press("Tab")
        else:
            page.get_by_role("button", name="Save all", exact=True).click()

    write(manager, f"Words of the first, {words}")
    expect(row_named(manager, name)).to_contain_text(SAVED if javascript else "Draft of")
    write(approver, f"Words of the second, {words}")

    row = row_named(approver, name)
    expect(row).to_contain_text("changed this row on")
    expect(row).to_contain_text(f"Words of the first, {words}")
    if javascript:
        assert is_sound(approver)
    # Not `check`: with JavaScript the choice is saved at once, and what was chosen is gone before it could be seen.
    row.get_by_label("What I typed").click()
    if not javascript:
        approver.get_by_role("button", name="Save all", exact=True).click()
    expect(row_named(approver, name)).to_contain_text(SAVED if javascript else "Draft of")
    manager.goto(GRID)
    expect(row_named(manager, name).get_by_label(re.compile("^What happened"))).to_have_value(
        f"Words of the second, {words}"
    )


@pytest.mark.parametrize("lost", [re.compile("session"), re.compile(".")], ids=["session", "every cookie"])
def test_a_lost_session_is_said_in_the_row_and_nothing_typed_is_lost(visit, lost):
    page = visit(MANAGER, javascript=True)
    page.goto(GRID)
    row = row_named(page, name_of(rows_to_write(page).nth(0)))
    page.context.clear_cookies(name=lost)

    row.get_by_label(re.compile("^What happened")).fill("Typed after the session was lost")
    page.keyboard.press("Tab")

    expect(row).to_contain_text("Not saved: the connection or your session was lost.")
    expect(row.get_by_label(re.compile("^What happened"))).to_have_value("Typed after the session was lost")

    with page.context.new_page() as elsewhere:
        sign_in(elsewhere, MANAGER)
        expect(elsewhere.get_by_role("button", name="Sign out")).to_be_visible()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # a headless window never loses it

    expect(row).to_contain_text(SAVED)
    expect(row.get_by_label(re.compile("^What happened"))).to_have_value("Typed after the session was lost")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
def test_a_lead_is_changed_for_several_after_a_look_at_every_row(visit, viewport):
    page = visit(MANAGER, javascript=True, viewport=viewport)
    page.goto("/deliveries/?system=QKK&level=place")
    for number in (0, 1):
        page.get_by_role("checkbox", name=re.compile("^Tick ")).nth(number).check()
    rows = page.locator("tbody tr")
    led_by = [rows.nth(number).locator("td").last.inner_text() for number in (0, 1)]
    page.get_by_role("button", name="Change the ticked deliveries").click()
    offered = page.get_by_label("New lead").locator("option").all_inner_texts()[1:]
    somebody_else = next(name for name in offered if name not in led_by)
    page.get_by_label("New lead").select_option(label=somebody_else)
    page.get_by_role("button", name="Preview the change of the lead").click()
    expect(page.get_by_role("heading", name="Check before you change the lead")).to_be_visible()
    assert is_sound(page)
    page.get_by_role("button", name="Change 2 deliveries").click()

    expect(page.get_by_text("2 deliveries changed.")).to_be_visible()
    assert [rows.nth(number).locator("td").last.inner_text() for number in (0, 1)] == [somebody_else] * 2
