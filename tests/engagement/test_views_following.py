"""Following from a published page, the list of what one follows, and the end of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement import actions
from engagement.choices import FollowKind
from engagement.models import Follow
from systems.choices import Role
from tests.factories import SystemFactory, person
from tests.systems.pages import page, text

pytestmark = pytest.mark.django_db

HOME = "/systems/QKK/published/2019-08/1/"


@pytest.fixture
def things(delivered, place):
    """(kind, code, the page it is followed from)."""
    commitment = delivered.commitment
    return [
        ("commitment", commitment.code, f"{HOME}commitments/{commitment.code}/"),
        ("theme", commitment.theme.code, f"{HOME}themes/{commitment.theme.code}/"),
        ("place", place.code, f"{HOME}places/{place.code}/"),
    ]


def test_one_button_on_each_page_follows_and_stops(signed_in, councillor, august, things):
    client = signed_in(councillor)
    for kind, code, address in things:
        button = f"/following/QKK/{kind}/{code}/"
        assert f'action="{button}"' in page(client, address)
        assert ">Follow " in page(client, address)

        assert client.post(button, {"do": "follow", "next": address})["Location"] == address
        shown = page(client, address)
        assert "an email tells you what changed" in shown
        assert ">Stop following " in shown
        assert ">Stop following " in page(client, address)

        client.post(button, {"do": "stop", "next": address})
        assert ">Follow " in page(client, address)
    assert not Follow.objects.exists()


def test_the_list_names_all_and_leads_to_them(signed_in, councillor, august, delivered, place, things):
    client = signed_in(councillor)
    for kind, code, _ in things:
        client.post(f"/following/QKK/{kind}/{code}/", {"do": "follow"})

    shown = page(client, "/following/")

    for _, _, address in things:
        assert f'href="{address}"' in shown
    assert delivered.commitment.title in shown
    client.post(f"/following/QKK/place/{place.code}/", {"do": "stop"})
    assert Follow.objects.count() == 2


def test_what_is_no_longer_published_keeps_its_code(signed_in, councillor, august, system):
    Follow.objects.create(person=councillor, system=system, kind="theme", code="GONE")

    assert "GONE" in page(signed_in(councillor), "/following/")


def test_who_follows_nothing_is_told_how(signed_in, councillor):
    client = signed_in(councillor)

    assert "You follow nothing yet" in page(client, "/following/")
    assert "You follow nothing, so no email comes." in page(client, "/following/stop/")


def test_the_link_in_each_letter_stops_all_of_them(signed_in, councillor, august, things):
    client = signed_in(councillor)
    for kind, code, _ in things:
        client.post(f"/following/QKK/{kind}/{code}/", {"do": "follow"})
    assert "You follow 3 things" in text(page(client, "/following/stop/"))

    answer = client.post("/following/stop/")

    assert answer["Location"] == "/following/"
    assert not Follow.objects.exists()


def test_the_link_asks_who_is_signed_out_to_sign_in(client):
    assert client.get("/following/stop/")["Location"] == "/accounts/login/?next=/following/stop/"


@pytest.mark.parametrize("address", ["QKK/theme/NONE", "QKK/person/CAN", "QRV/theme/CAN"])
def test_what_is_not_there_cannot_be_followed(signed_in, councillor, august, address):
    assert signed_in(councillor).post(f"/following/{address}/", {"do": "follow"}).status_code == 404


def test_a_stranger_cannot_follow(signed_in, august, place):
    stranger = person(Role.JHOSC_MEMBER, SystemFactory())

    answer = signed_in(stranger).post(f"/following/QKK/place/{place.code}/", {"do": "follow"})

    assert answer.status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_button_leads_nowhere_else(signed_in, councillor, august, place, elsewhere):
    answer = signed_in(councillor).post(f"/following/QKK/place/{place.code}/", {"do": "follow", "next": elsewhere})

    assert answer["Location"] == "/following/"


def test_stopping_what_one_does_not_follow_changes_nothing(signed_in, councillor, august, place):
    answer = signed_in(councillor).post(f"/following/QKK/place/{place.code}/", {"do": "stop"})

    assert answer.status_code == 302


def test_who_is_signed_out_has_no_button(client, august, system, manager, things):
    from_address = things[0][2]
    actions_by_public = page(client, from_address) if client.get(from_address).status_code == 200 else ""

    assert "/following/" not in actions_by_public


def test_twice_the_rows_take_the_same_queries(signed_in, councillor, august, system, things):
    client = signed_in(councillor)
    for kind, code, _ in things:
        actions.follow(system=system, kind=FollowKind(kind), code=code, by=councillor)
    page(client, "/following/")
    with CaptureQueriesContext(connection) as few:
        page(client, "/following/")
    for code in ("A", "B", "C"):
        actions.follow(system=system, kind=FollowKind.THEME, code=code, by=councillor)

    with CaptureQueriesContext(connection) as many:
        page(client, "/following/")

    assert len(many) <= len(few)
