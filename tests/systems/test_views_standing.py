"""The pages of one system and of one place, as a visitor sees them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.choices import Freshness, Status, ThemeClass
from commitments.recompute import recompute_deliveries
from systems.choices import OrganisationKind, Verified
from systems.models import Organisation, OrganisationFootprint
from tests.factories import (
    TODAY,
    CommitmentFactory,
    PcnFactory,
    PlaceFactory,
    SystemFactory,
    ThemeFactory,
)
from tests.systems.pages import PLACE_PAGE, delivery, page, text

# --- One system -------------------------------------------------------------------------------------------


def test_the_dashboard_says_how_the_system_stands(signed_in, viewer, place):
    theme = ThemeFactory(code="OOH", name="Care out of hospital", theme_class=ThemeClass.CORE_FOUNDATION)
    commitment = CommitmentFactory(theme=theme, title="Rapid response")
    late = delivery(
        place,
        Status.MISSED,
        commitment=commitment,
        sentence="Missed: the national deadline passed {days} ago.",
        since_on=dt.date(2019, 7, 1),
    )
    delivery(place.parent, Status.ON_TRACK, commitment=commitment)

    html = text(page(signed_in(viewer), "/systems/QKK/"))

    assert "Of 2 deliveries, 1 is on track or delivered, 0 at risk, 0 off track, 1 past the national deadline" in html
    assert "As at 30 September 2019" in html
    assert "/deliveries/?system=QKK&amp;theme_class=core_foundation&amp;status=missed" in html
    assert "/deliveries/?system=QKK&amp;place=E09000004&amp;theme=OOH" in html
    assert f'href="/deliveries/{late.pk}/">Rapid response' in html
    assert "Missed: the national deadline passed 91 days ago." in html
    assert f'<a href="{PLACE_PAGE}">Bexley</a>' in html


def test_the_dashboard_of_an_empty_system_says_no_data(signed_in, viewer, place):
    ThemeFactory(name="Care out of hospital")

    html = text(page(signed_in(viewer), "/systems/QKK/"))

    assert "There are no deliveries to count yet." in html
    assert "No data" in html
    assert "Nothing is missed or off track." in html
    assert "No national deadline falls in the next 12 months." in html


def test_the_dashboard_shows_contradictions_silence_and_deadlines(signed_in, viewer, place):
    watermelon = "Reported green, but 1 of 4 milestones is {days} overdue."
    delivery(place, Status.AT_RISK, contradiction=watermelon, contradiction_since_on=dt.date(2019, 9, 7))
    delivery(place, Status.NOT_REPORTED, freshness=Freshness.LAPSED, reported_on=dt.date(2019, 5, 31))
    due = delivery(place, Status.ON_TRACK, freshness=Freshness.FRESH, deadline_on=dt.date(2020, 3, 31))

    html = text(page(signed_in(viewer), "/systems/QKK/"))

    assert "Reported green, but 1 of 4 milestones is 23 days overdue." in html
    assert "/deliveries/?system=QKK&amp;contradiction=1" in html
    assert "Latest report: 31 May 2019" in html
    assert "A report is stale after 45 days and lapsed after 92." in html
    assert "/deliveries/?system=QKK&amp;freshness=lapsed&amp;status=missed" in html
    assert "March 2020" in html
    assert f"/deliveries/?system=QKK&amp;commitment={due.commitment.code}" in html


def test_the_dashboard_tells_the_time_left_on_what_is_still_to_be_done(signed_in, viewer, place):
    delivery(place, Status.ON_TRACK, headroom_days=-1, next_milestone_on=dt.date(2019, 9, 29))
    delivery(place, Status.AT_RISK, headroom_days=29, next_milestone_on=dt.date(2019, 9, 30))
    delivery(place, Status.ON_TRACK, headroom_days=30)
    delivery(place, Status.DELIVERED, headroom_days=-1)
    delivery(place, Status.NOT_APPLICABLE, headroom_days=-1)

    answer = signed_in(viewer).get("/systems/QKK/")

    left = {words: (number.count, number.href) for words, number in answer.context["standing"]["time_left"]}
    assert {words: count for words, (count, _) in left.items()} == {
        "Headroom: after the national deadline": 1,
        "Headroom: under 30 days": 1,
        "Headroom: 30 days or more": 1,
        "Headroom: not known": 0,
        "Next milestone: overdue": 1,
        "Next milestone: due within 30 days": 1,
        "Next milestone: due later": 0,
        "Next milestone: none open": 1,
    }
    assert "1 delivery found" in page(answer.client, left["Headroom: after the national deadline"][1])


def test_the_dashboard_names_ten_and_leads_to_all(signed_in, viewer, place):
    for _ in range(11):
        delivery(place, Status.OFF_TRACK)

    html = page(signed_in(viewer), "/systems/QKK/")

    assert html.count("Off track: so it is.") == 20  # ten off track, and the same ten never reported
    assert "All deliveries missed or off track: 11" in html


def test_a_dashboard_is_kept_until_the_day_moves(signed_in, viewer, place, settings):
    delivery(place)
    client = signed_in(viewer)
    page(client, "/systems/QKK/")

    with CaptureQueriesContext(connection) as unchanged:
        page(client, "/systems/QKK/")
    settings.PORTAL_TODAY = dt.date(2019, 10, 1)
    next_day = page(client, "/systems/QKK/")

    assert not any('"commitments_position"' in query["sql"] for query in unchanged)
    assert "As at 1 October 2019" in next_day


def test_a_moved_position_shows_at_once(signed_in, viewer, place):
    first = delivery(place, Status.OFF_TRACK)
    client = signed_in(viewer)
    assert "Off track: so it is." in page(client, "/systems/QKK/")

    recompute_deliveries([first.pk], TODAY)

    assert "Off track: so it is." not in page(client, "/systems/QKK/")


@pytest.mark.parametrize("address", ["/systems/QZZ/", "/systems/E09000004/", "/systems/QKK%00/", "/systems/'/"])
def test_what_is_no_system_is_not_found(signed_in, portal_admin, place, address):
    assert signed_in(portal_admin).get(address).status_code == 404


def test_the_system_of_ones_place_is_not_found(signed_in, reporter):
    assert signed_in(reporter).get("/systems/QKK/").status_code == 404


def test_another_system_is_not_found(signed_in, viewer):
    SystemFactory(code="QRV")

    assert signed_in(viewer).get("/systems/QRV/").status_code == 404


# --- One place --------------------------------------------------------------------------------------------


def test_the_place_stands_beside_its_system(signed_in, viewer, place):
    theme = ThemeFactory(code="OOH", name="Care out of hospital")
    delivery(place, Status.AT_RISK, commitment=CommitmentFactory(theme=theme))
    delivery(PcnFactory(parent=place), Status.ON_TRACK, commitment=CommitmentFactory(theme=theme))
    delivery(PlaceFactory(parent=place.parent), Status.MISSED, commitment=CommitmentFactory(theme=theme))

    html = text(page(signed_in(viewer), PLACE_PAGE))

    assert "Of 2 deliveries, 1 is on track or delivered, 1 at risk" in html
    assert "Whole system</th>" in html
    assert "/deliveries/?system=QKK&amp;place=E09000004&amp;theme=OOH" in html
    assert "/deliveries/?system=QKK&amp;theme=OOH" in html
    assert '<a href="/systems/QKK/">South East London</a>' in html


def test_who_sees_only_the_place_learns_nothing_of_the_system(signed_in, reporter, place):
    delivery(place, Status.ON_TRACK)
    elsewhere = delivery(place.parent, Status.MISSED)

    html = text(page(signed_in(reporter), PLACE_PAGE))

    assert "Of 1 delivery, 1 is on track or delivered, 0 at risk, 0 off track, 0 past the national deadline" in html
    assert "Whole system</th>" not in html
    assert 'href="/systems/QKK/"' not in html
    assert elsewhere.commitment.title not in html


def test_the_place_says_who_lives_there_and_who_serves_it(signed_in, viewer, place):
    for name, closed_on in (("NHS Bexley CCG", None), ("NHS Old CCG", dt.date(2019, 3, 31))):
        body = Organisation.objects.create(
            code=name,
            name=name,
            kind=OrganisationKind.CCG,
            system=place.parent,
            verified=Verified.YES,
            closed_on=closed_on,
        )
        OrganisationFootprint.objects.create(organisation=body, footprint=place)

    html = page(signed_in(viewer), PLACE_PAGE)

    assert "100,000 ONS mid-2019 residents" in html
    assert "Clinical commissioning group" in html
    assert "NHS Bexley CCG" in html
    assert "NHS Old CCG" not in html


def test_a_place_is_found_only_in_its_own_system(signed_in, portal_admin, place):
    SystemFactory(code="QRV")
    client = signed_in(portal_admin)

    assert client.get("/systems/QRV/places/E09000004/").status_code == 404
    assert client.get("/systems/QKK/places/E09000099/").status_code == 404
    assert client.get("/systems/QKK/places/QKK/").status_code == 404


def test_another_place_is_not_found(signed_in, reporter, place):
    PlaceFactory(code="E09000006", parent=place.parent)

    assert signed_in(reporter).get("/systems/QKK/places/E09000006/").status_code == 404
