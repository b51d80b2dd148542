"""The pages of the shell itself: a person's own account, the legal pages, and what to say when something is refused."""

import sys
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from ltp_portal import unsent
from ltp_portal.audit import AuditFilter, AuditTable
from ltp_portal.clock import today
from ltp_portal.demo_mail import letters
from ltp_portal.exports import render_list
from ltp_portal.health import condition
from systems.models import AuditEntry

LETTERS_A_PAGE = 25


@login_required
@require_safe
def account(request):
    """Who I am here, what I am to whom, and how I sign in."""
    facts = (("Name", request.user.name), ("Email address", request.user.email))
    memberships = request.user.memberships.current(today()).select_related("footprint").order_by("footprint__name")
    return render(request, "account/account.html", {"facts": facts, "memberships": memberships})


def demo_mail(request):
    """What a demonstration would have sent. Elsewhere there is no such page."""
    if not settings.PORTAL_DEMO:
        raise Http404
    return _letters(request)


@login_required
@require_safe
def _letters(request):
    """Only for who has signed in: the codes that sign others in are among them."""
    folder = settings.MAIL_FOLDER
    paginator = Paginator(letters(Path(folder)) if folder else [], LETTERS_A_PAGE)
    pages = {
        "page": paginator.get_page(request.GET.get("page")),
        "paginator": paginator,
        "prefixed_page_field": "page",
    }
    return render(request, "pages/demo_mail.html", {"pages": pages})


@login_required
@require_safe
def audit_log(request):
    """Who changed what in the tables that people edit, the newest first: for admins."""
    if not request.user.is_staff:
        raise PermissionDenied
    found = AuditFilter(request.GET, AuditEntry.objects.select_related("person"), request=request)
    table = AuditTable(found.qs if found.is_valid() else AuditEntry.objects.none()).as_asked(request.GET)
    return render_list(request, "pages/audit_list.html", {"filter": found, "table": table})


@require_safe
def accessibility(request):
    return render(request, "pages/accessibility.html", {"site_url": settings.SITE_URL})


@require_safe
def cookies(request):
    """Each cookie the portal sets: its name, what it is for, when it goes."""
    in_use = (
        {
            "name": settings.SESSION_COOKIE_NAME,
            "purpose": "Keeps you signed in",
            "expiry": "When you sign out, close the browser, or have not used the portal for an hour",
        },
        {
            "name": settings.CSRF_COOKIE_NAME,
            "purpose": "Makes sure that what you send comes from you",
            "expiry": "When you close the browser",
        },
        {
            "name": settings.MY_PLACE_COOKIE_NAME,
            "purpose": "Remembers which borough you chose as yours. It is set only when you choose one",
            "expiry": "A year after you chose, or when you take your choice back",
        },
    )
    return render(request, "pages/cookies.html", {"cookies": in_use})


@require_safe
def privacy(request):
    return render(request, "pages/privacy.html")


@login_required
@require_safe
def admin_login(request):
    """Where the admin site sends whoever may not enter it: to the portal's sign-in, or away."""
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect("admin:index")


@login_required
@require_POST
def discard_unsent(request):
    """Whoever does not want back what they typed before they were signed out sees their page as it is stored."""
    page = request.POST.get("page", "")
    return redirect(page if unsent.forget(request, page) else "systems:landing")


def not_here(request):
    """Pages allauth knows and the portal does not have: sign-up, and changing one's own address."""
    raise Http404


def csrf_failure(request, reason=""):
    """A form without a valid token: an old page, or somebody else's. Named in CSRF_FAILURE_VIEW.

    An old page of this very person, who signed in anew meanwhile, is given a new token, or its words back in the form.
    """
    if request.htmx and unsent.writer_of(request) == str(request.user.pk):
        renewed = render(request, "_components/token_renewed.html", status=401)
        return trigger_client_event(renewed, "retry", after="swap")
    if not request.htmx and unsent.keep(request):
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    """Named as handler500. A database that is away is no fault of a page: 503, and the words say so."""
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    template, status = ("503.html", 503) if away else ("500.html", 500)
    return HttpResponse(render_to_string(template), status=status)


@require_safe
def healthz(request):
    """The web server is alive. Asks nothing of anybody else."""
    return JsonResponse({"alive": True})


@require_safe
def readyz(request):
    """Database, broker and worker answer and nothing due waits for long: 200; else 503. The answer names each."""
    found = condition(timezone.now(), today())
    return JsonResponse(asdict(found), status=200 if found.is_ready else 503)
