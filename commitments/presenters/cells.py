"""A cell of a grid: the headline status with its count, leading to the list behind it.

A grid has hundreds of cells, so each is drawn here by one escaped join (measured: an include for each cell takes half
the time of the page). The status itself is still drawn in its one file, once for each status.
"""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.choices import Status
from commitments.presenters.tallies import Tally


@dataclass(frozen=True, slots=True)
class Cell:
    """How one thing stands, and the same as HTML."""

    status: Status | None
    in_words: str
    href: str
    drawn: SafeString | str


class CellMaker:
    """Draws cells with tags rendered once."""

    def __init__(self) -> None:
        self._tags = {
            status: SafeString(render_to_string("_components/status_tag.html", {"status": status}).strip())
            for status in Status
        }

    def __call__(self, counts: Tally, about: str, href: str) -> Cell:
        """`about` says what is counted, for who hears the link alone."""
        status, in_words = counts.headline, counts.in_words
        if status is None:
            return Cell(None, in_words, href, in_words)
        drawn = format_html(
            '{}<br><a href="{}">{}<span class="nhsuk-u-visually-hidden"> {}: {}</span></a>',
            self._tags[status],
            href,
            in_words,
            status.label.lower(),
            about,
        )
        return Cell(status, in_words, href, drawn)
