"""My work: what a person who reports or approves has to do, in the order in which to do it. What is done drops away."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.views.decorators.http import require_safe

from commitments.choices import ReportState
from commitments.duties import Owing
from commitments.models import DeadlineChange, Delivery, Position, Report, ReportingPeriod
from commitments.presenters import my_work as present
from commitments.tables.drawn import AheadTable, ContradictedTable, DueTable, ReturnedTable
from commitments.views.access import is_here_for_all, pages_of
from ltp_portal.clock import today
from ltp_portal.crossings import answers_owed
from ltp_portal.exports import render_list
from systems.models import Footprint, User
from systems.models.footprints import under
from systems.permissions import Action
from systems.tables.base import ListTable

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
    return render_list(
        request, "commitments/my_work.html", page, tables=(), drawn=_files(request, deliveries, open_months, day)
    )


def _files(request, deliveries, open_months: OpenMonths, day: dt.date) -> dict[str, Callable[[], ListTable]]:
    """Each list in full, where its file is asked for."""
    contradicted = Position.objects.filter(delivery__in=deliveries).contradicted().worst_first().in_words()
    return {
        "due": lambda: DueTable(_due_rows(_owed(deliveries, open_months), deliveries, day)),
        "returned": lambda: ReturnedTable(_returned_reports(request, deliveries, open_months)),
        "contradicted": lambda: ContradictedTable(present.contradicted_rows(contradicted, day)),
        "ahead": lambda: AheadTable(_ahead_rows(list(_coming(deliveries, day)), day)),
    }


def _due(request, deliveries, open_months: OpenMonths, day: dt.date) -> dict[str, Any]:
    owed = _owed(deliveries, open_months)
    pages = pages_of(request, owed, "due")
    return {
        "rows": _due_rows(list(pages["page"]), deliveries, day),
        "pages": pages,
        "overdue": sum(owing.month.due_on < day for owing in owed),
        "waiting": Report.objects.filter(delivery__in=deliveries, state=ReportState.SUBMITTED).count(),
    }


def _owed(deliveries, open_months: OpenMonths) -> list[Owing]:
    return [owing for owing in deliveries.worst_first().owing(open_months) if not owing.is_returned]


def _due_rows(owed: list[Owing], deliveries, day: dt.date) -> list[present.DueRow]:
    shown = deliveries.for_list().in_bulk([owing.delivery_id for owing in owed])
    drafts = Report.objects.filter(delivery__in=shown, state=ReportState.DRAFT).values_list("delivery_id", "period_id")
    return present.due_rows(owed, shown, set(drafts), day)


def _returned(request, deliveries, open_months: OpenMonths, day: dt.date) -> dict[str, Any]:
    pages = pages_of(request, _returned_reports(request, deliveries, open_months), "returned")
    return {"rows": present.returned_rows(pages["page"], day), "pages": pages}


def _returned_reports(request, deliveries, open_months: OpenMonths):
    returned = Report.objects.returned_to(request.user, deliveries).in_open_months(open_months)
    return returned.select_related("delivery__position")


def _contradicted(request, deliveries, day: dt.date) -> dict[str, Any]:
    positions = Position.objects.filter(delivery__in=deliveries).contradicted()
    pages = pages_of(request, positions.worst_first().in_words(), "contradicted")
    return {"rows": present.contradicted_rows(pages["page"], day), "pages": pages}


def _ahead(request, deliveries, day: dt.date) -> dict[str, Any]:
    pages = pages_of(request, _coming(deliveries, day), "ahead")
    return {"rows": _ahead_rows(list(pages["page"]), day), "pages": pages}


def _coming(deliveries, day: dt.date):
    return Position.objects.filter(delivery__in=deliveries).coming_up(day)


def _ahead_rows(coming: list[tuple[int, str, dt.date]], day: dt.date) -> list[present.AheadRow]:
    return present.ahead_rows(coming, Delivery.objects.for_list().in_bulk([pk for pk, _, _ in coming]), day)


def _queue(user: User) -> dict[str, Any]:
    waiting = Report.objects.awaiting_sign_off_by(user)
    runs = Footprint.objects.systems().filter(under(user.paths_for(Action.RUN_PERIODS)))
    return {
        "reports": waiting[:QUEUE_SHOWN],
        "count": waiting.count(),
        "deadlines": DeadlineChange.objects.awaiting_decision_by(user).count(),
        "systems": runs,
    }
