"""My borough: a place of a publication beside its system, on a page and on one sheet of paper."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import Publication, PublishedFootprint
from commitments.presenters import published as present
from commitments.presenters import standing
from commitments.presenters.links import PublishedLinks
from commitments.presenters.published_metrics import metric_lines
from commitments.presenters.tallies import Counted, Tally, tally
from commitments.views.published import frame, my_place_code, public, publication_for, shown
from commitments.views.published_maturity import maturity_of
from commitments.views.published_standing import SHOWN, glance_parts, population_in_words
from ltp_portal import voices
from systems.choices import Level

ON_A_SHEET = 4
MY_PLACE_FORMS = "commitments/_my_place_forms.html"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def published_place(request, code: str, month: dt.date, edition: int, place_code: str):
    """One borough beside its system. Sending the form makes it the reader's own, or takes that back."""
    found = publication_for(request, code, month, edition)
    place = get_object_or_404(found.footprints.places(), code=place_code)
    if request.method == "POST":
        return _remember(request, place)

    def find():
        page = frame(request, found, code, "../../")
        return "commitments/published_place.html", page | _borough(found, place, page["links"]) | {
            "maturity": maturity_of(found, place),
            "maturity_href": page["links"].maturity(place.code),
        }

    corner = voices.place_corner(request, found, code, place)
    mine = {"is_mine": my_place_code(request) == place.code, **(corner.piece[1] if corner.piece else {})}
    return shown(request, found, find, corner.mark, piece=(MY_PLACE_FORMS, mine))


def _remember(request, place: PublishedFootprint):
    response = redirect(request.path)
    if request.POST.get("do") == "forget":
        response.delete_cookie(settings.MY_PLACE_COOKIE_NAME)
    else:
        response.set_cookie(
            settings.MY_PLACE_COOKIE_NAME,
            place.code,
            max_age=settings.MY_PLACE_COOKIE_AGE,
            secure=settings.PORTAL_TLS,
            httponly=True,
            samesite="Lax",
        )
    return response


def _borough(found: Publication, place: PublishedFootprint, links: PublishedLinks) -> dict[str, Any]:
    day = found.as_at_on
    themes = list(found.themes.all())
    positions = found.positions.inside(place)
    seen = positions.at_a_glance(day, SHOWN)
    all_rows = [Counted(*row) for row in found.positions.tallied()]
    here = _tallied(positions.tallied_by_commitment())
    whole = _tallied(
        found.coverage.filter(footprint__level=Level.SYSTEM).values_list("commitment", "status", "deliveries", "people")
    )
    metrics = found.metrics.judged().filter(position__footprint=place)
    columns = [
        standing.column(place.short_name, seen.counted, links.positions, place=place.code),
        standing.column("Whole system", all_rows, links.positions),
    ]
    return {
        "place": place,
        "opinions": voices.inside(found, place),
        "sheet": links.sheet(place.code),
        "changes": links.changes(place=place.code),
        "page_of_place": links.place(place.code),
        "population": population_in_words(place),
        "beside": present.beside(found.commitments.all(), here, whole, links),
        "whole_summary": standing.summary(tally(all_rows)),
        "standing": {
            **glance_parts(seen, themes, links, place=place.code),
            "columns": columns,
            "grid": standing.grid(themes, columns, links.theme),
        },
        "metrics": metric_lines(metrics.select_related("position__commitment", "position__footprint"), links),
    }


def _tallied(rows) -> dict[int, Tally]:
    tallies: dict[int, Tally] = {}
    for commitment, status, deliveries, people in rows:
        counts = tallies.setdefault(commitment, Tally())
        counts.deliveries[status], counts.people[status] = deliveries, people
    return tallies


@public
@require_safe
def published_sheet(request, code: str, month: dt.date, edition: int, place_code: str):
    """One borough on one side of paper."""
    found = publication_for(request, code, month, edition)
    place = get_object_or_404(found.footprints.places(), code=place_code)

    def find():
        page = frame(request, found, code, "../../../")
        borough = _borough(found, place, page["links"])
        return "commitments/published_sheet.html", page | borough | {
            "maturity": maturity_of(found, place),
            "sheet_failing": borough["standing"]["failing"][:ON_A_SHEET],
            "sheet_contradictions": borough["standing"]["contradictions"][:ON_A_SHEET],
        }

    return shown(request, found, find)
