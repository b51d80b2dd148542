"""A tile map: every place the same size, roughly where it lies, with its name, its status and its count in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from commitments.choices import Status
from commitments.models import PublishedFootprint
from commitments.presenters.links import PublishedLinks
from commitments.presenters.tallies import Placed, tallies
from systems.sentences import NO_DATA


@dataclass(frozen=True, slots=True)
class PlaceTile:
    """One square. Without a square on the map it stands in line with the others."""

    name: str
    href: str
    status: Status | None
    in_words: str
    column: int | None
    row: int | None


def place_tiles(places: Iterable[PublishedFootprint], rows: Iterable[Placed], links: PublishedLinks) -> list[PlaceTile]:
    """The places row by row, as they lie; `rows` are counts by theme and place."""
    counts = tallies(rows, lambda row: row.place_id)
    tiles = [
        PlaceTile(
            place.short_name,
            links.place(place.code),
            counts[place.pk].headline,
            _in_words(counts[place.pk].number(Status.MISSED, Status.OFF_TRACK), counts[place.pk].total),
            place.tile_column,
            place.tile_row,
        )
        for place in places
    ]
    return sorted(tiles, key=lambda tile: (tile.row is None, tile.row or 0, tile.column or 0, tile.name))


def _in_words(failing: int, total: int) -> str:
    return f"{failing:,} of {total:,} missed or off track" if total else NO_DATA
