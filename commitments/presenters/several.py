"""Several publications on one page: each with its own names and numbers, brought under the same themes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from commitments.choices import Status
from commitments.models import Publication, PublishedFootprint, PublishedTheme
from commitments.presenters import standing
from commitments.presenters.cells import Number
from commitments.presenters.links import AnyLinks, LinksToSeveral, PublishedLinks
from commitments.presenters.tallies import Counted, Tally, tally
from commitments.presenters.tiles import MapTile, place_tiles


@dataclass(frozen=True, slots=True)
class Part:
    """What a page takes from one publication: all of it, or some of its places."""

    publication: Publication
    links: PublishedLinks
    themes: list[PublishedTheme]
    system: PublishedFootprint
    places: list[PublishedFootprint]
    rows: list[Counted]
    is_whole: bool

    @property
    def counts(self) -> Tally:
        """How what it takes stands."""
        return tally(self.rows)


def common_themes(parts: Iterable[Part]) -> list[PublishedTheme]:
    """Each theme once, by its code, in the order of the plan."""
    themes: dict[str, PublishedTheme] = {}
    for part in parts:
        for theme in part.themes:
            themes.setdefault(theme.code, theme)
    return sorted(themes.values(), key=lambda theme: (theme.ordinal, theme.code))


def common_rows(parts: Iterable[Part], themes: Iterable[PublishedTheme]) -> dict[int, list[Counted]]:
    """The counts of each publication, as if its themes were the common ones; by publication."""
    known = {theme.code: theme.pk for theme in themes}
    found = {}
    for part in parts:
        common = {theme.pk: known[theme.code] for theme in part.themes}
        found[part.publication.pk] = [row._replace(theme_id=common[row.theme_id]) for row in part.rows]
    return found


def links_to(parts: Sequence[Part], listed_at: str) -> AnyLinks:
    """The links of the one publication where the page has all of it; else those of each, and their common list."""
    if len(parts) == 1 and parts[0].is_whole:
        return parts[0].links
    return LinksToSeveral({part.publication.pk: part.links for part in parts}, listed_at)


def columns(parts: Sequence[Part], rows: dict[int, list[Counted]]) -> list[standing.Column]:
    """Systems by name where there are several; else the one system beside its places, or the places it is about."""
    found = []
    for part in parts:
        own = rows[part.publication.pk]
        if part.is_whole:
            title = "Whole system" if len(parts) == 1 else part.system.short_name
            found.append(_column(title, own, part, part.system))
        if not part.is_whole or len(parts) == 1:
            found += [
                _column(place.short_name, [row for row in own if row.place_id == place.pk], part, place, place.code)
                for place in part.places
            ]
    return found


def _column(title: str, rows: list[Counted], part: Part, area: PublishedFootprint, place: str = "") -> standing.Column:
    column = standing.column(title, rows, part.links.positions, **({"place": place} if place else {}))
    size = f"{area.population:,} people" if area.population else "Population not known"
    return standing.Column(column.title, column.tallies, column.href, column.area, size)


def tiles(part: Part) -> list[MapTile]:
    """The places it is about, as they lie."""
    return place_tiles(part.places, part.rows, part.links)


def failing_lists(parts: Iterable[Part]) -> list[tuple[str, Number]]:
    """The list of all that is missed or off track, of each system or place."""
    failing = [Status.MISSED, Status.OFF_TRACK]
    found = []
    for part in parts:
        href = partial(part.links.positions, status=failing)
        if part.is_whole:
            name = part.system.short_name
            found.append((name, Number(part.counts.number(*failing), f"{name}, missed or off track", href())))
            continue
        for place in part.places:
            count = tally(row for row in part.rows if row.place_id == place.pk).number(*failing)
            says = f"{place.short_name}, missed or off track"
            found.append((place.short_name, Number(count, says, href(place=place.code))))
    return found
