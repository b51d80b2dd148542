"""A cell of a grid: the headline status with its count, leading to the list behind it.

A grid has hundreds of cells, so each is drawn here by one escaped join (measured: an include for each cell takes half
the time of the page). The status itself is still drawn in its one file, once for each status.
"""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from commitments.choices import Status
from commitments.presenters.tallies import Tally
from ltp_portal.drawn import join, status_tag

_CELL = '%s<br><a href="%s">%s<span class="nhsuk-u-visually-hidden"> %s: %s</span></a>'
_NUMBER = '<a href="%s"><span class="nhsuk-u-visually-hidden">%s: </span>%s</a>'


@dataclass(frozen=True, slots=True)
class Cell:
    """How one thing stands, and the same as HTML."""

    status: Status | None
    in_words: str
    href: str
    drawn: SafeString | str


def cell(counts: Tally, about: str, href: str) -> Cell:
    """`about` says what is counted, for who hears the link alone."""
    status = counts.headline
    in_words = counts.in_words(status)
    if status is None:
        return Cell(None, in_words, href, in_words)
    return Cell(status, in_words, href, join(_CELL, (status_tag(status), href, in_words, status.label.lower(), about)))


@dataclass(frozen=True, slots=True)
class Number:
    """A count, what it counts, and the list behind it."""

    count: int
    says: str
    href: str

    @property
    def drawn(self) -> SafeString | str:
        """A link to the list; nothing to list is a plain 0."""
        if not self.count:
            return "0"
        return join(_NUMBER, (self.href, self.says, f"{self.count:,}"))
