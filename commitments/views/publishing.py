"""An approver checks what they are about to publish, confirms it, and says who may read it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments import actions
from commitments.actions.freezing import contradicted_before
from commitments.choices import Status
from commitments.forms.publishing import PublicAccessForm, PublishForm
from commitments.models import Delivery, Position, PublicAccess, Report, ReportingPeriod
from commitments.presenters import publishing as present
from commitments.presenters.standing import summary
from commitments.presenters.tallies import Counted, tally
from commitments.views.access import require
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once
from systems.models import Footprint
from systems.permissions import Action
from systems.presenters import crumbs_to

SHOWN = 10
OVERTAKEN = "Nothing was published: somebody was there before you. See how the month stands."
NOT_READY = "Nothing was published: something has to be done first."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def publish(request, code: str, month: dt.date):
    """What a month lacks before it is published (GET), then publishes it (POST)."""
    system, day = _system_for(request, code, Action.PUBLISH), today()
    period = get_object_or_404(ReportingPeriod.objects.filter(starts_on__lte=day), pk=month)
    ready = actions.readiness(system, period, day)
    corrects = ready.corrects
    form = PublishForm(
        unsent.sent(request),
        correction=corrects is not None,
        initial={"corrects": corrects.edition if corrects else 0},
    )
    if request.method == "POST" and form.is_valid():
        return _publish(request, system, period, form.cleaned_data, ready, day)
    return render(request, "commitments/publish_check.html", _check(system, period, ready, form, day))


def _system_for(request, code: str, action: Action) -> Footprint:
    system = get_object_or_404(Footprint.objects.visible_to(request.user).systems(), code=code)
    require(request.user, action, system)
    return system


def _publish(request, system, period, sent: dict[str, Any], ready: actions.Readiness, day: dt.date):
    corrects = ready.corrects
    seen = sent["corrects"] or 0
    try:
        if seen != (corrects.edition if corrects else 0):
            raise actions.Conflict
        done = actions.publish(
            system=system, period=period, by=request.user, today=day, corrects=corrects, reason=sent.get("reason", "")
        )
    except (actions.Conflict, actions.NotReady) as refused:
        messages.warning(request, OVERTAKEN if isinstance(refused, actions.Conflict) else NOT_READY)
        return redirect("commitments:publish", system.code, f"{period.pk:%Y-%m}")
    messages.success(request, f"{done.month} is published. Councillors can read it now.")
    return redirect("commitments:publication", system.code, done.slug, done.edition)


def _check(system: Footprint, period: ReportingPeriod, ready: actions.Readiness, form: PublishForm, day: dt.date):
    positions = Position.objects.inside(system)
    owing = Delivery.objects.missing_in(system, period)
    contradicted = positions.contradicted()
    grace = contradicted.exclude(contradicted_on__lt=contradicted_before(day)).count()
    reports = Report.objects.counted_by_period(system, [period]).get(period.pk, {})
    shown = [one.delivery_id for one in owing[:SHOWN]]
    missing = Delivery.objects.filter(pk__in=shown).select_related("commitment", "footprint")
    return {
        "system": system,
        "period": period,
        "ready": ready,
        "form": form,
        "today": day,
        "summary": summary(tally(Counted(*row) for row in positions.tallied())),
        "checks": present.checks(
            system,
            missing=len(owing),
            late=reports.get("late", 0),
            waiting=reports.get("waiting", 0),
            unfinished=reports.get("unfinished", 0),
            contradicted=contradicted.count(),
            grace=grace,
            failing=positions.failing().count(),
            unreported=positions.filter(status=Status.NOT_REPORTED).count(),
        ),
        "missing": missing,
        "missing_more": max(len(owing) - SHOWN, 0),
        "crumbs": [*crumbs_to(system), ("Reporting periods", reverse("commitments:periods", args=[system.code]))],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def public_access(request, code: str):
    """Whether everybody may read what a system publishes."""
    system = _system_for(request, code, Action.OPEN_TO_PUBLIC)
    chosen = PublicAccess.objects.filter(system=system).select_related("chosen_by").first()
    version = chosen.version if chosen else 0
    answer = PublicAccessForm.YES if chosen and chosen.is_public else PublicAccessForm.NO
    form = PublicAccessForm(
        request.POST if request.method == "POST" else None, initial={"version": version, "is_public": answer}
    )
    if form.is_valid():
        return _open(request, system, form.cleaned_data)
    page = {"system": system, "form": form, "chosen": chosen, "crumbs": crumbs_to(system)}
    return render(request, "commitments/public_access.html", page)


def _open(request, system: Footprint, sent: dict[str, Any]):
    try:
        actions.open_to_public(
            system=system, is_public=sent["is_public"], version=sent["version"], by=request.user, today=today()
        )
    except actions.Conflict:
        messages.warning(request, "Nothing was changed: somebody was there before you. See who may read it now.")
        return redirect("commitments:public_access", system.code)
    who = "Everybody may now read" if sent["is_public"] else "Only its readers may now read"
    messages.success(request, f"{who} what {system.short_name} publishes.")
    return redirect("commitments:published", system.code)
