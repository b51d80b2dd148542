"""The round trip: downloaded, edited by openpyxl as Excel would save it, uploaded, checked, confirmed, stored."""

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from commitments.actions import return_report, sign_off
from commitments.choices import Confidence, ReportState, Stage
from commitments.models import Report, UploadedRow
from commitments.tasks import run_waiting_jobs
from systems.choices import Role
from tests.commitments.sheets import (
    DOWNLOAD,
    GREEN,
    PAGE,
    checked,
    confirm,
    download,
    filled,
    headings,
    latest,
    rows,
    upload,
)
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MilestoneFactory,
    PeriodActFactory,
    PeriodFactory,
    PlaceFactory,
    SignedOffReportFactory,
    SystemFactory,
    person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("period")]

AMBER = GREEN | {
    "Delivery confidence": "Amber",
    "Expected date": dt.datetime(2020, 3, 31),
    "Next steps": "Open the third.",
    "Why it is not green": "Two have left.",
    "Path to green": "Recruit by May.",
    "Evidence": "Minutes of 12 September",
}
GONE = "It does not apply here any more, or you may no longer report on it"
READY = {"Ready to submit": "Yes"}


@pytest.fixture
def client(signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def deliveries(place):
    """Three deliveries in the order of the sheet's rows 2, 3 and 4."""
    day = dt.date(2023, 3, 31)
    commitments = [CommitmentFactory(code=f"LTP1-A-{n:02}", deadline_on=day) for n in range(3)]
    return [DeliveryFactory(footprint=place, commitment=each, local_deadline_on=day) for each in commitments]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# --- The sheet --------------------------------------------------------------------------------------------


def test_the_sheet_holds_what_a_row_is_about_and_what_was_reported_last(client, deliveries):
    PeriodFactory(starts_on=dt.date(2019, 8, 1))
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    SignedOffReportFactory(delivery=deliveries[0], period=august, narrative="August went well.")

    first, second, _ = rows(download(client))

    assert (first["Code"], first["Area"], first["Last report"]) == ("LTP1-A-00", "Bexley", "August 2019")
    assert first["Last report: what happened this month"] == "August went well."
    assert first["What happened this month"] is None
    assert second["Last report"] is None


def test_only_what_is_filled_in_is_unlocked_and_the_key_is_hidden(client, deliveries):
    sheet = load_workbook(io.BytesIO(download(client)))["Reports"]
    columns = headings(sheet)

    unlocked = [name for name, number in columns.items() if not sheet.cell(2, number).protection.locked]

    assert sheet.protection.sheet
    assert unlocked == [
        "Stage", "Delivery confidence", "Expected date", "What happened this month", "Next steps",
        "Why it is not green", "Path to green", "Evidence", "Ready to submit",
    ]  # fmt: skip
    assert sheet.column_dimensions["A"].hidden
    assert sheet.freeze_panes == "D2"


def test_choices_are_drop_downs(client, deliveries):
    sheet = load_workbook(io.BytesIO(download(client)))["Reports"]

    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}

    assert lists == {'"Not started,Planning,Under way,Delivered"', '"Green,Amber,Red"', '"Yes,No"'}


def test_text_that_looks_like_a_formula_stays_text(client, deliveries, save, manager):
    save(deliveries[0], manager, submit=False, narrative="=HYPERLINK(1)")

    content = download(client)

    sheet = load_workbook(io.BytesIO(content))["Reports"]
    cell = sheet.cell(2, headings(sheet)["What happened this month"])
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert "The sheet changes nothing" in checked(client, content)


def test_only_deliveries_one_may_report_on_are_in_it(signed_in, reporter, place, system):
    DeliveryFactory(footprint=place)
    DeliveryFactory(footprint=PlaceFactory(parent=system))
    DeliveryFactory(footprint=SystemFactory())
    DeliveryFactory(footprint=place, is_applicable=False, not_applicable_reason="Elsewhere")

    assert [row["Area"] for row in rows(download(signed_in(reporter)))] == ["Bexley"]


def test_it_can_be_narrowed_to_those_one_leads_and_to_a_place(client, manager, place, system):
    led = DeliveryFactory(footprint=place, lead=manager)
    other = DeliveryFactory(footprint=PlaceFactory(parent=system, code="E09000006", name="Bromley"))

    assert [row["Code"] for row in rows(download(client, which="led"))] == [led.commitment.code]
    assert [row["Code"] for row in rows(download(client, place="E09000006"))] == [other.commitment.code]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "Select which deliveries you want"),
        ({"which": "led", "month": "2019-09-01"}, "No delivery matches. Select others"),
        ({"which": "all", "month": "2019-08-01"}, "Select a month that takes reports now"),
        ({"which": "all", "month": "x\x00"}, "Select a month that takes reports now"),
        ({"which": "all", "month": "2019-09-01", "place": "nowhere"}, "Select a place that is listed"),
    ],
)
def test_what_cannot_be_downloaded_is_said(client, deliveries, query, message):
    assert message in client.get(DOWNLOAD, query).content.decode()


def test_more_than_a_sheet_holds_is_refused(client, deliveries, monkeypatch):
    monkeypatch.setattr("commitments.forms.spreadsheets.MAX_ROWS", 2)

    assert (
        "3 deliveries match, and a sheet holds 2. Select a place"
        in client.get(DOWNLOAD, {"which": "all", "month": "2019-09-01"}).content.decode()
    )


def test_without_an_open_month_there_is_nothing_to_download(client, deliveries, period):
    period.delete()
    PeriodFactory(starts_on=dt.date(2019, 10, 1))

    assert "No month takes reports today. October 2019 opens on 20 October 2019." in client.get(PAGE).content.decode()


def test_twice_the_rows_take_the_same_queries(client, place):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            download(client)
        return len(seen)

    DeliveryFactory(footprint=place)
    queries()
    few = queries()
    for _ in range(3):
        SignedOffReportFactory(delivery=DeliveryFactory(footprint=place))

    assert queries() == few


# --- There and back ---------------------------------------------------------------------------------------


def test_a_filled_in_sheet_becomes_reports_once_it_is_confirmed(client, manager, deliveries):
    content = filled(download(client), {2: GREEN | READY, 3: AMBER})
    address = upload(client, content)
    page = words(client.get(address).content.decode())

    assert "Nothing has been saved." in page
    assert "New report, submitted for sign-off" in page
    assert "New report, kept as a draft" in page
    assert "What happened this month: Two hubs opened. Stored: Not provided" in page
    assert "Rows left empty 1" in page
    assert Report.objects.count() == 0

    done = words(confirm(client, address))

    assert "Saved as a draft 1 Submitted for sign-off 1 Left empty 1" in done
    submitted, draft = Report.objects.order_by("delivery__commitment__code")
    assert (submitted.state, submitted.submitted_on, submitted.author) == (ReportState.SUBMITTED, TODAY, manager)
    assert (submitted.stage, submitted.confidence) == (Stage.UNDER_WAY, Confidence.GREEN)
    assert (draft.state, draft.submitted_on, draft.expected_on) == (ReportState.DRAFT, None, dt.date(2020, 3, 31))
    assert (draft.next_steps, draft.reason) == ("Open the third.", "Two have left.")
    assert (draft.path_to_green, draft.evidence) == ("Recruit by May.", "Minutes of 12 September")


def test_the_same_file_twice_changes_nothing(client, deliveries):
    content = filled(download(client), {2: GREEN | READY, 3: AMBER})
    confirm(client, upload(client, content))
    stood = list(Report.objects.values())

    page = words(checked(client, content))

    assert "The sheet changes nothing" in page
    assert "No change 2" in page
    assert "Confirm and save" not in page
    assert list(Report.objects.values()) == stood


def test_an_untouched_sheet_changes_nothing(client, manager, deliveries, save):
    save(deliveries[0], manager, submit=False, narrative="Line one\nline two ")
    save(deliveries[1], manager)

    page = words(checked(client, filled(download(client), {})))

    assert "The sheet changes nothing" in page


def test_confirming_twice_writes_once(client, deliveries):
    address = upload(client, filled(download(client), {2: GREEN}))

    confirm(client, address)
    page = confirm(client, address)

    assert Report.objects.get().version == 1
    assert "The sheet is saved" in page


def test_a_draft_is_changed_and_submitted(client, manager, deliveries, save):
    draft = save(deliveries[0], manager, submit=False, narrative="Begun.")

    page = confirm(client, upload(client, filled(download(client), {2: {"What happened this month": "Done."} | READY})))

    report = Report.objects.get()
    assert "Submitted for sign-off" in page
    assert (report.pk, report.version, report.narrative) == (draft.pk, 2, "Done.")
    assert (report.state, report.submitted_on) == (ReportState.SUBMITTED, TODAY)


def test_milestones_ticked_in_a_draft_are_achieved_when_the_sheet_submits_it(client, manager, deliveries, save):
    milestones = [MilestoneFactory(delivery=delivery) for delivery in deliveries[:2]]
    for delivery, milestone in zip(deliveries, milestones, strict=False):
        save(delivery, manager, submit=False).ticked.add(milestone)

    confirm(client, upload(client, filled(download(client), {2: READY, 3: {"Next steps": "Wait."}})))

    for milestone in milestones:
        milestone.refresh_from_db()
    assert [milestone.achieved_on for milestone in milestones] == [TODAY, None]
    assert [report.ticked.count() for report in Report.objects.order_by("delivery__commitment__code")] == [0, 1]


def test_a_returned_report_goes_back_to_its_approver(client, manager, approver, deliveries, save):
    report = save(deliveries[0], manager)
    return_report(report=report, version=1, note="Say more.", by=approver, today=TODAY)

    confirm(client, upload(client, filled(download(client), {2: {"What happened this month": "More."} | READY})))

    report.refresh_from_db()
    assert (report.state, report.narrative, report.decided_by, report.decided_on) == ("submitted", "More.", None, None)


def test_a_signed_off_report_is_corrected_by_a_new_one(client, deliveries):
    first = SignedOffReportFactory(delivery=deliveries[0], stage=Stage.UNDER_WAY)

    content = filled(download(client), {2: {"What happened this month": "It was one hub."} | READY})
    page = words(checked(client, content))
    confirm(client, f"/uploads/{latest().pk}/")

    assert "Correction of a signed-off report, submitted for sign-off" in page
    assert Report.objects.exclude(pk=first.pk).get().supersedes == first


def test_a_report_awaiting_sign_off_is_locked_and_left_alone(client, manager, deliveries, save):
    save(deliveries[0], manager)
    content = download(client)
    sheet = load_workbook(io.BytesIO(content))["Reports"]

    page = words(checked(client, filled(content, {2: {"Next steps": "Something else"}})))

    assert sheet.cell(2, headings(sheet)["Next steps"]).protection.locked
    assert "It awaits sign-off: it can be changed once it is returned" in page
    assert "The sheet changes nothing" in page


def test_reordered_columns_are_read_by_their_headings(client, deliveries):
    def reverse(book):
        sheet = book["Reports"]
        values = [list(reversed(row)) for row in sheet.values]
        for number, row in enumerate(values, start=1):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value

    confirm(client, upload(client, filled(download(client), {2: GREEN}, reverse)))

    assert Report.objects.get().narrative == "Two hubs opened."


def test_sorted_rows_find_their_deliveries(client, deliveries):
    def turn(book):
        sheet = book["Reports"]
        values = [list(row) for row in sheet.values][1:]
        for number, row in enumerate(reversed(values), start=2):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value

    confirm(client, upload(client, filled(download(client), {2: GREEN}, turn)))

    assert Report.objects.get().delivery == deliveries[0]


# --- Somebody else ----------------------------------------------------------------------------------------


@pytest.fixture
def colleague(system):
    return person(Role.PROGRAMME_MANAGER, system, name="Ann Other")


def test_a_row_somebody_else_changed_is_a_conflict_named_with_who_what_and_when(client, colleague, deliveries, save):
    content = filled(download(client), {2: GREEN, 3: GREEN})
    save(deliveries[0], colleague, narrative="Theirs.")
    save(deliveries[1], colleague, submit=False, narrative="Begun by them.")

    page = words(checked(client, content))

    assert "Cannot be changed now 1" in page
    assert "Changed since the download 1" in page
    assert f"Row 3: {deliveries[1]}" in page
    assert "Ann Other saved it as a draft (last saved" in page
    assert "What happened this month: Two hubs opened. Stored: Begun by them." in page


def test_a_conflict_is_left_out_unless_it_is_chosen(client, colleague, deliveries, save):
    content = filled(download(client), {2: GREEN, 3: GREEN})
    save(deliveries[1], colleague, submit=False, narrative="Theirs.")

    page = words(confirm(client, upload(client, content)))

    assert "Saved as a draft 1 Left out 1" in page
    assert f"Row 3, {deliveries[1]}: Somebody else changed it, and you did not choose to overwrite" in page
    assert Report.objects.get(delivery=deliveries[1]).narrative == "Theirs."


def overwriting(page: str) -> str:
    return re.search(r'name="overwrite" value="([0-9-]+)"', page)[1]


def test_a_conflict_is_overwritten_knowingly(client, manager, colleague, deliveries, save):
    content = filled(download(client), {2: GREEN})
    save(deliveries[0], colleague, submit=False, narrative="Theirs.")
    address = upload(client, content)

    confirm(client, address, overwrite=overwriting(client.get(address).content.decode()))

    report = Report.objects.get()
    assert (report.narrative, report.author, report.version) == ("Two hubs opened.", manager, 2)


def test_what_changed_once_more_after_it_was_seen_is_not_overwritten(client, colleague, deliveries, save):
    content = filled(download(client), {2: GREEN})
    save(deliveries[0], colleague, submit=False, narrative="Theirs.")
    address = upload(client, content)
    seen = overwriting(client.get(address).content.decode())
    save(deliveries[0], colleague, version=1, submit=False, narrative="Theirs again.")

    page = words(confirm(client, address, overwrite=seen))

    assert "Left out 1" in page
    assert Report.objects.get().narrative == "Theirs again."


def test_a_report_signed_off_meanwhile_is_a_conflict(client, colleague, approver, deliveries, save):
    content = filled(download(client), {2: GREEN})
    sign_off(report=save(deliveries[0], colleague, narrative="Theirs."), version=1, by=approver, today=TODAY)

    page = words(checked(client, content))

    assert f"{approver.name} signed it off on 30 September 2019; Ann Other wrote it" in page


def test_what_changed_between_checking_and_writing_is_left_out(client, colleague, deliveries, save):
    address = upload(client, filled(download(client), {2: GREEN}))
    client.post(f"{address}confirm/")
    save(deliveries[0], colleague, submit=False, narrative="Theirs.")

    run_waiting_jobs()

    assert Report.objects.get().narrative == "Theirs."
    assert UploadedRow.objects.get().left_out_because == "Somebody else changed it, and you did not choose to overwrite"


def test_overwriting_cannot_be_forged(client, colleague, deliveries, save):
    content = filled(download(client), {2: GREEN})
    save(deliveries[0], colleague, submit=False, narrative="Theirs.")
    address = upload(client, content)
    row = UploadedRow.objects.get()

    for forged in (f"{row.pk}-999-1", "x", "1-2", f"{row.pk}-{9**15}-1", "99999-1-1", "\x00"):
        client.post(f"{address}confirm/", {"overwrite": forged})
    run_waiting_jobs()

    assert Report.objects.get().narrative == "Theirs."


# --- Rights -----------------------------------------------------------------------------------------------


def test_rights_are_looked_at_again_when_it_is_written(client, manager, deliveries):
    address = upload(client, filled(download(client), {2: GREEN}))
    client.post(f"{address}confirm/")
    manager.memberships.update(ends_on=TODAY - dt.timedelta(days=1))

    run_waiting_jobs()

    assert Report.objects.count() == 0
    assert UploadedRow.objects.get().left_out_because == GONE


def test_a_colleagues_sheet_is_read_with_ones_own_rights(client, signed_in, system, deliveries):
    elsewhere = PlaceFactory(parent=system)
    stranger = signed_in(person(Role.REPORTER, elsewhere))

    page = words(checked(stranger, filled(download(client), {2: GREEN})))

    assert "This delivery is none that you may report on" in page
    assert Report.objects.count() == 0


def test_what_is_stored_is_not_shown_to_who_lost_the_right(client, manager, colleague, system, deliveries, save):
    elsewhere = PlaceFactory(parent=system)
    address = upload(client, filled(download(client), {2: GREEN}))
    save(deliveries[0], colleague, narrative="Not for everybody.")
    manager.memberships.update(footprint=elsewhere)

    page = client.get(address).content.decode()

    assert GONE in page
    assert "Not for everybody." not in page


def test_nobody_sees_anothers_upload(client, signed_in, colleague, deliveries):
    address = upload(client, filled(download(client), {2: GREEN}))

    assert signed_in(colleague).get(address).status_code == 404
    assert signed_in(colleague).post(f"{address}confirm/").status_code == 404
    assert signed_in(colleague).get(PAGE).content.decode().count("reports.xlsx") == 0


def test_a_month_that_closed_takes_nothing(client, system, period, deliveries):
    address = upload(client, filled(download(client), {2: GREEN}))
    client.post(f"{address}confirm/")
    PeriodActFactory(system=system, period=period)

    run_waiting_jobs()

    assert Report.objects.count() == 0
    assert UploadedRow.objects.get().left_out_because == "The month takes no more reports"


def test_a_delivery_struck_out_meanwhile_takes_nothing(client, deliveries):
    address = upload(client, filled(download(client), {2: GREEN}))
    client.post(f"{address}confirm/")
    type(deliveries[0]).objects.update(is_applicable=False, not_applicable_reason="Merged")

    run_waiting_jobs()

    assert UploadedRow.objects.get().left_out_because == GONE


# --- What the pages say -----------------------------------------------------------------------------------


def test_the_page_of_spreadsheets_leads_to_those_sent(client, deliveries):
    address = upload(client, filled(download(client), {2: GREEN}))

    page = client.get(PAGE).content.decode()

    assert address in page
    assert "Read, not saved" in page
    assert "smaller than 5MB, with no more than 2,000 rows" in page


def test_uploads_confirmations_and_downloads_stand_in_the_security_log(client, deliveries, security_log):
    confirm(client, upload(client, filled(download(client), {2: GREEN})))

    events = [event["event"] for event in security_log()]

    assert events == ["exported", "spreadsheet_uploaded", "spreadsheet_confirmed"]


def test_checking_twice_the_rows_takes_the_same_queries(client, place):
    def queries(number):
        for _ in range(number):
            DeliveryFactory(footprint=place)
        content = download(client)
        content = filled(content, {row: GREEN for row in range(2, 2 + len(rows(content)))})
        address = upload(client, content)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    queries(1)

    assert queries(2) == queries(3)


def test_differences_can_be_taken_out(client, deliveries):
    address = upload(client, filled(download(client), {2: GREEN, 3: GREEN | {"Stage": "Purple"}}))

    differences = client.get(address, {"export": "csv"}).getvalue().decode()
    errors = client.get(address, {"errors-export": "csv"}).getvalue().decode()

    assert "Two hubs opened." in differences
    assert "“Purple” is not one of" in errors
