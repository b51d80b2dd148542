"""A clerk has the pack made before a meeting; members read it on the page, on paper and in Word. Without scripts."""

import hashlib
import io
import re

import docx
import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW

pytestmark = pytest.mark.xdist_group("e2e")

CLERK, MEMBER = "clerk.sel@demo.example", "councillor.sel@demo.example"
SUBJECT = "How the promises stand before the September meeting"
# A pack for six boroughs is promised within 30 seconds on a machine that does nothing else.
MADE_WITHIN = 120_000


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile(name)).first.click()


def taken_out(page: Page) -> dict[str, bytes]:
    """Each writing of the newest edition that the page leads to, by its ending."""
    links = page.get_by_role("list").filter(has=page.get_by_role("link", name="Web page")).first
    found = {}
    for link in links.get_by_role("link").all():
        address = link.get_attribute("href")
        ending = re.search(r"pack\.(\w+)", address)[1]
        found[ending] = page.request.get(address).body()
    return found


def test_a_pack_is_asked_for_watched_and_read_and_stays_the_same_bytes(visit):
    clerk, member = visit(CLERK), visit(MEMBER, viewport=NARROW)
    follow(clerk, "^24 September 2019$")
    meeting = clerk.url
    follow(clerk, "^The pack for this meeting$")
    expect(clerk.get_by_text("No pack has been made for this meeting yet.")).to_be_visible()
    clerk.get_by_role("button", name="Make the pack", exact=True).click()
    clerk.get_by_label(re.compile("^Agenda item")).select_option(index=1)
    clerk.get_by_label("Subject", exact=True).fill(SUBJECT)
    clerk.get_by_role("button", name="Make the pack", exact=True).click()
    expect(clerk.get_by_role("link", name="Enter who reports")).to_be_visible()
    clerk.get_by_label("Report by", exact=True).fill("Head of scrutiny")
    clerk.get_by_role("button", name="Make the pack", exact=True).click()
    expect(clerk.get_by_text("The pack is being made")).to_be_visible()

    # The page goes on by itself, and comes with what was made.
    expect(clerk.get_by_role("heading", name="Edition 1 (the latest)")).to_be_visible(timeout=MADE_WITHIN)
    made = taken_out(clerk)
    assert set(made) == {"html", "pdf", "docx"}
    for content in made.values():
        expect(clerk.get_by_text(hashlib.sha256(content).hexdigest())).to_have_count(1)

    printed = pypdf.PdfReader(io.BytesIO(made["pdf"]))
    assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
    last = len(printed.pages)
    for number, sheet in enumerate(printed.pages, 1):
        assert f"Page {number} of {last}" in re.sub(r"\s+", " ", sheet.extract_text())
    assert SUBJECT in re.sub(r"\s+", " ", printed.pages[0].extract_text())
    written = docx.Document(io.BytesIO(made["docx"]))
    headings = [paragraph.text for paragraph in written.paragraphs if paragraph.style.name.startswith("Heading")]
    assert any("Bexley" in heading for heading in headings)
    assert any("Abbreviations" in heading for heading in headings)

    # What the cover was made of changes; the edition does not.
    clerk.goto(meeting)
    follow(clerk, "^Change the meeting$")
    clerk.get_by_label(re.compile("^Place")).fill("Council offices, Bexley")
    clerk.get_by_role("button", name="Save", exact=True).click()
    expect(clerk.get_by_text("Meeting saved")).to_be_visible()

    member.goto(meeting)
    follow(member, "^The pack for this meeting$")
    expect(member.get_by_role("link", name=re.compile("^Make"))).to_have_count(0)
    assert taken_out(member) == made
    follow(member, "^Web page")
    expect(member.get_by_role("heading", level=1)).to_contain_text(SUBJECT)
    for borough in ("Bexley", "Bromley", "Greenwich", "Lambeth", "Lewisham", "Southwark"):
        expect(member.get_by_role("heading", name=re.compile(borough)).first).to_be_visible()
    expect(member.get_by_text("Council offices, Bexley")).to_have_count(0)
    assert member.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
