"""The highlight report: one printable page about a delivery, or about a theme of a system."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.models import (
    DeadlineChange,
    Delivery,
    Milestone,
    MilestoneChange,
    Position,
    PositionChange,
    Report,
    Theme,
)
from commitments.presenters import highlight as present
from commitments.presenters.changes import by_move
from commitments.presenters.standing import summary
from commitments.presenters.tallies import Counted, tally
from commitments.views.access import crumbs_to
from ltp_portal.clock import today
from systems.models import Footprint
from systems.permissions import Action, may
from systems.presenters import crumbs_to as crumbs_to_systems


@login_required
@require_safe
def delivery_highlight(request, pk: int):
    """One delivery: this period, next period, risks, decisions needed."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).for_list(), pk=pk)
    day = today()
    report = delivery.reports.readable_by(request.user).signed_off().select_related("period").first()
    steps = MilestoneChange.objects.filter(milestone__delivery=delivery, recorded_on__gt=day - present.A_PERIOD)
    asked = delivery.deadline_changes.readable_by(request.user).undecided().select_related("asked_by")
    page = {
        "crumbs": crumbs_to(delivery),
        "caption": f"{delivery.footprint.name}, {delivery.commitment.code}",
        "title": delivery.commitment.title,
        "today": day,
        "status": delivery.position.status,
        "sentence": delivery.position.sentence_on(day),
        "facts": present.delivery_facts(delivery),
        "sections": present.about_delivery(
            delivery, report, delivery.milestones.standing(), steps.select_related("milestone"), asked, day
        ),
        "in_full": reverse("commitments:delivery", args=[pk]),
    }
    return render(request, "commitments/highlight.html", page)


@login_required
@require_safe
def theme_highlight(request, code: str, theme_code: str):
    """One theme in one system; whoever sees only a part of the system reads only about that part."""
    seen = Footprint.objects.visible_to(request.user)
    system = get_object_or_404(Footprint.objects.systems().filter(pk__in=seen.order_by().values("system")), code=code)
    theme = get_object_or_404(Theme, code=theme_code)
    day = today()
    deliveries = Delivery.objects.visible_to(request.user).inside(system).filter(commitment__theme=theme)
    positions = Position.objects.filter(delivery__in=deliveries)
    sees_system = may(request.user, Action.READ_POSITIONS, system)
    page = {
        "crumbs": crumbs_to_systems(*([system] if sees_system else [])),
        "caption": f"{system.name}, {theme.get_theme_class_display().lower()}",
        "title": theme.name,
        "today": day,
        "sentence": summary(tally([Counted(*row) for row in positions.tallied()])),
        "facts": [] if sees_system else [("Counted here", "Only the places that you can see.")],
        "sections": _theme_sections(request.user, deliveries, positions, day),
        "in_full": f"{reverse('commitments:deliveries')}?system={system.code}&theme={theme.code}",
    }
    return render(request, "commitments/highlight.html", page)


def _theme_sections(user, deliveries, positions, day):
    since, named = day - present.A_PERIOD, ("delivery__commitment", "delivery__footprint")
    of_milestone = tuple(f"milestone__{name}" for name in named)
    moves = PositionChange.objects.filter(delivery__in=deliveries).between(since, day).counted_by_move()
    steps = MilestoneChange.objects.filter(milestone__delivery__in=deliveries, recorded_on__gt=since)
    milestones = Milestone.objects.standing().filter(
        delivery__in=deliveries, delivery__is_applicable=True, achieved_on=None
    )
    reports = Report.objects.readable_by(user).signed_off().filter(delivery__in=deliveries)
    latest = reports.order_by("delivery_id", "-period", "-pk").distinct("delivery_id").select_related(*named)
    asked = DeadlineChange.objects.readable_by(user).undecided().filter(delivery__in=deliveries)
    return present.about_theme(
        dict(by_move(moves)),
        steps.select_related(*of_milestone),
        milestones.filter(due_on__range=(day, day + present.A_PERIOD)).select_related(*named),
        positions.of_concern().worst_first().in_words(),
        {report.delivery_id: report for report in latest},
        asked.select_related("asked_by", *named),
        day,
    )
