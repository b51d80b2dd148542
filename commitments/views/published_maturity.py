"""How mature a system, its places and its networks were when it published."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.views.decorators.http import require_safe

from commitments.models import Publication, PublishedFootprint, PublishedMaturity, PublishedNetworks
from commitments.models.compared import compare_maturity
from commitments.presenters import published_maturity as present
from commitments.views.published import frame, public, publication_for, shown


@public
@require_safe
def published_maturity(request, code: str, month: dt.date, edition: int):
    """What stands in the way first; then the ladders of the system and of each place."""
    found = publication_for(request, code, month, edition)

    def find():
        page = frame(request, found, code, "../")
        gaps = list(found.maturity.with_a_gap().worst_first().in_words().prefetch_related("criteria"))
        return "commitments/published_maturity.html", page | {
            "gaps": gaps,
            "has_draft_wording": any(one.is_draft_wording for gap in gaps for one in gap.criteria.all()),
            "areas": areas_of(publication=found),
        }

    return shown(request, found, find)


def maturity_of(found: Publication, footprint: PublishedFootprint) -> list[present.Ladder]:
    """The ladders of one footprint; none where nothing about maturity was published."""
    return [ladder for area in areas_of(publication=found, footprint=footprint) for ladder in area.ladders]


def areas_of(**within: Any) -> list[present.Area]:
    """Each area with its ladders; `within` narrows what was published, as a filter does."""
    rows = PublishedMaturity.objects.filter(**within).in_order().in_words()
    networks = PublishedNetworks.objects.filter(**within).select_related("framework", "footprint")
    return present.areas(rows, networks)


def maturity_moved(found: Publication, since: Publication, asked: dict[str, Any]) -> list[present.MovedLine] | None:
    """Which domains moved between two publications. None where the reader asked for something else."""
    if asked["theme"] or asked["kind"]:
        return None
    place = asked["place"]
    compared = compare_maturity(since, found, Q(footprint__place__code=place.code) if place else Q())
    return present.moved_lines(compared.moved, compared.rows) if compared else None
