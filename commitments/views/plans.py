"""The local plan of a delivery: lead, dates, and whether it applies here."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments import actions
from commitments.forms.choosing import sent_again
from commitments.forms.plans import NO, YES, PlanForm
from commitments.models import Delivery
from commitments.presenters import writing
from commitments.views.access import crumbs_to, delivery_for, people_who_may
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once
from systems.models import User
from systems.permissions import Action


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def plan(request, pk: int):
    """Sets the local plan, unless somebody else did since the page was read."""
    delivery = delivery_for(request, pk, Action.SET_LOCAL_PLAN)
    day = today()
    # A lead stays in the list even where they have lost their role, so that saving does not drop them unseen.
    may_lead = Q(pk__in=people_who_may(Action.READ_POSITIONS, delivery, day)) | Q(pk=delivery.lead_id)
    form = PlanForm(
        unsent.sent(request),
        stored=_first_shown(delivery),
        initial=_first_shown(delivery),
        leads=User.objects.filter(may_lead),
        settled_deadline_on=delivery.local_deadline_on,
    )
    if form.undecided and form.is_valid():
        return _plan_conflict(request, delivery, form)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_local_plan(
                delivery=delivery,
                version=form.cleaned_data["version"],
                plan=form.plan(),
                by=request.user,
                today=day,
            )
        except actions.Conflict:
            stored = delivery_for(request, pk, Action.SET_LOCAL_PLAN)
            # The second of two clicks finds its own plan and is content.
            if form.plan().items() - _stored_plan(stored).items():
                return _plan_conflict(request, stored, form)
        messages.success(request, "Local plan saved")
        return redirect("commitments:delivery", pk)
    page = {"delivery": delivery, "form": form, "crumbs": crumbs_to(delivery), "facts": writing.facts(delivery, day)}
    return render(request, "commitments/plan_form.html", page)


def _stored_plan(delivery: Delivery) -> dict[str, Any]:
    return {
        "lead": delivery.lead,
        "planned_start_on": delivery.planned_start_on,
        "local_deadline_on": delivery.local_deadline_on,
        "is_applicable": delivery.is_applicable,
        "not_applicable_reason": delivery.not_applicable_reason,
    }


def _first_shown(delivery: Delivery) -> dict[str, Any]:
    answer = YES if delivery.is_applicable else NO
    return _stored_plan(delivery) | {"is_applicable": answer, "version": delivery.version}


def _plan_conflict(request, delivery: Delivery, form: PlanForm):
    sent = form.plan()
    # A first deadline that somebody set meanwhile stays: another one is asked for.
    settled = "local_deadline_on" if delivery.local_deadline_on and "local_deadline_on" in sent else ""
    labels = {name: str(form.fields[name].label) for name in sent}
    theirs, yours = ({name: writing.in_words(plan[name]) for name in sent} for plan in (_stored_plan(delivery), sent))
    page = {
        "delivery": delivery,
        "rows": writing.side_by_side(labels, theirs, yours, chosen=form.chosen, settled=settled),
        "undecided": form.undecided,
        "again": reverse("commitments:plan", args=[delivery.pk]),
        "sent_again": sent_again(form, without=settled, version=delivery.version),
        "crumbs": crumbs_to(delivery),
    }
    return render(request, "commitments/edit_conflict.html", page, status=409)
