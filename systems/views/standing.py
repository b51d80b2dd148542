"""The front page, the systems and their places. A page never computes a status: it counts what recompute wrote."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from commitments.choices import Status
from commitments.forms.days import AsOfForm, is_day_asked
from commitments.models import Coverage, Position, PositionChange, PositionsVersion, Theme
from commitments.models.publications import read_by_right
from commitments.models.standing import Glance
from commitments.presenters import overview, standing
from commitments.presenters.coverage import coverage_lines
from commitments.presenters.links import address, deliveries_href
from commitments.presenters.past import logged_lines
from commitments.presenters.tallies import Counted, CountedFootprint, tally
from commitments.tables.drawn import AreaTable, CoverageTable
from ltp_portal.clock import today
from ltp_portal.crossings import committee_home
from ltp_portal.exports import render_list
from ltp_portal.kept import kept_page
from systems.choices import Level
from systems.models import Footprint, Framework, MaturityPosition, Organisation
from systems.permissions import Action, may
from systems.presenters import address_of, by_kind, crumbs_to, home_of, population_in_words
from systems.presenters.maturity import FrameworkLine, framework_lines

# The deliveries a page names before it points to the list of all.
SHOWN = 10


@require_safe
def landing(request):
    """What the portal is for, or where this person's work begins."""
    if not request.user.is_authenticated:
        return render(request, "systems/landing_start.html")
    if request.user.paths_for(Action.REPORT):
        return redirect("commitments:my_work")
    if home := committee_home(request.user):
        return redirect(home)
    if not request.user.paths_for(Action.READ_POSITIONS):
        own = list(Footprint.objects.systems().filter(read_by_right(request.user))[:2])
        if own:
            return _published(own)
    seen = Footprint.objects.visible_to(request.user).open_on(today())
    return redirect(home_of(list(seen.systems()[:2]), list(seen.places().select_related("system")[:2])))


def _published(own: list[Footprint]):
    """Who only reads what is published begins there: with their one system, else with the list."""
    if len(own) == 1:
        return redirect("commitments:published", own[0].code)
    return redirect("commitments:published_systems")


@login_required
@require_safe
def system_list(request):
    """The systems this person may see, by region; and the places of those who see only a place."""
    seen = Footprint.objects.visible_to(request.user).open_on(today())
    positions = Position.objects.visible_to(request.user)
    systems = seen.systems().select_related("parent").order_by("parent__name", "name")
    places = seen.places().exclude(system__in=seen.systems()).select_related("system", "parent")
    of_systems = [CountedFootprint(*row) for row in positions.tallied_by_system()]
    of_places = [
        CountedFootprint(*row) for row in positions.filter(delivery__footprint__place__in=places).tallied_by_place()
    ]
    regions, areas = overview.by_region(systems, of_systems), overview.areas(places, of_places)
    shown = [*(area for _, inside in regions for area in inside), *areas]
    page = {"regions": regions, "places": areas, "is_empty": not shown}
    drawn = {"systems": lambda: AreaTable(shown)}
    return render_list(request, "systems/system_list.html", page, tables=(), drawn=drawn)


@login_required
@require_safe
def england(request):
    """How all of England is covered, by theme, by region and by system."""
    whole = get_object_or_404(Footprint.objects.visible_to(request.user), level=Level.ENGLAND)
    by_theme = Coverage.objects.filter(footprint=whole).summed_by("commitment__theme_id")
    areas = Footprint.objects.filter(level__in=(Level.REGION, Level.SYSTEM)).open_on(today()).order_by("path")
    by_area = Coverage.objects.filter(footprint__in=areas).summed_by("footprint_id")
    page = {
        "themes": coverage_lines(Theme.objects.all(), by_theme, lambda theme: deliveries_href(theme=theme.code)),
        "areas": coverage_lines(areas, by_area, _area_href),
        "crumbs": crumbs_to(),
    }
    drawn = {"themes": lambda: CoverageTable(page["themes"]), "areas": lambda: CoverageTable(page["areas"])}
    return render_list(request, "systems/england_detail.html", page, tables=(), drawn=drawn)


def _area_href(area: Footprint) -> str:
    if area.level == Level.SYSTEM:
        return reverse("systems:dashboard", args=[area.code])
    return reverse("systems:list")


@login_required
@require_safe
def system_dashboard(request, code):
    """How one system stands."""
    if not is_day_asked(request.GET):
        return kept_page(request, code, lambda: _system_page(request, code))
    template, page = _system_page(request, code)
    if page["form"].past_day:
        return _past(request, page["system"], page["system"], page["form"], crumbs=page["crumbs"])
    return render(request, template, page)


def _system_page(request, code: str) -> tuple[str, dict]:
    system = get_object_or_404(Footprint.objects.visible_to(request.user).systems().select_related("parent"), code=code)
    day = today()
    page = {
        "system": system,
        "form": AsOfForm(request.GET, today=day),
        "today": day,
        "standing": SimpleLazyObject(lambda: _system_standing(system, day)),
        "population": population_in_words(system),
        "may_plan": may(request.user, Action.SET_LOCAL_PLAN, system),
        "crumbs": crumbs_to(),
    }
    return "systems/system_dashboard.html", page


@login_required
@require_safe
def place_detail(request, code, place_code):
    """How one place stands, beside its system for those who may see the system."""
    if not is_day_asked(request.GET):
        return kept_page(request, code, lambda: _place_page(request, code, place_code))
    template, page = _place_page(request, code, place_code)
    if page["form"].past_day:
        return _past(request, page["place"], page["system"], page["form"], crumbs=page["crumbs"])
    return render(request, template, page)


def _place_page(request, code: str, place_code: str) -> tuple[str, dict]:
    system = get_object_or_404(Footprint.objects.systems(), code=code)
    place = get_object_or_404(
        Footprint.objects.visible_to(request.user).places().filter(system=system), code=place_code
    )
    day = today()
    sees_system = may(request.user, Action.READ_POSITIONS, system)
    page = {
        "system": system,
        "place": place,
        "form": AsOfForm(request.GET, today=day),
        "today": day,
        "sees_system": sees_system,
        "standing": SimpleLazyObject(lambda: _place_standing(place, system, day, beside_system=sees_system)),
        "population": population_in_words(place),
        "crumbs": crumbs_to(*([system] if sees_system else [])),
    }
    return "systems/place_detail.html", page


def _past(request, footprint: Footprint, system: Footprint, form: AsOfForm, *, crumbs: list[tuple[str, str]]):
    """How a system or a place stood on a past day."""
    day = form.past_day
    assert day is not None
    page = {
        "footprint": footprint,
        "form": form,
        "as_of": day,
        "today": today(),
        "version": PositionsVersion.objects.number_of(system),
        "standing": SimpleLazyObject(lambda: _past_standing(footprint, system, day)),
        "address": address_of(footprint),
        "crumbs": crumbs,
    }
    return render(request, "systems/standing_past.html", page)


def _past_standing(footprint: Footprint, system: Footprint, day: dt.date) -> dict:
    """The counts and the failing deliveries as the log has them; it knows nothing that stood beside a status."""
    area = {"system": system.code, "as_of": day.isoformat()}
    themes = Theme.objects.all()
    log = PositionChange.objects.inside(footprint).standing_on(day)
    rows = [Counted(*row) for row in log.tallied()]
    if footprint == system:
        places = Footprint.objects.inside(system).places().open_on(day)
        columns = standing.columns_of(system, places, rows, deliveries_href, as_of=day.isoformat())
    else:
        area["place"] = footprint.code
        columns = [standing.column(footprint.short_name, rows, deliveries_href, **area)]
    whole = tally(rows)
    failing = [Status.MISSED, Status.OFF_TRACK]
    return {
        "is_empty": not rows,
        "summary": standing.summary(whole),
        "classes": standing.by_class(themes, rows, deliveries_href, **area),
        "columns": columns,
        "grid": standing.grid(themes, columns),
        "failing": logged_lines(log.failing().worst_first().in_words()[:SHOWN]),
        "all_failing": standing.listed(
            whole.number(*failing), "missed or off track", deliveries_href, **area, status=failing
        ),
    }


def _system_standing(system: Footprint, day: dt.date) -> dict:
    area = {"system": system.code}
    themes = Theme.objects.all()
    places = Footprint.objects.inside(system).places().open_on(day)
    seen = Position.objects.inside(system).at_a_glance(day, SHOWN)
    columns = standing.columns_of(system, places, seen.counted, deliveries_href)
    return {
        "columns": columns,
        "grid": standing.grid(themes, columns, _highlights(system)),
        "places": places,
        "maturity": _maturity_lines(system),
        **_seen(seen, themes, day, area),
    }


def _highlights(system: Footprint) -> Callable[[str], str]:
    """From a theme's code to its highlight report."""
    return partial(address, "commitments:theme_highlight", system.code)


def _place_standing(place: Footprint, system: Footprint, day: dt.date, *, beside_system: bool) -> dict:
    area = {"system": system.code, "place": place.code}
    themes = Theme.objects.all()
    seen = Position.objects.inside(place).at_a_glance(day, SHOWN)
    columns = [standing.column(place.short_name, seen.counted, deliveries_href, **area)]
    if beside_system:
        rows = [Counted(*row) for row in Position.objects.inside(system).tallied()]
        columns.append(standing.column("Whole system", rows, deliveries_href, system=system.code))
    return {
        "columns": columns,
        "grid": standing.grid(themes, columns, _highlights(system)),
        "maturity": _maturity_lines(place),
        "bodies": by_kind(Organisation.objects.serving(place).open_on(day)),
        **_seen(seen, themes, day, area),
    }


def _maturity_lines(footprint: Footprint) -> list[FrameworkLine]:
    positions = MaturityPosition.objects.filter(footprint=footprint)
    return framework_lines(Framework.objects.current(), positions.tallied())


def _seen(seen: Glance, themes: Iterable[Theme], day: dt.date, area: dict[str, str]) -> dict:
    return {
        **standing.counts(seen, themes, deliveries_href, **area),
        "time_left": standing.time_left(seen.reports, **area),
        "failing": standing.lines(seen.failing, day),
        "contradictions": standing.contradictions(seen.contradicted, day),
        "silent": standing.lines(seen.silent, day),
        "deadlines": standing.deadlines(seen.due, deliveries_href, **area),
    }
