"""The real committees and boards of three systems, from fixtures/reference."""

import pytest
from django.conf import settings
from django.core.management import call_command

from engagement.choices import CommitteeKind
from engagement.models import Committee
from systems.choices import OrganisationKind
from systems.models import Organisation

pytestmark = pytest.mark.django_db


def systems_of(committee):
    return [system.name for system in committee.systems()]


def test_every_board_and_committee_on_the_map_is_there(reference):
    kinds = (OrganisationKind.HWB, OrganisationKind.HOSC, OrganisationKind.JHOSC)
    bodies = Organisation.objects.filter(kind__in=kinds)

    assert bodies.filter(committee__isnull=True).count() == 0
    assert all(body.name == body.committee.name for body in bodies.select_related("committee"))
    assert systems_of(Committee.objects.get(kind=CommitteeKind.NHS_BOARD)) == ["North West London"]


def test_each_says_where_it_is_known_from(reference):
    assert not Committee.objects.filter(source="").exists()
    assert all("seed" not in committee.source for committee in Committee.objects.all())


def test_the_joint_committees_have_the_councils_of_their_terms_of_reference(reference):
    north_west = Committee.objects.get(slug="north-west-london-jhosc")
    south_east = Committee.objects.get(slug="south-east-london-jhosc")

    councils = set(north_west.councils.values_list("name", flat=True))
    assert len(councils) == 8
    assert "London Borough of Richmond upon Thames" in councils
    assert "London Borough of Hillingdon" not in councils
    assert south_east.councils.count() == 6
    assert [systems_of(committee) for committee in (north_west, south_east)] == [
        ["North West London"],
        ["South East London"],
    ]


def test_a_board_of_one_council_scrutinises_its_place(reference):
    board = Committee.objects.get(slug="portsmouth-health-and-wellbeing-board")

    assert [footprint.name for footprint in board.footprints.all()] == ["Portsmouth"]
    assert [council.name for council in board.councils.all()] == ["Portsmouth City Council"]
    assert systems_of(board) == ["Hampshire and the Isle of Wight"]


def test_a_second_load_changes_nothing(reference, capsys):
    call_command("load_reference")

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("committee")]
    assert len(lines) == 3
    assert all(" 0 new       0 changed" in line for line in lines)


def test_the_readme_names_every_file():
    text = (settings.BASE_DIR / "fixtures" / "README.md").read_text()

    assert all(f"committee{name}.csv" in text for name in ("s", "_councils", "_footprints"))
