"""Whether a system covers the whole plan: every commitment against what it should have."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commitments.choices import Part
from commitments.filters import EntiretyFilter
from commitments.models import Commitment, Delivery, Metric
from commitments.presenters import entirety as present
from commitments.tables import EntiretyTable
from ltp_portal.crossings import engaged_by_commitment
from ltp_portal.exports import render_list
from systems.models import Footprint
from systems.permissions import Action, may
from systems.presenters import crumbs_to

FILLED_BY_REPORTERS = (Part.METRIC, Part.REPORT)


@login_required
@require_safe
def entirety(request, code: str):
    """One system's holes, the worst first."""
    system = get_object_or_404(Footprint.objects.visible_to(request.user).systems(), code=code)
    fills = {part: Action.REPORT if part in FILLED_BY_REPORTERS else Action.SET_LOCAL_PLAN for part in Part}
    commitments = Commitment.objects.delivered_locally().select_related("theme")
    known = present.Found(
        rows=present.counted(Delivery.objects.inside(system).counted_by_part()),
        measured=set(Metric.objects.filter(is_headline=True).values_list("commitment_id", flat=True)),
        engaged=engaged_by_commitment(request.user, system),
    )
    lines = present.lines(commitments, known, system, lambda part: may(request.user, fills[part], system))
    found = EntiretyFilter(request.GET, commitments, request=request, holes=present.holes(lines))
    matching = set(found.qs.values_list("pk", flat=True)) if found.is_valid() else set()
    shown = [line for line in lines if line.commitment.pk in matching]
    page = {
        "system": system,
        "summaries": present.summaries(lines),
        "filter": found,
        "table": EntiretyTable(shown).as_asked(request.GET),
        "crumbs": crumbs_to(system),
    }
    return render_list(request, "commitments/entirety.html", page)
