"""The pages of one publication: its dashboard, its themes, its commitments, and the list of its deliveries."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.db.models import Count
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commitments.choices import DeadlineKind, Status
from commitments.filters import PublishedFilter
from commitments.models import Publication, PublishedFootprint, PublishedMetric
from commitments.models.published import PublishedMetricQuerySet, PublishedPositionQuerySet
from commitments.presenters import published as present
from commitments.presenters import standing
from commitments.presenters.deadline_years import deadline_years
from commitments.presenters.links import AnyLinks, PublishedLinks
from commitments.presenters.published_metrics import metric_chart, metric_lines
from commitments.presenters.tallies import Counted, tally
from commitments.presenters.tiles import place_tiles
from commitments.tables.published import PublishedTable
from commitments.views.access import pages_of
from commitments.views.published import frame, public, publication_for, shown
from commitments.views.published_maturity import maturity_of
from commitments.views.published_standing import SHOWN, glance_parts, population_in_words
from ltp_portal import voices
from ltp_portal.exports import drawn_file
from systems.choices import Level

METRICS_SHOWN = 5


@public
@require_safe
def publication(request, code: str, month: dt.date, edition: int):
    """How a system stood when it published."""
    found = publication_for(request, code, month, edition)

    def find():
        page = frame(request, found, code)
        page["crumbs"] = page["crumbs"][:-1]
        return "commitments/publication.html", page | _dashboard(found, page["links"])

    return shown(request, found, find, voices.mark(found))


def _dashboard(found: Publication, links: PublishedLinks) -> dict[str, Any]:
    day = found.as_at_on
    themes, places = list(found.themes.all()), list(found.footprints.places())
    system = found.footprints.get(level=Level.SYSTEM)
    seen = found.positions.at_a_glance(day, SHOWN)
    columns = standing.columns_of(system, places, seen.counted, links.positions)
    return {
        "population": population_in_words(system),
        "tiles": place_tiles(places, seen.counted, links),
        "standing": {
            **glance_parts(seen, themes, links),
            "columns": columns,
            "grid": standing.grid(themes, columns, links.theme),
        },
        "years": deadline_years(_deadlines(found, system), day),
        "metrics": metric_lines(of_concern_first(found.metrics.all())[:METRICS_SHOWN], links),
        "maturity": maturity_of(found, system),
        "maturity_href": links.maturity(),
        "opinions": voices.inside(found, system),
    }


def _deadlines(found: Publication, system: PublishedFootprint):
    """(deadline, headline over the system, commitments)."""
    due = found.coverage.filter(footprint=system, is_headline=True, commitment__deadline_kind=DeadlineKind.BY)
    return due.order_by().values_list("commitment__deadline_on", "status").annotate(Count("pk"))


def of_concern_first(metrics: PublishedMetricQuerySet) -> list[PublishedMetric]:
    """Metrics with icons: those of concern first, then where most people live."""
    judged = metrics.judged().select_related("position__commitment", "position__footprint")
    return sorted(
        judged,
        key=lambda metric: (
            not metric.variation.startswith("Concern"),
            not metric.assurance.startswith("Consistently failing"),
            -(metric.position.footprint.population or 0),
            metric.name,
        ),
    )


@public
@require_safe
def published_theme(request, code: str, month: dt.date, edition: int, theme_code: str):
    """One theme of a publication: each of its commitments over the system."""
    found = publication_for(request, code, month, edition)
    theme = get_object_or_404(found.themes, code=theme_code)
    corner = voices.theme_corner(request, found, code, theme)

    def find():
        page = frame(request, found, code, "../../")
        positions = found.positions.filter(commitment__theme=theme)
        covered = found.coverage.filter(commitment__theme=theme, footprint__level=Level.SYSTEM)
        failing = positions.failing().worst_first().in_words()[:SHOWN]
        return "commitments/published_theme.html", page | {
            "theme": theme,
            "summary": standing.summary(tally(Counted(*row) for row in positions.tallied())),
            "commitments": present.covered_commitments(covered.select_related("commitment"), page["links"]),
            "failing": present.lines(failing, page["links"]),
            "all_failing": page["links"].positions(theme=theme.code, status=[Status.MISSED, Status.OFF_TRACK]),
        }

    return shown(request, found, find, corner.mark, piece=corner.piece)


@public
@require_safe
def published_commitment(request, code: str, month: dt.date, edition: int, commitment_code: str):
    """One commitment of a publication: what was promised, how it was covered, and each delivery in its own words."""
    found = publication_for(request, code, month, edition)
    commitment = get_object_or_404(found.commitments.select_related("theme"), code=commitment_code)
    corner = voices.commitment_corner(request, found, code, commitment)

    def find():
        page = frame(request, found, code, "../../")
        positions = list(commitment.positions.worst_first().in_words()[:SHOWN])
        metrics = list(found.metrics.at(positions).select_related("position__commitment", "position__footprint"))
        covered = commitment.coverage.select_related("footprint")
        return "commitments/published_commitment.html", page | {
            "commitment": commitment,
            "facts": present.commitment_facts(commitment),
            "areas": present.covered_areas(
                covered.filter(footprint__level__in=(Level.SYSTEM, Level.PLACE)), page["links"]
            ),
            "deliveries": present.told_lines(positions, page["links"]),
            "in_all": commitment.positions.count(),
            "all_deliveries": page["links"].positions(commitment=commitment.code),
            "metrics": metric_lines(metrics, page["links"]),
            "opinions": voices.on_commitment(found, commitment),
            "charts": [chart for metric in metrics[:1] if (chart := metric_chart(metric))],
        }

    return shown(request, found, find, corner.mark, piece=corner.piece)


@public
@require_safe
def published_positions(request, code: str, month: dt.date, edition: int):
    """The deliveries of a publication, with filters; the worst first."""
    found = publication_for(request, code, month, edition)

    rows = found.positions.worst_first().in_words()
    filters = PublishedFilter(request.GET, rows, publications=[found], places=found.footprints.places())
    if file := positions_file(request, filters, [found]):
        return file

    def find():
        page = frame(request, found, code, "../")
        return "commitments/published_positions.html", page | listed(request, filters, [found], page["links"])

    return shown(request, found, find, voices.mark(found), is_asked=True)


def positions_file(request, filters: PublishedFilter, publications: Sequence[Publication]) -> HttpResponseBase | None:
    """What was asked for of these publications as a file, if a file was asked for."""
    otherwise = partial(voices.otherwise, publications)
    drawn = {"deliveries": lambda: PublishedTable(matching(filters), otherwise=otherwise)}
    return drawn_file(request, drawn, as_at=max(one.as_at_on for one in publications))


def listed(request, filters: PublishedFilter, publications: Sequence[Publication], links: AnyLinks) -> dict[str, Any]:
    """What was asked for of these publications, a page at a time, with what others rate it as."""
    pages = pages_of(request, matching(filters), "page")
    positions = list(pages["page"])
    return {
        "request": SimpleNamespace(path=request.path, GET=request.GET),
        "filter": filters,
        "pages": pages,
        "lines": present.lines(positions, links, voices.otherwise(publications, positions)),
    }


def matching(filters: PublishedFilter) -> PublishedPositionQuerySet:
    """Those that fit; none where the address asks for what is not there."""
    return filters.qs if filters.is_valid() else filters.queryset.none()
