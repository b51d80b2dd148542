"""The page of a demonstration's e-mail, and the folder behind it."""

import os

import pytest
from django.core.mail import EmailMessage, get_connection

from ltp_portal.demo_mail import UNREADABLE, letters
from tests.factories import UserFactory

PAGE = "/demo-mail/"


@pytest.fixture
def folder(tmp_path, settings):
    settings.MAIL_FOLDER = str(tmp_path)
    return tmp_path


@pytest.fixture
def send(folder):
    """Sends letters as a demonstration does: one file for all that leaves together."""

    def sent(*subjects, body="Hello"):
        backend = "django.core.mail.backends.filebased.EmailBackend"
        with get_connection(backend, file_path=str(folder)) as mailer:
            mailer.send_messages([EmailMessage(s, body, "portal@example.org", ["ada@example.org"]) for s in subjects])

    return sent


@pytest.fixture
def reader(signed_in, db):
    return signed_in(UserFactory())


def test_letters_are_read_back_the_newest_first(send, folder):
    send("First", "Second")
    for file in folder.iterdir():
        os.utime(file, (1, 1))
    send("Third", body="With £ and é\n\n" + "-" * 70)

    found = letters(folder)

    assert [letter.subject for letter in found] == ["Third", "Second", "First"]
    assert (found[0].to, found[0].text.strip()) == ("ada@example.org", "With £ and é\n\n" + "-" * 70)
    assert found[0].sent_at is not None


def test_nothing_there_is_nothing(tmp_path):
    assert letters(tmp_path) == letters(tmp_path / "not there") == []


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\xfe not a letter",
        b"Subject: x\nContent-Type: text/plain; charset=nonsense\n\nbody",
        b"Subject: x\nDate: the day before yesterday\n\nbody",
        b"Subject: x\nContent-Type: text/html\n\n<script>alert(1)</script>",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n",
        b"To: " + b"a," * 50_000,
    ],
)
def test_what_is_no_letter_is_no_fault(folder, reader, raw):
    (folder / "a.log").write_bytes(raw)

    html = reader.get(PAGE).content.decode()

    assert html.count("<details") == 1
    assert "<script>alert" not in html


def test_a_letter_without_a_day_is_unreadable(folder):
    (folder / "a.log").write_bytes(b"Subject: x\nDate: the day before yesterday\n\nbody")

    assert [letter.subject for letter in letters(folder)] == [UNREADABLE]


def test_other_files_and_links_are_passed_over(folder, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text("Subject: secret\n\nsecret")
    (folder / "link.log").symlink_to(secret)
    (folder / "notes.txt").write_text("Subject: notes\n\nnotes")
    (folder / "folder.log").mkdir()

    assert letters(folder) == []


def test_the_page_escapes_what_it_shows(send, reader):
    send("<b>Bold</b>", body="<script>alert(1)</script>")

    html = reader.get(PAGE).content.decode()

    assert "&lt;b&gt;Bold&lt;/b&gt;: to ada@example.org" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_it_has_pages(send, reader):
    send(*(f"Letter {number}" for number in range(26)))

    first, second = (reader.get(PAGE, {"page": page}).content.decode() for page in (1, 2))

    assert (first.count("<details"), second.count("<details")) == (25, 1)


def test_without_a_folder_nothing_was_sent(reader, settings):
    settings.MAIL_FOLDER = ""

    assert "Nothing was sent yet." in reader.get(PAGE).content.decode()


def test_it_is_linked_from_the_banner(reader):
    assert f'href="{PAGE}"' in reader.get("/systems/").content.decode()


def test_outside_a_demonstration_there_is_no_such_page(client, reader, settings):
    settings.PORTAL_DEMO = False

    assert [browser.get(PAGE).status_code for browser in (client, reader)] == [404, 404]
