"""Pages about a system, kept while nothing that they show has changed.

Every transaction that moves a position, opens a delivery or loads the map moves the version of the systems it touches.
That number is read before the data, so a page kept under it is never older than it says. Beside it the names of what is
kept hold all else that a page depends on: the day, the address, the reader's rights, and this very portal.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache as once
from typing import Any, TypedDict

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags

from commitments.models import PositionsVersion
from ltp_portal.clock import today

KEPT_FOR = 3600
# What pages are drawn by, the libraries included.
_DRAWN_BY = ("commitments", "engagement", "ltp_portal", "static", "systems", "templates", "requirements.lock")


class Parts(TypedDict):
    """What fills the frame of a page. Drawn without the request, so it holds nothing about the person who asked."""

    title: str
    breadcrumbs: str
    content: str


def drawn(template: str, page: dict[str, Any], *, title: str, crumbs: Sequence[tuple[str, str]]) -> Parts:
    """The parts of a page, its content drawn by `template`."""
    breadcrumbs = render_to_string("_components/breadcrumbs.html", {"crumbs": crumbs})
    return {"title": title, "breadcrumbs": breadcrumbs, "content": render_to_string(template, page)}


def kept_page(request: HttpRequest, code: str, draw: Callable[[], Parts]) -> HttpResponse:
    """The page kept under the version of the system with this code, else drawn; 304 to who has it already.

    `draw` answers 404 to who may not see it. What it draws is found again only by readers with the very same rights,
    and a tag is matched only by the person it was given to.
    """
    day = today()
    version = PositionsVersion.objects.for_reader(code, request.user, day)
    if version is None:
        return render(request, "kept_page.html", {**draw()})
    about = (_this_portal(), request.path, version, day, _rights(request.user))
    tag = _tag(request, about)
    if tag and tag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "kept_page.html", {**_kept(about, draw)})
    if tag:
        response["ETag"] = tag
    return response


def _kept(about: tuple, draw: Callable[[], Parts]) -> Parts:
    key = f"page:{_digest(about)}"
    parts = cache.get(key)
    if parts is None:
        parts = draw()
        cache.set(key, parts, KEPT_FOR)
    return parts


def _tag(request: HttpRequest, about: tuple) -> str:
    """Names one person's page; weak, for the token in its form is written in another way each time.

    None while a message waits, which is shown once, or without the cookie that the token belongs to.
    """
    secret = request.META.get("CSRF_COOKIE")
    if not secret or len(get_messages(request)):
        return ""
    user = request.user
    return f'W/"{_digest((about, secret, user.pk, user.name, user.email, *_frame()))}"'  # type: ignore[union-attr]


def _rights(user) -> tuple:
    return (user.is_staff, *sorted((grant.role.value, grant.path) for grant in user.grants))


def _frame() -> tuple:
    """What the frame of every page says of the portal."""
    service = (settings.SERVICE_NAME, settings.SERVICE_ORGANISATION, settings.CONTACT_EMAIL)
    return (*service, settings.PORTAL_DEMO, settings.PORTAL_TODAY)


def _digest(facts: tuple) -> str:
    return salted_hmac("ltp_portal.kept", repr(facts), algorithm="sha256").hexdigest()


@once
def _this_portal() -> str:
    """Names the code and the templates: after an update nothing that was kept before it fits."""
    places = [settings.BASE_DIR / name for name in _DRAWN_BY]
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place])]
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if _draws(file)]
    return hashlib.sha256(repr(sorted(facts)).encode()).hexdigest()


def _draws(file) -> bool:
    return file.is_file() and file.suffix != ".pyc"
