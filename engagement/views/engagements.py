"""Whom a system spoke with about a commitment: what was recorded, one more, and one withdrawn."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import Commitment
from commitments.views.access import require
from engagement import actions
from engagement.forms.engagements import EngagementForm, WithdrawForm
from engagement.models import Engagement
from engagement.tables import EngagementTable
from engagement.tables.engagements import withdrawn
from engagement.views.access import Crumbs
from engagement.views.editing import Page, write
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from ltp_portal.sent_once import sent_once
from systems.models import Footprint
from systems.permissions import Action, may
from systems.presenters import crumbs_to


@login_required
@require_safe
def engagement(request, code: str, commitment_code: str):
    """All that was recorded about one commitment in one system, the latest first."""
    system, commitment = _found(request, code, commitment_code)
    recorded = Engagement.objects.visible_to(request.user).about(system, commitment).for_list()
    may_write = may(request.user, Action.SET_LOCAL_PLAN, system)
    page = {
        "system": system,
        "commitment": commitment,
        "may_write": may_write,
        "table": EngagementTable(recorded, may_withdraw=may_write).as_asked(request.GET),
        "crumbs": _crumbs(system),
    }
    return render_list(request, "engagement/engagement_list.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def engagement_add(request, code: str, commitment_code: str):
    """Records whom the system spoke with, and what it heard."""
    system, commitment = _found(request, code, commitment_code)
    require(request.user, Action.SET_LOCAL_PLAN, system)
    day = today()

    def record(form: EngagementForm) -> str:
        actions.record_engagement(
            system=system, commitment=commitment, facts=form.cleaned_data, by=request.user, today=day
        )
        return _address(system, commitment)

    page = Page(
        heading="Record engagement",
        caption=f"{system.name}: {commitment.title}",
        crumbs=_crumbs(system, commitment),
        form=lambda data, files: EngagementForm(data, files, today=day),
        act=record,
        button="Record it",
        done="Engagement recorded",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def engagement_withdraw(request, pk: int):
    """Withdraws, with a reason, what was recorded by mistake."""
    recorded = Engagement.objects.visible_to(request.user).select_related("system", "commitment").for_list()
    found = get_object_or_404(recorded, pk=pk)
    require(request.user, Action.SET_LOCAL_PLAN, found.system)

    def withdraw(form: WithdrawForm) -> str:
        actions.withdraw_engagement(engagement=found, **form.cleaned_data, by=request.user, today=today())
        return _address(found.system, found.commitment)

    def beside() -> dict[str, object]:
        return {"recorded": found, "withdrawn": withdrawn(recorded.get(pk=pk))}

    page = Page(
        heading="Withdraw engagement",
        caption=f"{found.system.name}: {found.commitment.title}",
        crumbs=_crumbs(found.system, found.commitment),
        form=WithdrawForm,
        act=withdraw,
        conflict=_withdrawn_before,
        beside=beside,
        template="engagement/engagement_withdraw.html",
        button="Withdraw it",
        done="Engagement withdrawn",
    )
    return write(request, page)


def _withdrawn_before(page: Page, request, form: WithdrawForm) -> HttpResponse:
    return render(request, page.template, page.shown(form, has_changed=True), status=409)


def _found(request, code: str, commitment_code: str) -> tuple[Footprint, Commitment]:
    """A system whose positions this person reads, and a commitment that it can deliver."""
    system = get_object_or_404(Footprint.objects.visible_to(request.user).systems(), code=code)
    return system, get_object_or_404(Commitment.objects.delivered_locally(), code=commitment_code)


def _address(system: Footprint, commitment: Commitment) -> str:
    return reverse("engagement:engagement", args=[system.code, commitment.code])


def _crumbs(system: Footprint, commitment: Commitment | None = None) -> Crumbs:
    """The way there: the system, its check of the whole plan, and from a form what was recorded."""
    crumbs = [*crumbs_to(system), ("The whole plan", reverse("commitments:entirety", args=[system.code]))]
    return [*crumbs, ("Engagement", _address(system, commitment))] if commitment else crumbs
