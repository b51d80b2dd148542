"""At which level a system delivers a commitment, and the deliveries that follow from it."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments import actions
from commitments.choices import LOCAL_LEVELS
from commitments.forms.plans import LevelForm
from commitments.models import Commitment, LocalLevel
from commitments.presenters.links import deliveries_href
from commitments.views.access import require
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once
from systems.choices import LEVELS_DOWNWARD, Level
from systems.models import Footprint
from systems.permissions import Action


def _system_for(request, code: str) -> Footprint:
    system = get_object_or_404(Footprint.objects.visible_to(request.user).systems(), code=code)
    require(request.user, Action.SET_LOCAL_PLAN, system)
    return system


def _levels_below(commitment: Commitment, system: Footprint, day: dt.date) -> list[tuple[str, str]]:
    """The levels lower than the catalogue's at which this system has anybody to deliver, with how many."""
    assert commitment.footprint_level is not None
    lower = LEVELS_DOWNWARD[LEVELS_DOWNWARD.index(commitment.footprint_level) + 1 :]
    inside = Footprint.objects.inside(system).open_on(day).filter(level__in=lower)
    counted = dict(inside.order_by().values_list("level").annotate(Count("pk")))
    return [(level.value, f"{level.label} ({counted[level]:,} here)") for level in LOCAL_LEVELS if level in counted]


def _choice(system: Footprint, commitment: Commitment) -> LocalLevel | None:
    return LocalLevel.objects.filter(system=system, commitment=commitment).select_related("chosen_by").first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def level(request, code: str, commitment_code: str):
    """Chooses, once, a lower level at which this system delivers a commitment."""
    system = _system_for(request, code)
    commitment = get_object_or_404(Commitment.objects.delivered_locally(), code=commitment_code)
    chosen = _choice(system, commitment)
    levels = _levels_below(commitment, system, today())
    if chosen is not None or not levels:
        return _show_level(request, system, commitment, chosen=chosen, refused=request.method == "POST")
    form = LevelForm(request.POST if request.method == "POST" else None, levels=levels)
    if form.is_valid():
        return _choose(request, system, commitment, Level(form.cleaned_data["level"]))
    return _show_level(request, system, commitment, form=form)


def _choose(request, system: Footprint, commitment: Commitment, lower: Level):
    try:
        actions.choose_local_level(system=system, commitment=commitment, level=lower, by=request.user, today=today())
    except ValidationError:
        return _show_level(request, system, commitment, chosen=_choice(system, commitment), refused=True)
    messages.success(request, f"Delivered by {lower.label.lower()} from now on: {commitment.title}")
    return redirect(deliveries_href(system=system.code, commitment=commitment.code))


def _show_level(
    request,
    system: Footprint,
    commitment: Commitment,
    *,
    form: LevelForm | None = None,
    chosen: LocalLevel | None = None,
    refused: bool = False,
):
    page = {
        "system": system,
        "commitment": commitment,
        "form": form,
        "chosen": chosen,
        "crumbs": [
            ("Commitments", reverse("commitments:commitments")),
            (commitment.title, reverse("commitments:commitment", args=[commitment.code])),
        ],
    }
    return render(request, "commitments/level_form.html", page, status=409 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def open_deliveries(request, code: str):
    """Says how many deliveries are missing in this system (GET), then opens them (POST)."""
    system = _system_for(request, code)
    if request.method == "POST":
        opened = actions.open_deliveries(system=system, today=today())
        deliveries = "1 delivery" if opened == 1 else f"{opened:,} deliveries"
        messages.success(request, f"{deliveries} opened in {system.name}")
        return redirect(deliveries_href(system=system.code))
    page = {
        "system": system,
        "missing": len(actions.missing_deliveries(system=system, today=today())),
        "crumbs": [("Deliveries", reverse("commitments:deliveries"))],
    }
    return render(request, "commitments/deliveries_open.html", page)
