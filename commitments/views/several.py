"""How several publications stand together: for pages about more than one system, or about some of its places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from commitments.choices import DeadlineKind
from commitments.models import (
    Publication,
    PublishedCoverage,
    PublishedFootprint,
    PublishedMetric,
    PublishedPosition,
)
from commitments.models.standing import size
from commitments.presenters import several as present
from commitments.presenters import standing
from commitments.presenters.deadline_years import deadline_years
from commitments.presenters.links import PublishedLinks
from commitments.presenters.published_maturity import Area
from commitments.presenters.published_metrics import metric_lines
from commitments.presenters.tallies import Counted, CountedFootprint, tallies
from commitments.presenters.tiles import MapTile, system_tiles
from commitments.views.published import address_of
from commitments.views.published_maturity import areas_of
from commitments.views.published_pages import METRICS_SHOWN, of_concern_first
from commitments.views.published_standing import SHOWN, glance_parts
from systems.choices import Level
from systems.models import Tile
from systems.sentences import day_in_words

ENGLAND = "systems"


@dataclass(frozen=True, slots=True)
class Share:
    """What a page takes from a publication: all of it, or what is delivered in these places, by their codes."""

    publication: Publication
    places: frozenset[str] = frozenset()

    def of(self, prefix: str = "") -> Q:
        """The positions it takes; `prefix` leads to the position."""
        own = Q(**{f"{prefix}publication": self.publication})
        return own & Q(**{f"{prefix}footprint__place__code__in": self.places}) if self.places else own


def together(shares: Sequence[Share], listed_at: str) -> dict[str, Any]:
    """The parts of a dashboard of these publications. Expects them with their systems, by name.

    `listed_at` is the address of the list of all their positions.
    """
    day = max(share.publication.as_at_on for share in shares)
    seen = positions_of(shares).at_a_glance(day, SHOWN)
    parts = [_part(share, seen.counted, is_alone=len(shares) == 1) for share in shares]
    themes = present.common_themes(parts)
    rows_of = present.common_rows(parts, themes)
    seen = seen._replace(counted=[row for own in rows_of.values() for row in own])
    links, columns = present.links_to(parts, listed_at), present.columns(parts, rows_of)
    theme_href = parts[0].links.theme if len(parts) == 1 else None
    return {
        "parts": parts,
        "standing": {
            **glance_parts(seen, themes, links),
            "columns": columns,
            "grid": standing.grid(themes, columns, theme_href),
            "failing_lists": present.failing_lists(parts) if len(columns) > 1 else [],
        },
        "place_maps": [(part.system.name, present.tiles(part)) for part in parts if part.places],
        "system_tiles": tiles_of([share.publication for share in shares]) if len(shares) > 1 else [],
        "maturity": [(area, _maturity_href(parts, area)) for area in areas_of(footprint__in=_wholes(parts))],
        "years": deadline_years(_deadlines(parts), day),
        "metrics": metric_lines(_metrics(shares), links),
    }


def positions_of(shares: Sequence[Share]):
    """The positions that these shares are about."""
    about = Q(pk__in=[])
    for share in shares:
        about |= share.of()
    return PublishedPosition.objects.filter(about)


def places_of(shares: Sequence[Share]) -> QuerySet[PublishedFootprint]:
    """The places that these shares are about, by name."""
    about = Q(pk__in=[])
    for share in shares:
        about |= Q(publication=share.publication) & (Q(code__in=share.places) if share.places else Q())
    return PublishedFootprint.objects.places().filter(about)


def links_within(found: Publication, *, is_alone: bool) -> PublishedLinks:
    """The addresses of one publication on a page about several: there it says which of them it is."""
    says = "" if is_alone else f"{found.system_short_name}, as at {day_in_words(found.as_at_on)}"
    return PublishedLinks(address_of(found, found.system.code), says)


def _part(share: Share, counted: list[Counted], *, is_alone: bool) -> present.Part:
    """What the page takes from one publication; `counted` by themes and places of any of them."""
    found = share.publication
    areas = list(found.footprints.filter(level__in=(Level.SYSTEM, Level.PLACE)))
    themes = list(found.themes.all())
    own = {theme.pk for theme in themes}
    return present.Part(
        publication=found,
        links=links_within(found, is_alone=is_alone),
        themes=themes,
        system=next(area for area in areas if area.level == Level.SYSTEM),
        places=[a for a in areas if a.level == Level.PLACE and (not share.places or a.code in share.places)],
        rows=[row for row in counted if row.theme_id in own],
        is_whole=not share.places,
    )


def _wholes(parts: Sequence[present.Part]) -> list[PublishedFootprint]:
    """What the page sums up: each system, or each of its places where the page takes only some."""
    return [area for part in parts for area in ([part.system] if part.is_whole else part.places)]


def _maturity_href(parts: Sequence[present.Part], area: Area) -> str:
    footprint = area.footprint
    links = next(part.links for part in parts if part.publication.pk == footprint.publication_id)
    return links.maturity("" if footprint.level == Level.SYSTEM else footprint.code)


def _deadlines(parts: Sequence[present.Part]) -> QuerySet:
    """(deadline, headline, commitments) over each system, or each place."""
    due = PublishedCoverage.objects.filter(
        footprint__in=_wholes(parts), is_headline=True, commitment__deadline_kind=DeadlineKind.BY
    )
    return due.order_by().values_list("commitment__deadline_on", "status").annotate(Count("pk"))


def _metrics(shares: Sequence[Share]) -> list[PublishedMetric]:
    about = Q(pk__in=[])
    for share in shares:
        about |= share.of("position__")
    return of_concern_first(PublishedMetric.objects.filter(about))[:METRICS_SHOWN]


def tiles_of(publications: Sequence[Publication], names: dict[str, str] | None = None) -> list[MapTile]:
    """Systems as they lie in England, each with how it stood when it last published; `names` may know more of them."""
    lying = Tile.objects.filter(grid=ENGLAND).values_list("code", "column", "row")
    positions = PublishedPosition.objects.filter(publication__in=publications).order_by()
    rows = positions.values_list("publication_id", "status").annotate(**size())
    counts = tallies((CountedFootprint._make(row) for row in rows), lambda row: row.footprint_id)
    return system_tiles(
        {code: (column, row) for code, column, row in lying},
        {**(names or {}), **{one.system.code: one.system_short_name for one in publications}},
        {one.system.code: (address_of(one, one.system.code), counts[one.pk]) for one in publications},
    )
