"""Lists taken out as files: the rows of the page and no others, with nothing a spreadsheet would run."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from commitments.choices import Status, Trigger
from commitments.models import PositionChange, Run
from ltp_portal.exports import harmless
from tests.factories import TODAY, CommitmentFactory, DeliveryFactory, PlaceFactory, SignedOffReportFactory

pytestmark = pytest.mark.django_db

DELIVERIES = reverse("commitments:deliveries")


def as_csv(client, address, **query):
    answer = client.get(address, query | {"export": "csv"})
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def as_xlsx(client, address, **query):
    answer = client.get(address, query | {"export": "xlsx"})
    return list(load_workbook(io.BytesIO(answer.getvalue())).active.values)


def test_a_file_holds_all_rows_as_filtered_and_sorted_not_only_the_page(signed_in, viewer, system):
    for number in range(30):
        DeliveryFactory(footprint=system, commitment=CommitmentFactory(title=f"Number {number:02}"))
    DeliveryFactory(footprint=system, commitment=CommitmentFactory(title="Something else"))

    rows = as_csv(signed_in(viewer), DELIVERIES, q="Number", sort="-commitment", page="2")

    assert [row["Commitment"] for row in rows] == [f"Number {number:02}" for number in reversed(range(30))]


def test_a_file_holds_what_its_reader_may_see_and_no_more(signed_in, reporter, place, system):
    DeliveryFactory(footprint=place)
    DeliveryFactory(footprint=PlaceFactory(parent=system))

    rows = as_csv(signed_in(reporter), DELIVERIES)

    assert [row["Footprint"] for row in rows] == ["Bexley"]


def test_one_cell_holds_one_fact(signed_in, viewer, place):
    told = {
        "status": Status.MISSED,
        "sentence": "Missed: the deadline passed {days} ago.",
        "since_on": dt.date(2019, 9, 1),
        "deadline_on": dt.date(2019, 9, 1),
        "headroom_days": -29,
    }
    DeliveryFactory(footprint=place, position=told)

    [row] = as_csv(signed_in(viewer), DELIVERIES)

    assert row["Status"] == "Missed"
    assert row["Why"] == "Missed: the deadline passed 29 days ago."
    assert row["Headroom in days"] == "-29"
    assert row["System"] == "South East London"
    assert row["Latest report"] == ""


def test_what_is_there_to_be_ticked_is_not_taken_out(signed_in, manager, place):
    DeliveryFactory(footprint=place)

    [row] = as_csv(signed_in(manager), DELIVERIES)

    assert next(iter(row)) == "Commitment"
    assert "Tick" not in row


def test_numbers_and_dates_stay_numbers_and_dates_in_a_spreadsheet(signed_in, viewer, place):
    DeliveryFactory(footprint=place, position={"headroom_days": -29, "deadline_on": dt.date(2019, 9, 1)})

    heads, row = as_xlsx(signed_in(viewer), DELIVERIES)

    cells = dict(zip(heads, row, strict=True))
    assert cells["Headroom in days"] == -29
    assert cells["Deadline, headroom, milestone"] == dt.datetime(2019, 9, 1)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("taken_out", [as_csv, as_xlsx])
def test_no_cell_is_a_formula(signed_in, viewer, place, start, taken_out):
    DeliveryFactory(footprint=place, commitment=CommitmentFactory(title=f"{start}HYPERLINK('x')"))

    rows = taken_out(signed_in(viewer), DELIVERIES)

    cells = [cell for row in rows for cell in (row.values() if isinstance(row, dict) else row)]
    assert [cell for cell in cells if isinstance(cell, str) and cell.startswith(start)] == []
    assert [cell for cell in cells if isinstance(cell, str) and cell.startswith("'")]


def test_numbers_are_harmless_as_they_are():
    assert [harmless(cell) for cell in (-5, -0.5, dt.date(2019, 9, 1), None)] == [-5, -0.5, dt.date(2019, 9, 1), None]


def test_characters_no_spreadsheet_can_hold_are_left_out(signed_in, viewer, place):
    DeliveryFactory(footprint=place, commitment=CommitmentFactory(title="Bell \x07 rings"))

    _, row = as_xlsx(signed_in(viewer), DELIVERIES)

    assert "Bell  rings" in row


def test_a_file_says_what_it_is_and_as_at_when(signed_in, viewer):
    answer = signed_in(viewer).get(DELIVERIES, {"export": "csv"})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="deliveries-{TODAY}.csv"'
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue().startswith(b"\xef\xbb\xbf")


def test_a_past_day_stands_in_the_name_of_its_file_and_only_what_was_known_in_it(signed_in, viewer, place):
    delivery = DeliveryFactory(footprint=place, position={"headroom_days": 5})
    PositionChange.objects.create(
        delivery=delivery,
        changed_on=dt.date(2019, 8, 1),
        to_status=Status.AT_RISK,
        to_reason_code="tight",
        sentence="So.",
    )

    answer = signed_in(viewer).get(DELIVERIES, {"export": "csv", "as_of": "2019-08-31"})

    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert 'filename="deliveries-2019-08-31.csv"' in answer["Content-Disposition"]
    assert (row["Status"], row["Why"], row["Recorded on"]) == ("At risk", "So.", "2019-08-01")
    assert "Headroom in days" not in row


def test_taking_a_list_out_stands_in_the_security_log(signed_in, viewer, place, security_log):
    DeliveryFactory(footprint=place)

    signed_in(viewer).get(DELIVERIES, {"export": "xlsx"}).getvalue()

    [event] = [event for event in security_log() if event["event"] == "exported"]
    assert (event["user"], event["list"], event["format"], event["rows"]) == (viewer.pk, "deliveries", "xlsx", 1)


def test_twice_the_rows_take_the_same_queries(signed_in, viewer, system):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            as_csv(signed_in(viewer), DELIVERIES)
        return len(seen)

    for _ in range(3):
        DeliveryFactory(footprint=system)
    few = queries()
    for _ in range(3):
        DeliveryFactory(footprint=system)

    assert queries() == few


def test_an_unknown_file_is_the_page(signed_in, viewer):
    assert signed_in(viewer).get(DELIVERIES, {"export": "exe"})["Content-Type"] == "text/html; charset=utf-8"


def test_the_page_links_to_its_files_with_its_filters_and_without_its_page(signed_in, viewer, place):
    DeliveryFactory(footprint=place)

    page = signed_in(viewer).get(DELIVERIES, {"q": "Commitment", "sort": "lead", "page": "1"}).content.decode()

    assert "?q=Commitment&amp;sort=lead&amp;export=csv" in page
    assert "?q=Commitment&amp;sort=lead&amp;export=xlsx" in page


def test_every_list_can_be_taken_out(signed_in, portal_admin, place):
    delivery = DeliveryFactory(footprint=place)
    report = SignedOffReportFactory(delivery=delivery, narrative="Two hubs <opened> & one to come.")
    PositionChange.objects.create(
        delivery=delivery, changed_on=TODAY, to_status=Status.AT_RISK, to_reason_code="tight", sentence="So it is."
    )
    Run.objects.create(scope="Positions due", trigger=Trigger.SWEEP, examined=1234)
    client = signed_in(portal_admin)

    def words(name, *args, **query):
        return [cell for row in as_csv(client, reverse(name, args=args), **query) for cell in row.values()]

    assert delivery.commitment.code in words("commitments:commitments")
    assert "Bexley" in words("commitments:commitment", delivery.commitment.code)
    history = words("commitments:delivery", delivery.pk)
    assert any("Two hubs <opened> & one to come." in cell for cell in history)
    assert report.decided_on.isoformat() in history
    assert any("Two hubs" in cell for cell in words("commitments:delivery", delivery.pk, as_of="2019-09-28"))
    assert "So it is." in words("commitments:system_changes", "QKK")
    assert "1234" in words("commitments:runs")


def test_no_view_shows_a_list_that_cannot_be_taken_out():
    root = Path(__file__).parents[2]
    showing = [path for path in root.glob("*/views/*.py") if ".as_asked(" in path.read_text()]

    assert len(showing) >= 4
    assert [path.name for path in showing if "render_list(" not in path.read_text()] == []
