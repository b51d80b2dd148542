"""Which files are taken as evidence: by their ending and by their content, never by what a browser says of them."""

import io
import zipfile

import openpyxl
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from systems.forms.uploads import MAX_MEGABYTES, EvidenceFileField, plain_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 30
PDF = b"%PDF-1.7 and so on"


def packed(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as document:
        for name in names:
            document.writestr(zipfile.ZipInfo(name), "<x/>")  # of no day: each process makes the same
    return content.getvalue()


def workbook():
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
PPTX = packed("[Content_Types].xml", "ppt/presentation.xml")


def named(value):
    """What a case is called: not by the bytes of a file, which differ from run to run."""
    return value if isinstance(value, str) else "content"


def taken(name, content, kind="text/html"):
    return EvidenceFileField().clean(SimpleUploadedFile(name, content, kind))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("minutes.pdf", PDF),
        ("MINUTES.PDF", PDF),
        ("hub.png", PNG),
        ("hub.jpg", JPG),
        ("hub.jpeg", JPG),
        ("plan.docx", DOCX),
        ("plan.xlsx", workbook()),
        ("plan.pptx", PPTX),
        ("figures.csv", "Borough,Seen\nBexley,£5\n".encode()),
        ("figures.csv", "Borough,Seen\nBexley,£5\n".encode("cp1252")),
    ],
    ids=named,
)
def test_what_is_what_it_says_is_taken_whole(name, content):
    assert taken(name, content).read() == content


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.pdf", b"", "The selected file is empty"),
        ("big.pdf", PDF + b"x" * MAX_MEGABYTES * 1024 * 1024, "must be smaller than 10MB"),
        ("page.html", b"<script>alert(1)</script>", "must be a PDF, Word"),
        ("drawing.svg", b"<svg/>", "must be a PDF, Word"),
        ("run.exe", b"MZ", "must be a PDF, Word"),
        ("minutes", PDF, "must be a PDF, Word"),
        ("minutes.pdf.exe", PDF, "must be a PDF, Word"),
        ("page.pdf", b"<html>%PDF-1.7</html>", "not that of a PDF file"),
        ("hub.png", JPG, "not that of a PNG file"),
        ("hub.jpg", PNG, "not that of a JPG file"),
        ("figures.csv", PNG, "not that of a CSV file"),
        ("figures.csv", b"a,b\n1,\x002\n", "not that of a CSV file"),
        ("plan.docx", PDF, "not that of a DOCX file"),
        ("plan.docx", packed("anything.txt"), "not that of a DOCX file"),
        ("plan.docx", PPTX, "not that of a DOCX file"),
        ("plan.docx", b"MZ" + DOCX, "not that of a DOCX file"),
        ("plan.docx", DOCX[:60], "not that of a DOCX file"),
        ("plan.docx", b"PK\x03\x04" + b"\xff" * 400, "not that of a DOCX file"),
        ("plan.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "must not contain macros"),
    ],
    ids=named,
)
def test_what_is_not_is_refused_with_a_clear_message(name, content, message):
    with pytest.raises(forms.ValidationError) as refusal:
        taken(name, content)

    assert message in refusal.value.messages[0]


def test_a_document_is_never_unpacked():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<x/>")
        bomb.writestr("word/document.xml", b"0" * 300_000_000)

    assert taken("bomb.docx", content.getvalue()).size < 400_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Minutes 12 May.pdf", "Minutes 12 May.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("fdp.\u202egnp.pdf", "fdp.gnp.pdf"),
        ("a\r\nb\0.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_shown_in_plain_letters(name, shown):
    assert plain_name(name) == shown
