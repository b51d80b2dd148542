"""The front page and the list of systems, as a visitor sees them; and how many queries each page takes."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.choices import Status
from systems.choices import FootprintKind, Level, Role
from tests.factories import (
    FootprintFactory,
    MembershipFactory,
    PcnFactory,
    PlaceFactory,
    SystemFactory,
    person,
)
from tests.systems.pages import PLACE_PAGE, delivery, page, text

# --- The front page ---------------------------------------------------------------------------------------


def test_a_visitor_reads_what_the_portal_is_for(client, db):
    html = page(client, "/")

    assert "See how your area delivers the NHS Long Term Plan" in html
    assert 'href="/accounts/login/"' in html
    assert 'href="/how-status-works/"' in html


def test_a_reader_of_one_system_lands_on_its_dashboard(signed_in, place):
    assert signed_in(person(Role.VIEWER, place.parent)).get("/")["Location"] == "/systems/QKK/"


@pytest.mark.parametrize("role", [Role.REPORTER, Role.PROGRAMME_MANAGER, Role.APPROVER])
def test_who_reports_or_approves_lands_on_their_work(signed_in, place, role):
    client = signed_in(person(role, place))

    response = client.get("/", follow=True)

    assert response.redirect_chain == [("/my-work/", 302)]
    assert 'aria-current="page"><strong' in text(response.content.decode()).replace("> <", "><")
    assert "Start page" not in response.content.decode()


def test_a_reader_of_one_place_lands_on_that_place(signed_in, place):
    assert signed_in(person(Role.VIEWER, place)).get("/")["Location"] == PLACE_PAGE


def test_a_person_of_two_systems_lands_on_the_list(signed_in, viewer):
    MembershipFactory(user=viewer, footprint=SystemFactory(code="QRV"), role=Role.VIEWER)

    assert signed_in(viewer).get("/")["Location"] == "/systems/"


def test_an_admin_lands_on_the_list_of_systems(signed_in, place, portal_admin):
    SystemFactory(code="QRV")

    assert signed_in(portal_admin).get("/")["Location"] == "/systems/"


def test_a_person_without_a_role_lands_on_a_page_that_says_whom_to_write_to(signed_in, manager):
    manager.memberships.update(ends_on=dt.date(2019, 9, 29))

    response = signed_in(manager).get("/", follow=True)

    assert "You may see no whole system and no whole place" in response.content.decode()


def test_the_front_page_refuses_to_be_written_to(client, db):
    assert client.post("/").status_code == 405


# --- The list of systems ----------------------------------------------------------------------------------


def test_the_list_says_how_each_system_stands(signed_in, system, place, portal_admin):
    region = FootprintFactory(
        code="Y56", name="London", level=Level.REGION, kind=FootprintKind.NHS_REGION, parent=system.parent
    )
    system.parent = region
    system.save()
    delivery(place, Status.MISSED)
    delivery(place, Status.OFF_TRACK)
    delivery(place, Status.NOT_APPLICABLE)

    html = text(page(signed_in(portal_admin), "/systems/"))

    assert "London</caption>" in html
    assert '<a href="/systems/QKK/">South East London</a>' in html
    assert "Integrated care system. 1,000,000 ONS mid-2019 residents." in html
    assert "1 missed and 1 off track of 2" in html


def test_the_list_leaves_out_systems_one_may_not_see(signed_in, viewer):
    SystemFactory(code="QRV", name="North West London")

    html = page(signed_in(viewer), "/systems/")

    assert "South East London" in html
    assert "North West London" not in html


def test_a_reporter_sees_the_place_and_not_its_system(signed_in, reporter, place):
    delivery(place, Status.OFF_TRACK)
    delivery(place.parent, Status.MISSED)

    html = text(page(signed_in(reporter), "/systems/"))

    assert f'<a href="{PLACE_PAGE}">Bexley</a>' in html
    assert "1 off track of 1" in html
    assert 'href="/systems/QKK/"' not in html


def test_a_system_that_has_closed_is_not_listed(signed_in, portal_admin, db):
    SystemFactory(code="QZZ", name="Closed system", closed_on=dt.date(2019, 3, 31))

    assert "Closed system" not in page(signed_in(portal_admin), "/systems/")


# --- Query counts -----------------------------------------------------------------------------------------


def everywhere(system, count: int) -> None:
    """As many places, themes and deliveries of every status again."""
    for _ in range(count):
        place = PlaceFactory(parent=system)
        for status in Status:
            delivery(
                place,
                status,
                contradiction="Reported green, but so it is.",
                deadline_on=dt.date(2020, 3, 31),
            )
            delivery(PcnFactory(parent=place), status)


@pytest.mark.parametrize("address", ["/", "/systems/", "/systems/QKK/", PLACE_PAGE])
def test_twice_the_rows_take_the_same_number_of_queries(signed_in, viewer, place, address):
    client = signed_in(viewer)
    everywhere(place.parent, 1)
    client.get("/accounts/")  # the session's first click writes
    with CaptureQueriesContext(connection) as few:
        client.get(address)

    everywhere(place.parent, 2)
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few)


def test_the_list_of_many_systems_takes_the_same_number_of_queries(signed_in, portal_admin, system):
    client = signed_in(portal_admin)
    everywhere(system, 1)
    client.get("/accounts/")
    with CaptureQueriesContext(connection) as few:
        client.get("/systems/")

    for _ in range(3):
        everywhere(SystemFactory(), 1)
    with CaptureQueriesContext(connection) as many:
        client.get("/systems/")

    assert len(many) == len(few)
