"""Pages about a system, kept while nothing that they show has changed.

Every transaction that moves a position, opens a delivery or loads the map moves the version of the systems it
touches. That number is read before the data, so a page kept under it is never older than it says. Beside it, the names
of what is kept hold all else that a page depends on: address, day, the reader's rights, and this very portal.
"""

import hashlib
from collections.abc import Callable
from functools import cache as once
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from django.utils.safestring import SafeString

from commitments.models import PositionsVersion
from ltp_portal.clock import today
from ltp_portal.context_processors import portal

# Each version leaves its pages behind, so not for long: to draw one again costs some hundredths of a second.
KEPT_FOR = 900
# Stands in a kept page where each reader's own corner goes. Text that people typed cannot hold it: it is escaped.
_CORNER = SafeString("<!-- the reader's corner -->")
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
    if version is None or len(get_messages(request)):
        return render(request, *find())
    about = (_this_portal(), request.path, version, today(), _rights(request.user), _frame())
    tag = _tag(request, about)
    if tag and tag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        before, after = _kept(request, about, find)
        response = HttpResponse(before + render_to_string("_components/account.html", request=request) + after)
    if tag:
        response["ETag"] = tag
    return response


def _kept(request: HttpRequest, about: tuple, find: Callable[[], Page]) -> list[str]:
    """What stands before the reader's corner and after it. Drawn without the request, so nothing in it is personal."""
    key = f"page:{_digest(about)}"
    found = cache.get(key)
    if found is None:
        template, page = find()
        found = render_to_string(template, {**portal(request), **page, "corner": _CORNER}).split(_CORNER)
        cache.set(key, found, KEPT_FOR)
    return found


def _tag(request: HttpRequest, about: tuple) -> str:
    """Names one person's page; weak, for the token in its form is written in another way each time.

    Empty without the cookie that the token belongs to: the answer brings one.
    """
    secret, user = request.META.get("CSRF_COOKIE"), request.user
    return f'W/"{_digest((about, secret, user.pk, user.name, user.email))}"' if secret else ""  # type: ignore[union-attr]


def _rights(user) -> tuple:
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
