"""The demonstration's files hold what its stories need, and say what is invented."""

import csv

import pytest
from django.conf import settings

from commitments.choices import DeliveryLevel
from commitments.demo.people import read_people
from commitments.demo.subjects import read_statements
from systems.choices import Role
from tests.commitments.demo_subjects import FOLDER, PHRASES

SYSTEMS = ("QKK", "QRV", "QRL")


def commitments():
    with (settings.BASE_DIR / "fixtures" / "reference" / "commitments.csv").open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["delivery_level"] != DeliveryLevel.NATIONAL]


@pytest.mark.parametrize("theme", sorted({row["theme"] for row in commitments()}))
def test_every_theme_that_is_delivered_has_its_words(theme):
    words = PHRASES[theme]

    assert len(words["doing"]) >= 4
    assert len(words["next"]) >= 3
    assert all(trouble["reason"] and trouble["path"] for trouble in words["trouble"])
    assert len(words["steps"]) == len(set(words["steps"])) == 5


def test_people_are_plainly_invented():
    people = read_people(FOLDER)

    names = {(person["email"], person["name"]) for person in people}
    assert len({email for email, _ in names}) == len({name for _, name in names}) == len(names)
    assert len({(person["email"], person["footprint"]) for person in people}) == len(people)
    assert all(person["email"].endswith("@demo.example") for person in people)
    assert all(person["job_title"].endswith("(demonstration)") for person in people)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.APPROVER, Role.VIEWER, Role.JHOSC_MEMBER])
def test_every_system_has_somebody_who_signs_in_in_each_role(role, system):
    signing_in = [(p["role"], p["footprint"]) for p in read_people(FOLDER) if p["signs_in"] == "yes"]

    assert (role, system) in signing_in


def test_the_papers_are_quoted_with_their_place():
    statements = read_statements(FOLDER)

    assert len(statements) >= 20
    assert all(said.source and said.statement for said in statements.values())
    assert {code for code, _ in statements} <= {row["code"] for row in commitments()}


def test_the_printed_slip_of_the_portsmouth_paper_is_named():
    sources = [said.source for said in read_statements(FOLDER).values() if said.source.startswith("Portsmouth")]

    assert sources
    assert all("13 February 2019 (the paper prints 2018)" in source for source in sources)
