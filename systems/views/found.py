"""How a page about maturity finds what it is about: within the reader's scope or 404, then by the table or 403."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from systems.models import Assessment, Footprint, ImprovementAction
from systems.models.maturity import ASSESSED_LEVELS
from systems.permissions import Action, may
from systems.presenters import crumbs_to
from systems.presenters.maturity import maturity_href


class Place(NamedTuple):
    """A footprint in its system, both as the reader sees them."""

    system: Footprint
    footprint: Footprint


def place_for(request, code: str, footprint_code: str, action: Action = Action.READ_POSITIONS) -> Place:
    """A system, place or network that this person sees (else 404) and may do this to (else 403)."""
    system = get_object_or_404(Footprint.objects.systems(), code=code)
    seen = Footprint.objects.visible_to(request.user).filter(system=system, level__in=ASSESSED_LEVELS)
    footprint = get_object_or_404(seen.select_related("system", "place"), code=footprint_code)
    if not may(request.user, action, footprint):
        raise PermissionDenied
    return Place(system, footprint)


def assessment_for(request, place: Place, pk: int) -> Assessment:
    """An assessment of this very footprint that this person may read."""
    readable = Assessment.objects.readable_by(request.user).of(place.footprint)
    people = ("begun_by", "submitted_by", "decided_by")
    return get_object_or_404(readable.select_related("framework", "footprint__system", *people), pk=pk)


def action_for(place: Place, pk: int) -> ImprovementAction:
    """An action of this very footprint's plan."""
    mine = ImprovementAction.objects.filter(footprint=place.footprint)
    return get_object_or_404(mine.select_related("footprint", "owner"), pk=pk)


def crumbs(request, place: Place, *, below: bool = True) -> list[tuple[str, str]]:
    """The way from the list of systems down to the maturity of this footprint."""
    sees_system = may(request.user, Action.READ_POSITIONS, place.system)
    found = crumbs_to(*([place.system] if sees_system else []))
    if sees_system and (below or place.footprint != place.system):
        found.append(("Maturity", maturity_href(place.system)))
    if below and place.footprint != place.system:
        found.append((place.footprint.short_name, maturity_href(place.footprint)))
    return found
