"""What was published, system by system, on the map of England."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.models import Publication
from commitments.views.several import tiles_of
from ltp_portal.clock import today
from systems.models import Footprint


@require_safe
def published_systems(request):
    """The newest publication of each system this person may read of, as a map and as a list."""
    latest = Publication.objects.visible_to(request.user).latest_of_each_system().select_related("system")
    publications = list(latest.order_by("system_name"))
    systems = Footprint.objects.systems().open_on(today())
    page = {
        "publications": publications,
        "tiles": tiles_of(publications, {system.code: system.short_name for system in systems}),
    }
    return render(request, "commitments/published_systems.html", page)
