"""The list behind the numbers of a committee's dashboard: all that it scrutinises, as published last."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from openpyxl import load_workbook

from commitments.models import Position
from commitments.recompute import recompute
from engagement import actions
from tests.engagement.factories import CommitteeFactory, seated
from tests.engagement.published import RED, position_of, report
from tests.factories import (
    TODAY,
    CommitmentFactory,
    MilestoneFactory,
    PeriodFactory,
    PlaceFactory,
    SignedOffReportFactory,
)
from tests.publishing import AUGUST, JULY, publish
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


# --- Second opinions --------------------------------------------------------------------------------------

OF_ONE = "/systems/QKK/published/2019-08/1/deliveries/"


def lodge(position, voice, by, rating):
    facts = {"rating": rating, "reasons": "We heard otherwise.", "evidence": "Minutes."}
    return actions.lodge_opinion(position=position, voice=voice, facts=facts, by=by, today=TODAY)


@pytest.mark.parametrize("address", [OF_ONE, LIST])
def test_a_row_says_who_rates_it_otherwise(
    signed_in, member, committee, healthwatch, speaker, chair, position, address
):
    client = signed_in(member)
    assert "Second opinion" not in text(page(client, address))
    tag = client.get(address)["ETag"]

    lodged = lodge(position, healthwatch, speaker, "off_track")
    lodge(position, committee, chair, "at_risk")

    assert client.get(address, headers={"if-none-match": tag}).status_code == 200
    shown = strip_tags(text(page(client, address)))
    assert "Off track Second opinion of Healthwatch Bexley on " in shown
    assert "At risk Second opinion of South East London committee on " in shown
    assert "of what was published for" not in shown
    assert f'href="/opinions/{lodged.pk}/"' in page(client, address)
    [row] = rows_of(client, "", address)
    assert row["Status"] == "On track"
    assert row["Second opinions"] == "South East London committee: At risk; Healthwatch Bexley: Off track"


def test_an_opinion_of_an_earlier_month_says_so_until_its_body_agrees(
    signed_in, member, system, place, delivered, healthwatch, speaker
):
    july = publish(system, JULY, dt.date(2019, 9, 2))
    lodge(position_of(july, delivered), healthwatch, speaker, "off_track")
    publish(system)
    client = signed_in(member)

    assert "Healthwatch Bexley" in page(client, "/systems/QKK/published/2019-07/1/deliveries/")
    assert "of what was published for July 2019." in text(page(client, OF_ONE))
    [row] = rows_of(client, "", OF_ONE)
    assert row["Second opinions"] == "Healthwatch Bexley: Off track (of what was published for July 2019)"

    SignedOffReportFactory(delivery=delivered, period=PeriodFactory(starts_on=AUGUST), **RED)
    publish(system, corrects=system.publications.first(), reason="Bexley reported late.")

    shown = page(client, "/systems/QKK/published/2019-08/2/deliveries/")
    assert "Off track" in shown
    assert "Second opinion of" not in shown


def test_opinions_on_other_rows_stay_with_them(signed_in, member, two_systems, healthwatch, speaker):
    [south, _], [bexley, _] = two_systems
    lodge(position_of(south, bexley), healthwatch, speaker, "at_risk")

    rows = rows_of(signed_in(member), "")

    assert {(row["Borough or place"], row["Code"]) for row in rows if row["Second opinions"]} == {
        ("Bexley", "LTP1-RED")
    }


def test_twice_the_opinions_take_the_same_queries(signed_in, member, two_systems, healthwatch, speaker):
    client, south = signed_in(member), two_systems[0][0]
    first, second = south.positions.order_by("pk")
    lodge(first, healthwatch, speaker, "at_risk")
    page(client, LIST)
    with CaptureQueriesContext(connection) as few:
        page(client, LIST)
    lodge(second, healthwatch, speaker, "at_risk")

    with CaptureQueriesContext(connection) as many:
        assert text(page(client, LIST)).count("Second opinion of") == 2

    assert len(many) == len(few)
