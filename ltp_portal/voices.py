"""What its readers add to a published page: second opinions beside it, and a corner of their own to follow it.

Pages of what was published do not know committees; they ask here, as the shell knows both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from commitments.models import (
    Publication,
    PublishedCommitment,
    PublishedFootprint,
    PublishedPosition,
    PublishedTheme,
)
from commitments.models.published import PublishedPositionQuerySet
from commitments.presenters.published import OtherRating
from engagement.choices import FollowKind
from engagement.models import Follow, Opinion
from engagement.models.opinions import OpinionQuerySet, is_concerned, speaks, voices_of
from engagement.presenters.opinions import OpinionLine, opinion_lines, other_ratings
from ltp_portal.kept import Page

SHOWN = 5
CORNER = "engagement/_corner.html"


@dataclass(frozen=True, slots=True)
class Corner:
    """What a published page holds for one reader: the form to follow, and all that decides how the page looks."""

    # The template of the reader's own form and what it takes; nothing for who is not signed in.
    piece: Page | None
    mark: tuple[Any, ...]


def mark(publication: Publication) -> tuple[int, int]:
    """Changes with each opinion and reply that a page of this publication shows."""
    return Opinion.objects.beside(publication).mark()


def on_commitment(publication: Publication, commitment: PublishedCommitment) -> list[OpinionLine]:
    """All that is said otherwise of a commitment."""
    return opinion_lines(Opinion.objects.beside(publication).on_commitment(commitment.code).in_words())


def otherwise(
    publications: Iterable[Publication], positions: Sequence[PublishedPosition]
) -> dict[int, list[OtherRating]]:
    """By position what others rate it as, of the rows of a list; one query for all of them."""
    beside = Opinion.objects.told_with((publication, ()) for publication in publications)
    return other_ratings(beside.on_the_same(positions).in_words(), positions)


def inside(publication: Publication, area: PublishedFootprint) -> list[OpinionLine]:
    """The latest of what is said otherwise of a place, or of the system."""
    return opinion_lines(Opinion.objects.beside(publication).inside(area).in_words()[:SHOWN])


def commitment_corner(request, publication: Publication, code: str, commitment: PublishedCommitment) -> Corner:
    """Follow the commitment, or lodge an opinion on how it stands somewhere."""
    about = (FollowKind.COMMITMENT, commitment.code, "this commitment")
    return _corner(request, publication, code, *about, positions=commitment.positions.all())


def theme_corner(request, publication: Publication, code: str, theme: PublishedTheme) -> Corner:
    """Follow the theme."""
    return _corner(request, publication, code, FollowKind.THEME, theme.code, "this theme")


def place_corner(request, publication: Publication, code: str, place: PublishedFootprint) -> Corner:
    """Follow the place."""
    return _corner(request, publication, code, FollowKind.PLACE, place.code, place.short_name)


def _corner(
    request,
    publication: Publication,
    system: str,
    kind: FollowKind,
    code: str,
    name: str,
    positions: PublishedPositionQuerySet | None = None,
) -> Corner:
    if not request.user.is_authenticated:
        return Corner(None, mark(publication))
    own = Follow.objects.filter(person=request.user, system=publication.system_id, kind=kind, code=code)
    # One statement: a page that has not changed costs hardly more.
    opinions = Opinion.objects.beside(publication).order_by()
    told = (
        Publication.objects.filter(pk=publication.pk)
        .annotate(
            lodged=_number(opinions),
            replied=_number(opinions.exclude(reply=None)),
            follows=Exists(own),
            speaks=ExpressionWrapper(speaks(request.user), BooleanField()),
        )
        .values("lodged", "replied", "follows", "speaks")
        .get()
    )
    follow = {
        "address": reverse("engagement:follow", args=[system, kind.value, code]),
        "page": request.path,
        "is_on": told["follows"],
        "name": name,
    }
    lodgings = _lodgings(request.user, publication, positions) if positions is not None and told["speaks"] else []
    return Corner((CORNER, {"follow": follow, "lodgings": lodgings}), (*told.values(), *lodgings))


def _number(opinions: OpinionQuerySet) -> Coalesce:
    """How many these are, within another statement."""
    return Coalesce(Subquery(opinions.values(one=Value(1)).annotate(number=Count("pk")).values("number")), 0)


def _lodgings(user, publication: Publication, positions: PublishedPositionQuerySet) -> list[tuple[str, str]]:
    """Where a body this person speaks for may say otherwise: the place, and the form."""
    voices = voices_of(user)
    concerned = [
        position
        for position in positions.select_related("footprint__place").order_by("footprint__name")
        if any(is_concerned(voice, position, publication.system) for voice in voices)
    ]
    return [(one.footprint.short_name, reverse("engagement:opinion_lodge", args=[one.pk])) for one in concerned]
