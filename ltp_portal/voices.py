"""What its readers add to a published page: second opinions beside it, and a corner of their own to follow it.

Pages of what was published do not know committees; they ask here, as the shell knows both.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from commitments.models import (
    Publication,
    PublishedCommitment,
    PublishedFootprint,
    PublishedPosition,
    PublishedTheme,
)
from engagement.choices import FollowKind
from engagement.models import Follow, Opinion
from engagement.models.opinions import is_concerned, voices_of
from engagement.presenters.opinions import OpinionLine, opinion_lines
from ltp_portal.kept import Page

SHOWN = 5
CORNER = "engagement/_corner.html"


def mark(publication: Publication) -> tuple[int, int]:
    """Changes with each opinion and reply that a page of this publication shows."""
    return Opinion.objects.beside(publication).mark()


def on_commitment(publication: Publication, commitment: PublishedCommitment) -> list[OpinionLine]:
    """All that is said otherwise of a commitment."""
    return opinion_lines(Opinion.objects.beside(publication).on_commitment(commitment.code).in_words())


def inside(publication: Publication, area: PublishedFootprint) -> list[OpinionLine]:
    """The latest of what is said otherwise of a place, or of the system."""
    return opinion_lines(Opinion.objects.beside(publication).inside(area).in_words()[:SHOWN])


def commitment_corner(request, publication: Publication, code: str, commitment: PublishedCommitment) -> Page | None:
    """Follow the commitment, or lodge an opinion on how it stands somewhere."""
    corner = _corner(request, publication, code, FollowKind.COMMITMENT, commitment.code, "this commitment")
    if corner:
        corner[1]["lodgings"] = _lodgings(request.user, publication, commitment.positions.all())
    return corner


def theme_corner(request, publication: Publication, code: str, theme: PublishedTheme) -> Page | None:
    """Follow the theme."""
    return _corner(request, publication, code, FollowKind.THEME, theme.code, "this theme")


def place_follow(request, publication: Publication, code: str, place: PublishedFootprint) -> dict[str, Any]:
    """Follow the place: what `_corner.html` takes; nothing for who is not signed in."""
    corner = _corner(request, publication, code, FollowKind.PLACE, place.code, place.short_name)
    return corner[1] if corner else {}


def _corner(request, publication: Publication, system: str, kind: FollowKind, code: str, name: str) -> Page | None:
    if not request.user.is_authenticated:
        return None
    own = Follow.objects.filter(person=request.user, system=publication.system_id, kind=kind, code=code)
    follow = {
        "address": reverse("engagement:follow", args=[system, kind.value, code]),
        "page": request.path,
        "is_on": own.exists(),
        "name": name,
    }
    return CORNER, {"follow": follow}


def _lodgings(user, publication: Publication, positions: Iterable[PublishedPosition]) -> list[tuple[str, str]]:
    """Where a body this person speaks for may say otherwise: the place, and the form."""
    voices = voices_of(user)
    if not voices:
        return []
    concerned = [
        position
        for position in positions.select_related("footprint__place").order_by("footprint__name")  # type: ignore[attr-defined]
        if any(is_concerned(voice, position, publication.system) for voice in voices)
    ]
    return [(one.footprint.short_name, reverse("engagement:opinion_lodge", args=[one.pk])) for one in concerned]
