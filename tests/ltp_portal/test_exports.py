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

from commitments.actions import take_upload
from commitments.choices import ReportState, Status, Trigger
from commitments.models import Delivery, PositionChange, Run
from commitments.recompute import recompute
from ltp_portal.exports import harmless
from systems.models import Footprint
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DELIVERIES = reverse("commitments:deliveries")


def as_csv(client, address, **query):
    answer = client.get(address, query | {"export": "csv"})
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def as_file(client, address, word):
    answer = client.get(address, {f"{word}-export": "csv"})
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


def test_lists_that_their_pages_draw_can_be_taken_out_too(signed_in, approver, reporter, portal_admin, system, place):
    PeriodFactory()
    on_track = {"status": Status.ON_TRACK}
    delivery = DeliveryFactory(footprint=place, commitment=CommitmentFactory(title="=Link workers"), position=on_track)
    sent_back = {"state": ReportState.RETURNED, "decided_by": approver, "decided_on": TODAY, "return_note": "+Which?"}
    ReportFactory(delivery=DeliveryFactory(footprint=place), author=reporter, **sent_back)
    waiting = {"author": reporter, "state": ReportState.SUBMITTED, "narrative": "-Two hubs opened"}
    ReportFactory(delivery=DeliveryFactory(footprint=place), **waiting)
    DeadlineChangeFactory(delivery=delivery, asked_by=reporter, reason="@Late")
    contradicted = {"contradiction": "Contradicted.", "status": Status.ON_TRACK}
    DeliveryFactory(footprint=place, position=contradicted | {"next_milestone_on": TODAY})
    take_upload(file_name="=mine.xlsx", content=b"x", rows=1, by=approver)
    client = signed_in(approver)

    def cells(name, word, *args, by=client, **query):
        answer = by.get(reverse(name, args=args), query | {f"{word}-export": "csv"})
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        return [cell for row in rows for cell in row.values()]

    assert {"Bexley", "On track", "'=Link workers", "September 2019"} <= set(
        cells("commitments:my_work", "due", whose="all")
    )
    assert "'+Which?" in cells("commitments:my_work", "returned", whose="all")
    assert {"Contradicted.", "On track"} <= set(cells("commitments:my_work", "contradicted", whose="all"))
    assert cells("commitments:my_work", "ahead", whose="all")
    assert "'-Two hubs opened" in cells("commitments:sign_off", "reports")
    assert "'@Late" in cells("commitments:sign_off", "changes")
    assert "September 2019" in cells("commitments:periods", "periods", "QKK")
    assert "'=mine.xlsx" in cells("commitments:spreadsheet", "sheets")
    assert "South East London" in cells("systems:list", "systems")
    assert "QKK" in cells("systems:list", "systems", by=signed_in(portal_admin))


def test_a_list_of_the_places_one_sees_can_be_taken_out(signed_in, reporter, place):
    answer = signed_in(reporter).get(reverse("systems:list"), {"systems-export": "csv"})

    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert (row["Name"], row["How its deliveries stand"]) == ("Bexley", "No data")


def test_coverage_can_be_taken_out(signed_in, portal_admin, place):
    delivery = DeliveryFactory(footprint=place)
    recompute(TODAY)
    england = Footprint.objects.get(level="england")
    client = signed_in(portal_admin)

    by_theme = as_file(client, reverse("systems:england"), "themes")
    by_area = as_file(client, reverse("systems:england"), "areas")
    code = delivery.commitment.code
    below = as_file(client, reverse("commitments:coverage", args=[code, england.code]), "coverage")
    of_one = as_file(client, reverse("commitments:commitment", args=[code]), "coverage")

    assert [row["Name"] for row in by_theme] == [delivery.commitment.theme.name]
    assert "South East London" in [row["Name"] for row in by_area]
    assert below[0]["Name"] == england.name
    assert "South East London" in [row["Name"] for row in of_one]


def test_the_audit_log_can_be_taken_out_in_words(signed_in, portal_admin):
    delivery, lead = DeliveryFactory(commitment=CommitmentFactory(title="Link workers")), UserFactory(name="=Ann")
    Delivery.objects.filter(pk=delivery.pk).update(lead=lead)

    newest = as_csv(signed_in(portal_admin), reverse("audit"), table="commitments_delivery")[0]

    assert newest["What"] == "Changed"
    assert newest["Edited"].startswith("Delivery: Link workers")
    assert newest["What changed"] == "Lead: nothing → =Ann"
    assert newest["Who"].startswith("Not through a page")


# Tables that are no lists: a form, two texts, a picture's numbers, a summary whose numbers lead to the list, a preview.
NO_LISTS = {
    "_both_texts", "_bulk_lines", "_chart", "_class_table", "_controls", "_deadlines", "_grid_drafts", "_milestones",
    "_my_queue", "_national_milestones", "_theme_grid", "cookies", "grid", "status_explained", "table",
    "_beside_table", "_published_metrics", "publish_check",
    "_published_ladders", "published_sheet", "_table", "_counts", "following",
}  # fmt: skip
# Drawn as a part of a page that has the links.
LINKED_BY = {
    "_ask_table": "committee_detail",
    "_coverage_table": "coverage_detail",
    "_area_table": "system_list",
    "_maturity_assessments": "maturity_detail",
    "_maturity_beneath": "maturity_detail",
    "_maturity_ladders": "maturity_detail",
}


def test_every_list_on_a_page_has_its_files():
    pages = {page.stem: page.read_text() for page in (Path(__file__).parents[2] / "templates").rglob("*.html")}
    drawn = {name for name, page in pages.items() if "<table" in page} - NO_LISTS

    assert len(drawn) > 8
    assert [name for name in drawn if "{% export_links" not in pages[LINKED_BY.get(name, name)]] == []


def test_no_view_shows_a_list_that_cannot_be_taken_out():
    root = Path(__file__).parents[2]
    showing = [path for path in root.glob("*/views/*.py") if ".as_asked(" in path.read_text()]

    assert len(showing) >= 4
    assert [path.name for path in showing if "render_list(" not in path.read_text()] == []
