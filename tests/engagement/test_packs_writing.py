"""One document, written three times: each says the same, to people who see it and to people who hear it."""

import importlib
import io
import re

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from commitments.choices import Status
from engagement.choices import INFORMATION_ONLY
from engagement.packs import pdf, web, word
from engagement.packs.building import build
from engagement.packs.document import Counts, Document, Paragraph, Table
from tests.engagement.packs import pack_facts


@pytest.fixture(scope="module")
def document() -> Document:
    return build(pack_facts(notices=("Demonstration: all is invented.",)))


@pytest.fixture(scope="module")
def page(document) -> str:
    return web.page(document, web.Links.of(2))


@pytest.fixture(scope="module")
def style(document) -> str:
    return web.style(document)


@pytest.fixture(scope="module")
def printed(document, style) -> pypdf.PdfReader:
    written = pdf.write(web.page(document), style)
    assert written is not None
    return pypdf.PdfReader(io.BytesIO(written))


@pytest.fixture(scope="module")
def in_word(document):
    return docx.Document(io.BytesIO(word.write(document)))


def whole(text: str) -> str:
    return " ".join(text.split())


# --- Web page ---------------------------------------------------------------------------------------------


def test_the_page_holds_no_style_and_no_script(page):
    assert " style=" not in page
    assert "<style" not in page
    assert "<script" not in page
    assert '<link rel="stylesheet" href="pack.css?edition=2">' in page


def test_the_page_names_its_language_title_and_other_writings(page, document):
    assert '<html lang="en-GB">' in page
    assert f"<title>{document.title}</title>" in page
    assert 'href="pack.pdf?edition=2"' in page
    assert 'href="pack.docx?edition=2"' in page
    assert page.count("<h1>") == 1


def test_each_status_stands_by_its_word(page):
    assert f'<strong class="status {Status.OFF_TRACK}">Off track</strong>' in page
    assert 'aria-label="50%"' in page


def test_what_people_typed_is_escaped():
    page = web.page(build(pack_facts(purpose="<script>alert(1)</script>")), web.Links.of(1))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_nothing_in_a_name_ends_a_string_of_the_style_sheet():
    style = web.style(build(pack_facts(systems=())))
    hostile = web._css('a"; } body { display: none } /* \\ \n')

    assert INFORMATION_ONLY[:30] in style
    assert re.fullmatch(r'"[^"\n{}]*"', hostile)


# --- PDF --------------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_and_says_its_language_and_title(printed, document):
    catalogue = printed.trailer["/Root"]

    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert printed.metadata.title == document.title
    assert "pdfuaid" in catalogue["/Metadata"].get_data().decode()


def test_the_pdf_has_a_bookmark_for_each_section(printed, document):
    def titles(outline):
        for entry in outline:
            if isinstance(entry, list):
                yield from titles(entry)
            else:
                yield entry.title

    found = list(titles(printed.outline))
    assert found == [document.heading, *(f"{section.number}. {section.heading}" for section in document.sections)]


def test_each_page_says_what_it_needs_not_as_at_when_and_which_it_is(printed, document):
    pages = [whole(page.extract_text()) for page in printed.pages]

    assert 2 <= len(pages) <= 8
    for number, text in enumerate(pages, 1):
        assert "This item is for information only." in text
        assert document.as_at in text
        assert f"Page {number} of {len(pages)}" in text


def test_the_first_page_has_the_summary(printed):
    first = whole(printed.pages[0].extract_text())

    assert "3. Summary" in first
    assert "Core foundations" in first


def test_a_borough_has_a_page_of_its_own(printed):
    [page] = [page for page in printed.pages if "6. Bexley" in whole(page.extract_text())]

    assert "5. Exceptions" not in whole(page.extract_text())


def test_without_pango_there_is_no_pdf_and_the_log_says_what_to_install(monkeypatch, page, style, caplog):
    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(importlib, "import_module", missing)

    assert pdf.write(page, style) is None
    assert "libpango-1.0-0" in caplog.text


def test_a_pack_fetches_nothing(style):
    page = '<html lang="en-GB"><title>t</title><img src="https://example.org/a.png" alt="a"></html>'

    assert pdf.write(page, style)
    with pytest.raises(ValueError, match="loads nothing"):
        pdf._nothing("file:///etc/passwd")


# --- Word -------------------------------------------------------------------------------------------------


def test_word_has_real_headings(in_word, document):
    headings = [p.text for p in in_word.paragraphs if p.style.name == "Heading 1"]

    assert headings == [f"{section.number}. {section.heading}" for section in document.sections]
    assert [p.text for p in in_word.paragraphs if p.style.name == "Title"] == [document.heading]


def test_word_names_its_language_and_title(in_word, document):
    assert in_word.core_properties.language == "en-GB"
    assert in_word.core_properties.title == document.title
    assert in_word.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "en-GB"


def test_word_tables_have_captions_and_header_rows(in_word, document):
    captions = [p.text for p in in_word.paragraphs if p.style.name == "Caption"]
    blocks = [block for section in document.sections for block in section.blocks if isinstance(block, Table | Counts)]

    assert captions == [block.caption for block in blocks]
    cover, *tables = in_word.tables
    assert len(cover.rows) == len(document.cover)
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in tables)


def test_word_says_on_each_page_what_the_pdf_says(in_word, document):
    [section] = in_word.sections

    assert section.header.paragraphs[0].text == INFORMATION_ONLY
    footer = section.footer.paragraphs[0]
    assert footer.text.startswith(f"{document.as_at}. Page ")
    assert [field.text for field in footer._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_word_pictures_say_what_they_show(in_word):
    alternatives = [properties.get("descr") for properties in in_word.element.body.iter(qn("wp:docPr"))]

    assert alternatives[:2] == ["1 of 2 off track", "1 of 2 on track"]
    assert all(alternatives)


# --- All three --------------------------------------------------------------------------------------------


def test_all_three_say_the_same(page, printed, in_word, document):
    in_word_text = whole(" ".join(node.text or "" for node in in_word.element.body.iter(qn("w:t"))))
    in_page = whole(re.sub(r"<[^>]+>", " ", page).replace("&amp;", "&"))
    in_print = whole(" ".join(page.extract_text() for page in printed.pages))

    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert whole(block.text) in in_page
                assert whole(block.text) in in_word_text
                assert block.text.split()[-1] in in_print
