"""Who sits on which committee is set in the admin site, and the security log hears of it."""

import datetime as dt

import pytest

from engagement.models import Committee, CommitteeMembership
from tests.engagement.factories import CouncilFactory, SeatFactory
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db

SEATS = "/admin/engagement/committeemembership/"


def test_a_seat_gives_its_holder_the_committee(signed_in, portal_admin, committee, security_log):
    user, council = UserFactory(), CouncilFactory()
    sent = {
        "committee": committee.pk,
        "user": user.pk,
        "council": council.pk,
        "role": "chair",
        "starts_on": dt.date(2019, 5, 1),
    }

    assert signed_in(portal_admin).post(f"{SEATS}add/", sent).status_code == 302

    assert list(Committee.objects.led_by(user.as_of(TODAY))) == [committee]
    event = security_log()[-1]
    assert (event["event"], event["account"], event["role"]) == ("seat_changed", user.email, "chair")


def test_a_councillor_without_an_account_is_named(signed_in, portal_admin, committee):
    sent = {"committee": committee.pk, "role": "member", "starts_on": TODAY}
    refused = signed_in(portal_admin).post(f"{SEATS}add/", sent)
    assert "enter the name of a councillor who has none" in refused.content.decode()

    signed_in(portal_admin).post(f"{SEATS}add/", sent | {"name": "Cllr Named"})

    assert CommitteeMembership.objects.get().person == "Cllr Named"


def test_only_councils_send_members(signed_in, portal_admin, committee):
    council, trust = CouncilFactory(name="A council"), CouncilFactory(name="A trust", kind="trust")

    page = signed_in(portal_admin).get(f"{SEATS}add/").content.decode()

    assert council.name in page
    assert trust.name not in page


def test_a_seat_is_ended_and_never_removed(signed_in, portal_admin):
    seat = SeatFactory()

    assert signed_in(portal_admin).post(f"{SEATS}{seat.pk}/delete/", {"post": "yes"}).status_code == 403
    assert signed_in(portal_admin).get(SEATS).status_code == 200


def test_committees_are_loaded_and_not_typed_in(signed_in, portal_admin, committee):
    assert signed_in(portal_admin).get("/admin/engagement/committee/add/").status_code == 403
    assert committee.name in signed_in(portal_admin).get("/admin/engagement/committee/").content.decode()
