"""The approver's queue: read, sign off, return with a note; several at once after a look at the list.

Deadline changes to decide stand below the reports; they are decided in `deadlines.py`.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from commitments import actions, evidence
from commitments.choices import ReportState
from commitments.forms.reports import DecisionForm, ReportsToSignOffForm
from commitments.models import DeadlineChange, Report
from commitments.models.reports import NOT_ONES_OWN
from commitments.presenters import deadlines, writing
from commitments.presenters.delivery import milestone_rows
from commitments.presenters.foreseen import foreseen
from commitments.tables.drawn import DeadlineQueueTable, QueueTable
from commitments.views.access import pages_of, require
from commitments.views.background import when_it_follows
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from ltp_portal.sent_once import sent_once
from systems.permissions import Action

CRUMBS = (("Sign-off", reverse_lazy("commitments:sign_off")),)


@login_required
@require_safe
def sign_off(request):
    """Reports and deadline changes awaiting this approver, the oldest first."""
    _approvers_only(request)
    return _queue(request, ReportsToSignOffForm())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def sign_off_many(request):
    """Shows the ticked reports with what would follow from each (GET), then signs them off (POST)."""
    _approvers_only(request)
    form = ReportsToSignOffForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return _queue(request, form)
    chosen = form.cleaned_data["report"]
    if request.method == "POST":
        when = when_it_follows()
        signed = actions.sign_off_many(reports=chosen, by=request.user, today=today())
        _say_how_many(request, signed, left=len(chosen) - signed, when=when)
        return redirect("commitments:sign_off")
    waiting = Report.objects.awaiting_sign_off_by(request.user).filter(pk__in=chosen)
    waiting = waiting.select_related("delivery__position")
    seen = evidence.of_deliveries([report.delivery for report in waiting], today())
    page = {"rows": foreseen(waiting, seen, today()), "crumbs": CRUMBS}
    return render(request, "commitments/sign_off_check.html", page)


def _approvers_only(request) -> None:
    if not request.user.paths_for(Action.SIGN_OFF):
        raise PermissionDenied


def _queue(request, form: ReportsToSignOffForm):
    day = today()
    reports = Report.objects.awaiting_sign_off_by(request.user).select_related("delivery__position")
    pages = pages_of(request, reports, "page")
    changes = DeadlineChange.objects.awaiting_decision_by(request.user).select_related("delivery__position")
    deadline_pages = pages_of(request, changes, "deadlines")
    page = {
        "form": form,
        "rows": [(report, report.delivery.position.sentence_on(day)) for report in pages["page"]],
        "pages": pages,
        "deadline_rows": deadlines.waiting(deadline_pages["page"], day),
        "deadline_pages": deadline_pages,
    }
    drawn = {"reports": lambda: QueueTable(reports), "changes": lambda: DeadlineQueueTable(changes)}
    return render_list(request, "commitments/sign_off_list.html", page, tables=(), drawn=drawn)


def _say_how_many(request, signed: int, *, left: int, when: str) -> None:
    reports = "1 report" if signed == 1 else f"{signed} reports"
    messages.success(request, f"{reports} signed off. Statuses follow {when}.")
    if left:
        were = "1 report was" if left == 1 else f"{left} reports were"
        messages.warning(request, f"{were} left as it stood: decided or changed by somebody else meanwhile.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def sign_off_report(request, pk: int):
    """One report with all its words: sign it off, or return it with a note."""
    report = _report_for(request, pk)
    if report.state != ReportState.SUBMITTED:
        return _decided_already(request, report)
    sent = unsent.sent(request)
    if request.method != "POST":
        return _show(request, report, form=_form_on(report, note=sent.get("note", "") if sent else ""))
    form = DecisionForm(sent)
    if not form.is_valid():
        return _show(request, report, form=form)
    try:
        _decide(request, report, form.cleaned_data)
    except actions.Conflict:
        return _decided_already(request, _report_for(request, pk))
    return redirect("commitments:sign_off")


def _form_on(report: Report, *, note: str = "") -> DecisionForm:
    """Unlike a note, a decision is made anew about what is read now."""
    return DecisionForm(initial={"version": report.version, "note": note})


def _report_for(request, pk: int) -> Report:
    submitted = Report.objects.readable_by(request.user).exclude(state=ReportState.DRAFT)
    related = ("delivery__commitment", "delivery__footprint", "delivery__position", "delivery__lead", "period")
    report = get_object_or_404(submitted.select_related(*related, "author", "decided_by"), pk=pk)
    require(request.user, Action.SIGN_OFF, report)
    if report.author == request.user:
        raise PermissionDenied(NOT_ONES_OWN)
    return report


def _decide(request, report: Report, decided: dict[str, Any]) -> None:
    decision = {"report": report, "version": decided["version"], "by": request.user, "today": today()}
    if decided["decision"] == DecisionForm.RETURN:
        actions.return_report(**decision, note=decided["note"])
        messages.success(request, f"Report returned: {report.delivery}")
    else:
        actions.sign_off(**decision)
        messages.success(request, f"Report signed off: {report.delivery}")


def _decided_already(request, report: Report):
    """Somebody decided it, or its writer sent it anew, since it was read. One's own second click is no conflict."""
    if request.method != "POST":
        sent = unsent.kept(request)
        return _show(request, report, unsent_note=sent.get("note", "") if sent else "")
    if report.decided_by == request.user:
        messages.info(request, f"You have decided about this report already: {report.delivery}")
        return redirect("commitments:sign_off")
    note = request.POST.get("note", "")
    if report.state != ReportState.SUBMITTED:
        return _show(request, report, unsent_note=note, status=409)
    changes = writing.since_read(report, request.POST)
    return _show(request, report, form=_form_on(report, note=note), changes=changes, status=409)


def _show(request, report: Report, *, form: DecisionForm | None = None, status: int = 200, **more):
    day = today()
    page = more | {
        "report": report,
        "form": form,
        "read": writing.as_read(report),
        "heading": f"Report for {report.period}",
        "facts": writing.facts(report.delivery, day),
        "milestones": milestone_rows(report.delivery.milestones.standing(), day),
        "crumbs": CRUMBS,
    }
    return render(request, "commitments/sign_off_report.html", page, status=status)
