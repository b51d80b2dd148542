"""Pages about a system, kept while nothing that they show has changed.

What was published never changes, so a page about it is kept under the publication itself.

Every transaction that moves a position, opens a delivery or loads the map moves the version of the systems it
touches. That number is read before the data, so a page kept under it is never older than it says. Beside it, the names
of what is kept hold all else that a page depends on: address, day, the reader's rights, and this very portal.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache as once
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from django.utils.safestring import SafeString

from commitments.models import PositionsVersion, Publication
from ltp_portal.clock import today
from ltp_portal.context_processors import portal

# Each version leaves its pages behind, so not for long: to draw one again costs some hundredths of a second.
KEPT_FOR = 900
# Stands in a kept page where each reader's own corner goes. Text that people typed cannot hold it: it is escaped.
_CORNER = SafeString("<!-- the reader's corner -->")
_PIECE = SafeString("<!-- a form for each reader -->")
_compressed = GZipMiddleware(lambda request: HttpResponse()).process_response
# Templates are indented for who writes them; who reads a page on a slow line does not pay for it.
_INDENT = re.compile(r"\n\s+")
# What pages are drawn by, the libraries included.
_DRAWN_BY = ("commitments", "engagement", "ltp_portal", "static", "systems", "templates", "requirements.lock")

Page = tuple[str, dict[str, Any]]


def kept_page(request: HttpRequest, code: str, find: Callable[[], Page]) -> HttpResponse:
    """The page kept under the version of the system with this code, else drawn; 304 to who has it already.

    `find` gives template and context, or 404 to who may not see the page. What was drawn is found again only by readers
    with the very same rights, and a tag fits only the person it was given to. A message that waits is shown once, so
    a page with one is not kept.
    """
    version = PositionsVersion.objects.of_code(code)
    if version is None:
        return render(request, *find())
    return _answer(request, (request.path, version, today()), find)


def kept_publication(
    request: HttpRequest,
    publication: Publication,
    others: tuple,
    find: Callable[[], Page],
    *,
    piece: Page | None = None,
    is_asked: bool = False,
) -> HttpResponseBase:
    """The page about a publication, kept under it and under what else it shows: `others`, such as what corrects it.

    `piece` is the template of a form on the page and what it takes, drawn for each reader. What somebody asked for in
    the address (`is_asked`) has a tag and is not kept: anybody can ask for anything. The others are sent compressed:
    nothing in them repeats what was sent, so their length tells nothing of the token in their form.
    """
    if is_asked:
        return _answer(request, (request.get_full_path(), publication.pk, *others), find, keeps=False)
    return _compressed(request, _answer(request, (request.path, publication.pk, *others), find, piece=piece))


def _answer(
    request: HttpRequest, what: tuple, find: Callable[[], Page], *, piece: Page | None = None, keeps: bool = True
) -> HttpResponse:
    if len(get_messages(request)):
        template, page = find()
        return render(request, template, {**page, "piece": render_to_string(*piece, request=request) if piece else ""})
    about = (_this_portal(), *what, _rights(request.user), _frame())
    tag = _tag(request, about, has_form=bool(piece) or request.user.is_authenticated)
    if tag and tag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        before, after = _kept(request, about, find) if keeps else _drawn(request, find)
        after = after.replace(_PIECE, render_to_string(*piece, request=request) if piece else "")
        response = HttpResponse(before + render_to_string("_components/account.html", request=request) + after)
    if tag:
        response["ETag"] = tag
    if not request.user.is_authenticated:
        # Public pages: kept by whoever likes, and asked for each time.
        response["Cache-Control"] = "no-cache"
    return response


def _kept(request: HttpRequest, about: tuple, find: Callable[[], Page]) -> list[str]:
    """What stands before the reader's corner and after it. Drawn without the request, so nothing in it is personal."""
    key = f"page:{_digest(about)}"
    found = cache.get(key)
    if found is None:
        found = _drawn(request, find)
        cache.set(key, found, KEPT_FOR)
    return found


def _drawn(request: HttpRequest, find: Callable[[], Page]) -> list[str]:
    template, page = find()
    drawn = render_to_string(template, {**portal(request), **page, "corner": _CORNER, "piece": _PIECE})
    return _INDENT.sub("\n", drawn).split(_CORNER)


def _tag(request: HttpRequest, about: tuple, *, has_form: bool) -> str:
    """Names one person's page; weak, for the token in its form is written in another way each time.

    Empty where there is a form and no cookie that its token belongs to: the answer brings one.
    """
    secret, user = request.META.get("CSRF_COOKIE"), request.user
    if has_form and not secret:
        return ""
    reader = (user.pk, user.name, user.email) if user.is_authenticated else ()
    return f'W/"{_digest((about, secret if has_form else "", *reader))}"'


def _rights(user) -> tuple:
    if not user.is_authenticated:
        return ()
    return (user.is_staff, *sorted((grant.role.value, grant.path) for grant in user.grants))


def _frame() -> tuple:
    """What every page says of the portal itself."""
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


def _draws(file: Path) -> bool:
    return file.is_file() and file.suffix != ".pyc"
