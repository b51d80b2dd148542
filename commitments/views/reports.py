"""The monthly report: write it, see what the status would become, save it as a draft, submit it for sign-off."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from commitments.actions import Conflict, save_report
from commitments.choices import ReportState
from commitments.forms.choosing import sent_again
from commitments.forms.reports import ReportForm, UnchangedForm
from commitments.models import Report, ReportingPeriod
from commitments.presenters import writing
from commitments.views.access import crumbs_to, people_who_may
from commitments.views.desk import Desk, desk_for
from commitments.views.measured import chart_of
from ltp_portal import unsent
from ltp_portal.sent_once import sent_once
from systems.permissions import Action

# Where a page has shown no status yet.
NOTHING_SEEN = "nothing"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def report(request, pk: int):
    """One report on this delivery for a month that is open: the one owed, unless another is chosen."""
    desk = desk_for(request, pk)
    sent = unsent.sent(request)
    if not desk.is_open:
        return _closed(request, desk, sent)
    if sent is None:
        return _awaiting_sign_off(request, desk, desk.waiting) if desk.waiting else _show(request, desk, desk.form())
    form = desk.form(sent)
    if request.method == "POST":
        return _take(request, desk, form)
    return _conflict(request, desk, form) if desk.waiting else _show(request, desk, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def unchanged(request, pk: int):
    """Last month's words once more, with a confidence and a date given anew."""
    desk = desk_for(request, pk)
    sent = unsent.sent(request)
    if not desk.is_open:
        return _closed(request, desk, sent)
    if request.method == "POST":
        return _take(request, desk, desk.form(sent, UnchangedForm if desk.last else ReportForm))
    if sent is not None:
        return _show(request, desk, desk.form(sent))
    if not desk.can_repeat:
        return redirect(desk.address)
    return _show(request, desk, desk.form(None, UnchangedForm, **desk.unchanged_words()))


@login_required
@require_POST
def draft(request, pk: int):
    """Saves a draft while its writer types: whatever can be stored as it is. Answers with a line for the page."""
    desk = desk_for(request, pk)
    form = desk.form(request.POST)
    try:
        saved = _write(request, desk, form, submit=False)
    except Conflict:
        desk = desk_for(request, pk)
        return render(request, "commitments/_draft_refused.html", {"desk": desk}, status=409)
    preview = desk.preview(form, desk.evidence())
    page = {
        "version": saved.version,
        "saved_at": desk.now,
        "unreadable": [form[name] for name in form.errors if not form[name].is_hidden],
        "preview": preview,
        "is_new": (preview.mark if preview else NOTHING_SEEN) != request.POST.get("seen"),
    }
    return render(request, "commitments/_draft_saved.html", page)


# --- What was sent ----------------------------------------------------------------------------------------


def _take(request, desk: Desk, form: ReportForm):
    """Nobody submits without having seen what the status would become."""
    if form.undecided:
        return _conflict(request, desk, form)
    if not form.is_valid():
        if isinstance(form, UnchangedForm) and form.asks_for_more:
            form = desk.form(request.POST)
        return _show(request, desk, form)
    if form.then == "preview":
        return _show(request, desk, form)
    if form.is_submission and _is_news(desk, form):
        return _show(request, desk, form, check=True)
    return _save(request, desk, form)


def _is_news(desk: Desk, form: ReportForm) -> bool:
    """Whether the status would become another than the page has shown."""
    preview = desk.preview(form, desk.evidence())
    return preview is not None and form.cleaned_data["seen"] not in ("", preview.mark)


def _write(request, desk: Desk, form: ReportForm, *, submit: bool) -> Report:
    words = form.readable_words()
    if not desk.is_open or "version" in form.errors or form.cleaned_data.get("period") != desk.month.pk:
        raise Conflict
    return save_report(
        delivery=desk.delivery,
        period=desk.month,
        words=words,
        version=form.cleaned_data["version"],
        submit=submit,
        by=request.user,
        today=desk.day,
        page=form.cleaned_data.get("page"),
        ticked=form.cleaned_data.get("ticked"),
    )


def _save(request, desk: Desk, form: ReportForm):
    try:
        _write(request, desk, form, submit=form.is_submission)
    except Conflict:
        desk = desk_for(request, desk.delivery.pk)
        if not _was_saved_already(desk.this_month, form, request):
            return _conflict(request, desk, form)
    messages.success(request, "Report submitted for sign-off" if form.is_submission else "Draft saved")
    return redirect("commitments:delivery", desk.delivery.pk)


def _was_saved_already(stored: Report | None, form: ReportForm, request) -> bool:
    """The second of two clicks: the same person's same words are stored, in the same state."""
    state = ReportState.SUBMITTED if form.is_submission else ReportState.DRAFT
    return (
        stored is not None and (stored.author, stored.state) == (request.user, state) and form.says_the_same_as(stored)
    )


# --- The pages --------------------------------------------------------------------------------------------


def _show(request, desk: Desk, form: ReportForm, *, check: bool = False):
    seen = desk.evidence()
    is_unchanged = isinstance(form, UnchangedForm)
    page = {
        "desk": desk,
        "delivery": desk.delivery,
        "period": desk.month,
        "heading": f"No change since {desk.last.period}" if is_unchanged and desk.last else f"Report for {desk.month}",
        "form": form,
        "preview": desk.preview(form, seen),
        "check": check,
        "crumbs": crumbs_to(desk.delivery),
        "facts": writing.facts(desk.delivery, desk.day),
        "milestones": desk.milestones,
        "is_late": desk.day > desk.month.due_on,
        "carried": writing.carried(form) if isinstance(form, UnchangedForm) else [],
        "last_words": writing.report_facts(desk.last) if desk.last else [],
        "chart": chart_of(desk.delivery, seen.metric, desk.day),
    }
    return render(request, f"commitments/report_{'unchanged' if is_unchanged else 'form'}.html", page)


def _closed(request, desk: Desk, sent):
    """Why there is nothing to report. What somebody was writing meanwhile can be used for a month that is open."""
    form = ReportForm(sent) if sent else None
    anew: dict[str, Any] = {"version": 0, "page": uuid.uuid4(), "then": "draft"}
    page = {
        "delivery": desk.delivery,
        "months": desk.months,
        "used_for": [(month, sent_again(form, period=month.pk, **anew)) for month in desk.months] if form else [],
        "following": ReportingPeriod.objects.filter(opens_on__gt=desk.day).first(),
        "typed": form.typed() if form else [],
        "crumbs": crumbs_to(desk.delivery),
    }
    return render(request, "commitments/report_closed.html", page, status=409 if request.method == "POST" else 200)


def _awaiting_sign_off(request, desk: Desk, waiting: Report):
    page = {
        "delivery": desk.delivery,
        "report": waiting,
        "heading": f"Report for {waiting.period} awaits sign-off",
        "approvers": people_who_may(Action.SIGN_OFF, desk.delivery, desk.day).exclude(pk=waiting.author_id),
        "crumbs": crumbs_to(desk.delivery),
    }
    return render(request, "commitments/report_submitted.html", page)


def _conflict(request, desk: Desk, form: ReportForm):
    """Both texts, to choose between; only to read where what is stored awaits sign-off."""
    stored = desk.this_month
    theirs = writing.report_words(stored) if stored else {}
    yours = writing.report_words(Report(**form.readable_words()))
    if "ticked" in form.fields:
        theirs["ticked"] = writing.titles(desk.milestones, [m.pk for m in stored.ticked.all()] if stored else [])
        yours["ticked"] = writing.titles(desk.milestones, form.ticks)
    page = {
        "desk": desk,
        "delivery": desk.delivery,
        "stored": stored,
        "rows": writing.side_by_side(writing.REPORT_LABELS, theirs, yours, chosen=form.chosen),
        "undecided": form.undecided,
        "again": desk.address,
        "crumbs": crumbs_to(desk.delivery),
    }
    if not desk.waiting:
        then = "submit" if form.is_submission else "draft"
        anew: dict[str, Any] = {"version": desk.version, "period": desk.month.pk, "page": uuid.uuid4(), "then": then}
        page["sent_again"] = sent_again(form, **anew)
    return render(request, "commitments/edit_conflict.html", page, status=409)
