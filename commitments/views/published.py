"""What a system published, for councillors, for whoever works in a system, and for all where the system says so.

These pages read frozen rows and nothing else about the system, so what was published is shown as it was.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.models import Publication
from commitments.models.publications import read_by
from commitments.presenters.links import PublishedLinks
from commitments.tables.drawn import EditionTable
from ltp_portal.exports import render_list
from ltp_portal.kept import Page, kept_publication
from systems.models import Footprint
from systems.permissions import Action, may


def public(view: Callable) -> Callable:
    """Shows what everybody may read to everybody; asks others to sign in before they hear that there is nothing."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return shown


# --- Which publications there are -------------------------------------------------------------------------


@public
@require_safe
def published(request, code: str):
    """All that a system published, the newest first."""
    system = get_object_or_404(Footprint.objects.systems().filter(read_by(request.user)), code=code)
    editions = list(Publication.objects.of(system).newest_first().select_related("superseded_by"))
    page = {
        "system": system,
        "latest": editions[0] if editions else None,
        "editions": editions,
        "sees_live": may(request.user, Action.READ_POSITIONS, system) if request.user.is_authenticated else False,
        "may_open": request.user.is_authenticated and may(request.user, Action.OPEN_TO_PUBLIC, system),
        "crumbs": [("Published", reverse("commitments:published_systems"))],
    }
    drawn = {"editions": lambda: EditionTable(editions)}
    return render_list(request, "commitments/published_list.html", page, tables=(), drawn=drawn)


@public
@require_safe
def published_month(request, code: str, month: dt.date):
    """The newest edition of a month."""
    found = Publication.objects.visible_to(request.user).filter(system__code=code, period=month)
    newest = get_object_or_404(found.current())
    return redirect("commitments:publication", code, newest.slug, newest.edition)


# --- One publication --------------------------------------------------------------------------------------


def publication_for(request, code: str, month: dt.date, edition: int) -> Publication:
    """The publication, where this person may read it."""
    readable = Publication.objects.visible_to(request.user).select_related("superseded_by", "supersedes")
    return get_object_or_404(readable, system__code=code, period=month, edition=edition)


def my_place_code(request) -> str:
    """The borough this reader chose as theirs; the cookie may hold anything."""
    return request.COOKIES.get(settings.MY_PLACE_COOKIE_NAME, "")


def shown(
    request,
    publication: Publication,
    find: Callable[[], Page],
    *others,
    piece: Page | None = None,
    is_asked: bool = False,
) -> HttpResponseBase:
    """A page about a publication: kept, and unchanged until something corrects it."""
    by = _corrected_by(publication)
    beside = (by.pk if by else None, my_place_code(request), *others)
    return kept_publication(request, publication, beside, find, piece=piece, is_asked=is_asked)


def _corrected_by(publication: Publication) -> Publication | None:
    return getattr(publication, "superseded_by", None)


def address_of(publication: Publication, code: str) -> str:
    """The dashboard of a publication, of the system with this code."""
    return reverse("commitments:publication", args=[code, publication.slug, publication.edition])


def frame(request, publication: Publication, code: str, up: str = "./") -> dict[str, Any]:
    """What each page about a publication says of it; `up` is the way from the page to the dashboard."""
    links = PublishedLinks(up)
    by, was = _corrected_by(publication), publication.supersedes
    mine = publication.footprints.places().filter(code=my_place_code(request)).first()
    return {
        "publication": publication,
        "corrected_by": by and address_of(by, code),
        "corrects": was and address_of(was, code),
        "links": links,
        "my_place": mine,
        "my_place_href": links.place(mine.code) if mine else "",
        "crumbs": [
            ("Published", reverse("commitments:published_systems")),
            (publication.system_short_name, reverse("commitments:published", args=[code])),
            (publication.month, address_of(publication, code)),
        ],
    }
