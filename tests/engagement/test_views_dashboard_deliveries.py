"""The list behind the numbers of a committee's dashboard: all that it scrutinises, as published last."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from commitments.models import Position
from commitments.recompute import recompute
from tests.engagement.factories import CommitteeFactory, seated
from tests.engagement.published import RED, publish, report
from tests.factories import TODAY, CommitmentFactory, MilestoneFactory, PlaceFactory
from tests.systems.pages import page, text

pytestmark = pytest.mark.django_db

LIST = "/committees/sel-jhosc/dashboard/deliveries/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def found(client, query: str = "", address: str = LIST) -> list[str]:
    """Which rows are listed: the commitment and where."""
    return re.findall(r'portal-lines__where">.*?</strong> (.*?)\. Latest', text(page(client, f"{address}{query}")))


def rows_of(client, query: str, address: str = LIST) -> list[dict[str, str]]:
    answer = client.get(f"{address}?{query}&deliveries-export=csv")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_all_systems_are_listed_together_the_worst_first(signed_in, member, two_systems):
    shown = text(page(signed_in(member), LIST))

    assert "3 deliveries found." in shown
    assert "South East London: August 2019, as at 30 September 2019" in shown
    assert re.findall(r"Bexley|Brent", " ".join(found(signed_in(member))))[-1] == "Bexley"
    assert found(signed_in(member))[0].endswith("LTP1-RED")
    assert "Brent, North West London, as at 30 September 2019. LTP1-RED" in found(signed_in(member))
    assert "Bexley, South East London, as at 30 September 2019. LTP1-RED" in found(signed_in(member))
    assert 'href="/systems/QRV/published/2019-08/1/commitments/LTP1-RED/"' in shown


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("?system=QRV", 1),
        ("?system=QKK", 2),
        ("?place=E09000005", 1),
        ("?status=off_track", 2),
        ("?status=off_track&system=QKK", 1),
        ("?commitment=LTP1-RED", 2),
        ("?contradiction=1", 0),
        ("?theme_class=enabler", 0),
    ],
)
def test_it_can_be_narrowed(signed_in, member, two_systems, query, number):
    assert len(found(signed_in(member), query)) == number


def test_a_theme_is_that_of_both_systems(signed_in, member, two_systems):
    theme = two_systems[1][0].commitment.theme

    shown = page(signed_in(member), f"{LIST}?theme={theme.code}")

    assert shown.count(f'value="{theme.code}"') == 1
    assert len(found(signed_in(member), f"?theme={theme.code}")) == 2


def test_what_the_evidence_contradicts_is_found(signed_in, member, system, place, delivered, two_systems):
    late = MilestoneFactory(delivery=report(place), title="Recruit", due_on=TODAY - dt.timedelta(days=23))
    recompute(TODAY)
    Position.objects.exclude(contradiction="").update(contradicted_on=TODAY - dt.timedelta(days=9))
    publish(system, corrects=two_systems[0][0], reason="A milestone was missing.")

    [row] = found(signed_in(member), "?contradiction=1")

    assert row.endswith(late.delivery.commitment.code)


def test_a_filter_that_is_not_there_finds_nothing_and_says_so(signed_in, member, two_systems):
    shown = text(page(signed_in(member), f"{LIST}?system=QWE"))

    assert "System: select one that is listed" in shown
    assert "0 deliveries found." in shown


def test_only_the_boroughs_of_the_committee_are_listed(signed_in, system, place):
    bromley = PlaceFactory(code="E09000006", name="Bromley", parent=system)
    report(place)
    report(bromley, **RED)
    publish(system)
    client = signed_in(seated(CommitteeFactory(slug="bexley", scrutinises=[place])))
    address = "/committees/bexley/dashboard/"

    assert 'href="deliveries/?status=on_track"' in page(client, address)
    assert len(found(client, address=f"{address}deliveries/")) == 1
    # Neither by the address nor in the choices, and a list of one system does not ask for the system.
    shown = page(client, f"{address}deliveries/?place=E09000006")
    assert "Bromley" not in shown
    assert "0 deliveries found." in text(shown)
    assert 'name="system"' not in shown
    assert [row["Borough or place"] for row in rows_of(client, "", f"{address}deliveries/")] == ["Bexley"]


def test_only_the_latest_that_was_published_is_listed(signed_in, member, system, place, delivered, two_systems):
    client = signed_in(member)
    before = page(client, LIST)
    Position.objects.update(status="missed", sentence="Missed.")
    CommitmentFactory._meta.model.objects.update(title="Renamed")
    assert TOKEN.sub("", page(client, LIST)) == TOKEN.sub("", before)

    publish(system, corrects=two_systems[0][0], reason="More was known.")

    shown = text(page(client, LIST))
    assert "South East London: August 2019, edition 2" in shown
    assert "North West London: August 2019, as at" in shown


def test_a_page_has_25(signed_in, member, system, place, committee):
    for _ in range(26):
        report(place)
    publish(system)
    client = signed_in(member)

    assert len(found(client)) == 25
    assert len(found(client, "?page=2")) == 1


def test_nothing_published_says_so(signed_in, member):
    assert "has published nothing that you may read" in page(signed_in(member), LIST)


def test_what_was_found_can_be_taken_out(signed_in, member, two_systems):
    client = signed_in(member)
    shown = page(client, f"{LIST}?status=off_track")
    assert "?status=off_track&amp;deliveries-export=csv" in shown

    rows = rows_of(client, "status=off_track")

    assert {(row["System"], row["Borough or place"]) for row in rows} == {
        ("South East London", "Bexley"),
        ("North West London", "Brent"),
    }
    assert {row["Status"] for row in rows} == {"Off track"}
    assert {row["Path to green"] for row in rows} == {"Interviews in May."}
    assert {row["As at"] for row in rows} == {"2019-09-30"}

    answer = client.get(f"{LIST}?deliveries-export=xlsx")
    assert 'filename="published-deliveries-2019-09-30.xlsx"' in answer["Content-Disposition"]
    assert len(list(load_workbook(io.BytesIO(answer.getvalue())).active.values)) == 4


def test_the_list_of_one_publication_can_be_taken_out_too(signed_in, member, two_systems):
    address = "/systems/QKK/published/2019-08/1/deliveries/"
    client = signed_in(member)

    assert "deliveries-export=xlsx" in page(client, address)
    assert [row["Commitment"] for row in rows_of(client, "commitment=LTP1-RED", address)] == ["Diagnose early"]


def test_unchanged_it_is_answered_304(signed_in, member, two_systems):
    client = signed_in(member)
    page(client, LIST)
    tag = client.get(LIST)["ETag"]

    assert client.get(LIST, headers={"if-none-match": tag}).status_code == 304
    assert client.get(f"{LIST}?status=missed", headers={"if-none-match": tag}).status_code == 200


def test_twice_the_rows_take_the_same_queries(signed_in, member, system, place, two_systems):
    client = signed_in(member)
    page(client, LIST)
    with CaptureQueriesContext(connection) as few:
        page(client, LIST)
    with CaptureQueriesContext(connection) as few_in_file:
        rows_of(client, "")
    for _ in range(3):
        report(place, **RED)
    publish(system, corrects=two_systems[0][0], reason="More was opened.")

    with CaptureQueriesContext(connection) as many:
        page(client, LIST)
    with CaptureQueriesContext(connection) as many_in_file:
        assert len(rows_of(client, "")) == 6

    assert len(many) == len(few)
    assert len(many_in_file) == len(few_in_file)
