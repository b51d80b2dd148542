"""Freezes how mature a system and its places are, in the words of their ladders, and how far their networks are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from commitments.models import (
    Publication,
    PublishedCriterion,
    PublishedFootprint,
    PublishedFramework,
    PublishedMaturity,
    PublishedNetworks,
)
from systems.choices import Level
from systems.coverage import headline
from systems.models import Criterion, Footprint, Framework, MaturityLevel, MaturityPosition

_ROWS_A_STATEMENT = 500
# What stands by itself; a network is counted in what it lies in.
_SHOWN = (Level.SYSTEM, Level.PLACE)

Names = Mapping[int, Mapping[int, str]]


def freeze_maturity(publication: Publication, system: Footprint) -> None:
    """The frameworks in use, each domain of the system and of its places, and the networks of each in numbers."""
    today = publication.as_at_on
    positions = list(_positions(system, today))
    covered = _covered(system, today)
    frameworks = _frameworks(publication, covered.keys() | {p.domain.framework_id for p in positions})
    footprints = {footprint.code: footprint for footprint in publication.footprints.filter(level__in=_SHOWN)}
    names = MaturityLevel.objects.names()
    frozen = PublishedMaturity.objects.bulk_create(
        (_position(p, frameworks, footprints, names, publication) for p in positions), batch_size=_ROWS_A_STATEMENT
    )
    criteria = _criteria(publication, positions, frozen)
    PublishedCriterion.objects.bulk_create(criteria, batch_size=_ROWS_A_STATEMENT)
    networks = _networks(publication, covered, frameworks, footprints, names)
    PublishedNetworks.objects.bulk_create(networks, batch_size=_ROWS_A_STATEMENT)


def _positions(system: Footprint, today: dt.date) -> Iterable[MaturityPosition]:
    found = MaturityPosition.objects.inside(system).of_current_frameworks().open_on(today)
    return found.filter(footprint__level__in=_SHOWN).in_words().order_by("footprint__code", "domain")


def _covered(system: Footprint, today: dt.date) -> dict[int, dict[str, list[tuple]]]:
    """What is counted of the networks of the system and of each of its places, by framework and code."""
    places = dict(Footprint.objects.inside(system).places().open_on(today).values_list("pk", "code"))
    covered: dict[int, dict[str, list[tuple]]] = defaultdict(lambda: defaultdict(list))
    for framework, *counted in MaturityPosition.objects.covered(system, Level.PCN, today):
        row = tuple(counted)
        covered[framework][system.code].append(row)
        if row[0] in places:
            covered[framework][places[row[0]]].append(row)
    return covered


def _frameworks(publication: Publication, used: Iterable[int]) -> dict[int, PublishedFramework]:
    """The current ones of these, by the key of the live one."""
    live = list(Framework.objects.current().filter(pk__in=used))
    frozen = PublishedFramework.objects.bulk_create(
        PublishedFramework(publication=publication, code=f.code, name=f.name, version=f.version, ordinal=f.ordinal)
        for f in live
    )
    return {framework.pk: row for framework, row in zip(live, frozen, strict=True)}


def _position(
    position: MaturityPosition,
    frameworks: Mapping[int, PublishedFramework],
    footprints: Mapping[str, PublishedFootprint],
    names: Names,
    publication: Publication,
) -> PublishedMaturity:
    domain = position.domain
    words = position.ladder_in_words(names.get(domain.framework_id, {}), publication.as_at_on)
    return PublishedMaturity(
        publication=publication,
        framework=frameworks[domain.framework_id],
        footprint=footprints[position.footprint.code],
        domain=domain.name,
        ordinal=domain.ordinal,
        status=position.status,
        sentence=position.sentence,
        reached=position.reached,
        reached_level=words.reached,
        expected_level=words.expected,
        expected_on=position.expected_on,
        next_level=words.next_level,
        next_on=position.next_on,
        time_left=words.time_left,
        gap=position.gap,
        spread=words.spread,
    )


def _criteria(
    publication: Publication, positions: Sequence[MaturityPosition], frozen: Sequence[PublishedMaturity]
) -> Iterator[PublishedCriterion]:
    """What stands in the way of each, as worded now."""
    known = Criterion.objects.in_bulk({pk for position in positions for pk in position.in_the_way})
    for position, row in zip(positions, frozen, strict=True):
        for ordinal, pk in enumerate(pk for pk in position.in_the_way if pk in known):
            yield PublishedCriterion(
                publication=publication,
                position=row,
                ordinal=ordinal,
                text=known[pk].text,
                is_taken_up=pk not in position.uncovered,
                is_draft_wording=known[pk].is_draft_wording,
            )


def _networks(
    publication: Publication,
    covered: Mapping[int, Mapping[str, Sequence[tuple]]],
    frameworks: Mapping[int, PublishedFramework],
    footprints: Mapping[str, PublishedFootprint],
    names: Names,
) -> Iterator[PublishedNetworks]:
    """One row for the system and one for each place that has networks, by framework."""
    for pk, framework in frameworks.items():
        for code, rows in covered.get(pk, {}).items():
            said = headline(rows, names[pk])
            yield PublishedNetworks(
                publication=publication,
                framework=framework,
                footprint=footprints[code],
                sentence=said.in_words,
                networks=said.networks,
                people=said.people,
                of_networks=said.of_networks,
                of_people=said.of_people,
                assessed=said.assessed,
            )
