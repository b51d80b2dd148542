import pytest

from systems.actions import rebuild_tree
from systems.choices import FootprintKind, Level
from systems.models import Footprint
from tests.factories import FootprintFactory, PcnFactory, PlaceFactory, SystemFactory

pytestmark = pytest.mark.django_db


def test_the_tree_follows_the_parents():
    place = PlaceFactory(code="E09000004")
    pcn = PcnFactory(code="U1", parent=place)
    Footprint.objects.update(system=None, place=None)
    Footprint.objects.filter(pk=pcn.pk).update(path="elsewhere/U1/")

    rebuild_tree()

    pcn.refresh_from_db()
    assert pcn.path == f"ENG/{place.parent.code}/E09000004/U1/"
    assert (pcn.system, pcn.place) == (place.parent, place)


def test_what_lies_below_moves_with_its_parent():
    place = PlaceFactory(code="E09000004")
    pcn = PcnFactory(code="U1", parent=place)
    elsewhere = SystemFactory(code="QRV")
    Footprint.objects.filter(pk=place.pk).update(parent=elsewhere)

    changed = rebuild_tree()

    pcn.refresh_from_db()
    # The place and the network, and for each one system left and one entered.
    assert changed == 2 + 4
    assert pcn.path == "ENG/QRV/E09000004/U1/"
    assert pcn.system == elsewhere


def test_a_network_directly_under_its_system_has_no_place():
    system = SystemFactory()
    pcn = PcnFactory(parent=system)

    rebuild_tree()

    pcn.refresh_from_db()
    assert (pcn.system, pcn.place) == (system, None)


def test_a_neighbourhood_may_hold_neighbourhoods():
    place = PlaceFactory(code="E09000028")
    network = FootprintFactory(
        code="nb:north", level=Level.NEIGHBOURHOOD, kind=FootprintKind.LOCAL_CARE_NETWORK, parent=place
    )
    inner = FootprintFactory(
        code="nb:borough", level=Level.NEIGHBOURHOOD, kind=FootprintKind.NEIGHBOURHOOD, parent=network
    )

    rebuild_tree()

    inner.refresh_from_db()
    assert inner.path.endswith("/E09000028/nb:north/nb:borough/")
    assert inner.place == place


def test_the_second_rebuild_writes_nothing():
    PcnFactory()
    rebuild_tree()

    assert rebuild_tree() == 0
