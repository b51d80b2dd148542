"""Files that are not what they should be: each is refused or read, and its sender is told in plain words."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from commitments.models import Report, Upload, UploadedRow
from commitments.sheets import opening
from tests.commitments.sheets import GREEN, PAGE, checked, confirm, download, filled, headings, repacked, send, upload
from tests.factories import CommitmentFactory, DeliveryFactory, PeriodActFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("period")]

SHEET_PART = "xl/worksheets/sheet1.xml"
# How a file begins that is of the old format, or protected with a password.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NEW_SHEET = "download it again and fill that in"


@pytest.fixture
def client(signed_in, manager):
    return signed_in(manager)


@pytest.fixture(autouse=True)
def deliveries(place):
    return [DeliveryFactory(footprint=place, commitment=CommitmentFactory(code=f"LTP1-A-{n:02}")) for n in range(3)]


@pytest.fixture
def sheet(client, deliveries) -> bytes:
    return download(client)


def refusal(client, content: bytes, name: str = "reports.xlsx") -> str:
    """What the form says beside the file; nothing is kept of it."""
    page = send(client, content, name).content.decode()
    assert Upload.objects.count() == 0
    return re.search(r"nhsuk-error-message[^>]*>(?:\s*<[^>]*>[^<]*</[^>]*>)?\s*([^<]+)", page)[1].strip()


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def refused_by_the_worker(client, content: bytes) -> str:
    address = upload(client, content)
    page = words(client.get(address).content.decode())
    assert "Nothing was saved" in page
    assert bytes(Upload.objects.get().content) == b""
    assert UploadedRow.objects.count() == Report.objects.count() == 0
    return page


# --- What the form refuses --------------------------------------------------------------------------------


def test_no_file(client):
    assert "Select the sheet you filled in" in client.post(PAGE, {}).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "reports.xlsx", "The selected file is empty"),
        (b"Stage,Confidence\nPlanning,Green\n", "reports.xlsx", "The selected file must be an XLSX"),
        (b"Stage,Confidence\nPlanning,Green\n", "reports.csv", "The selected file must be an XLSX"),
        (b"MZ\x90\x00" + bytes(100), "reports.xlsx", "The selected file must be an XLSX"),
        (b"PK\x03\x04" + bytes(100), "reports.xlsx", "The selected file must be an XLSX"),
        (OLD_OFFICE, "reports.xlsx", "The selected file must be an XLSX without a password"),
        (b"%PDF-1.7", "reports.xlsx", "The selected file must be an XLSX"),
        (bytes(5 * 1024 * 1024), "reports.xlsx", "The selected file must be smaller than 5MB"),
    ],
    ids=["empty", "csv renamed", "csv", "program", "cut zip", "password", "pdf", "large"],
)  # fmt: skip
def test_what_is_no_spreadsheet(client, content, name, message):
    assert refusal(client, content, name) == message


def test_a_spreadsheet_by_another_name(client, sheet):
    assert refusal(client, sheet, "reports.zip") == "The selected file must be an XLSX"
    assert refusal(client, sheet, "reports") == "The selected file must be an XLSX"


def test_what_the_browser_says_counts_for_nothing(client, sheet):
    lying = SimpleUploadedFile(
        "reports.xlsx", b"<html>", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )

    assert "The selected file must be an XLSX" in client.post(PAGE, {"file": lying}).content.decode()


def test_another_office_document(client, sheet):
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<document/>")

    assert refusal(client, document.getvalue()) == "The selected file must be an XLSX"


def test_macros(client, sheet):
    assert refusal(client, sheet, "reports.xlsm") == "The selected file must be an XLSX without macros"
    for part in ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.bin"):
        assert refusal(client, repacked(sheet, **{part: b"<x/>"})) == "The selected file must be an XLSX without macros"
    enabled = repacked(sheet, **{"[Content_Types].xml": lambda data: data.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )})  # fmt: skip
    assert refusal(client, enabled) == "The selected file must be an XLSX without macros"


def test_an_encrypted_part(client, sheet):
    marked = bytearray(sheet)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        marked[marked.index(signature) + offset] |= 1

    assert refusal(client, bytes(marked)) == "The selected file must be an XLSX without a password"


def test_a_bomb_of_zeros(client, sheet):
    bomb = repacked(sheet, **{"xl/media/image1.png": bytes(100 * 1024 * 1024)})

    assert len(bomb) < 1024 * 1024
    assert refusal(client, bomb) == "The selected file is too large when it is unpacked"


def test_a_bomb_that_claims_to_be_small(client, sheet):
    """Its lists say 10 bytes. What counts is what comes out."""
    bomb = bytearray(repacked(sheet, **{"xl/media/image1.png": bytes(100 * 1024 * 1024)}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = bomb.rindex(signature)
        bomb[at + offset : at + offset + 4] = (10).to_bytes(4, "little")

    assert refusal(client, bytes(bomb)) in (
        "The selected file must be an XLSX",
        "The selected file is too large when it is unpacked",
    )


def test_a_bomb_stops_being_unpacked_at_the_limit(monkeypatch, sheet):
    monkeypatch.setattr(opening, "MAX_RATIO", 10**9)
    bomb = repacked(sheet, **{"xl/media/image1.png": bytes(300 * 1024 * 1024)})
    read = []
    original = zipfile.ZipExtFile.read
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda part, n: read.append(n) or original(part, n))

    with pytest.raises(opening.Refused, match="too large when it is unpacked"):
        opening.looked_through(io.BytesIO(bomb), "reports.xlsx", len(bomb))

    assert sum(read) < 70 * 1024 * 1024


def test_many_parts_and_two_of_one_name(client, sheet):
    assert "too large when it is unpacked" in refusal(
        client, repacked(sheet, **{f"xl/media/{number}.png": b"x" for number in range(300)})
    )
    twice = io.BytesIO(sheet)
    with zipfile.ZipFile(twice, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
        package.writestr("xl/workbook.xml", "<workbook/>")
    assert refusal(client, twice.getvalue()) == "The selected file must be an XLSX"


def test_a_packing_excel_does_not_use(client, sheet):
    with zipfile.ZipFile(io.BytesIO(sheet)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as package:
        for name, data in parts.items():
            package.writestr(name, data)

    assert refusal(client, packed.getvalue()) == "The selected file must be an XLSX"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
@pytest.mark.parametrize("part", [SHEET_PART, "xl/workbook.xml", "[Content_Types].xml", "_rels/.rels"])
def test_document_types_and_entities(client, sheet, doctype, part):
    def with_doctype(data: bytes) -> bytes:
        body = data[data.index(b"?>") + 2 :] if data.startswith(b"<?xml") else data
        return b'<?xml version="1.0" encoding="UTF-8"?>' + doctype.encode() + body

    assert NEW_SHEET in refusal(client, repacked(sheet, **{part: with_doctype}))


def test_broken_xml(client, sheet):
    assert NEW_SHEET in refusal(client, repacked(sheet, **{SHEET_PART: lambda data: data[:-20]}))


def test_a_million_rows_are_refused_without_reading_them_all(client, sheet, monkeypatch):
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    million = "".join(row.format(number) for number in range(2, 1_000_002)).encode()

    def with_rows(data: bytes) -> bytes:
        return data[: data.index(b"<sheetData>")] + b"<sheetData>" + million + b"</sheetData></worksheet>"

    large = repacked(sheet, **{SHEET_PART: with_rows})
    seen = []
    original = opening._Look.at
    monkeypatch.setattr(opening._Look, "at", lambda look, chunk: seen.append(len(chunk)) or original(look, chunk))

    assert refusal(client, large) == "The selected file must have no more than 2,000 rows"
    assert sum(seen) < len(million) / 100


def test_a_million_empty_rows(client, sheet):
    empty = b"".join(b"<row/>" for _ in range(1_000_000))

    def with_rows(data: bytes) -> bytes:
        return data[: data.index(b"<sheetData>")] + b"<sheetData>" + empty + b"</sheetData></worksheet>"

    said = refusal(client, repacked(sheet, **{SHEET_PART: with_rows}))

    assert said in (
        "The selected file must have no more than 2,000 rows",
        "The selected file is too large when it is unpacked",
    )


def test_merged_cells(client, sheet):
    merged = filled(sheet, {2: GREEN}, lambda book: book["Reports"].merge_cells("R2:R3"))

    assert refusal(client, merged) == "The selected file must use the template: cells R2:R3 are merged. Unmerge them"


def test_a_name_that_is_no_name(client, sheet):
    address = upload(client, sheet, "../../etc/‮passwd\x07.xlsx")

    assert Upload.objects.get().file_name == "passwd.xlsx"
    assert "passwd.xlsx" in client.get(address).content.decode()


def test_the_file_is_not_kept(client, sheet):
    upload(client, filled(sheet, {2: GREEN}))

    assert bytes(Upload.objects.get().content) == b""


# --- What the worker refuses ------------------------------------------------------------------------------


def test_another_sheet(client, sheet):
    def rename(book):
        book["Reports"].title = "Budget"

    said = refused_by_the_worker(client, filled(sheet, {}, rename))

    assert "The selected file must use the template: it has no sheet “Reports”" in said


def test_no_row_at_all(client, sheet):
    assert NEW_SHEET in refused_by_the_worker(client, filled(sheet, {}, lambda book: book["Reports"].delete_rows(2, 9)))


def test_a_sheet_without_a_heading(client, sheet):
    assert "it has no column “Key”" in refused_by_the_worker(
        client, filled(sheet, {}, lambda book: book["Reports"].delete_rows(1, 9))
    )


def test_a_missing_column(client, sheet):
    def drop(book):
        book["Reports"].delete_cols(headings(book["Reports"])["Stage"])

    assert "it has no column “Stage”" in refused_by_the_worker(client, filled(sheet, {}, drop))


def test_a_column_too_many_and_one_twice(client, sheet):
    def add(heading):
        return lambda book: setattr(book["Reports"].cell(1, 40), "value", heading)

    said = refused_by_the_worker(client, filled(sheet, {}, add("My notes")))
    assert "it has a column “My notes” (AN1) and the template does not" in said

    Upload.objects.all().delete()
    assert "it has a column “Stage” (AN1) twice" in refused_by_the_worker(client, filled(sheet, {}, add("Stage")))


def test_a_workbook_that_refers_to_nothing(client, sheet):
    nothing = repacked(sheet, **{"xl/workbook.xml": lambda data: b"<workbook/>"})

    assert "it has no sheet “Reports”" in refused_by_the_worker(client, nothing)


def test_shared_strings_that_are_not_there(client, sheet):
    pointing = repacked(sheet, **{SHEET_PART: lambda data: re.sub(
        rb'<c r="B2"[^>]*>.*?</c>', b'<c r="B2" t="s"><v>999999</v></c>', data, count=1, flags=re.DOTALL)})  # fmt: skip

    assert NEW_SHEET in refused_by_the_worker(client, pointing)


# --- Cells ------------------------------------------------------------------------------------------------


def problems_of(client, content: bytes) -> list[tuple[int, str, str]]:
    address = upload(client, content)
    assert client.get(address).status_code == 200
    return list(Upload.objects.get().problems.values_list("row", "cell", "message"))


def address_of(content: bytes, heading: str, row: int = 2) -> str:
    sheet = load_workbook(io.BytesIO(content))["Reports"]
    return sheet.cell(row, headings(sheet)[heading]).coordinate


@pytest.mark.parametrize(
    ("heading", "value", "message"),
    [
        ("Stage", "Purple", "“Purple” is not one of Not started, Planning, Under way, Delivered"),
        ("Delivery confidence", 5, "“5” is not one of Green, Amber, Red"),
        ("Ready to submit", "Perhaps", "“Perhaps” is not one of Yes, No"),
        ("Expected date", "31/03/2020", "“31/03/2020” is text, not a date. Enter it as a date, such as 31 March 2020"),
        ("Expected date", "March 2020", "“March 2020” is text, not a date. Enter it as a date, such as 31 March 2020"),
        ("Expected date", "2020-03-31", "“2020-03-31” is text, not a date. Enter it as a date, such as 31 March 2020"),
        ("Expected date", -5, "“-5” is a number, not a date. Enter it as a date, such as 31 March 2020"),
        ("Expected date", 5, "The date must be between 2015 and 2040"),
        ("Expected date", 10**12, "“1000000000000” is a number, not a date. Enter it as a date, such as 31 March 2020"),
        ("Expected date", dt.datetime(1970, 1, 1), "The date must be between 2015 and 2040"),
        ("Expected date", dt.time(9), "“09:00:00” is a number, not a date. Enter it as a date, such as 31 March 2020"),
        ("Expected date", True, "“True” is a number, not a date. Enter it as a date, such as 31 March 2020"),
        ("Next steps", True, "The cell must hold text"),
        ("Next steps", dt.datetime(2020, 3, 31), "The cell must hold text"),
        ("Next steps", "x" * 2001, "The text must be 2,000 characters or fewer; it has 2,001"),
        ("Next steps", "=1+1", "The cell holds a formula. Enter the value itself"),
        ("Stage", '=HYPERLINK("http://x")', "The cell holds a formula. Enter the value itself"),
        ("Next steps", ArrayFormula("V2", "=SUM(A1)"), "The cell holds a formula. Enter the value itself"),
        ("Next steps", "#REF!", "The cell holds the error #REF!. Enter the value itself"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_by_its_address(client, sheet, heading, value, message):
    content = filled(sheet, {2: {heading: value}, 3: GREEN})

    assert problems_of(client, content) == [(2, address_of(content, heading), message)]
    assert UploadedRow.objects.get().number == 3


def test_a_shared_formula(client, sheet):
    def share(data: bytes) -> bytes:
        return re.sub(
            rb'<c r="V2"[^>]*?(/>|>.*?</c>)', b'<c r="V2"><f t="shared" ref="V2:V3" si="0">A1</f><v>7</v></c>', data,
            count=1, flags=re.DOTALL,
        ).replace(b'<c r="V3"', b'<c r="V3"><f t="shared" si="0"/><v>7</v></c><c r="ZZ3"', 1)  # fmt: skip

    content = repacked(filled(sheet, {2: {"Next steps": "x"}, 3: {"Next steps": "y"}}), **{SHEET_PART: share})

    assert [(row, message) for row, _, message in problems_of(client, content)] == [
        (2, "The cell holds a formula. Enter the value itself"),
        (3, "The cell holds a formula. Enter the value itself"),
    ]


@pytest.mark.parametrize(
    ("heading", "value", "stored"),
    [
        ("Expected date", 43921, dt.date(2020, 3, 31)),
        ("Expected date", dt.datetime(2020, 3, 31, 9, 30), dt.date(2020, 3, 31)),
        ("Next steps", 42, "42"),
        ("Next steps", "  spaced \r\n out ", "spaced \n out"),
        ("Next steps", "x" * 2000, "x" * 2000),
        ("Stage", " under WAY ", "under_way"),
        ("Delivery confidence", "RED", "red"),
    ],
)
def test_a_cell_that_can_be_read_is_read(client, sheet, heading, value, stored):
    field = {"Expected date": "expected_on", "Next steps": "next_steps", "Stage": "stage"}.get(heading, "confidence")

    upload(client, filled(sheet, {2: {heading: value}}))

    assert getattr(UploadedRow.objects.get(), field) == stored


def test_a_number_as_a_date_is_read_by_the_sheets_own_calendar(client, sheet):
    from_1904 = repacked(filled(sheet, {2: {"Expected date": 42459}}), **{"xl/workbook.xml": lambda data: re.sub(
        rb"<workbookPr[^>]*/>", b'<workbookPr date1904="1"/>', data)})  # fmt: skip

    upload(client, from_1904)

    assert UploadedRow.objects.get().expected_on == dt.date(2020, 3, 31)


def test_what_a_report_needs_before_it_is_submitted(client, sheet):
    content = filled(sheet, {2: {"Delivery confidence": "Amber", "Ready to submit": "Yes"}})

    found = problems_of(client, content)

    assert {cell: message for _, cell, message in found} == {
        address_of(content, "Stage"): "Select a stage",
        address_of(content, "What happened this month"): "Enter what happened this month",
        address_of(content, "Expected date"): "Enter the date you now expect it to be delivered",
        address_of(content, "Why it is not green"): "Enter why it is not green",
        address_of(content, "Path to green"): "Enter the path to green",
    }


# --- Keys -------------------------------------------------------------------------------------------------


def test_changed_keys(client, sheet, deliveries):
    first = load_workbook(io.BytesIO(sheet))["Reports"]["A2"].value
    content = filled(
        sheet,
        {
            2: GREEN | {"Key": first.replace(str(deliveries[0].pk), str(deliveries[1].pk), 1)},
            3: GREEN | {"Key": None},
            4: GREEN | {"Key": "=A2"},
        },
    )

    messages = [message for _, _, message in problems_of(client, content)]

    changed = "The hidden key of this row is not as it was downloaded. Download the sheet again"
    assert messages == [changed, changed, "The cell holds a formula. Enter the value itself", changed]


def test_two_rows_about_one_delivery(client, sheet):
    first = load_workbook(io.BytesIO(sheet))["Reports"]["A2"].value

    found = problems_of(client, filled(sheet, {2: GREEN, 3: GREEN | {"Key": first}}))

    assert [(row, message) for row, _, message in found] == [(3, "Row 2 is about the same delivery")]


def test_a_sheet_sorted_by_halves_is_found_out(client, sheet):
    found = problems_of(client, filled(sheet, {2: GREEN | {"Code": "LTP1-A-01"}, 3: GREEN | {"Area code": "QKK"}}))

    assert [(row, message) for row, _, message in found] == [
        (2, "This row was downloaded as LTP1-A-00. Its columns no longer belong together"),
        (3, "This row was downloaded as E09000004. Its columns no longer belong together"),
    ]


def test_a_sheet_of_another_month(client, sheet, system, period):
    PeriodActFactory(system=system, period=period)

    assert [message for _, _, message in problems_of(client, filled(sheet, {2: GREEN}))] == [
        "No reports are taken for September 2019 now"
    ]


# --- Leaving bad rows out ---------------------------------------------------------------------------------


def test_bad_rows_are_left_out_only_knowingly(client, sheet):
    address = upload(client, filled(sheet, {2: GREEN | {"Stage": "Purple"}, 3: GREEN}))

    refused = client.post(f"{address}confirm/").content.decode()
    assert "Select whether to leave out the rows with errors" in refused
    assert "<title>Error: Check the sheet" in refused
    assert Report.objects.count() == 0

    done = words(confirm(client, address, leave_out="on"))
    assert "Saved as a draft 1 Left out because of errors 1" in done
    assert Report.objects.count() == 1


def test_a_sheet_of_bad_rows_has_nothing_to_confirm(client, sheet):
    page = words(checked(client, filled(sheet, {2: GREEN | {"Stage": "Purple"}})))

    assert "The sheet changes nothing" in page
    assert "Rows with errors 1" in page
    assert "Confirm and save" not in page
