"""The reporting periods of a system, for its approvers: how each month stands, and opening, nudging and closing it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commitments import actions, outbox
from commitments.models import Delivery, PeriodAct, Publication, Report, ReportingPeriod
from commitments.presenters import periods as present
from commitments.tables.drawn import PeriodTable
from commitments.views.access import require
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from ltp_portal.sent_once import sent_once
from systems.models import Footprint, User
from systems.permissions import Action
from systems.presenters import crumbs_to

MONTHS_A_PAGE = 12
OPEN, NUDGE, CLOSE = "open", "nudge", "close"
TAKE = {OPEN: actions.open_period, NUDGE: actions.nudge_period, CLOSE: actions.close_period}


@login_required
@require_safe
def periods(request, code: str):
    """The months that have opened and the next one, the newest first, with what is in and what is missing."""
    system, day = _system_for(request, code), today()
    months = _known_months(system, day).order_by("-starts_on")
    paginator = Paginator(months, MONTHS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "system": system,
        "rows": _rows(system, list(page), day),
        "pages": {"page": page, "paginator": paginator, "prefixed_page_field": "page"},
        "crumbs": crumbs_to(system),
    }
    drawn = {"periods": lambda: PeriodTable(_rows(system, list(months), day))}
    return render_list(request, "commitments/period_list.html", context, tables=(), drawn=drawn)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def period_step(request, code: str, month: str, step: str):
    """Says what opening, nudging or closing a month would do (GET), then does it (POST)."""
    system, day = _system_for(request, code), today()
    period = get_object_or_404(_known_months(system, day), pk=_day_or_404(month))
    if step not in TAKE:
        raise Http404
    [row] = _rows(system, [period], day)
    if request.method == "POST":
        return _take(request, system, period, step, day)
    if step not in row.steps:
        messages.info(request, f"{period}: {row.state}")
        return redirect("commitments:periods", system.code)
    context = {
        "system": system,
        "row": row,
        "step": step,
        "crumbs": [*crumbs_to(system), ("Reporting periods", reverse("commitments:periods", args=[system.code]))],
        **_consequences(system, period, step, day),
    }
    return render(request, "commitments/period_check.html", context)


def _system_for(request, code: str) -> Footprint:
    system = get_object_or_404(Footprint.objects.visible_to(request.user).systems(), code=code)
    require(request.user, Action.RUN_PERIODS, system)
    return system


def _known_months(system: Footprint, day: dt.date) -> QuerySet[ReportingPeriod]:
    """Those that have opened, and the next one."""
    following = ReportingPeriod.objects.filter(opens_on__gt=day).order_by("starts_on").values("pk")[:1]
    opened = PeriodAct.objects.filter(system=system).values("period")
    return ReportingPeriod.objects.filter(Q(opens_on__lte=day) | Q(pk__in=opened) | Q(pk__in=following))


def _day_or_404(month: str) -> dt.date:
    try:
        return dt.date.fromisoformat(month)
    except ValueError:
        raise Http404 from None


def _rows(system: Footprint, months: list[ReportingPeriod], day: dt.date) -> list[present.PeriodRow]:
    acts = PeriodAct.objects.filter(system=system, period__in=months).select_related("done_by")
    told = Delivery.objects.inside(system).expecting_reports().values_list("told", flat=True)
    return present.period_rows(
        months,
        still_open={period.pk for period in ReportingPeriod.objects.open_for(system, day)},
        acts=list(acts),
        counts=Report.objects.counted_by_period(system, months),
        told=list(told),
        published={one.period_id: one for one in Publication.objects.of(system).current()},
        today=day,
    )


def _take(request, system: Footprint, period: ReportingPeriod, step: str, day: dt.date):
    try:
        told = TAKE[step](system=system, period=period, by=request.user, today=day)
    except actions.Conflict:
        messages.warning(request, f"Nothing was changed: somebody was there before you. See how {period} stands.")
    else:
        messages.success(request, present.done_in_words(step, period, told))
    return redirect("commitments:periods", system.code)


def _consequences(system: Footprint, period: ReportingPeriod, step: str, day: dt.date) -> dict[str, Any]:
    if step == NUDGE:
        numbers = outbox.missing_by_writer(system, period, day)
        people = User.objects.in_bulk(numbers)
        return {"people": [(people[pk], number) for pk, number in numbers.most_common()]}
    if step == CLOSE:
        still_open = ReportingPeriod.objects.open_for(system, day)
        return {"earlier": [other for other in still_open if other.starts_on < period.starts_on]}
    return {}
