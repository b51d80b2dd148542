"""What the tests of the spreadsheet share: a sheet downloaded, edited by openpyxl, uploaded, read, confirmed."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from commitments.models import Upload
from commitments.tasks import run_waiting_jobs

PAGE = reverse("commitments:spreadsheet")
DOWNLOAD = reverse("commitments:spreadsheet_download")
GREEN = {"Stage": "Under way", "Delivery confidence": "Green", "What happened this month": "Two hubs opened."}


def download(client, **query) -> bytes:
    answer = client.get(DOWNLOAD, {"which": "all", "month": "2019-09-01"} | query)
    assert answer["Content-Type"].endswith("spreadsheetml.sheet"), answer.content.decode()
    return answer.content


def headings(sheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


def rows(content: bytes) -> list[dict]:
    """The rows of a sheet by their headings."""
    heads, *values = load_workbook(io.BytesIO(content))["Reports"].values
    return [dict(zip(heads, row, strict=True)) for row in values]


def filled(content: bytes, changes: dict[int, dict], edit=None) -> bytes:
    """The file with these cells set, by row and heading, opened and saved again by openpyxl."""
    book = load_workbook(io.BytesIO(content))
    sheet = book["Reports"]
    columns = headings(sheet)
    for number, cells in changes.items():
        for heading, value in cells.items():
            cell = sheet.cell(number, columns[heading])
            if isinstance(value, int) and not isinstance(value, bool):
                cell.number_format = "General"
            cell.value = value
    if edit is not None:
        edit(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def repacked(content: bytes, **parts) -> bytes:
    """The file with parts changed: each by a function from its bytes, or added as bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            change = parts.pop(name, None)
            data = source.read(name)
            target.writestr(name, data if change is None else change(data))
        for name, data in parts.items():
            target.writestr(name, data)
    return packed.getvalue()


def send(client, content: bytes, name: str = "reports.xlsx", content_type: str = "application/octet-stream"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content, content_type)})


def upload(client, content: bytes, name: str = "reports.xlsx") -> str:
    """Uploads a file and lets the worker read it; the address of its page."""
    answer = send(client, content, name)
    assert answer.status_code == 302, answer.content.decode()
    run_waiting_jobs()
    return answer["Location"]


def checked(client, content: bytes) -> str:
    """The page on which a sheet's differences are checked."""
    return client.get(upload(client, content)).content.decode()


def confirm(client, address: str, **sent) -> str:
    """Confirms, lets the worker write, and reads the page of the result."""
    client.post(f"{address}confirm/", sent)
    run_waiting_jobs()
    return client.get(address).content.decode()


def latest() -> Upload:
    return Upload.objects.first()
