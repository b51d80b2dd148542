"""Invented assessments: the same on every machine, and each says that it is invented."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from systems.choices import Level, Partner, Rater, Result
from systems.models import Criterion, Footprint

SOURCE = "Invented for the demonstration"
EVIDENCE = "Invented for the demonstration: minutes of the partnership, and a visit."
# Papers speak of these; what is invented says nothing about them, so that the papers' word stands.
_LEFT_TO_PAPERS = {("QKK", code) for code in ("ICSM-A1.1", "ICSM-B2.2", "ICSM-D3.2", "SELG-1", "SELG-2", "SELG-3")} | {
    ("QRV", "ICSM-E3.1")
}
_SYSTEMS_ON, _PLACES_ON, _NETWORKS_ON = dt.date(2019, 7, 15), dt.date(2019, 8, 30), dt.date(2019, 9, 16)


@dataclass(frozen=True, slots=True)
class Story:
    """What one rater said about one footprint on one day: result and words by criterion."""

    footprint: str
    on: dt.date
    said: Mapping[Criterion, tuple[str, str]]
    rater: str = Rater.SELF
    partner: str = ""
    source: str = SOURCE


def stories_of(footprints: Iterable[Footprint], criteria: Sequence[Criterion]) -> Iterator[Story]:
    """Who judged what: systems by themselves, some places by their partners one by one, most networks."""
    by_framework: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        by_framework.setdefault(criterion.domain.framework.code, []).append(criterion)
    for footprint in footprints:
        match footprint.level:
            case Level.SYSTEM:
                yield _told(footprint, by_framework["ICSM"], 2.4, _SYSTEMS_ON)
                yield _told(footprint, by_framework["ICSR"], 0.6, _SYSTEMS_ON)
            case Level.PLACE:
                yield from _of_place(footprint, by_framework["ICSM"])
            case Level.PCN:
                yield from _of_network(footprint, by_framework)


def _of_place(place: Footprint, criteria: Sequence[Criterion]) -> Iterator[Story]:
    dice = _dice(place, "partners")
    if dice.random() < 0.6:
        for partner, kindness in ((Partner.NHS, 2.2), (Partner.COUNCIL, 1.7), (Partner.VOLUNTARY, 1.4)):
            yield _told(place, criteria, kindness, _PLACES_ON, partner=partner)


def _of_network(network: Footprint, by_framework: Mapping[str, Sequence[Criterion]]) -> Iterator[Story]:
    dice = _dice(network, "assessed")
    height = dice.choice((0.2, 0.9, 1.2, 1.3, 2.1))
    if dice.random() < 0.85:
        yield _told(network, by_framework["PCNM"], height, _NETWORKS_ON)
    if dice.random() < 0.1:
        yield _told(network, by_framework["PCNM"], height - 0.5, _NETWORKS_ON, rater=Rater.PEER)
    if dice.random() < 0.5:
        yield _told(network, by_framework["PCNF"], height / 2, _NETWORKS_ON)


def _told(
    footprint: Footprint,
    criteria: Sequence[Criterion],
    height: float,
    on: dt.date,
    *,
    rater: str = Rater.SELF,
    partner: str = "",
) -> Story:
    """Most of what lies below this height is met, and little above it."""
    dice = _dice(footprint, f"{criteria[0].domain.framework.code}:{rater}:{partner}")
    said = {}
    for criterion in criteria:
        if (footprint.code, criterion.code) in _LEFT_TO_PAPERS:
            said[criterion] = (Result.NOT_ASSESSED, "")
            continue
        above = criterion.level.ordinal - height
        result = Result.MET if above <= 0 else dice.choice((Result.PARTLY, Result.NOT_MET))
        if abs(above) < 1 and dice.random() < 0.25:
            result = dice.choice((Result.MET, Result.PARTLY))
        said[criterion] = (result, EVIDENCE)
    return Story(footprint.code, on, said, rater=rater, partner=partner)


def _dice(footprint: Footprint, what: str) -> Random:
    return Random(f"2019:maturity:{footprint.code}:{what}")  # noqa: S311 - a story, not a secret


def actions_of(system: str) -> list[tuple[str, dt.date, tuple[str, ...]]]:
    """Invented actions of a system's plan: the words, the day they are due, and the criteria they would meet."""
    planned: dict[str, list[tuple[str, dt.date, tuple[str, ...]]]] = {
        "QKK": [
            ("Recover the waiting times standards (invented)", dt.date(2020, 12, 31), ("ICSM-D3.2", "SELG-1")),
            ("Agree a recovery plan for the control total (invented)", dt.date(2020, 9, 30), ("ICSM-B2.2", "SELG-2")),
        ],
        "QRV": [
            ("Agree arrangements across the council boundaries (invented)", dt.date(2020, 6, 30), ("ICSM-E3.1",)),
            ("Appoint a system chief clinical information officer (invented)", dt.date(2020, 3, 31), ("ICSM-A3.3",)),
        ],
        "QRL": [
            ("Form the partnership board with all councils (invented)", dt.date(2019, 8, 31), ("ICSR-01",)),
            ("Align the plans for workforce, estates and digital (invented)", dt.date(2021, 6, 30), ("ICSM-B3.3",)),
        ],
    }  # fmt: skip
    return planned.get(system, [])
