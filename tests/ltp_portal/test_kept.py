"""Pages of a system that are kept, and those who have one already: when they are answered anew, and to whom."""

import datetime as dt
import re

import pytest
from django.contrib import messages
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.choices import Stage, Status
from commitments.models import PositionsVersion
from ltp_portal import kept
from systems.choices import Role
from systems.models import Footprint, User
from tests.factories import TODAY, DeliveryFactory, ReportFactory, SystemFactory, person
from tests.systems.pages import PLACE_PAGE, delivery

DASHBOARD = "/systems/QKK/"
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w+"')


@pytest.fixture(params=[DASHBOARD, PLACE_PAGE], ids=["system", "place"])
def address(request, place) -> str:
    delivery(place, Status.OFF_TRACK)
    return request.param


def tag_of(client: Client, address: str) -> str:
    """What a browser holds that has been here before: the first answer brings the cookie, the second a tag."""
    client.get(address)
    return client.get(address)["ETag"]


def again(client: Client, address: str, tag: str):
    return client.get(address, headers={"if-none-match": tag})


def page(client: Client, address: str) -> str:
    return TOKEN.sub(r"\1", client.get(address).content.decode())


def leave_a_message(client: Client, text: str) -> None:
    session = client.session
    session["_messages"] = f'[["__json_message",0,{messages.SUCCESS},"{text}",""]]'
    session.save()


# --- Nothing has changed ----------------------------------------------------------------------------------


def test_who_has_the_page_is_told_that_nothing_changed(signed_in, viewer, address):
    client = signed_in(viewer)
    tag = tag_of(client, address)

    with CaptureQueriesContext(connection) as asked:
        answer = again(client, address, tag)

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert answer["Cache-Control"] == "no-store, private"
    assert len(asked) == 3  # the session, who it is, and the version


def test_one_of_several_tags_will_do(signed_in, viewer, address):
    client = signed_in(viewer)
    tag = tag_of(client, address)

    assert again(client, address, f'"another", {tag}').status_code == 304


def test_a_page_kept_is_the_page_drawn_afresh_to_the_byte(signed_in, viewer, address):
    client = signed_in(viewer)
    drawn = page(client, address)
    client.get(address)  # the session's first click writes

    with CaptureQueriesContext(connection) as asked:
        found = page(client, address)
    assert len(asked) == 3
    cache.clear()

    assert found == drawn == page(client, address)
    assert TOKEN.search(client.get(address).content.decode())


def test_readers_with_the_same_rights_share_a_page_but_for_their_corner(signed_in, viewer, address):
    first = page(signed_in(viewer), address)
    colleague = signed_in(person(Role.VIEWER, viewer.memberships.get().footprint, name="Grace Hall"))

    with CaptureQueriesContext(connection) as asked:
        second = page(colleague, address)

    assert not any('commitments_position"' in query["sql"] for query in asked)
    assert "Grace Hall" in second
    assert second.replace("Grace Hall", viewer.name) == first


def test_who_is_signed_in_is_led_from_a_kept_page_to_the_mail_of_a_demonstration(client, signed_in, viewer, address):
    reader = signed_in(viewer)
    link = '<a href="/demo-mail/">'

    assert link in page(reader, address)
    assert link in page(reader, address)  # now kept
    assert link not in page(client, "/how-status-works/")


def test_a_kept_page_can_be_signed_out_of(viewer, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(viewer, backend="ltp_portal.backends.PortalBackend")
    client.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode())[1]

    client.post("/accounts/logout/", {"csrfmiddlewaretoken": token})

    assert client.get(address).status_code == 302


def test_a_system_nothing_was_written_about_is_drawn_each_time(signed_in, viewer):
    client = signed_in(viewer)
    client.get(DASHBOARD)

    answer = client.get(DASHBOARD)

    assert "ETag" not in answer
    assert "There are no deliveries to count yet." in answer.content.decode()


# --- Something has changed --------------------------------------------------------------------------------


def sign_off(monkeypatch, settings, client):
    found = DeliveryFactory(footprint=Footprint.objects.get(code="QKK"))
    report = ReportFactory(delivery=found, stage=Stage.UNDER_WAY)
    actions.sign_off(report=report, version=1, by=person(Role.APPROVER, found.footprint), today=TODAY)


def load_the_map(monkeypatch, settings, client):
    PositionsVersion.objects.bump_all()


def next_day(monkeypatch, settings, client):
    settings.PORTAL_TODAY = TODAY + dt.timedelta(days=1)


def another_banner(monkeypatch, settings, client):
    settings.PORTAL_DEMO = not settings.PORTAL_DEMO


def another_contact(monkeypatch, settings, client):
    settings.CONTACT_EMAIL = "elsewhere@example.org"


def update_of_the_portal(monkeypatch, settings, client):
    monkeypatch.setattr(kept, "_this_portal", lambda: "another")


def more_rights(monkeypatch, settings, client):
    reader(client).memberships.update(role=Role.PROGRAMME_MANAGER)


def another_name(monkeypatch, settings, client):
    person_here = reader(client)
    person_here.name = "Grace Hall"
    person_here.save()


def another_token(monkeypatch, settings, client):
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32


def a_message(monkeypatch, settings, client):
    leave_a_message(client, "Report signed off.")


def reader(client: Client):
    return User.objects.get(pk=client.session["_auth_user_id"])


CHANGES = [
    sign_off,
    load_the_map,
    next_day,
    another_banner,
    another_contact,
    update_of_the_portal,
    more_rights,
    another_name,
    another_token,
    a_message,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_page_is_answered_anew_after(change, signed_in, viewer, address, monkeypatch, settings):
    client = signed_in(viewer)
    tag = tag_of(client, address)
    assert again(client, address, tag).status_code == 304

    change(monkeypatch, settings, client)

    assert again(client, address, tag).status_code == 200


def test_another_person_with_the_same_rights_has_another_tag(signed_in, viewer, address):
    tag = tag_of(signed_in(viewer), address)
    colleague = signed_in(person(Role.VIEWER, viewer.memberships.get().footprint))
    colleague.get(address)

    assert again(colleague, address, tag).status_code == 200


def test_a_tag_of_one_page_is_none_of_another(signed_in, viewer, place):
    delivery(place)
    client = signed_in(viewer)

    assert again(client, PLACE_PAGE, tag_of(client, DASHBOARD)).status_code == 200


def test_more_rights_show_at_once_on_a_kept_page(signed_in, viewer, manager, place):
    delivery(place)
    plain = page(signed_in(viewer), DASHBOARD)

    assert "Open deliveries that are missing" in page(signed_in(manager), DASHBOARD)
    assert "Open deliveries that are missing" not in plain


def test_a_message_is_shown_once_and_kept_nowhere(signed_in, viewer, address):
    client = signed_in(viewer)
    before = page(client, address)
    leave_a_message(client, "Report signed off.")

    told = client.get(address)

    assert "Report signed off." in told.content.decode()
    assert "ETag" not in told
    assert page(client, address) == before


def test_a_day_that_was_asked_for_is_not_kept(signed_in, viewer, address):
    client = signed_in(viewer)
    tag = tag_of(client, address)

    answer = again(client, f"{address}?as_of=2039-01-01", tag)

    assert "ETag" not in answer
    assert "There is a problem" in answer.content.decode()


# --- Who may not see it any more --------------------------------------------------------------------------


def test_who_signed_out_learns_nothing_from_an_old_tag(signed_in, viewer, address):
    client = signed_in(viewer)
    tag = tag_of(client, address)
    client.logout()

    assert again(client, address, tag).status_code == 302


def test_whose_role_has_ended_learns_nothing_from_an_old_tag(signed_in, viewer, address):
    client = signed_in(viewer)
    tag = tag_of(client, address)
    viewer.memberships.update(ends_on=TODAY - dt.timedelta(days=1))

    assert again(client, address, tag).status_code == 404


def test_whose_account_is_switched_off_learns_nothing_from_an_old_tag(signed_in, viewer, address):
    client = signed_in(viewer)
    tag = tag_of(client, address)
    viewer.is_active = False
    viewer.save()

    assert again(client, address, tag).status_code == 302


@pytest.mark.parametrize("tag", ["*", 'W/"guessed"', '"', "W/"])
def test_nobody_guesses_that_a_system_is_there(signed_in, viewer, place, tag):
    delivery(SystemFactory(code="QRV"))
    delivery(place)
    client = signed_in(viewer)
    tag_of(client, DASHBOARD)

    assert again(client, "/systems/QRV/", tag).status_code == 404
    assert again(client, DASHBOARD, tag).status_code == 200


# --- This very portal -------------------------------------------------------------------------------------


def test_an_update_of_the_portal_has_another_name(settings, tmp_path):
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates" / "base.html"
    template.write_text("before")
    settings.BASE_DIR = tmp_path
    before = kept._this_portal.__wrapped__()

    template.write_text("afterwards")

    assert kept._this_portal.__wrapped__() != before
