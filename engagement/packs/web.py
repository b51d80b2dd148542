"""Writes a pack as a web page with its style sheet. The PDF is printed from the same two."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from commitments.choices import STATUS_COLOURS, Status
from engagement.packs.document import Block, Counts, Document, Paragraph, Subheading, Table

_TEMPLATES: dict[type, str] = {
    Paragraph: "engagement/pack/_paragraph.html",
    Subheading: "engagement/pack/_subheading.html",
    Table: "engagement/pack/_table.html",
    Counts: "engagement/pack/_counts.html",
}


@dataclass(frozen=True, slots=True)
class Links:
    """Where the other writings of the same edition are, from the web page."""

    style: str
    pdf: str
    word: str

    @classmethod
    def of(cls, edition: int) -> "Links":
        return cls(*(f"pack.{ending}?edition={edition}" for ending in ("css", "pdf", "docx")))


def page(document: Document, links: Links | None = None) -> str:
    """The whole page, without a style or a script in it; without links it stands alone, to be printed."""
    sections = [(section, [(_TEMPLATES[type(block)], _shaped(block)) for block in section.blocks])
                for section in document.sections]  # fmt: skip
    return render_to_string("engagement/pack/page.html", {"pack": document, "sections": sections, "links": links})


def style(document: Document) -> str:
    """The style sheet, with what stands above and below each page in print."""
    colours = [(status.value, *STATUS_COLOURS[status]) for status in STATUS_COLOURS]
    words = {
        "banner": _css(document.banner),
        "as_at": _css(document.as_at),
        "colours": colours,
        "widths": document.widths(),
    }
    return render_to_string("engagement/pack/style.css", words)


def _css(words: str) -> SafeString:
    """A string as a style sheet takes it: nothing in it can end it."""
    escaped = "".join(char if char.isalnum() or char in " .,;:-" else f"\\{ord(char):06x}" for char in words)
    return mark_safe(f'"{escaped}"')  # noqa: S308


def _shaped(block: Block) -> dict:
    """A block as its template prints it."""
    if isinstance(block, Table):
        rows = [[(cell, isinstance(cell, Status)) for cell in row] for row in block.rows]
        return {"block": block, "columns": list(zip(block.headings, block.widths, strict=True)), "rows": rows}
    if isinstance(block, Counts):
        return {"block": block, "rows": [(row, round(block.share(row) * 100, 1)) for row in block.rows]}
    return {"block": block}
