"""The improvement plan of a footprint: what would close which gap in time, and the actions themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once
from systems import actions
from systems.forms.improvement import ActionForm, DoneForm
from systems.models import Criterion, Framework, ImprovementAction, MaturityPosition, User
from systems.permissions import Action, may
from systems.presenters import improvement as present
from systems.presenters.maturity import footprint_href
from systems.tables.maturity import ActionTable
from systems.views.found import Place, action_for, crumbs, place_for


@login_required
@require_safe
def plan(request, code: str, footprint_code: str):
    """Each gap, whether the open actions would close it in time, and what is left; then all actions."""
    place = place_for(request, code, footprint_code)
    day = today()
    found = ImprovementAction.objects.filter(footprint=place.footprint).nearest_first()
    found = found.select_related("owner", "done_by").prefetch_related("closes", "moves__recorded_by")
    listed = [(action, list(action.closes.all())) for action in found]
    gaps = MaturityPosition.objects.filter(footprint=place.footprint).with_a_gap()
    positions = list(gaps.of_current_frameworks().worst_first().in_words())
    known = Criterion.objects.in_bulk({pk for position in positions for pk in position.in_the_way})
    lines = [present.action_line(action, closes, day, action.moves.all()) for action, closes in listed]
    page = {
        **place._asdict(),
        "today": day,
        "outlooks": present.outlooks(positions, known, [one for one in listed if one[0].done_on is None], day),
        "open_actions": [line for line in lines if line.action.done_on is None],
        "done_actions": [line for line in lines if line.action.done_on is not None],
        "may": {
            "plan": may(request.user, Action.SET_LOCAL_PLAN, place.footprint),
            "finish": may(request.user, Action.REPORT, place.footprint),
            "read_working": may(request.user, Action.READ_POSITIONS, place.footprint),
        },
        "crumbs": crumbs(request, place),
    }
    drawn = {"actions": lambda: ActionTable(lines)}
    return render_list(request, "systems/improvement_plan.html", page, tables=(), drawn=drawn)


def _address(place: Place) -> str:
    return footprint_href("improvement", place.footprint)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def add(request, code: str, footprint_code: str):
    """Adds an action to the plan."""
    place = place_for(request, code, footprint_code, Action.SET_LOCAL_PLAN)
    initial = {"version": 0, "closes": request.GET.getlist("criterion")}
    form = _form(request, place, None, initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_action(footprint=place.footprint, **form.facts(), by=request.user, today=today())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Action added to the improvement plan")
            return redirect(_address(place))
    return _show_form(request, place, form, "Add an action")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def change(request, code: str, footprint_code: str, pk: int):
    """Changes an open action, unless somebody else did since the page was read."""
    place = place_for(request, code, footprint_code, Action.SET_LOCAL_PLAN)
    action = action_for(place, pk)
    stored = {name: getattr(action, name) for name in ("title", "owner", "due_on", "version")}
    form = _form(request, place, action, stored | {"closes": list(action.closes.values_list("pk", flat=True))})
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_action(action=action, version=version, **form.facts(), by=request.user, today=today())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        except actions.Conflict:
            return _conflict(request, place, action_for(place, pk), form)
        else:
            messages.success(request, "Action changed")
            return redirect(_address(place))
    return _show_form(request, place, form, "Change an action", action=action)


def _form(request, place: Place, action: ImprovementAction | None, initial: dict) -> ActionForm:
    """Owners are those who may read drafts here; an owner who no longer may stays in the list."""
    may_own = Q(pk__in=User.objects.who_may(Action.READ_POSITIONS, [place.footprint], today()))
    mine = Q(domain__framework__in=Framework.objects.used_by(place.footprint).current())
    if action is not None:
        mine |= Q(actions=action)
    criteria = Criterion.objects.filter(mine).distinct().select_related("domain__framework", "level")
    return ActionForm(
        unsent.sent(request),
        initial=initial,
        action=action,
        owners=User.objects.filter(may_own | Q(pk=action.owner_id if action else None)),
        criteria=criteria,
    )


def _show_form(
    request, place: Place, form: ActionForm | DoneForm, heading: str, action: ImprovementAction | None = None
):
    page = {
        **place._asdict(),
        "form": form,
        "heading": heading,
        "action": action,
        "is_done": action is not None and action.done_on is not None,
        "crumbs": [*crumbs(request, place), ("Improvement plan", _address(place))],
    }
    return render(request, "systems/improvement_form.html", page)


def _conflict(request, place: Place, stored: ImprovementAction, form):
    """What is stored, and what was sent: the writer sends again what of theirs shall hold."""
    rows = [("Action", stored.title), ("Owner", stored.owner), ("Due date", stored.due_on), ("Done on", stored.done_on)]
    if stored.done_on is None:
        form.data = form.data.copy()
        form.data["version"] = str(stored.version)
    page = {
        **place._asdict(),
        "form": form,
        "heading": "Somebody else changed this action",
        "action": stored,
        "is_done": stored.done_on is not None,
        "theirs": rows,
        "crumbs": [*crumbs(request, place), ("Improvement plan", _address(place))],
    }
    return render(request, "systems/improvement_form.html", page, status=409)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def finish(request, code: str, footprint_code: str, pk: int):
    """Marks an action as done, with what shows it."""
    place = place_for(request, code, footprint_code, Action.REPORT)
    action = action_for(place, pk)
    initial = {"done_on": today(), "version": action.version}
    form = DoneForm(unsent.sent(request), request.FILES or None, today=today(), initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("done_on", "version")} | form.shown()
        try:
            actions.finish_action(action=action, **said, by=request.user, today=today())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        except actions.Conflict:
            return _conflict(request, place, action_for(place, pk), form)
        else:
            messages.success(request, "Action done. Its criteria count as met once an assessment says so")
            return redirect(_address(place))
    return _show_form(request, place, form, "An action is done", action=action)


@login_required
@require_safe
def evidence(request, code: str, footprint_code: str, pk: int):
    """A file that shows that an action was done: handed over to be saved, never shown in the browser."""
    place = place_for(request, code, footprint_code, Action.READ_POSITIONS)
    with_file = ImprovementAction.objects.filter(footprint=place.footprint).exclude(evidence_file="")
    action = get_object_or_404(with_file, pk=pk)
    try:
        content = action.evidence_file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record("evidence_downloaded", request=request, improvement=pk, evidence=pk)
    return FileResponse(content, as_attachment=True, filename=action.evidence_name)
