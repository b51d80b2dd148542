"""What a pack is made of. Built once; the web page, the PDF and the Word document are written from the same."""

from dataclasses import dataclass, field

from commitments.choices import Status

# A status stands in a table by its word, in its colour.
Cell = str | Status


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph: 3.1."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and named columns; the first cell of each row names the row."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    # The shares of the width, of a hundred.
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many there are of a status, in each column."""

    status: Status
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by status: a word and numbers, with a bar for one of the columns."""

    caption: str
    what: str
    columns: tuple[str, ...]
    rows: tuple[CountRow, ...]
    drawn: int

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(row.numbers[column] for row in self.rows) for column in range(len(self.columns)))

    def share(self, row: CountRow) -> float:
        """How long its bar is, of a whole of 1."""
        total = self.totals[self.drawn]
        return row.numbers[self.drawn] / total if total else 0.0

    def in_words(self, row: CountRow) -> str:
        return f"{row.numbers[self.drawn]:,} of {self.totals[self.drawn]:,} {row.status.label.lower()}"


Block = Paragraph | Subheading | Table | Counts


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered heading with what stands below it."""

    number: int
    heading: str
    blocks: tuple[Block, ...]
    # A borough's page is handed out by itself.
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole pack."""

    title: str
    heading: str
    # What stands on each page, above and below.
    banner: str
    as_at: str
    cover: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    # Said once, below the title.
    notices: tuple[str, ...] = ()
    language: str = field(default="en-GB", init=False)

    def widths(self) -> list[int]:
        """Every width a column of its tables has."""
        tables = (block for section in self.sections for block in section.blocks if isinstance(block, Table))
        return sorted({width for table in tables for width in table.widths})

    def texts(self) -> list[str]:
        """Every text in it, for whoever looks for words."""
        said = [self.title, self.banner, *self.notices, *(text for row in self.cover for text in row)]
        for section in self.sections:
            said += [section.heading, *(text for block in section.blocks for text in _texts(block))]
        return said


def _texts(block: Block) -> list[str]:
    match block:
        case Paragraph(text=text) | Subheading(text=text):
            return [text]
        case Table():
            return [block.caption, *block.headings, *(str(cell) for row in block.rows for cell in row)]
        case Counts():
            return [block.caption, block.what, *block.columns]
