"""The deliveries in sight, and one delivery with its history and the reason for its status."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from commitments import evidence
from commitments.choices import ReportState
from commitments.filters import DeliveryFilter, PastDeliveryFilter
from commitments.forms.days import AsOfForm
from commitments.models import Delivery, MilestoneChange, PositionChange
from commitments.presenters import delivery as present
from commitments.presenters.forecast import expected_finish
from commitments.presenters.milestones import milestones_then
from commitments.presenters.timeline import timeline
from commitments.tables import DeliveryTable, HistoryTable, Ordered, PastDeliveryTable, TickedDeliveryTable
from commitments.views.measured import measured
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from systems.permissions import Action, may

CRUMBS = (("Deliveries", reverse_lazy("commitments:deliveries")),)


@login_required
@require_safe
def deliveries(request):
    """The deliveries this person may see, with filters; the worst first."""
    visible = Delivery.objects.visible_to(request.user).for_list()
    day = today()
    form = AsOfForm(request.GET, today=day)
    if form.past_day:
        day = form.past_day
        log = PositionChange.objects.visible_to(request.user).standing_on(day)
        found = PastDeliveryFilter(request.GET, log.onto(visible), request=request, today=day)
        table = PastDeliveryTable(_matching(found), today=day)
    else:
        found = DeliveryFilter(request.GET, visible, request=request, today=day)
        kind = TickedDeliveryTable if request.user.paths_for(Action.REPORT) else DeliveryTable
        rows = _matching(found)
        table = kind(Ordered(rows.worst_first(), counted=rows), today=day)
    page = {"filter": found, "form": form, "as_of": form.past_day, "table": table.as_asked(request.GET)}
    return render_list(request, "commitments/delivery_list.html", page)


def _matching(found):
    return found.qs if found.is_valid() else found.queryset.none()


@login_required
@require_safe
def delivery(request, pk):
    """One delivery: its stored status, and in words what the rules make of its evidence."""
    found = get_object_or_404(Delivery.objects.visible_to(request.user).for_list(), pk=pk)
    day = today()
    form = AsOfForm(request.GET, today=day)
    if form.past_day:
        return _then(request, found, form)
    seen = evidence.of_delivery(found, day)
    context = {
        "crumbs": CRUMBS,
        "delivery": found,
        "form": form,
        "status": present.standing(found.position, day),
        "signals": present.signals(found, found.position, day),
        "expected_finish": expected_finish(seen, day),
        "plan": present.plan_facts(found),
        "evidence": present.evidence_in_words(seen),
        "tried": present.tried(seen, day),
        "may": _allowed(request.user, found),
        **measured(found, seen.metric, day),
        **_happened(request, found, day),
    }
    return render_list(request, "commitments/delivery_detail.html", context, tables=["history"])


def _then(request, found, form):
    """One delivery as it stood on a past day: its status from the log, and what was known of it."""
    day = form.past_day
    seen = evidence.of_delivery_then(found, day)
    readable = found.reports.readable_by(request.user).signed_off().filter(decided_on__lte=day)
    reports = list(readable.select_related("period", "author", "decided_by"))
    deadlines = found.deadline_changes.readable_by(request.user).filter(decided_on__lte=day)
    changes = list(found.position_changes.filter(changed_on__lte=day))
    known = list(found.milestones.filter(recorded_on__lte=day).select_related("recorded_by"))
    milestones = milestones_then(known, _steps(found).first_after(day), day)
    history = timeline(
        reports,
        deadlines.select_related("asked_by", "decided_by"),
        known,
        _steps(found).filter(recorded_on__lte=day).select_related("milestone", "recorded_by"),
        _plans(found).filter(recorded_on__lte=day),
        changes,
    )
    context = {
        "crumbs": CRUMBS,
        "delivery": found,
        "form": form,
        "as_of": day,
        "status": changes[0] if changes else None,
        "evidence": present.evidence_in_words(seen) if seen else [],
        "milestones": milestones,
        "latest": reports[0] if reports else None,
        "history": HistoryTable(history).as_asked(request.GET),
        **measured(found, seen.metric if seen else None, day),
    }
    return render_list(request, "commitments/delivery_past.html", context, tables=["history"])


def _allowed(user, delivery):
    return {
        "report": may(user, Action.REPORT, delivery),
        "plan": may(user, Action.SET_LOCAL_PLAN, delivery),
        "deadline": _has_deadline_to_move(delivery) and may(user, Action.ASK_DEADLINE, delivery),
    }


def _has_deadline_to_move(delivery):
    return delivery.is_applicable and delivery.local_deadline_on is not None


def _happened(request, delivery, day):
    """The milestones, the latest signed-off report, those still open, and all that this person may read of the past."""
    readable = delivery.reports.readable_by(request.user).select_related("period", "author", "decided_by")
    reports = list(readable)
    deadlines = delivery.deadline_changes.readable_by(request.user).select_related("asked_by", "decided_by")
    steps = list(_steps(delivery).select_related("milestone", "recorded_by"))
    milestones = list(delivery.milestones.select_related("recorded_by"))
    history = timeline(reports, deadlines, milestones, steps, _plans(delivery), delivery.position_changes.all())
    standing = [milestone for milestone in milestones if milestone.withdrawn_on is None]
    return {
        "milestones": present.milestone_rows(standing, day, steps),
        "latest": next((report for report in reports if report.state == ReportState.SIGNED_OFF), None),
        "still_open": [report for report in reports if report.state != ReportState.SIGNED_OFF],
        "history": HistoryTable(history).as_asked(request.GET),
    }


def _plans(delivery):
    return delivery.plan_revisions.select_related("lead", "recorded_by")


def _steps(delivery):
    return MilestoneChange.objects.filter(milestone__delivery=delivery)
