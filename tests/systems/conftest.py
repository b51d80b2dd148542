"""A ladder to stand on: one domain with three rungs, of which the third is expected of systems by April 2021."""

from dataclasses import dataclass

import pytest

from systems.models import Criterion, Domain, Framework
from systems.recompute import open_positions, recompute
from tests.factories import TODAY, CriterionFactory, DomainFactory, ExpectationFactory, FrameworkFactory


@dataclass(frozen=True)
class Ladder:
    """A framework with one domain, and its criteria from the lowest rung up: one, two, one."""

    framework: Framework
    domain: Domain
    criteria: list[Criterion]


@pytest.fixture
def ladder(db) -> Ladder:
    framework = FrameworkFactory(code="ICSM", name="ICS matrix", used_at_places=True)
    domain = DomainFactory(framework=framework, name="Leadership", ordinal=1)
    criteria = [
        CriterionFactory(domain=domain, rung=rung, code=code)
        for rung, code in ((1, "A1.1"), (2, "A2.1"), (2, "A2.2"), (3, "A3.1"))
    ]
    for criterion, name in zip(criteria, ("emerging", "developing", "developing", "maturing"), strict=True):
        type(criterion.level).objects.filter(pk=criterion.level_id).update(name=name)
    ExpectationFactory(level=criteria[3].level)
    return Ladder(framework, domain, criteria)


@pytest.fixture
def settled(ladder, system, place):
    """Every domain has its position, and it is right."""
    open_positions(TODAY)
    recompute(TODAY)
