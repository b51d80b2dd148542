"""What the recompute did, run by run: for admins."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.views.decorators.http import require_safe

from commitments.filters import RunFilter
from commitments.models import Run
from commitments.tables import RunTable
from ltp_portal.exports import render_list


@login_required
@require_safe
def runs(request):
    """Every run of the last 90 days, the newest first."""
    if not request.user.is_staff:
        raise PermissionDenied
    found = RunFilter(request.GET, Run.objects.with_state(), request=request)
    table = RunTable(found.qs if found.is_valid() else Run.objects.none()).as_asked(request.GET)
    return render_list(request, "commitments/run_list.html", {"filter": found, "table": table})
