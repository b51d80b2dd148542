"""How mature a system, a place or a network is: what stands in the way, the ladders, what lies beneath, the history."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ltp_portal.clock import today
from ltp_portal.exports import render_list
from systems.choices import IN_NEED, MATURITY_MEANING, Level, MaturityStatus
from systems.forms.improvement import CompareForm
from systems.models import (
    Assessment,
    Criterion,
    Expectation,
    Finding,
    Footprint,
    Framework,
    ImprovementAction,
    MaturityChange,
    MaturityLevel,
    MaturityPosition,
)
from systems.permissions import Action, may
from systems.presenters import assessing, improvement
from systems.presenters import maturity as present
from systems.recompute import verdicts
from systems.tables.maturity import AssessmentTable, ComparedTable, LadderTable, MoveTable
from systems.views.found import Place, crumbs, place_for

# The moves a page shows before it says that there are more.
SHOWN = 50


@login_required
@require_safe
def of_system(request, code: str):
    """The maturity of a system, with its places and networks beneath."""
    return _overview(request, place_for(request, code, code))


@login_required
@require_safe
def of_footprint(request, code: str, footprint_code: str):
    """The maturity of a place or of a network."""
    return _overview(request, place_for(request, code, footprint_code))


def _overview(request, place: Place):
    day, footprint = today(), place.footprint
    page = {
        **standing(footprint, day),
        **place._asdict(),
        "today": day,
        "beneath": _beneath(request, footprint, day),
        "assessments": _assessments(request, place)[:SHOWN],
        "expectations": _expectations(footprint, day),
        "meanings": [(status, status.label, MATURITY_MEANING[status]) for status in MaturityStatus],
        "may": _rights(request, place),
        "crumbs": crumbs(request, place, below=False),
    }
    drawn = {
        "ladders": lambda: LadderTable([row for ladder in page["ladders"] for row in ladder.rows]),
        "networks": lambda: LadderTable(_networks(footprint, day)),
        "assessments": lambda: AssessmentTable(_assessments(request, place)),
    }
    return render_list(request, "systems/maturity_detail.html", page, tables=(), drawn=drawn)


def _expectations(footprint: Footprint, day):
    found = Expectation.objects.for_footprint(footprint, day)
    return found.select_related("level__framework", "domain", "criterion")


def standing(footprint: Footprint, day) -> dict:
    """The lines, the gaps and the ladders of one footprint: what its page and its printed sheet have in common."""
    positions = list(_positions(footprint).worst_first())
    names = MaturityLevel.objects.names()
    gaps = [position for position in positions if position.status in IN_NEED]
    frameworks = Framework.objects.current()
    tallied = [(position.domain.framework_id, position.status, 1) for position in positions]
    return {
        "lines": present.framework_lines(frameworks, tallied),
        "gaps": present.gap_lines(gaps, _criteria(gaps), names, day),
        "ladders": present.ladders(footprint, positions, names, day),
    }


def _positions(footprint: Footprint):
    return MaturityPosition.objects.filter(footprint=footprint).of_current_frameworks().in_words()


def _criteria(positions) -> dict[int, Criterion]:
    wanted = {pk for position in positions for pk in position.in_the_way}
    return Criterion.objects.select_related("level").in_bulk(wanted)


def _beneath(request, footprint: Footprint, day) -> dict:
    """The places and networks of a system, or the networks of a place."""
    if footprint.level == Level.PCN:
        return {}
    names = MaturityLevel.objects.names()
    places = list(Footprint.objects.inside(footprint).places().open_on(day).select_related("system"))
    frameworks = list(Framework.objects.current())
    covered = MaturityPosition.objects.covered(footprint, Level.PCN, day)
    networks = Footprint.objects.inside(footprint).filter(level=Level.PCN).open_on(day)
    beneath = {
        "covered": present.covered(frameworks, covered, names, footprint, places if len(places) > 1 else []),
        "networks": [(pcn.name, present.maturity_href(pcn)) for pcn in networks.select_related("system")],
    }
    if footprint.level == Level.SYSTEM:
        of_places = MaturityPosition.objects.filter(footprint__in=places).of_current_frameworks().order_by()
        tallied = of_places.values_list("footprint_id", "domain__framework_id", "status").annotate(Count("pk"))
        beneath["places"] = present.place_lines(places, frameworks, tallied)
    return beneath


def _networks(footprint: Footprint, day) -> list[present.LadderRow]:
    """Every domain of every network inside."""
    names = MaturityLevel.objects.names()
    inside = MaturityPosition.objects.inside(footprint).filter(footprint__level=Level.PCN).open_on(day)
    positions = inside.of_current_frameworks().in_words().order_by("footprint__name", "footprint_id", "domain_id")
    return [present.row(position, names, day) for position in positions]


def _assessments(request, place: Place):
    found = Assessment.objects.readable_by(request.user).of(place.footprint).newest_first()
    return found.select_related("framework", "begun_by", "submitted_by", "decided_by")


def _rights(request, place: Place) -> dict[str, bool]:
    wanted = {"assess": Action.REPORT, "plan": Action.SET_LOCAL_PLAN, "read_working": Action.READ_POSITIONS}
    return {name: may(request.user, action, place.footprint) for name, action in wanted.items()}


@login_required
@require_safe
def framework(request, code: str, footprint_code: str, framework_code: str):
    """One framework in full: each criterion, what everybody found about it, and what shows it."""
    place = place_for(request, code, footprint_code)
    found = get_object_or_404(Framework.objects.used_by(place.footprint), code=framework_code)
    day = today()
    criteria = Criterion.objects.filter(domain__framework=found).select_related("domain", "level")
    positions = _positions(place.footprint).filter(domain__framework=found)
    findings = Finding.objects.standing_on(place.footprint, day)
    page = {
        **place._asdict(),
        "framework": found,
        "today": day,
        "domains": assessing.domain_lines(criteria, findings, {p.domain_id: p for p in positions}),
        "has_draft_wording": any(criterion.is_draft_wording for criterion in criteria),
        "may": _rights(request, place),
        "crumbs": crumbs(request, place),
    }
    return render(request, "systems/maturity_framework.html", page)


@login_required
@require_safe
def history(request, code: str, footprint_code: str):
    """When each domain moved, and how all of them stood on two days."""
    place = place_for(request, code, footprint_code)
    day = today()
    asked = request.GET if "first_day" in request.GET else None
    form = CompareForm(asked, today=day)
    names = MaturityLevel.objects.names()
    changes = MaturityChange.objects.about(place.footprint)
    lines = improvement.change_lines(changes[: SHOWN + 1], names)
    page = {
        **place._asdict(),
        "form": form,
        "today": day,
        "changes": lines[:SHOWN],
        "has_more": len(lines) > SHOWN,
        "crumbs": crumbs(request, place),
    }
    if form.is_bound and form.is_valid():
        first, second = form.cleaned_data["first"], form.cleaned_data["second"]
        positions = _positions(place.footprint).order_by("domain__framework__ordinal", "domain__ordinal")
        then, now = (verdicts(place.footprint.pk, on) for on in (first, second))
        rows = improvement.compared(positions, then, now, names)
        page |= {"rows": rows, "said": improvement.compared_in_words(rows), "first": first, "second": second}
    drawn = {
        "compared": lambda: ComparedTable(page.get("rows", [])),
        "moves": lambda: MoveTable(improvement.change_lines(changes, names)),
    }
    return render_list(request, "systems/maturity_history.html", page, tables=(), drawn=drawn)


@login_required
@require_safe
def sheet(request, code: str, footprint_code: str):
    """The maturity of one footprint to print: what stands in the way, the ladders, the open actions."""
    place = place_for(request, code, footprint_code)
    day = today()
    mine = ImprovementAction.objects.filter(footprint=place.footprint).still_open().nearest_first()
    actions = mine.select_related("owner").prefetch_related("closes")
    page = {
        **standing(place.footprint, day),
        **place._asdict(),
        "today": day,
        "actions": [improvement.action_line(action, list(action.closes.all()), day) for action in actions],
        "crumbs": crumbs(request, place),
    }
    return render(request, "systems/maturity_sheet.html", page)
