"""One change to many deliveries: choose it, look at every row, confirm."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods

from commitments import actions
from commitments.actions.bulk import NO_REASON, Done, Planned
from commitments.filters import DeliveryFilter
from commitments.forms.bulk import ChangeForm, DeadlineForm, LeadForm, PeriodForm
from commitments.forms.choosing import sent_again
from commitments.forms.fields import ChosenRowsField
from commitments.models import Delivery, PlanRevision, ReportingPeriod
from commitments.presenters import bulk as present
from commitments.views.access import people_who_may_somewhere
from commitments.views.background import when_it_follows
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once
from systems.permissions import Action

CRUMBS = (("Deliveries", reverse_lazy("commitments:deliveries")),)
# More rows than this are too many to look at before one confirms.
MOST = 2000


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_change(request):
    """What to change about the chosen deliveries (GET), and every row as it would become (POST): nothing is written."""
    _writers_only(request)
    chosen = list(_chosen(request)[: MOST + 1])
    forms = _forms(request, chosen)
    form = _bound(forms)
    if form is None or not form.is_valid() or len(chosen) > MOST:
        return _choose(request, chosen, forms, form)
    planned = form.change().planned(chosen, request.user)
    if any(row.skipped == NO_REASON for row in planned):
        form.add_error("reason", "Enter why another deadline is needed: some of these have one already")
        return _choose(request, chosen, forms, form)
    return _preview(request, form, planned)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def bulk_confirm(request):
    """Makes the change to the rows that were shown. Those that somebody else changed meanwhile are shown once more.

    Who was signed out before they confirmed looks at every row again (GET).
    """
    if request.method != "POST":
        return bulk_change(request)
    _writers_only(request)
    chosen = list(_chosen(request)[: MOST + 1])
    forms = _forms(request, chosen)
    form = _bound(forms)
    if form is None or not form.is_valid() or len(chosen) > MOST:
        return _choose(request, chosen, forms, form)
    versions, when = form.cleaned_data["row"], when_it_follows()
    done = actions.change_many(change=form.change(), versions=versions, by=request.user, today=today())
    _say_what_was_done(request, done, when=when)
    if done.contested:
        return _contested(request, form, done)
    return redirect(_back(request))


def _writers_only(request) -> None:
    if not request.user.paths_for(Action.REPORT):
        raise PermissionDenied


def _chosen(request) -> QuerySet[Delivery]:
    """The deliveries in sight that were sent, were ticked, or match the filters."""
    visible = Delivery.objects.visible_to(request.user).for_list()
    sent = unsent.sent(request)
    if sent is not None:
        return visible.filter(pk__in=ChosenRowsField().to_python(sent.getlist("row")))
    if request.GET.get("all"):
        found = DeliveryFilter(request.GET, visible, request=request, today=today())
        return found.qs if found.is_valid() else visible.none()
    ticked = ChosenRowsField().to_python([f"{key}-0" for key in request.GET.getlist("delivery")])
    return visible.filter(pk__in=ticked)


def _forms(request, chosen: list[Delivery]) -> list[ChangeForm]:
    """A form for each thing this person may change."""
    day = today()
    sent = request.POST or unsent.kept(request) or {}

    def about(form, **more) -> ChangeForm:
        rows = [" ".join(f"{delivery.pk}-{delivery.version}" for delivery in chosen)]
        return form(sent if sent.get("what") == form.what else None, initial={"row": rows}, **more)

    systems = {delivery.footprint.system_id for delivery in chosen}
    open_in = ReportingPeriod.objects.open_in(systems, day).values()
    # Only months that take reports in every system that was chosen.
    open_everywhere = set.intersection(*map(set, open_in)) if open_in else set()
    periods = ReportingPeriod.objects.filter(pk__in=[month.pk for month in open_everywhere])
    forms = [about(DeadlineForm), about(PeriodForm, periods=periods)]
    if request.user.paths_for(Action.SET_LOCAL_PLAN):
        leads = people_who_may_somewhere(Action.READ_POSITIONS, chosen, day)
        forms.insert(0, about(LeadForm, leads=leads, today=day))
    return forms


def _bound(forms: list[ChangeForm]) -> ChangeForm | None:
    return next((form for form in forms if form.is_bound), None)


def _choose(request, chosen: list[Delivery], forms: list[ChangeForm], form: ChangeForm | None):
    page = {"chosen": chosen, "most": MOST, "forms": forms, "form": form, "back": _back(request), "crumbs": CRUMBS}
    page["is_too_many"] = len(chosen) > MOST
    return render(request, "commitments/bulk_choose.html", page)


def _preview(request, form: ChangeForm, planned: list[Planned]):
    page = {
        "change": form,
        "carried": sent_again(form, without="row"),
        "ready": present.lines(row for row in planned if not row.skipped),
        "skipped": present.lines(row for row in planned if row.skipped),
        "back": _back(request),
        "crumbs": CRUMBS,
    }
    return render(request, "commitments/bulk_preview.html", page)


def _contested(request, form: ChangeForm, done: Done):
    """Rows that somebody else changed since they were shown: who did, what they are now, and what one wanted."""
    deliveries = [row.delivery for row in done.contested]
    latest = PlanRevision.objects.filter(delivery__in=deliveries).in_force_on(today()).select_related("recorded_by")
    page = {
        "change": form,
        "carried": sent_again(form, without="row"),
        "contested": present.lines(done.contested, {revision.delivery_id: revision for revision in latest}),
        "back": _back(request),
        "crumbs": CRUMBS,
    }
    return render(request, "commitments/bulk_preview.html", page, status=409)


def _say_what_was_done(request, done: Done, *, when: str) -> None:
    asked = sum(row.asks for row in done.changed)
    if changed := len(done.changed) - asked:
        deliveries = "1 delivery" if changed == 1 else f"{changed:,} deliveries"
        messages.success(request, f"{deliveries} changed. Statuses follow {when}.")
    if asked:
        changes = "1 deadline change" if asked == 1 else f"{asked:,} deadline changes"
        messages.success(request, f"{changes} asked for. Each counts once an approver agrees.")
    if done.skipped:
        left = len(done.skipped)
        messages.info(
            request, "1 delivery was left as it is." if left == 1 else f"{left:,} deliveries were left as they are."
        )


def _back(request) -> str:
    """The list as it was filtered."""
    query = request.GET.copy()
    for name in ("delivery", "all"):
        query.pop(name, None)
    return f"{reverse('commitments:deliveries')}?{query.urlencode()}"
