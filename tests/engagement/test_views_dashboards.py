"""A committee's dashboard: the latest publications of what it scrutinises, and nothing else."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement import actions
from engagement.choices import MeetingStatus
from tests.engagement.factories import CommitteeFactory, MeetingFactory, seated
from tests.engagement.published import RED, position_of, report
from tests.factories import TODAY, CommitmentFactory, PlaceFactory, SystemFactory, ThemeFactory
from tests.publishing import JULY, publish
from tests.systems.pages import page, text

pytestmark = pytest.mark.django_db

DASHBOARD = "/committees/sel-jhosc/dashboard/"
BEFORE = dt.date(2019, 9, 2)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def nothing_kept(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def test_one_system_with_its_boroughs(signed_in, member, system, place, august):
    shown = text(page(signed_in(member), DASHBOARD))

    assert "Of 1 delivery, 1 is on track or delivered" in shown
    assert "South East London: August 2019</a>, as at 30 September 2019" in shown
    assert f'href="/systems/QKK/published/2019-08/1/places/{place.code}/"' in shown
    assert "/systems/QKK/published/2019-08/1/deliveries/?status=on_track" in shown
    assert "Whole system" in shown
    assert "no league table" in shown


def test_several_systems_side_by_side_each_with_its_day(signed_in, member, two_systems):
    shown = text(page(signed_in(member), DASHBOARD))

    assert "Of 3 deliveries, 1 is on track or delivered, 0 at risk, 2 off track" in shown
    for name in ("South East London", "North West London"):
        assert f"{name}, as at 30 September 2019" in shown
    assert "Path to green:</strong> Interviews in May." in shown
    # Both in the map, in the grid under the same theme, and each with the list of its own.
    assert 'aria-label="Systems"' in shown
    assert shown.index('<th scope="col">North West London') < shown.index('<th scope="col">South East London')
    assert "/systems/QRV/published/2019-08/1/commitments/LTP1-RED/" in shown
    assert "/systems/QRV/published/2019-08/1/deliveries/?status=missed&amp;status=off_track" in shown
    # The numbers over both lead to the list of both.
    assert '<a href="deliveries/?status=missed&amp;status=off_track">All missed or off track: 2</a>' in shown
    assert 'href="deliveries/?status=off_track"' in shown


def test_maturity_is_one_line_a_framework_and_leads_to_the_ladders(signed_in, member, system, place, delivered, mature):
    publish(system)
    board = CommitteeFactory(slug="bexley", scrutinises=[place])

    whole = text(page(signed_in(member), DASHBOARD)).split('id="maturity"', 1)[1]
    assert "<strong>ICS matrix</strong>: At risk in 1 of 1 area." in whole
    assert "1 of 2 PCNs" in whole
    assert 'href="/systems/QKK/published/2019-08/1/maturity/"' in whole
    # A committee of one borough reads of that borough.
    part = text(page(signed_in(seated(board)), "/committees/bexley/dashboard/")).split('id="maturity"', 1)[1]
    assert f'href="/systems/QKK/published/2019-08/1/maturity/#{place.code}"' in part


def test_themes_that_only_one_system_knew_stand_in_the_grid(signed_in, member, system, committee, place, august):
    other = SystemFactory(code="QRV", name="North West London")
    committee.scope.create(footprint=other, source="Made for a test")
    late = CommitmentFactory(theme=ThemeFactory(code="NEW", name="Genomics"), delivery_level="place")
    report(PlaceFactory(parent=other), commitment=late)
    publish(other)

    assert page(signed_in(member), DASHBOARD).count("Genomics") >= 1


def test_a_committee_of_a_borough_sees_its_borough(signed_in, system, place):
    bromley = PlaceFactory(code="E09000006", name="Bromley", parent=system)
    report(place)
    report(bromley, **RED)
    publish(system)
    board = CommitteeFactory(slug="bexley", scrutinises=[place])

    shown = text(page(signed_in(seated(board)), "/committees/bexley/dashboard/"))

    assert "Of 1 delivery, 1 is on track or delivered" in shown
    assert "Nothing is missed or off track." in shown
    assert "Bromley" not in shown


def test_only_what_was_published_is_shown(signed_in, member, august, delivered):
    client = signed_in(member)
    before = page(client, DASHBOARD)
    delivered.position.__class__.objects.update(status="missed", sentence="Missed.")
    delivered.commitment.__class__.objects.update(title="Renamed")

    assert TOKEN.sub("", page(client, DASHBOARD)) == TOKEN.sub("", before)


def test_unchanged_it_is_answered_304(signed_in, member, august):
    client = signed_in(member)
    page(client, DASHBOARD)
    tag = client.get(DASHBOARD)["ETag"]

    assert client.get(DASHBOARD, headers={"if-none-match": tag}).status_code == 304


def test_second_opinions_are_counted(signed_in, member, chair, committee, position):
    client = signed_in(member)
    assert "No second opinion has been lodged." in page(client, DASHBOARD)
    words = {"rating": "missed", "reasons": "We heard otherwise.", "evidence": "Minutes."}
    actions.lodge_opinion(position=position, voice=committee, facts=words, by=chair, today=TODAY)

    shown = page(client, DASHBOARD)

    assert "1 second opinion lodged, 1 without a reply of the system." in shown
    assert "We heard otherwise." in shown


def test_opinions_of_another_borough_are_not(signed_in, system, place, chair, committee):
    bromley = PlaceFactory(code="E09000006", name="Bromley", parent=system)
    elsewhere = report(bromley)
    position = position_of(publish(system), elsewhere)
    words = {"rating": "missed", "reasons": "We heard otherwise.", "evidence": "Minutes."}
    actions.lodge_opinion(position=position, voice=committee, facts=words, by=chair, today=TODAY)
    board = CommitteeFactory(slug="bexley", scrutinises=[place])

    assert "We heard otherwise." not in page(signed_in(seated(board)), "/committees/bexley/dashboard/")


def test_nothing_published_says_so(signed_in, member):
    assert "South East London has published nothing that you may read." in page(signed_in(member), DASHBOARD)


def test_a_committee_of_nothing_says_so(signed_in):
    board = CommitteeFactory(slug="new")

    assert "scrutinises no system" in page(signed_in(seated(board)), "/committees/new/dashboard/")


# --- Since our last meeting -------------------------------------------------------------------------------


@pytest.fixture
def met(committee):
    def on(day: dt.date):
        return MeetingFactory(committee=committee, held_on=day, status=MeetingStatus.HELD)

    return on


def test_what_was_current_then_is_compared_with_the_latest(signed_in, member, system, delivered, met):
    publish(system, JULY, BEFORE)
    met(dt.date(2019, 9, 10))
    publish(system)

    for address in ("/committees/sel-jhosc/", DASHBOARD):
        shown = text(page(signed_in(member), address))
        assert "/systems/QKK/published/2019-08/1/changes/?since=2019-07-1" in shown
        assert "July 2019 was current at the meeting of 10 September 2019" in shown


def test_a_month_corrected_since_is_compared_as_it_stands_now(signed_in, member, system, delivered, met):
    first = publish(system, JULY, BEFORE)
    met(dt.date(2019, 9, 10))
    publish(system, JULY, dt.date(2019, 9, 12), corrects=first, reason="One was missing.")
    publish(system)

    address = "/systems/QKK/published/2019-08/1/changes/?since=2019-07-2"
    client = signed_in(member)
    assert address in page(client, "/committees/sel-jhosc/")
    assert "From July 2019" in page(client, address)


def test_nothing_new_since_the_meeting(signed_in, member, system, delivered, met):
    publish(system, JULY, BEFORE)
    met(dt.date(2019, 9, 10))

    assert "nothing was published since the meeting of 10 September 2019" in page(
        signed_in(member), "/committees/sel-jhosc/"
    )


def test_nothing_was_out_at_the_meeting(signed_in, member, august, met):
    met(dt.date(2019, 3, 19))

    assert "August 2019 is the first publication; none was out" in page(signed_in(member), "/committees/sel-jhosc/")


def test_a_borough_committee_is_led_to_the_changes_of_its_borough(signed_in, system, place, delivered):
    board = CommitteeFactory(slug="bexley", scrutinises=[place])
    MeetingFactory(committee=board, held_on=dt.date(2019, 9, 10), status=MeetingStatus.HELD)
    publish(system, JULY, BEFORE)
    publish(system)

    shown = page(signed_in(seated(board)), "/committees/bexley/")

    assert f"/changes/?since=2019-07-1&amp;place={place.code}" in shown


# --- England ----------------------------------------------------------------------------------------------


def test_the_map_of_england_names_every_system_and_how_the_readable_stood(signed_in, member, two_systems):
    SystemFactory(code="QWE", name="South West London")

    shown = text(page(signed_in(member), "/published/"))

    assert "South West London <span" in shown
    assert "Nothing to read" in shown
    assert "1 of 2 missed or off track" in shown


def test_twice_the_rows_take_the_same_queries(signed_in, member, system, place, delivered):
    first = publish(system)
    client = signed_in(member)
    page(client, DASHBOARD)
    with CaptureQueriesContext(connection) as few:
        page(client, DASHBOARD)
    for _ in range(3):
        report(place, **RED)
    publish(system, corrects=first, reason="More was opened.")

    with CaptureQueriesContext(connection) as many:
        page(client, DASHBOARD)

    assert len(many) <= len(few) + 2  # what is red, and its words, are fetched where there is any
