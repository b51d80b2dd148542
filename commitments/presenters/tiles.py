"""A tile map: every place the same size, roughly where it lies, with its name, its status and its count in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commitments.choices import Status
from commitments.models import PublishedFootprint
from commitments.presenters.links import PublishedLinks
from commitments.presenters.tallies import Counted, Tally, tallies
from systems.sentences import NO_DATA

NOT_PUBLISHED = "Nothing to read"


@dataclass(frozen=True, slots=True)
class MapTile:
    """One square. Without a square on the map it stands in line with the others."""

    name: str
    href: str
    status: Status | None
    in_words: str
    column: int | None
    row: int | None


def place_tiles(places: Iterable[PublishedFootprint], rows: Iterable[Counted], links: PublishedLinks) -> list[MapTile]:
    """The places row by row, as they lie; `rows` are counts by theme and place."""
    counts = tallies(rows, lambda row: row.place_id)
    tiles = [
        MapTile(
            place.short_name,
            links.place(place.code),
            counts[place.pk].headline,
            _in_words(counts[place.pk].number(Status.MISSED, Status.OFF_TRACK), counts[place.pk].total),
            place.tile_column,
            place.tile_row,
        )
        for place in places
    ]
    return _as_they_lie(tiles)


def system_tiles(
    squares: Mapping[str, tuple[int, int]], names: Mapping[str, str], published: Mapping[str, tuple[str, Tally]]
) -> list[MapTile]:
    """Systems by their codes: where each lies, what it is called, and its dashboard with how it stood."""
    tiles = []
    for code, name in names.items():
        column, row = squares.get(code, (None, None))
        href, counts = published.get(code, ("", Tally()))
        words = _in_words(counts.number(Status.MISSED, Status.OFF_TRACK), counts.total) if href else NOT_PUBLISHED
        tiles.append(MapTile(name, href, counts.headline, words, column, row))
    return _as_they_lie(tiles)


def _as_they_lie(tiles: Iterable[MapTile]) -> list[MapTile]:
    return sorted(tiles, key=lambda tile: (tile.row is None, tile.row or 0, tile.column or 0, tile.name))


def _in_words(failing: int, total: int) -> str:
    return f"{failing:,} of {total:,} missed or off track" if total else NO_DATA
