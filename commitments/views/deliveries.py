"""The deliveries in sight, and one delivery with its history and the reason for its status."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from commitments import evidence
from commitments.choices import ReportState
from commitments.filters import DeliveryFilter
from commitments.models import Delivery
from commitments.presenters import delivery as present
from commitments.presenters.forecast import expected_finish
from commitments.presenters.measured import metric_facts, observed_chart
from commitments.tables import DeliveryTable, HistoryTable
from ltp_portal.clock import today
from systems.permissions import Action, may

CRUMBS = (("Deliveries", reverse_lazy("commitments:deliveries")),)


@login_required
@require_safe
def deliveries(request):
    """The deliveries this person may see, with filters; the worst first."""
    visible = Delivery.objects.visible_to(request.user)
    day = today()
    found = DeliveryFilter(request.GET, visible.for_list().worst_first(), request=request, today=day)
    table = DeliveryTable(found.qs if found.is_valid() else visible.none(), today=day)
    return render(request, "commitments/delivery_list.html", {"filter": found, "table": table.as_asked(request.GET)})


@login_required
@require_safe
def delivery(request, pk):
    """One delivery: its stored status, and in words what the rules make of its evidence."""
    found = get_object_or_404(Delivery.objects.visible_to(request.user).for_list(), pk=pk)
    day = today()
    seen = evidence.of_delivery(found, day)
    context = {
        "crumbs": CRUMBS,
        "delivery": found,
        "status": present.standing(found.position, day),
        "signals": present.signals(found, found.position, day),
        "expected_finish": expected_finish(seen, day),
        "plan": present.plan_facts(found),
        "evidence": present.evidence_in_words(seen),
        "tried": present.tried(seen, day),
        "milestones": present.milestone_rows(found.milestones.all(), day),
        "may": _allowed(request.user, found),
        **_measured(found, seen.metric, day),
        **_reports(request, found),
    }
    return render(request, "commitments/delivery_detail.html", context)


def _allowed(user, delivery):
    return {
        "report": may(user, Action.REPORT, delivery),
        "plan": may(user, Action.SET_LOCAL_PLAN, delivery),
        "deadline": _has_deadline_to_move(delivery) and may(user, Action.ASK_DEADLINE, delivery),
        "read_working": may(user, Action.READ_WORKING, delivery),
    }


def _has_deadline_to_move(delivery):
    return delivery.is_applicable and delivery.local_deadline_on is not None


def _measured(delivery, target, day):
    """The headline metric here: its target, and what was observed up to the day."""
    metric = delivery.commitment.metrics.filter(is_headline=True).first()
    if metric is None:
        return {"metric": None}
    observed = metric.observations.filter(footprint=delivery.footprint_id, recorded_on__lte=day)
    latest_of_each = observed.order_by("period_end_on", "-id").distinct("period_end_on")
    chart = observed_chart(metric, target, latest_of_each)
    return {"metric": metric, "metric_facts": metric_facts(metric), "chart": chart}


def _reports(request, delivery):
    """The latest signed-off report, the ones still open, and all of the history this person may read."""
    readable = delivery.reports.readable_by(request.user).select_related("period", "author", "decided_by")
    reports = list(readable)
    deadlines = delivery.deadline_changes.readable_by(request.user).select_related("asked_by", "decided_by")
    changes = delivery.position_changes.all()
    return {
        "latest": next((report for report in reports if report.state == ReportState.SIGNED_OFF), None),
        "still_open": [report for report in reports if report.state != ReportState.SIGNED_OFF],
        "history": HistoryTable(present.history(reports, deadlines, changes)).as_asked(request.GET),
    }
