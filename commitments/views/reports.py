"""The monthly report: write it, save it as a draft, submit it for sign-off."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commitments.actions import Conflict, save_report
from commitments.choices import ReportState
from commitments.forms.reports import ReportForm
from commitments.models import Delivery, Report, ReportingPeriod
from commitments.presenters import writing
from commitments.presenters.delivery import milestone_rows
from commitments.views.access import crumbs_to, delivery_for, month_for, people_who_may
from ltp_portal.clock import today
from systems.permissions import Action


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, pk: int):
    """One report on this delivery for a month that is open: the one owed, unless another is chosen."""
    delivery = delivery_for(request, pk, Action.REPORT)
    day = today()
    months = ReportingPeriod.objects.open_for(delivery.footprint.system, day)
    period = month_for(request, delivery, months)
    if period is None or not delivery.is_applicable:
        return _closed(request, delivery, months, day)
    current = Report.objects.still_open().filter(delivery=delivery, period=period).select_related("author").first()
    latest = current or Report.objects.filter(delivery=delivery).exclude(state=ReportState.DRAFT).first()
    if request.method != "POST":
        if current is not None and current.state == ReportState.SUBMITTED:
            return _awaiting_sign_off(request, delivery, current, day)
        return _show(request, delivery, period, ReportForm(initial=_first_words(period, current, latest)), latest)
    form = ReportForm(request.POST)
    return (
        _save(request, delivery, period, form, day)
        if form.is_valid()
        else _show(request, delivery, period, form, latest)
    )


def _closed(request, delivery: Delivery, months: list[ReportingPeriod], day: dt.date):
    """Why there is nothing to report today. What somebody was writing meanwhile is given back to them."""
    page = {
        "delivery": delivery,
        "months": months,
        "following": ReportingPeriod.objects.filter(opens_on__gt=day).first(),
        "typed": ReportForm(request.POST).typed(),
        "crumbs": crumbs_to(delivery),
    }
    return render(request, "commitments/report_closed.html", page, status=409 if request.method == "POST" else 200)


def _first_words(period: ReportingPeriod, current: Report | None, latest: Report | None) -> dict:
    words = writing.words_of(latest) if latest else {}
    return words | {"version": current.version if current else 0, "period": period.pk}


def _show(request, delivery: Delivery, period: ReportingPeriod, form: ReportForm, latest: Report | None):
    day = today()
    page = {
        "delivery": delivery,
        "period": period,
        "months": ReportingPeriod.objects.open_for(delivery.footprint.system, day),
        "heading": f"Report for {period}",
        "form": form,
        "crumbs": crumbs_to(delivery),
        "facts": writing.facts(delivery, day),
        "milestones": milestone_rows(delivery.milestones.all(), day),
        "latest": latest,
        "may": {"read_working": True},
        "is_own_month": latest is not None and latest.period_id == period.pk,
        "is_late": day > period.due_on,
    }
    return render(request, "commitments/report_form.html", page)


def _awaiting_sign_off(request, delivery: Delivery, waiting: Report, day: dt.date):
    page = {
        "delivery": delivery,
        "report": waiting,
        "heading": f"Report for {waiting.period} awaits sign-off",
        "may": {"read_working": True},
        "approvers": people_who_may(Action.SIGN_OFF, delivery, day).exclude(pk=waiting.author_id),
        "crumbs": crumbs_to(delivery),
    }
    return render(request, "commitments/report_submitted.html", page)


def _save(request, delivery: Delivery, period: ReportingPeriod, form: ReportForm, day: dt.date):
    try:
        if form.cleaned_data["period"] != period.pk:
            raise Conflict
        save_report(
            delivery=delivery,
            period=period,
            words=form.words(),
            version=form.cleaned_data["version"],
            submit=form.is_submission,
            by=request.user,
            today=day,
        )
    except Conflict:
        stored = Report.objects.filter(delivery=delivery, period=period).select_related("author").first()
        if not _was_saved_already(stored, form, request):
            return _conflict(request, delivery, stored, form)
    messages.success(request, "Report submitted for sign-off" if form.is_submission else "Draft saved")
    return redirect("commitments:delivery", delivery.pk)


def _was_saved_already(stored: Report | None, form: ReportForm, request) -> bool:
    """The second of two clicks: the same person's same words are stored, in the same state."""
    state = ReportState.SUBMITTED if form.is_submission else ReportState.DRAFT
    return (
        stored is not None and (stored.author, stored.state) == (request.user, state) and form.says_the_same_as(stored)
    )


def _conflict(request, delivery: Delivery, stored: Report | None, form: ReportForm):
    theirs = writing.report_rows(stored) if stored else []
    page = {
        "delivery": delivery,
        "stored": stored,
        "rows": writing.side_by_side(theirs, writing.report_rows(Report(**form.words()))),
        "crumbs": crumbs_to(delivery),
        "again": "commitments:report",
    }
    return render(request, "commitments/edit_conflict.html", page, status=409)
