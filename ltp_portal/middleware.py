"""What every request passes: how long a session lasts, who needs a second factor, what may be kept by a browser."""

import time
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy

from ltp_portal import unsent
from ltp_portal.adapters import SECOND_FACTOR_SET_UP, SIGNED_IN_AT
from ltp_portal.clock import today
from ltp_portal.securitylog import record
from systems.choices import Role

ACCOUNT_PAGES = "/accounts/"
SEEN_AT = "seen_at"
# Where somebody who has a second factor may be before they proved it: there, or on the way out.
BEFORE_PROOF = (
    reverse_lazy("mfa_reauthenticate"),
    reverse_lazy("mfa_reauthenticate_webauthn"),
    reverse_lazy("account_logout"),
)
METHODS = ("GET", "HEAD", "POST")
# The time of the last click is written at most this often: a page that is only read should not write.
SEEN_EVERY = 60
NEED_SECOND_FACTOR = frozenset({Role.PROGRAMME_MANAGER, Role.APPROVER})

SIGNED_OUT = "You were signed out: 12 hours had passed since you signed in, or an hour since you last used the portal."
KEPT = "What you typed is not lost: it will be back in the form."
SECOND_FACTOR_NEEDED = "Your role needs a second factor. Set up an authenticator app or a security key to go on."


def plain_utf8(get_response):
    """Forms come in UTF-8. Another character set, which no browser sends here, could smuggle in broken characters."""

    def middleware(request):
        if request.content_params.get("charset", "utf-8").lower() != "utf-8":
            raise BadRequest("The portal reads UTF-8 only.")
        return get_response(request)

    return middleware


def person_today(get_response):
    """Says the day to the person's grants, once, before anybody asks what they may do."""

    def middleware(request):
        if request.user.is_authenticated:
            request.user.as_of(today())
        return get_response(request)

    return middleware


def private_pages(get_response):
    """No browser, proxy or back button keeps what a signed-in person saw, nor any account page."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated or request.path.startswith(ACCOUNT_PAGES):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


def refusals(get_response):
    """Refusals go into the security log: forbidden, too many, and what one may not see (which answers 404)."""

    def middleware(request):
        response = get_response(request)
        hidden = response.status_code == 404 and request.resolver_match is not None and request.user.is_authenticated
        if response.status_code in (403, 405, 429) or hidden:
            record("refused", request=request, status=response.status_code)
        return response

    return middleware


def only_used_methods(get_response):
    """What no page of ours sends is refused everywhere: packages' pages would take a PUT for a POST."""

    def middleware(request):
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return middleware


def nothing_typed_is_lost(get_response):
    """Who is sent to sign in while they send a form finds what they typed in it afterwards (see `unsent`).

    A request a page makes by itself is told so, 401, and gets no sign-in page to put into the page.
    """

    def middleware(request):
        response = get_response(request)
        account_page = response.get("Location", "") if response.status_code == 302 else ""
        if not account_page.startswith(ACCOUNT_PAGES):
            return response
        if request.htmx:
            return render(
                request, "_components/signed_out.html", {"account_page": account_page.partition("?")[0]}, status=401
            )
        if request.method == "POST" and unsent.keep(request):
            messages.info(request, KEPT)
            return redirect(f"{account_page.partition('?')[0]}?{urlencode({'next': request.get_full_path()})}")
        return response

    return middleware


def session_limits(get_response):
    """A session ends an hour after the last click, and 12 hours after sign-in however busy it was."""

    def middleware(request):
        if request.user.is_authenticated:
            now = int(time.time())
            if _is_over(request.session, now):
                return _end_session(request)
            _note_click(request.session, now)
        return get_response(request)

    return middleware


def _is_over(session, now: int) -> bool:
    began = session.get(SIGNED_IN_AT, now)
    seen = session.get(SEEN_AT, began)
    return now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.SESSION_IDLE_AGE


def _note_click(session, now: int) -> None:
    session.setdefault(SIGNED_IN_AT, now)
    if now - session.get(SEEN_AT, 0) >= SEEN_EVERY:
        session[SEEN_AT] = now


def _end_session(request):
    record("session_ended", request=request)
    logout(request)
    messages.info(request, SIGNED_OUT)
    return redirect(_with_next("account_login", request))


def second_factor(get_response):
    """Admins, programme managers and approvers sign in with two factors, or see nothing but how to set one up.

    A session that is older than the factor proves it before it changes how one signs in, whoever it is: a password
    alone takes no factor away.
    """

    def middleware(request):
        is_on_account_page = request.path.startswith(ACCOUNT_PAGES)
        if not _asks_for_proof(request, is_on_account_page=is_on_account_page):
            return get_response(request)
        if is_mfa_enabled(request.user):
            return get_response(request) if _proved(request) else redirect(_with_next("mfa_reauthenticate", request))
        if is_on_account_page:
            return get_response(request)
        messages.info(request, SECOND_FACTOR_NEEDED)
        return redirect("mfa_index")

    return middleware


def _asks_for_proof(request, *, is_on_account_page: bool) -> bool:
    if not request.user.is_authenticated or request.path in BEFORE_PROOF:
        return False
    return is_on_account_page or (settings.REQUIRE_MFA and _needs_second_factor(request.user))


def _needs_second_factor(user) -> bool:
    return user.is_staff or any(grant.role in NEED_SECOND_FACTOR for grant in user.grants)


def _proved(request) -> bool:
    """Whether this very session used a second factor, or set it up."""
    used = any(step["method"] == "mfa" for step in get_authentication_records(request, request.user))
    return used or request.session.get(SECOND_FACTOR_SET_UP, False)


def _with_next(name: str, request) -> str:
    """A form's page is where one goes back to, not the form's own address."""
    came_from = {"next": request.get_full_path()} if request.method == "GET" else {}
    return reverse(name) + (f"?{urlencode(came_from)}" if came_from else "")
