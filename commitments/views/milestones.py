"""The milestones of a delivery: add one, move or withdraw it with a reason, tick it with evidence, take a tick back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commitments import actions
from commitments.choices import StepKind
from commitments.forms.milestones import AchieveForm, MilestoneForm, MoveForm, ReopenForm, StepForm, WithdrawForm
from commitments.models import Delivery, Milestone, MilestoneChange
from commitments.presenters import milestones as present
from commitments.presenters import writing
from commitments.presenters.delivery import milestone_rows
from commitments.views.access import crumbs_to, delivery_for
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once
from systems.permissions import Action


@dataclass(frozen=True)
class Step:
    """Something one can do with a milestone: who may, what is asked, what is done, and when it is not possible."""

    may: Action
    form: type[StepForm]
    act: Callable[..., None]
    heading: str
    button: str
    done: str
    of_achieved: bool


STEPS = {
    StepKind.MOVED: Step(
        Action.SET_LOCAL_PLAN,
        MoveForm,
        actions.move_milestone,
        "Move a milestone",
        "Move the milestone",
        "Milestone moved",
        of_achieved=False,
    ),
    StepKind.ACHIEVED: Step(
        Action.REPORT,
        AchieveForm,
        actions.achieve_milestone,
        "A milestone is achieved",
        "Mark as achieved",
        "Milestone achieved",
        of_achieved=False,
    ),
    StepKind.REOPENED: Step(
        Action.REPORT,
        ReopenForm,
        actions.reopen_milestone,
        "A milestone is not achieved after all",
        "Open the milestone again",
        "Milestone open again",
        of_achieved=True,
    ),
    StepKind.WITHDRAWN: Step(
        Action.SET_LOCAL_PLAN,
        WithdrawForm,
        actions.withdraw_milestone,
        "Withdraw a milestone",
        "Withdraw the milestone",
        "Milestone withdrawn",
        of_achieved=False,
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def milestone_add(request, pk: int):
    """Adds a dated step to the plan."""
    delivery = delivery_for(request, pk, Action.SET_LOCAL_PLAN)
    day = today()
    form = MilestoneForm(unsent.sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_milestone(delivery=delivery, **form.cleaned_data, by=request.user, today=day)
        except ValidationError as refusal:
            form.add_error("title", refusal.messages)
        else:
            messages.success(request, "Milestone added")
            return redirect("commitments:delivery", pk)
    page = {
        "delivery": delivery,
        "form": form,
        "crumbs": crumbs_to(delivery),
        "milestones": milestone_rows(delivery.milestones.standing(), day),
    }
    return render(request, "commitments/milestone_form.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def milestone_change(request, pk: int, milestone_pk: int, kind: StepKind):
    """Moves or withdraws a milestone of this very delivery, ticks it, or takes a wrong tick back."""
    step = STEPS[kind]
    delivery = delivery_for(request, pk, step.may)
    milestone = get_object_or_404(delivery.milestones.select_related("delivery"), pk=milestone_pk)
    form = step.form(unsent.sent(request), request.FILES or None, milestone=milestone, today=today())
    if request.method == "POST" and form.is_valid():
        try:
            step.act(milestone=milestone, **form.facts(), by=request.user, today=today())
        except actions.Conflict:
            last = milestone.changes.first()
            theirs, yours = present.stored_words(last, form), present.sent_words(form)
            rows = writing.side_by_side({name: name for name in yours}, theirs, yours)
            # The second of two clicks finds its own words and is content.
            if last is None or last.recorded_by != request.user or any(row.differs for row in rows):
                return _conflict(request, delivery, rows)
        messages.success(request, f"{step.done}: {milestone.title}")
        return redirect("commitments:delivery", pk)
    page = {
        "delivery": delivery,
        "milestone": milestone_rows([milestone], today())[0],
        "step": step,
        "is_possible": form.is_bound or _is_possible(milestone, step),
        "form": form,
        "crumbs": crumbs_to(delivery),
    }
    return render(request, "commitments/milestone_change.html", page)


def _is_possible(milestone: Milestone, step: Step) -> bool:
    return milestone.withdrawn_on is None and (milestone.achieved_on is not None) is step.of_achieved


def _conflict(request, delivery: Delivery, rows: list):
    page = {"delivery": delivery, "rows": rows, "crumbs": crumbs_to(delivery)}
    return render(request, "commitments/edit_conflict.html", page, status=409)


@login_required
@require_safe
def evidence(request, pk: int, change_pk: int):
    """A file that shows that a milestone was achieved: handed over to be saved, never shown in the browser."""
    delivery = delivery_for(request, pk, Action.READ_POSITIONS)
    with_file = MilestoneChange.objects.filter(milestone__delivery=delivery).exclude(evidence_file="")
    change = get_object_or_404(with_file, pk=change_pk)
    try:
        content = change.evidence_file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record("evidence_downloaded", request=request, delivery=pk, evidence=change_pk)
    return FileResponse(content, as_attachment=True, filename=change.evidence_name)
