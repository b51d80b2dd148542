"""A person's own days as a calendar: a secret address, made and taken back here, and what it answers with."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from commitments.choices import OUTSTANDING
from commitments.models import Delivery, Milestone, ReportingPeriod
from commitments.presenters import calendar as present
from commitments.views.access import is_here_for_all
from ltp_portal.backends import PortalBackend
from ltp_portal.clock import today
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once
from systems.models import User
from systems.permissions import Action

_A_YEAR = dt.timedelta(days=366)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def calendar(request):
    """Makes a new address, which ends the one before it, or takes it back. An address is shown once."""
    address = ""
    if request.method == "POST":
        key = secrets.token_urlsafe(32) if request.POST.get("then") == "make" else ""
        User.objects.filter(pk=request.user.pk).update(calendar_key=_digest(key) if key else None)
        request.user.refresh_from_db(fields=["calendar_key"])
        record("calendar_address_made" if key else "calendar_address_taken_back", request=request)
        address = settings.SITE_URL + reverse("commitments:calendar_feed", args=[key]) if key else ""
    page = {"address": address, "has_address": request.user.calendar_key is not None}
    return render(request, "commitments/calendar.html", page)


@require_safe
def feed(request, key: str):
    """The calendar behind a secret address, of what its owner may see today; 404 for whoever has left."""
    user = User.objects.filter(calendar_key=_digest(key)).first()
    if user is None or not PortalBackend().user_can_authenticate(user):
        raise Http404
    day = today()
    if not user.as_of(day).paths_for(Action.READ_POSITIONS):
        raise Http404
    body = present.as_ics(_days_of(user, day), name=settings.SERVICE_NAME, site_url=settings.SITE_URL, today=day)
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=etag, response=response)


def _digest(key: str) -> str:
    """An address is a long random text: its digest can be looked up, and tells nothing of it."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _days_of(user: User, day: dt.date) -> list[present.Day]:
    visible = Delivery.objects.visible_to(user)
    own = Delivery.objects.reportable_by(user) if is_here_for_all(user) else visible.filter(lead=user)
    outstanding = own.filter(position__status__in=OUTSTANDING)
    milestones = Milestone.objects.standing().filter(delivery__in=outstanding, achieved_on=None)
    return present.days_of(
        outstanding.select_related("commitment", "footprint", "position"),
        milestones.select_related("delivery__commitment", "delivery__footprint"),
        _months(own, day),
        day,
    )


def _months(own, day: dt.date) -> list[ReportingPeriod]:
    """The open months on which a report is owed, and those of the year ahead."""
    systems = own.systems()
    if not systems:
        return []
    owed = {owing.month.starts_on for owing in own.owing(ReportingPeriod.objects.open_in(systems, day))}
    ahead = ReportingPeriod.objects.filter(opens_on__gt=day, due_on__lte=day + _A_YEAR)
    return [*ReportingPeriod.objects.filter(pk__in=owed), *ahead]
