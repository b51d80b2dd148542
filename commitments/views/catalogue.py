"""The catalogue, one commitment, and how status works."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from commitments.filters import CommitmentFilter
from commitments.models import Commitment, Delivery, TrajectoryPoint
from commitments.presenters.commitment import NOT_SEEN, commitment_facts, milestone_lines, standings
from commitments.presenters.coverage import coverage_lines
from commitments.presenters.law import law
from commitments.presenters.links import deliveries_href
from commitments.presenters.measured import metric_sections
from commitments.tables import CommitmentTable, FootprintDeliveryTable
from commitments.tables.drawn import CoverageTable
from commitments.views.measured import measured_by_system
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from systems.choices import Level
from systems.models import Footprint

CRUMBS = (("Commitments", reverse_lazy("commitments:commitments")),)
# What the page of a commitment lists; the rest is opened from there.
HIGH_LEVELS = (Level.ENGLAND, Level.REGION, Level.SYSTEM)


@login_required
@require_safe
def commitments(request):
    """The catalogue, with filters."""
    found = CommitmentFilter(request.GET, Commitment.objects.select_related("theme"), request=request)
    table = CommitmentTable(found.qs if found.is_valid() else Commitment.objects.none()).as_asked(request.GET)
    return render_list(request, "commitments/commitment_list.html", {"filter": found, "table": table})


@login_required
@require_safe
def commitment(request, code):
    """One commitment: what was promised, and how it stands in the footprints this person may see."""
    found = get_object_or_404(Commitment.objects.select_related("theme"), code=code)
    deliveries = Delivery.objects.visible_to(request.user).filter(commitment=found)
    day = today()
    table = FootprintDeliveryTable(deliveries.for_list().worst_first(), today=day)
    context = {
        "crumbs": CRUMBS,
        "commitment": found,
        "facts": commitment_facts(found),
        "not_seen": NOT_SEEN.get(found.verified, ""),
        "metrics": metric_sections(found.metrics.select_related("commitment"), _published_points(found)),
        "controls": measured_by_system(found, deliveries.select_related("footprint"), day),
        "milestones": milestone_lines(found.national_milestones.all()),
        "standings": standings(_counts(deliveries)),
        "coverage": _coverage(found, Footprint.objects.visible_to(request.user).filter(level__in=HIGH_LEVELS)),
        "table": table.as_asked(request.GET),
    }
    drawn = {"coverage": lambda: CoverageTable(context["coverage"])}
    return render_list(request, "commitments/commitment_detail.html", context, drawn=drawn)


@login_required
@require_safe
def coverage(request, code, footprint_code):
    """How one commitment stands over one footprint, and over those right below it."""
    found = get_object_or_404(Commitment.objects.delivered_locally(), code=code)
    footprint = get_object_or_404(Footprint.objects.visible_to(request.user), code=footprint_code)
    context = {
        "crumbs": (*CRUMBS, (found.title, reverse("commitments:commitment", args=[found.code]))),
        "commitment": found,
        "footprint": footprint,
        "whole": _coverage(found, [footprint]),
        "below": _coverage(found, footprint.children.all()),
        "deliveries_href": deliveries_href(commitment=found.code, **_narrowed_to(footprint)),
    }
    drawn = {"coverage": lambda: CoverageTable([*context["whole"], *context["below"]])}
    return render_list(request, "commitments/coverage_detail.html", context, tables=(), drawn=drawn)


@require_safe
def status_explained(request):
    """How status works, for everybody."""
    return render(request, "commitments/status_explained.html", law())


def _published_points(commitment):
    points = TrajectoryPoint.objects.filter(trajectory__metric__commitment=commitment, trajectory__footprint=None)
    return points.order_by("due_on").values_list("trajectory__metric_id", "due_on", "value")


def _counts(deliveries):
    by = ("footprint__system__code", "footprint__system__name", "position__status")
    return deliveries.order_by("footprint__system__name").values_list(*by).annotate(number=Count("pk"))


def _coverage(commitment, footprints):
    def href(area):
        return reverse("commitments:coverage", args=[commitment.code, area.code])

    return coverage_lines(footprints, commitment.coverage.filter(footprint__in=footprints).counted(), href)


def _narrowed_to(footprint):
    """The list's own filters for a footprint; it has none above a system."""
    return {level: footprint.code for level in ("system", "place") if footprint.level == level}
