"""What changed in a system or a place between two days, read from the log."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commitments.choices import Move
from commitments.forms.days import ChangesForm
from commitments.models import PositionChange
from commitments.presenters.changes import by_move
from commitments.tables import ChangeTable
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from systems.models import Footprint
from systems.permissions import Action, may
from systems.presenters import crumbs_to


@login_required
@require_safe
def system_changes(request, code: str):
    """What changed in one system."""
    system = get_object_or_404(Footprint.objects.visible_to(request.user).systems(), code=code)
    day = today()
    form = ChangesForm(request.GET, places=Footprint.objects.inside(system).places().open_on(day), today=day)
    return _show(request, system, form, crumbs=crumbs_to(system))


@login_required
@require_safe
def place_changes(request, code: str, place_code: str):
    """What changed in one place."""
    places = Footprint.objects.visible_to(request.user).places().select_related("system")
    place = get_object_or_404(places, system__code=code, code=place_code)
    above = [place.system] if may(request.user, Action.READ_POSITIONS, place.system) else []
    form = ChangesForm(request.GET, places=None, today=today())
    return _show(request, place, form, crumbs=crumbs_to(*above, place))


def _show(request, footprint: Footprint, form: ChangesForm, *, crumbs: list[tuple[str, str]]):
    changes, counts = PositionChange.objects.none(), None
    if form.is_valid():
        asked = form.cleaned_data
        changes = _between(asked.get("place") or footprint, asked["from"], asked["to"])
        if asked["theme"]:
            changes = changes.filter(delivery__commitment__theme=asked["theme"])
        counts = by_move(changes.counted_by_move())
        if asked["kind"]:
            changes = changes.that_are(Move(asked["kind"]))
    page = {
        "footprint": footprint,
        "form": form,
        "counts": counts,
        "table": ChangeTable(changes.in_words().worst_first()).as_asked(request.GET),
        "crumbs": crumbs,
    }
    return render_list(request, "commitments/change_list.html", page)


def _between(footprint: Footprint, first: dt.date, last: dt.date):
    return PositionChange.objects.inside(footprint).between(first, last)
