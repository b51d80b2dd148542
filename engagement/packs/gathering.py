"""Takes a pack's facts out of the database: published rows, and what the committee asked. Decides nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from commitments.choices import Status, ThemeClass
from commitments.models import Publication, PublishedCoverage, PublishedFootprint, PublishedPosition
from commitments.models.published import PublishedPositionQuerySet
from commitments.sentences import path_to_green
from engagement.models import Committee, Pack, Recommendation
from engagement.packs.comparing import compared
from engagement.packs.facts import Asked, Borough, Head, PackFacts, PublishedSystem, Source, Standing
from systems.choices import Level

DEMONSTRATION = "Demonstration: every report, number and person in this pack is invented."


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
    whole = publication.footprints.get(level=Level.SYSTEM)
    heads = _heads(publication, [whole, *boroughs])
    within = _within(publication, boroughs)
    failing = tuple(map(standing, within.failing().worst_first().in_words()))
    return PublishedSystem(
        name=publication.system_short_name,
        month=publication.month,
        edition=publication.edition,
        corrected_because=publication.reason,
        as_at_on=publication.as_at_on,
        address=settings.SITE_URL + address_of(publication),
        heads=heads[whole.pk],
        boroughs=tuple(
            Borough(place.code, place.short_name, place.population, place.population_basis, heads[place.pk])
            for place in boroughs
        ),
        failing=failing,
        compared=compared(pack, publication, within, standing),
        sources=tuple(_sources(publication, {found.code for found in failing})),
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


def _within(publication: Publication, boroughs: list[PublishedFootprint]) -> PublishedPositionQuerySet:
    """What is delivered in these boroughs, or for the whole system."""
    return publication.positions.filter(Q(footprint__place__in=boroughs) | Q(footprint__place=None))


def _heads(publication: Publication, areas: list[PublishedFootprint]) -> dict[int, tuple[Head, ...]]:
    """The headline of each commitment over each of these areas, in the catalogue's order."""
    rows = PublishedCoverage.objects.filter(publication=publication, footprint__in=areas, is_headline=True)
    facts = ("footprint_id", "commitment__code", "commitment__title", "commitment__theme__theme_class", "status")
    found: dict[int, list[Head]] = defaultdict(list)
    for area, code, title, kind, status in rows.order_by("commitment__code").values_list(*facts):
        found[area].append(Head(code, title, ThemeClass(kind), Status(status)))
    return {area.pk: tuple(found[area.pk]) for area in areas}


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
