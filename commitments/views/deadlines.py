"""Another local deadline: ask for it, and decide about it. National deadlines are nowhere to be moved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods

from commitments import actions
from commitments.choices import Ask
from commitments.forms.choosing import sent_again
from commitments.forms.deadlines import DeadlineAskForm, DeadlineDecisionForm
from commitments.models import DeadlineChange, Delivery
from commitments.models.deadlines import NOT_ONES_OWN_ASK
from commitments.presenters import deadlines as present
from commitments.presenters import writing
from commitments.views.access import crumbs_to, delivery_for, people_who_may, require
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once
from systems.permissions import Action

QUEUE = (("Sign-off", reverse_lazy("commitments:sign_off")),)


# --- Asking -----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def deadline(request, pk: int):
    """Asks for another local deadline of this delivery; shows the one asked for while nobody has decided."""
    delivery = delivery_for(request, pk, Action.ASK_DEADLINE)
    if delivery.local_deadline_on is None or not delivery.is_applicable:
        return _show_ask(request, delivery, "commitments/deadline_closed.html")
    asked = _asked(delivery)
    sent = unsent.sent(request)
    if sent is None and asked is not None:
        return _awaiting_decision(request, delivery, asked)
    form = DeadlineAskForm(
        sent,
        initial={"old_on": delivery.local_deadline_on},
        planned_start_on=delivery.planned_start_on,
    )
    if request.method == "POST":
        return _ask(request, delivery, form) if form.is_valid() else _show_form(request, delivery, form)
    # What was kept while its writer was signed out, and somebody asked meanwhile.
    is_too_late = asked is not None and form.is_valid()
    return _ask_conflict(request, delivery, asked, form) if is_too_late else _show_form(request, delivery, form)


def _asked(delivery: Delivery) -> DeadlineChange | None:
    return delivery.deadline_changes.undecided().select_related("asked_by", "decided_by").first()


def _ask(request, delivery: Delivery, form: DeadlineAskForm):
    try:
        actions.ask_deadline_change(delivery=delivery, **form.cleaned_data, by=request.user, today=today())
    except actions.Conflict:
        stored = _asked(delivery)
        # The second of two clicks finds its own words and is content.
        if stored is None or stored.asked_by != request.user or _words(stored) != form.cleaned_data:
            return _ask_conflict(request, delivery, stored, form)
    messages.success(request, "Deadline change asked for. It counts once an approver agrees.")
    if warning := present.beyond_national(delivery.commitment, form.cleaned_data["new_on"]):
        messages.warning(request, warning)
    return redirect("commitments:delivery", delivery.pk)


def _words(change: DeadlineChange) -> dict[str, Any]:
    return {"old_on": change.old_on, "new_on": change.new_on, "reason": change.reason}


def _ask_conflict(request, delivery: Delivery, stored: DeadlineChange | None, form: DeadlineAskForm):
    labels = {"old_on": "Local deadline so far", "new_on": "New local deadline", "reason": "Why"}
    now = Delivery.objects.get(pk=delivery.pk).local_deadline_on
    there = {"new_on": None, "reason": None} | (_words(stored) if stored else {}) | {"old_on": now}
    theirs, yours = ({name: writing.in_words(words[name]) for name in labels} for words in (there, form.cleaned_data))
    page = {
        "delivery": delivery,
        "rows": writing.side_by_side(labels, theirs, yours),
        "crumbs": crumbs_to(delivery),
        "again": reverse("commitments:deadline", args=[delivery.pk]),
        # Nobody asks twice at a time; but the same may be asked of another deadline.
        "sent_again": sent_again(form, old_on=now) if stored is None and now else None,
        "as_a_whole": True,
    }
    return render(request, "commitments/edit_conflict.html", page, status=409)


def _awaiting_decision(request, delivery: Delivery, asked: DeadlineChange):
    page = {
        "rows": present.change_facts(asked),
        "warning": present.beyond_national(delivery.commitment, asked.new_on),
        "approvers": people_who_may(Action.SIGN_OFF, delivery, today()).exclude(pk=asked.asked_by_id),
    }
    return _show_ask(request, delivery, "commitments/deadline_asked.html", **page)


def _show_form(request, delivery: Delivery, form: DeadlineAskForm):
    national_on = present.not_to_be_moved(delivery.commitment)
    return _show_ask(request, delivery, "commitments/deadline_form.html", form=form, national_on=national_on)


def _show_ask(request, delivery: Delivery, template: str, **page: Any):
    decided = delivery.deadline_changes.exclude(state=Ask.ASKED).select_related("asked_by", "decided_by")
    page |= {
        "delivery": delivery,
        "crumbs": crumbs_to(delivery),
        "facts": writing.facts(delivery, today()),
        "decided": [present.change_facts(change) for change in decided],
    }
    return render(request, template, page)


# --- Deciding ---------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def deadline_change(request, pk: int):
    """One deadline change: agree, or refuse with a note."""
    change = _change_for(request, pk)
    if change.state != Ask.ASKED:
        return _decided_already(request, change)
    sent = unsent.sent(request)
    if request.method != "POST":
        kept = {"note": sent.get("note", "")} if sent else None
        return _show_change(request, change, form=DeadlineDecisionForm(initial=kept))
    form = DeadlineDecisionForm(sent)
    if not form.is_valid():
        return _show_change(request, change, form=form)
    try:
        _decide(request, change, form.cleaned_data)
    except actions.Conflict:
        return _decided_already(request, _change_for(request, pk))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _show_change(request, change, form=form)
    return redirect("commitments:sign_off")


def _change_for(request, pk: int) -> DeadlineChange:
    related = ("delivery__commitment", "delivery__footprint", "delivery__position", "delivery__lead")
    readable = DeadlineChange.objects.readable_by(request.user).select_related(*related, "asked_by", "decided_by")
    change = get_object_or_404(readable, pk=pk)
    require(request.user, Action.SIGN_OFF, change)
    if change.asked_by == request.user:
        raise PermissionDenied(NOT_ONES_OWN_ASK)
    return change


def _decide(request, change: DeadlineChange, decided: dict[str, Any]) -> None:
    decision = {"change": change, "note": decided["note"], "by": request.user, "today": today()}
    if decided["decision"] == DeadlineDecisionForm.REFUSE:
        actions.refuse_deadline_change(**decision)
        messages.success(request, f"Deadline change refused: {change.delivery}")
    else:
        actions.agree_deadline_change(**decision)
        messages.success(request, f"Deadline change agreed: {change.delivery}")


def _decided_already(request, change: DeadlineChange):
    """Somebody decided it since it was read. One's own second click is no conflict."""
    if request.method == "POST" and change.decided_by == request.user:
        messages.info(request, f"You have decided about this deadline already: {change.delivery}")
        return redirect("commitments:sign_off")
    return _show_change(request, change, status=409 if request.method == "POST" else 200)


def _show_change(request, change: DeadlineChange, *, form: DeadlineDecisionForm | None = None, status: int = 200):
    page = {
        "change": change,
        "form": form,
        "rows": present.change_facts(change),
        "warning": present.beyond_national(change.delivery.commitment, change.new_on) if form else "",
        "facts": writing.facts(change.delivery, today()),
        "crumbs": QUEUE,
    }
    return render(request, "commitments/deadline_change.html", page, status=status)
