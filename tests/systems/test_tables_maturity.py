"""Lists about maturity, taken out as files."""

import csv
import io

import pytest

from systems.choices import Level, Result
from systems.recompute import open_positions, recompute
from tests.factories import (
    TODAY,
    CriterionFactory,
    DomainFactory,
    FrameworkFactory,
    ImprovementActionFactory,
    PcnFactory,
    signed_off_assessment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]

HOME = "/systems/QKK/maturity/QKK/"
TWO_DAYS = {
    "first_day": "1", "first_month": "9", "first_year": "2019",
    "second_day": "30", "second_month": "9", "second_year": "2019",
}  # fmt: skip


def rows(client, address: str, word: str, **query) -> list[dict[str, str]]:
    answer = client.get(address, query | {f"{word}-export": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.fixture
def client(signed_in, manager):
    return signed_in(manager)


def test_how_each_area_stands_and_who_judged(client, system, ladder):
    first, *others = ladder.criteria
    signed_off_assessment(system, {first: Result.MET} | dict.fromkeys(others, Result.NOT_MET))
    recompute(TODAY, everything=True)

    [stands] = rows(client, HOME, "ladders")
    [judged] = rows(client, HOME, "assessments")

    assert (stands["Area"], stands["Status"], stands["Reached"]) == ("Leadership", "At risk", "Emerging")
    assert (stands["Expected next"], stands["Expected next by"]) == ("Maturing", "2021-04-30")
    assert stands["Why"].startswith("At risk: emerging is reached")
    assert (judged["Framework"], judged["As it stood on"]) == ("ICS matrix", "2019-09-20")


def test_every_network_inside(client, place):
    CriterionFactory(domain=DomainFactory(framework=FrameworkFactory(level=Level.PCN)))
    inside = [PcnFactory(parent=place, name=f"=Network {number}") for number in (1, 2)]
    open_positions(TODAY)
    recompute(TODAY)

    assert [(row["Code"], row["Name"]) for row in rows(client, HOME, "networks")] == [
        (pcn.code, f"'{pcn.name}") for pcn in inside
    ]


def test_when_areas_moved_and_two_days_compared(client, system, ladder):
    signed_off_assessment(system, dict.fromkeys(ladder.criteria, Result.MET))
    recompute(TODAY, everything=True)

    newest = rows(client, f"{HOME}history/", "moves")[0]
    [compared] = rows(client, f"{HOME}history/", "compared", **TWO_DAYS)

    assert (newest["From"], newest["To"]) == ("Not assessed", "Met")
    assert compared["Status on the first day"] == "Not assessed"
    assert (compared["Status on the second day"], compared["Changed"]) == ("Met", "Yes")
    assert rows(client, f"{HOME}history/", "compared") == []


def test_the_actions_of_a_plan(client, system, ladder):
    action = ImprovementActionFactory(footprint=system, title="=Appoint a lead")
    action.closes.add(*ladder.criteria[:2])

    [row] = rows(client, f"{HOME}plan/", "actions")

    assert row["Action"] == "'=Appoint a lead"
    assert row["Meets"] == "; ".join(criterion.text for criterion in ladder.criteria[:2])
    assert row["Due"] == str(action.due_on)
