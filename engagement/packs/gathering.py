"""Takes a pack's facts out of the database: published rows, and what the committee asked. Decides nothing."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from commitments.choices import Status, ThemeClass
from commitments.models import Publication, PublishedFootprint, PublishedFramework, PublishedPosition
from commitments.models.standing import size
from commitments.rules import headline
from commitments.sentences import path_to_green
from engagement.models import Committee, Pack, Recommendation
from engagement.packs.comparing import compared
from engagement.packs.facts import Asked, Borough, Gap, Head, Ladder, PackFacts, PublishedSystem, Source, Standing
from systems.choices import Level, MaturityStatus
from systems.sentences import tallied_in_words

_COMMITMENT = ("commitment__code", "commitment__title", "commitment__theme__theme_class")
DEMONSTRATION = "Demonstration: the reports, the numbers that come of them and the people in this pack are invented."


def gather(pack: Pack, today: dt.date) -> PackFacts:
    """All that the pack says."""
    committee = pack.meeting.committee
    publications = pack.publications.select_related("system").order_by("system_name", "period_id", "edition")
    asked = Recommendation.objects.filter(meeting__committee=committee).for_list().due_first()
    return PackFacts(
        committee=committee.name,
        meeting_on=pack.meeting_on,
        agenda_item=str(pack.item),
        subject=pack.subject,
        report_by=pack.report_by,
        wards_affected=pack.wards_affected,
        purpose=pack.purpose,
        asked_to=pack.asked_to,
        edition=pack.edition,
        made_on=today,
        systems=tuple(_system(pack, publication, committee) for publication in publications),
        asked=tuple(_asked(ask, today) for ask in asked.prefetch_related("responses")),
        notices=(DEMONSTRATION,) if settings.PORTAL_DEMO else (),
    )


# --- A publication ----------------------------------------------------------------------------------------


def _system(pack: Pack, publication: Publication, committee: Committee) -> PublishedSystem:
    boroughs = list(_boroughs(publication, committee))
    heads = _heads_of_boroughs(publication, boroughs)
    within, areas = _within(boroughs), _areas(boroughs)
    failing = tuple(map(standing, publication.positions.filter(within).failing().worst_first().in_words()))
    return PublishedSystem(
        name=publication.system_short_name,
        month=publication.month,
        edition=publication.edition,
        corrected_because=publication.reason,
        as_at_on=publication.as_at_on,
        address=settings.SITE_URL + address_of(publication),
        heads=_heads_of_system(publication),
        boroughs=tuple(
            Borough(place.code, place.short_name, place.population, place.population_basis, heads[place.pk])
            for place in boroughs
        ),
        failing=failing,
        compared=compared(pack, publication, within, areas, standing),
        sources=tuple(_sources(publication, {found.code for found in failing})),
        ladders=tuple(_ladders(publication, areas)),
        gaps=tuple(_gaps(publication, areas)),
    )


def address_of(publication: Publication) -> str:
    """Where a publication is read."""
    code = publication.system.code
    return reverse("commitments:publication", args=[code, publication.slug, publication.edition])


def _boroughs(publication: Publication, committee: Committee) -> Iterable[PublishedFootprint]:
    """Those the committee scrutinises: all of a system, unless it scrutinises only some of its places."""
    places = publication.footprints.places()
    scrutinised = dict(committee.footprints.values_list("code", "path"))
    if any(publication.system.path.startswith(path) for path in scrutinised.values()):
        return places
    return places.filter(code__in=scrutinised)


def _within(boroughs: list[PublishedFootprint]) -> Q:
    """What is delivered in these boroughs, or for the whole system."""
    return Q(footprint__place__code__in=[place.code for place in boroughs]) | Q(footprint__place=None)


def _areas(boroughs: list[PublishedFootprint]) -> Q:
    """The system, and these boroughs."""
    return Q(footprint__level=Level.SYSTEM) | Q(footprint__code__in=[place.code for place in boroughs])


def _heads_of_system(publication: Publication) -> tuple[Head, ...]:
    """The headline of each commitment over the whole system, in the catalogue's order."""
    rows = publication.coverage.filter(footprint__level=Level.SYSTEM, is_headline=True).order_by("commitment__code")
    return tuple(
        Head(code, title, ThemeClass(kind), Status(status))
        for code, title, kind, status in rows.values_list(*_COMMITMENT, "status")
    )


def _heads_of_boroughs(publication: Publication, boroughs: list[PublishedFootprint]) -> dict[int, tuple[Head, ...]]:
    """The same over each borough: of what is delivered there, or by what lies in it."""
    rows = publication.positions.filter(footprint__place__in=boroughs).order_by("commitment__code")
    counted: dict[tuple, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    sizes = rows.values_list("footprint__place_id", *_COMMITMENT, "status").annotate(**size())
    for *which, status, deliveries, people in sizes:
        by_number, by_people = counted[tuple(which)]
        by_number[status], by_people[status] = deliveries, people
    heads: dict[int, list[Head]] = {borough.pk: [] for borough in boroughs}
    for (borough, code, title, kind), (number, people) in counted.items():
        if word := headline(people) or headline(number):
            heads[borough].append(Head(code, title, ThemeClass(kind), word))
    return {pk: tuple(found) for pk, found in heads.items()}


def standing(position: PublishedPosition) -> Standing:
    """A published position in a pack's words. Expects it with its commitment, footprint and place."""
    footprint = position.footprint
    return Standing(
        position.commitment.code,
        position.commitment.title,
        footprint.short_name,
        footprint.place.code if footprint.place else "",
        Status(position.status),
        position.sentence,
        path_to_green(position.status, position.path_to_green),
    )


def _ladders(publication: Publication, areas: Q) -> Iterable[Ladder]:
    """The system first, framework by framework; then each borough."""
    rows: dict[tuple[PublishedFootprint, PublishedFramework], Counter[str]] = defaultdict(Counter)
    for row in publication.maturity.filter(areas).in_order().in_words():
        rows[row.footprint, row.framework][row.status] += 1
    networks = publication.networks.filter(areas).select_related("framework", "footprint")
    beneath = {(counted.footprint, counted.framework): counted.in_words for counted in networks}
    for which in sorted(rows.keys() | beneath.keys(), key=_system_first):
        footprint, framework = which
        status, said = tallied_in_words(rows[which]) if which in rows else (None, "")
        yield Ladder(framework.name, footprint.short_name, status, said, beneath.get(which, ""))


def _system_first(which: tuple[PublishedFootprint, PublishedFramework]) -> tuple:
    footprint, framework = which
    return footprint.level != Level.SYSTEM, footprint.name, framework.ordinal, framework.code


def _gaps(publication: Publication, areas: Q) -> Iterable[Gap]:
    """Each domain with a gap, the worst first."""
    found = publication.maturity.filter(areas).with_a_gap().worst_first().in_words().prefetch_related("criteria")
    for row in found:
        criteria = tuple(criterion.text for criterion in row.criteria.all())
        where, status = row.footprint.short_name, MaturityStatus(row.status)
        yield Gap(row.framework.name, row.domain, where, status, row.sentence, criteria)


def _sources(publication: Publication, codes: set[str]) -> Iterable[Source]:
    rows = publication.commitments.filter(code__in=codes)
    return (Source(*row) for row in rows.values_list("code", "deadline_text", "source"))


# --- What the committee asked -----------------------------------------------------------------------------


def _asked(ask: Recommendation, today: dt.date) -> Asked:
    latest = next(iter(ask.responses.all()), None)
    return Asked(
        ask.reference,
        ask.meeting.held_on,
        ask.get_kind_display(),
        ask.wording,
        ask.addressee,
        ask.get_state_display(),
        ask.due_on,
        ask.is_overdue(today),
        ask.times_asked,  # type: ignore[attr-defined]
        latest.get_reply_display() if latest else "",
        latest.words if latest else "",
        latest.owner if latest else "",
    )
