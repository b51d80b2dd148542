"""What was published, as a councillor reads it."""

import datetime as dt
import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.choices import Ask, ThemeClass
from commitments.models import Position
from commitments.models.published import PublishedRow
from commitments.recompute import recompute
from systems.choices import Result, Role
from systems.models import MaturityPosition, Tile
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    MembershipFactory,
    MetricFactory,
    MilestoneFactory,
    PcnFactory,
    PeriodFactory,
    PlaceFactory,
    SignedOffReportFactory,
    SystemFactory,
    ThemeFactory,
    UserFactory,
    person,
    signed_off_assessment,
)
from tests.systems.pages import page, text

pytestmark = pytest.mark.django_db

AUGUST, JULY = dt.date(2019, 8, 1), dt.date(2019, 7, 1)
HOME = "/systems/QKK/published/2019-08/1/"
RED = {"confidence": "red", "reason": "Two posts are empty.", "path_to_green": "Interviews in May."}
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w+"')


@pytest.fixture
def story(system, place, measured_monthly):
    """A borough with something off track, something contradicted, something measured and something silent."""
    Tile.objects.create(grid="QKK_boroughs", code=place.code, column=4, row=1, label="Bexley")
    bromley = PlaceFactory(code="E09000006", name="Bromley", parent=system)
    cancer = ThemeFactory(code="CAN", name="Cancer", theme_class=ThemeClass.CORE_FOUNDATION)
    red = CommitmentFactory(code="LTP1-RED", title="Diagnose early", theme=cancer, delivery_level="place")
    green = CommitmentFactory(code="LTP1-GREEN", title="Offer tests", theme=cancer, delivery_level="place")
    seen = MetricFactory(commitment__code="LTP1-SEEN", commitment__title="See people sooner")
    off = DeliveryFactory(commitment=red, footprint=place, local_deadline_on=dt.date(2021, 3, 31))
    SignedOffReportFactory(delivery=off, narrative="Two hubs opened.", **RED)
    but = DeliveryFactory(commitment=green, footprint=place)
    SignedOffReportFactory(delivery=but)
    MilestoneFactory(delivery=but, title="Recruit", due_on=TODAY - dt.timedelta(days=23))
    DeliveryFactory(commitment=red, footprint=bromley)
    whole = DeliveryFactory(commitment=seen.commitment, footprint=system)
    SignedOffReportFactory(delivery=whole)
    measured_monthly(seen, system, *range(10, 25))
    recompute(TODAY)
    Position.objects.exclude(contradiction="").update(contradicted_on=TODAY - dt.timedelta(days=9))
    return {"off": off, "but": but, "whole": whole, "place": place}


@pytest.fixture
def seat(signed_in, councillor):
    """A councillor at their computer."""
    return signed_in(councillor)


def read(client, address) -> str:
    return text(page(client, address))


# --- What is shown ----------------------------------------------------------------------------------------


def test_the_dashboard_says_how_the_system_stood(story, publish, seat):
    publish()

    html = read(seat, HOME)

    assert "Of 4 deliveries" in html
    assert "As at 30 September 2019." in html
    assert "Diagnose early" in html
    assert "Path to green: Interviews in May." in html.replace("</strong>", "")
    assert "Reported green, but its only milestone is 23 days overdue (Recruit, due 7 September 2019)." in html
    assert "Improvement: high" in html
    assert "Whole system" in html
    assert "no league table" in html
    assert "portal-tile--x4 portal-tile--y1" in page(seat, HOME)


def test_the_list_of_publications_can_be_taken_out(story, publish, seat):
    publish()

    file = seat.get("/systems/QKK/published/", {"editions-export": "csv"}).getvalue().decode("utf-8-sig")

    assert file.splitlines()[1].startswith("August 2019,1,2019-09-30")


def test_each_number_leads_to_its_list(story, publish, seat):
    publish()

    for start in (
        HOME,
        f"{HOME}places/E09000004/",
        f"{HOME}themes/CAN/",
        f"{HOME}changes/",
        f"{HOME}deliveries/",
        f"{HOME}maturity/",
    ):
        found = {urljoin(start, href) for href in re.findall(r'href="([^"#]*)"', page(seat, start))}
        addresses = sorted(unescape(address) for address in found if address.startswith("/systems/"))
        assert len(addresses) > 1
        for address in addresses:
            answer = seat.get(address)
            assert answer.getvalue(), (start, address)
            assert answer.status_code == 200, (start, address)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("", "4 deliveries found."),
        ("place=E09000004", "2 deliveries found."),
        ("theme=CAN", "3 deliveries found."),
        ("theme_class=prioritised_commitment", "1 delivery found."),
        ("status=off_track&status=missed", "1 delivery found."),
        ("contradiction=1", "1 delivery found."),
        ("commitment=LTP1-RED", "2 deliveries found."),
        ("freshness=never", "1 delivery found."),
    ],
)
def test_the_list_is_narrowed(story, publish, seat, narrowed, found):
    publish()

    assert found in read(seat, f"{HOME}deliveries/?{narrowed}")


def test_a_wrong_filter_is_said(story, publish, seat):
    publish()

    html = page(seat, f"{HOME}deliveries/?status=odd")

    assert "Status: select one that is listed" in html
    assert "0 deliveries found." in text(html)


def test_a_commitment_is_shown_with_what_its_owner_said(story, publish, seat):
    publish()

    html = read(seat, f"{HOME}commitments/LTP1-RED/")

    assert "Two hubs opened." in html
    assert "Two posts are empty." in html
    assert "31 March 2021" in html
    assert "off track in 1 of 2" in html.lower()


def test_a_measured_commitment_has_its_chart(story, publish, seat):
    publish()

    html = page(seat, f"{HOME}commitments/LTP1-SEEN/")

    assert "Patients seen, %" in html
    assert "<polyline" in html


def test_a_theme_lists_its_commitments_over_the_system(story, publish, seat):
    publish()

    html = read(seat, f"{HOME}themes/CAN/")

    assert "Diagnose early" in html
    assert "Offer tests" in html


def test_a_borough_stands_beside_its_system(story, publish, seat):
    publish()

    html = read(seat, f"{HOME}places/E09000004/")

    assert "Of 2 deliveries" in html
    assert "1 of 1" in html
    assert "1 of 2" in html


def test_a_borough_fits_on_a_sheet(story, publish, seat):
    publish()

    html = read(seat, f"{HOME}places/E09000004/sheet/")

    assert "Path to green: Interviews in May." in html
    assert "Cancer</th><td>Off track, 1 of 2</td>" in html.replace("> <", "><")


@pytest.mark.parametrize("address", ["places/E09000099/", "places/QKK/", "themes/NONE/", "commitments/NONE/"])
def test_what_is_not_in_a_publication_is_not_found(story, publish, seat, address):
    publish()

    assert seat.get(HOME + address).status_code == 404


def test_a_month_leads_to_its_newest_edition(publish, seat):
    publish(corrects=publish(), reason="A number was wrong.")

    assert seat.get("/systems/QKK/published/2019-08/")["Location"] == "/systems/QKK/published/2019-08/2/"


@pytest.mark.parametrize("month", ["2019-07", "2019-13"])
def test_a_month_that_was_not_published_is_not_found(publish, seat, month):
    publish()

    assert seat.get(f"/systems/QKK/published/{month}/").status_code == 404


def test_an_old_edition_says_that_it_was_corrected(publish, seat):
    first = publish()
    assert "was corrected" not in read(seat, HOME)

    publish(corrects=first, reason="A number was wrong.")

    old, new = read(seat, HOME), read(seat, "/systems/QKK/published/2019-08/2/")
    assert "This edition was corrected" in old
    assert "A number was wrong." in old
    assert 'href="/systems/QKK/published/2019-08/2/"' in old
    assert "a correction: A number was wrong." in new
    assert 'href="/systems/QKK/published/2019-08/1/"' in new


def test_the_list_has_every_edition(publish, seat):
    publish(corrects=publish(), reason="A number was wrong.")

    html = read(seat, "/systems/QKK/published/")

    assert "1, corrected by a later edition" in html
    assert "2, a correction: A number was wrong." in html
    assert "How it stands today" not in html


def test_a_system_that_published_nothing_says_so(system, seat):
    assert "Nothing has been published yet." in read(seat, "/systems/QKK/published/")
    assert "Nothing that you may read has been published yet." in read(seat, "/published/")


def test_an_empty_system_is_published_without_data(publish, seat):
    publish()

    assert "There are no deliveries to count yet." in read(seat, HOME)


# --- My borough -------------------------------------------------------------------------------------------


def test_a_borough_is_chosen_by_one_switch_and_remembered(story, publish, seat):
    publish()
    bexley = f"{HOME}places/E09000004/"
    assert "Remember this as my borough" in read(seat, bexley)

    assert [seat.post(bexley, {"do": "remember"})["Location"] for _ in range(2)] == [bexley, bexley]

    assert seat.cookies["myborough"]["httponly"]
    assert "This is my borough: forget it" in read(seat, bexley)
    assert '<a href="places/E09000004/">My borough: Bexley</a>' in read(seat, HOME)

    seat.post(bexley, {"do": "forget"})

    assert "My borough" not in read(seat, HOME)


def test_a_cookie_may_hold_anything(story, publish, seat):
    publish()
    seat.cookies["myborough"] = "<script>"

    assert "My borough" not in read(seat, HOME)


# --- Who reads it -----------------------------------------------------------------------------------------


def test_a_councillor_begins_with_what_their_system_published(publish, seat):
    publish()

    assert seat.get("/")["Location"] == "/systems/QKK/published/"


def test_a_councillor_of_two_boroughs_of_two_systems_begins_with_the_list(signed_in, place):
    councillor = person(Role.JHOSC_MEMBER, place)
    MembershipFactory(user=councillor, footprint=PlaceFactory(parent=SystemFactory()), role=Role.JHOSC_MEMBER)

    assert signed_in(councillor).get("/")["Location"] == "/published/"


@pytest.mark.parametrize("address", ["/systems/QKK/", "/systems/QKK/places/E09000004/", "/systems/QKK/changes/"])
def test_a_councillor_sees_no_working_page(story, seat, address):
    assert seat.get(address).status_code == 404


def test_a_councillor_finds_nothing_that_works_in_lists(story, seat):
    assert "0 deliveries found." in read(seat, "/deliveries/")
    assert "Diagnose early" in read(seat, "/commitments/LTP1-RED/")
    assert "Interviews" not in read(seat, "/commitments/LTP1-RED/")


def test_everybody_reads_what_a_system_opened_to_them(publish, system, approver, client):
    publish()
    assert client.get(HOME)["Location"].startswith("/accounts/login/")

    actions.open_to_public(system=system, is_public=True, version=0, by=approver, today=TODAY)

    assert client.get(HOME).status_code == 200
    assert "South East London: August 2019" in read(client, "/published/")
    assert client.get("/systems/QKK/").status_code == 302
    assert "How it stands today" not in read(client, "/systems/QKK/published/")


def test_a_visitor_chooses_a_borough_too(story, publish, system, approver, client):
    publish()
    actions.open_to_public(system=system, is_public=True, version=0, by=approver, today=TODAY)

    client.post(f"{HOME}places/E09000004/")

    assert "My borough: Bexley" in read(client, HOME)


def test_whoever_works_there_finds_the_way_back(publish, reader):
    publish()

    assert 'href="/systems/QKK/"' in read(reader, "/systems/QKK/published/")
    assert 'href="/systems/QKK/published/"' in read(reader, "/systems/QKK/")


# --- Unchanged --------------------------------------------------------------------------------------------


def tag_of(client: Client, address: str) -> str:
    client.get(address)
    return client.get(address)["ETag"]


PAGES = [
    "",
    "deliveries/?status=off_track",
    "themes/CAN/",
    "commitments/LTP1-RED/",
    "places/E09000004/",
    "places/E09000004/sheet/",
    "changes/",
    "maturity/",
]


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_is_answered_304_and_reads_next_to_nothing(story, publish, seat, address):
    publish()
    tag = tag_of(seat, HOME + address)

    with CaptureQueriesContext(connection) as asked:
        answer = seat.get(HOME + address, headers={"if-none-match": tag})

    assert answer.status_code == 304
    assert not any("publishedposition" in query["sql"] for query in asked)
    assert len(asked) <= 5


def test_a_visitors_page_is_asked_for_each_time_and_unchanged(story, publish, system, approver, client):
    publish()
    actions.open_to_public(system=system, is_public=True, version=0, by=approver, today=TODAY)

    first = client.get(HOME)

    assert first["Cache-Control"] == "no-cache"
    assert client.get(HOME, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(("address", "encoding"), [("", "gzip"), ("deliveries/?status=off_track", None)])
def test_a_page_that_repeats_nothing_sent_is_sent_compressed(story, publish, seat, address, encoding):
    publish()

    answer = seat.get(HOME + address, headers={"accept-encoding": "gzip"})

    assert answer.get("Content-Encoding") == encoding


def test_a_correction_makes_the_page_another(publish, seat):
    first = publish()
    tag = tag_of(seat, HOME)

    publish(corrects=first, reason="A number was wrong.")

    assert seat.get(HOME, headers={"if-none-match": tag}).status_code == 200


def test_what_becomes_of_the_system_does_not(story, publish, seat):
    publish()
    tag = tag_of(seat, HOME)

    SignedOffReportFactory(delivery=story["off"], period=PeriodFactory(starts_on=dt.date(2019, 10, 1)))
    Position.objects.update(next_change_on=TODAY)
    recompute(TODAY)

    assert seat.get(HOME, headers={"if-none-match": tag}).status_code == 304


# --- Whatever becomes of the live data --------------------------------------------------------------------


def scramble():
    """Changes every word, number and day of every live table about systems and commitments."""
    frozen = set(PublishedRow.__subclasses__())
    kept = {"publication", "publicaccess", "reportingperiod", "user", "membership", "auditentry", "footprintancestor"}
    for app in ("systems", "commitments"):
        for model in apps.get_app_config(app).get_models():
            if model in frozen or model._meta.model_name in kept:
                continue
            for field in model._meta.concrete_fields:
                change(model, field)


def change(model, field):
    other = {
        models.TextField: "left(md5({0}::text), 20)",
        models.PositiveIntegerField: "{0} + 7",
        models.PositiveBigIntegerField: "{0} + 7",
        models.PositiveSmallIntegerField: "{0} + 7",
        models.IntegerField: "{0} + 7",
        models.DecimalField: "{0} + 7",
        models.DateField: "{0} + 70",
    }
    words = isinstance(field, models.CharField) and field.name not in ("code", "path") and not field.choices
    value = "left(md5({0}), 20)" if words else other.get(type(field))
    if value is None or field.primary_key or field.unique or field.is_relation:
        return
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT one")
        try:
            cursor.execute(f"UPDATE {model._meta.db_table} SET {field.column} = {value.format(field.column)}")
        except Exception:  # a table that is final itself, or a fact that its own constraints hold
            cursor.execute("ROLLBACK TO SAVEPOINT one")


def bytes_of(client, address) -> bytes:
    return TOKEN.sub(r"\1", client.get(address).content.decode()).encode()


def test_published_pages_stay_byte_for_byte_the_same_whatever_changes(story, mature, publish, seat, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    publish(JULY, dt.date(2019, 9, 2))
    DeadlineChangeFactory(
        delivery=story["off"], new_on=dt.date(2022, 3, 31), state=Ask.AGREED, decided_by=UserFactory(), decided_on=TODAY
    )
    signed_off_assessment(story["place"], dict.fromkeys(mature, Result.NOT_MET))
    publish()
    addresses = [HOME + address for address in PAGES]
    before = [bytes_of(seat, address) for address in addresses]

    scramble()
    DeliveryFactory(footprint=story["place"])

    title = type(story["off"].commitment).objects.get(code="LTP1-RED").title
    assert title != "Diagnose early"
    assert not Position.objects.filter(sentence__contains="off track").exists()
    assert not MaturityPosition.objects.filter(sentence__contains="reached").exists()
    assert not type(mature[0]).objects.filter(text="Money follows need").exists()
    assert [bytes_of(seat, address) for address in addresses] == before


# --- Cost -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_twice_the_rows_take_the_same_queries(story, publish, seat, settings, address, place):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    publish(JULY, dt.date(2019, 9, 2))
    SignedOffReportFactory(delivery=story["whole"], period=PeriodFactory(starts_on=dt.date(2019, 10, 1)), **RED)
    Position.objects.update(next_change_on=TODAY)
    first = publish()
    seat.get(HOME)
    with CaptureQueriesContext(connection) as few:
        seat.get(HOME + address)
    pcn = PcnFactory(parent=place)
    for delivery in (story["off"], story["but"], story["whole"]):
        other = DeliveryFactory(commitment=delivery.commitment, footprint=pcn)
        SignedOffReportFactory(delivery=other, **RED)
        CommitmentFactory(theme=delivery.commitment.theme)
    publish(corrects=first, reason="More was opened.")
    again = HOME.replace("/1/", "/2/")
    seat.get(again)

    with CaptureQueriesContext(connection) as many:
        seat.get(again + address)

    assert len(many) <= len(few)
