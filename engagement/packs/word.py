"""Writes a pack as a Word document: real headings, tables with header rows and captions, page x of y."""

import io

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph

from commitments.choices import STATUS_COLOURS, Status
from engagement.packs.bars import bar
from engagement.packs.document import Block, Cell, Counts, Document, Paragraph, Section, Subheading, Table

_FONT = "Arial"
_WIDTH = Mm(178)
_BAR_WIDTH = Mm(42)


def write(document: Document) -> bytes:
    """The document as a .docx file."""
    word = new_document()
    _set_up(word, document)
    for notice in document.notices:
        word.add_paragraph().add_run(notice).bold = True
    word.add_paragraph(document.heading, style="Title")
    word.add_paragraph(document.as_at)
    _cover(word, document.cover)
    for section in document.sections:
        _section(word, section)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


# --- The page ---------------------------------------------------------------------------------------------


def _set_up(word: WordDocument, document: Document) -> None:
    word.core_properties.title = document.title
    word.core_properties.language = document.language
    word.core_properties.author = ""
    word.core_properties.comments = ""
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        _plain(word.styles[name], document.language)
    word.styles["Normal"].font.size = Pt(10)
    word.styles["Title"].font.size = Pt(18)
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(16)
    page.top_margin, page.bottom_margin = Mm(24), Mm(20)
    above = page.header.paragraphs[0]
    above.add_run(document.banner).bold = True
    below = page.footer.paragraphs[0]
    below.add_run(f"{document.as_at}. Page ")
    _field(below, "PAGE")
    below.add_run(" of ")
    _field(below, "NUMPAGES")
    for paragraph in (above, below):
        for run in paragraph.runs:
            run.font.size = Pt(8)


def _plain(style, language: str) -> None:
    """One font, black, and the language a screen reader speaks it in."""
    style.font.name = _FONT
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    properties.append(_element("w:lang", val=language))


def _field(paragraph: WordParagraph, code: str) -> None:
    """A number that Word counts by itself."""
    run = paragraph.add_run()
    for piece in (
        _element("w:fldChar", fldCharType="begin"),
        _element("w:instrText", text=code),
        _element("w:fldChar", fldCharType="separate"),
        _element("w:t", text="1"),
        _element("w:fldChar", fldCharType="end"),
    ):
        run._r.append(piece)


def _element(name: str, *, text: str = "", **attributes: str):
    element = OxmlElement(name)
    element.text = text or None
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


# --- What stands on it ------------------------------------------------------------------------------------


def _cover(word: WordDocument, rows: tuple[tuple[str, str], ...]) -> None:
    table = _table(word, 2, (28, 72))
    for name, value in rows:
        cells = table.add_row().cells
        _say(cells[0], name, is_bold=True)
        _say(cells[1], value)


def _section(word: WordDocument, section: Section) -> None:
    heading = word.add_heading(f"{section.number}. {section.heading}", level=1)
    heading.paragraph_format.page_break_before = section.starts_page
    for block in section.blocks:
        _block(word, block)


def _block(word: WordDocument, block: Block) -> None:
    match block:
        case Paragraph():
            word.add_paragraph(f"{block.number}  {block.text}")
        case Subheading():
            word.add_heading(block.text, level=2)
        case Table():
            _rows(word, block)
        case Counts():
            _counts(word, block)


def _rows(word: WordDocument, block: Table) -> None:
    _caption(word, block.caption)
    table = _table(word, len(block.headings), block.widths, block.headings)
    for row in block.rows:
        for cell, value in zip(_add_row(table), row, strict=True):
            _say(cell, value)
    word.add_paragraph()


def _counts(word: WordDocument, block: Counts) -> None:
    _caption(word, block.caption)
    headings = (block.what, *block.columns, "Share")
    numbers = (52 // len(block.columns),) * len(block.columns)
    table = _table(word, len(headings), (22, *numbers, 26), headings)
    for row in block.rows:
        name, *cells, drawn = _add_row(table)
        _say(name, row.status)
        for cell, number in zip(cells, row.numbers, strict=True):
            _figure(cell, number)
        picture = drawn.paragraphs[0].add_run().add_picture(bar(block.share(row)), width=_BAR_WIDTH)
        picture._inline.docPr.set("descr", block.in_words(row))
    name, *cells, _ = _add_row(table)
    _say(name, "Counted", is_bold=True)
    for cell, number in zip(cells, block.totals, strict=True):
        _figure(cell, number)
    word.add_paragraph()


def _caption(word: WordDocument, text: str) -> None:
    word.add_paragraph(text, style="Caption").paragraph_format.keep_with_next = True


def _table(word: WordDocument, columns: int, shares: tuple[int, ...], headings: tuple[str, ...] = ()) -> WordTable:
    """A table with its widths and, where it has headings, a header row that each page repeats."""
    table = word.add_table(rows=0, cols=columns, style="Table Grid")
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(_WIDTH * share / 100)
    if headings:
        cells = _add_row(table)
        table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        for cell, heading in zip(cells, headings, strict=True):
            _say(cell, heading, is_bold=True)
    return table


def _add_row(table: WordTable) -> tuple[WordCell, ...]:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    return row.cells


def _say(cell: WordCell, value: Cell, *, is_bold: bool = False) -> None:
    """Text, or a status: its word in its colour."""
    is_status = isinstance(value, Status)
    run = cell.paragraphs[0].add_run(value.label if isinstance(value, Status) else value)
    run.font.size = Pt(9)
    run.bold = is_bold or is_status
    colours = STATUS_COLOURS.get(value) if isinstance(value, Status) else None
    if colours:
        fill, ink = colours
        run.font.color.rgb = RGBColor.from_string(ink[1:].upper())
        cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=fill[1:]))


def _figure(cell: WordCell, number: int) -> None:
    _say(cell, f"{number:,}")
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
