"""My work: what a person who reports or approves has to do, in the order in which to do it. What is done drops away."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.choices import ReportState
from commitments.models import DeadlineChange, Delivery, Position, Report, ReportingPeriod
from commitments.presenters import my_work as present
from commitments.views.access import is_here_for_all, pages_of
from ltp_portal.clock import today
from ltp_portal.crossings import answers_owed
from systems.models import Footprint, User
from systems.models.footprints import under
from systems.permissions import Action

# So many of an approver's queue stand here; all of it has its own page.
QUEUE_SHOWN = 5
ALL, MINE = "all", "mine"

OpenMonths = Mapping[int | None, Sequence[ReportingPeriod]]


@login_required
@require_safe
def my_work(request):
    """Reports due, overdue first; what came back or is contradicted; what comes next. An approver's queue above it."""
    user, day = request.user, today()
    if not user.paths_for(Action.REPORT):
        raise PermissionDenied
    whose = request.GET.get("whose")
    shows_all = whose == ALL or (whose != MINE and is_here_for_all(user))
    reportable = Delivery.objects.reportable_by(user)
    deliveries = reportable if shows_all else reportable.filter(lead=user)
    open_months = ReportingPeriod.objects.open_in(reportable.systems(), day)
    shown, returned = deliveries.count(), _returned(request, deliveries, open_months, day)
    page = {
        "today": day,
        "shows_all": shows_all,
        "counts": {"shown": shown, "all": reportable.count()},
        "has_own": shown or returned["rows"],
        "due": _due(request, deliveries, open_months, day),
        "returned": returned,
        "contradicted": _contradicted(request, deliveries, day),
        "ahead": _ahead(request, deliveries, day),
        "answers": answers_owed(user, day) if user.paths_for(Action.ANSWER_COMMITTEES) else None,
        "queue": _queue(user) if user.paths_for(Action.SIGN_OFF) else None,
    }
    return render(request, "commitments/my_work.html", page)


def _due(request, deliveries, open_months: OpenMonths, day: dt.date) -> dict[str, Any]:
    owed = [owing for owing in deliveries.worst_first().owing(open_months) if not owing.is_returned]
    pages = pages_of(request, owed, "due")
    shown = deliveries.for_list().in_bulk([owing.delivery_id for owing in pages["page"]])
    drafts = Report.objects.filter(delivery__in=shown, state=ReportState.DRAFT).values_list("delivery_id", "period_id")
    return {
        "rows": present.due_rows(pages["page"], shown, set(drafts), day),
        "pages": pages,
        "overdue": sum(owing.month.due_on < day for owing in owed),
        "waiting": Report.objects.filter(delivery__in=deliveries, state=ReportState.SUBMITTED).count(),
    }


def _returned(request, deliveries, open_months: OpenMonths, day: dt.date) -> dict[str, Any]:
    returned = Report.objects.returned_to(request.user, deliveries).in_open_months(open_months)
    pages = pages_of(request, returned, "returned")
    return {"rows": present.returned_rows(pages["page"], day), "pages": pages}


def _contradicted(request, deliveries, day: dt.date) -> dict[str, Any]:
    positions = Position.objects.filter(delivery__in=deliveries).contradicted()
    pages = pages_of(request, positions.worst_first().in_words(), "contradicted")
    return {"rows": present.contradicted_rows(pages["page"], day), "pages": pages}


def _ahead(request, deliveries, day: dt.date) -> dict[str, Any]:
    pages = pages_of(request, Position.objects.filter(delivery__in=deliveries).coming_up(day), "ahead")
    coming = list(pages["page"])
    shown = Delivery.objects.for_list().in_bulk([pk for pk, _, _ in coming])
    return {"rows": present.ahead_rows(coming, shown, day), "pages": pages}


def _queue(user: User) -> dict[str, Any]:
    waiting = Report.objects.awaiting_sign_off_by(user)
    runs = Footprint.objects.systems().filter(under(user.paths_for(Action.RUN_PERIODS)))
    return {
        "reports": waiting[:QUEUE_SHOWN],
        "count": waiting.count(),
        "deadlines": DeadlineChange.objects.awaiting_decision_by(user).count(),
        "systems": runs,
    }
