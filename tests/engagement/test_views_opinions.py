"""Second opinions on pages: lodged by a form, shown beside what was published, replied to once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import PublicAccess
from engagement import actions
from engagement.models import Opinion
from systems.choices import Role
from tests.engagement.factories import seated
from tests.engagement.published import position_of, report
from tests.factories import TODAY, PlaceFactory, SystemFactory, person
from tests.publishing import publish
from tests.systems.pages import page, text

pytestmark = pytest.mark.django_db

WORDS = {"rating": "at_risk", "reasons": "People tell us otherwise.", "evidence": "12 of 15 had not heard of it."}
PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF"


@pytest.fixture
def address(position):
    return f"/positions/{position.pk}/opinion/"


@pytest.fixture
def sent(healthwatch):
    return WORDS | {"voice": f"organisation-{healthwatch.pk}"}


@pytest.fixture
def opinion(position, healthwatch, speaker):
    return actions.lodge_opinion(position=position, voice=healthwatch, facts=WORDS, by=speaker, today=TODAY)


def errors(html: str) -> list[str]:
    return re.findall(r'<a href="#id_\w+">([^<]+)</a>', html)


# --- Lodging ----------------------------------------------------------------------------------------------


def test_healthwatch_lodges_an_opinion_and_reads_both_side_by_side(signed_in, speaker, address, sent):
    client = signed_in(speaker)
    assert "You lodge it for Healthwatch Bexley" in text(page(client, address))

    answer = client.post(address, sent)

    shown = text(page(client, answer["Location"]))
    assert "Opinion lodged. It stands beside what was published." in shown
    assert "Published: South East London, August 2019" in shown
    assert "Second opinion of Healthwatch Bexley, 30 September 2019" in shown
    assert "People tell us otherwise." in shown
    assert "The system has not replied." in shown
    assert "Ada Speaker" not in shown.split("</header>")[1]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"rating": ""}, "Select how you rate it"),
        ({"rating": "on_track"}, "Select how you rate it"),
        ({"rating": "not_applicable"}, "Select how you rate it"),
        ({"reasons": " "}, "Enter why you rate it so"),
        ({"evidence": ""}, "Show evidence: in words, by a link or as a file"),
        ({"url": "http://example.org"}, "Enter a link that begins with https://"),
    ],
)
def test_what_is_wrong_is_said_in_words(signed_in, speaker, address, sent, changes, error):
    answer = signed_in(speaker).post(address, sent | changes)

    assert answer.status_code == 200
    assert errors(answer.content.decode()) == [error]
    assert not Opinion.objects.exists()


def test_a_file_is_evidence_kept_under_another_name_and_handed_over(signed_in, speaker, councillor, address, sent):
    file = SimpleUploadedFile("visits in August.pdf", PDF, content_type="text/html")
    answer = signed_in(speaker).post(address, sent | {"evidence": "", "file": file})
    opinion = Opinion.objects.get()

    handed = signed_in(councillor).get(f"{answer['Location']}file/")

    assert "visits" not in opinion.file.name
    assert handed["Content-Disposition"] == 'attachment; filename="visits in August.pdf"'
    assert b"".join(handed.streaming_content) == PDF
    opinion.file.storage.delete(opinion.file.name)
    assert signed_in(councillor).get(f"{answer['Location']}file/").status_code == 404


def test_a_file_that_is_not_what_it_says_is_refused(signed_in, speaker, address, sent):
    file = SimpleUploadedFile("visits.pdf", b"<script>")

    answer = signed_in(speaker).post(address, sent | {"file": file})

    assert errors(answer.content.decode()) == [
        "The selected file is not what its name says: its content is not that of a PDF file"
    ]


def test_where_there_is_no_file_there_is_none_to_hand_over(signed_in, councillor, opinion):
    assert signed_in(councillor).get(f"/opinions/{opinion.pk}/file/").status_code == 404


def test_who_speaks_for_two_bodies_says_for_which(signed_in, speaker, committee, address, sent):
    committee.seats.create(user=speaker, role="member", starts_on="2018-05-01")
    client = signed_in(speaker)
    assert "For whom do you lodge it?" in page(client, address)
    for voice in ("", "organisation-0"):
        assert errors(client.post(address, WORDS | {"voice": voice}).content.decode()) == [
            "Select for whom you lodge it"
        ]

    client.post(address, WORDS | {"voice": f"committee-{committee.pk}"})

    assert Opinion.objects.get().committee == committee
    assert "You lodge it for Healthwatch Bexley" in text(page(client, address))


def test_what_has_been_lodged_is_not_asked_again(signed_in, speaker, opinion, address, sent):
    client = signed_in(speaker)

    assert "an opinion on this is lodged once" in page(client, address)
    assert client.post(address, sent).status_code == 200
    assert Opinion.objects.count() == 1


def test_who_reads_and_speaks_for_nobody_may_not_lodge(signed_in, councillor, manager, address, sent):
    for user in (councillor, manager):
        assert signed_in(user).get(address).status_code == 403
        assert signed_in(user).post(address, sent).status_code == 403


def test_nobody_lodges_on_another_borough(signed_in, speaker, system):
    elsewhere = report(PlaceFactory(parent=system))
    position = position_of(publish(system), elsewhere)

    assert signed_in(speaker).get(f"/positions/{position.pk}/opinion/").status_code == 403


def test_a_stranger_finds_nothing(signed_in, opinion, address):
    stranger = signed_in(person(Role.JHOSC_MEMBER, SystemFactory()))

    own = f"/opinions/{opinion.pk}/"
    for path in (address, own, f"{own}reply/", f"{own}file/"):
        assert stranger.get(path).status_code == 404
    assert "0 found" in page(stranger, "/opinions/")


# --- The reply --------------------------------------------------------------------------------------------


def test_the_system_replies_once_from_its_work_list(signed_in, manager, opinion):
    client = signed_in(manager)
    assert "Second opinions without a reply" in page(client, "/my-work/")
    assert "Reply for the system" in page(client, f"/opinions/{opinion.pk}/")

    answer = client.post(f"/opinions/{opinion.pk}/reply/", {"words": "We will visit them."})

    shown = text(page(client, answer["Location"]))
    assert "Reply of the system, 30 September 2019:</strong> We will visit them." in shown
    assert "Reply for the system" not in shown
    assert "Second opinions without a reply" not in page(client, "/my-work/")
    assert client.get(f"/opinions/{opinion.pk}/reply/")["Location"] == f"/opinions/{opinion.pk}/"
    again = client.post(f"/opinions/{opinion.pk}/reply/", {"words": "Once more."})
    assert "already" in again.content.decode()


def test_nobody_else_replies(signed_in, councillor, viewer, speaker, opinion):
    for user in (councillor, viewer, speaker):
        assert signed_in(user).post(f"/opinions/{opinion.pk}/reply/", {"words": "No."}).status_code == 403


def test_an_empty_reply_is_refused(signed_in, manager, opinion):
    answer = signed_in(manager).post(f"/opinions/{opinion.pk}/reply/", {"words": ""})

    assert errors(answer.content.decode()) == ["Enter your reply"]


# --- Beside what was published ----------------------------------------------------------------------------


def pages_about(delivered) -> list[str]:
    home = "/systems/QKK/published/2019-08/1/"
    return [home, f"{home}places/{delivered.footprint.code}/", f"{home}commitments/{delivered.commitment.code}/"]


def test_shown_on_the_published_pages_at_once_and_each_move_is_another_page(
    signed_in, councillor, delivered, position, healthwatch, speaker, manager
):
    client = signed_in(councillor)
    for address in pages_about(delivered):
        page(client, address)  # brings the cookie that a form's token belongs to
        before = client.get(address)
        assert "Second opinion of" not in before.content.decode()
        assert client.get(address, headers={"if-none-match": before["ETag"]}).status_code == 304

    opinion = actions.lodge_opinion(position=position, voice=healthwatch, facts=WORDS, by=speaker, today=TODAY)
    for address in pages_about(delivered):
        assert "Second opinion of Healthwatch Bexley" in page(client, address)
    actions.reply_to_opinion(opinion=opinion, words="We will visit them.", by=manager, today=TODAY)

    for address in pages_about(delivered):
        assert "We will visit them." in page(client, address)


def test_the_link_to_lodge_is_for_whom_it_concerns(signed_in, councillor, speaker, delivered, address):
    commitment = pages_about(delivered)[-1]

    assert address in page(signed_in(speaker), commitment)
    assert address not in page(signed_in(councillor), commitment)


def test_everybody_reads_it_where_the_system_shows_what_it_publishes(client, opinion, delivered, system, manager):
    assert client.get(f"/opinions/{opinion.pk}/")["Location"].startswith("/accounts/login/")
    PublicAccess.objects.create(system=system, is_public=True, chosen_by=manager, chosen_on=TODAY)

    for address in (*pages_about(delivered), f"/opinions/{opinion.pk}/", "/opinions/"):
        assert "Healthwatch Bexley" in page(Client(), address)


def test_the_list_takes_the_same_queries_for_twice_the_rows(signed_in, councillor, committee, opinion, position):
    client = signed_in(councillor)
    page(client, "/opinions/")
    with CaptureQueriesContext(connection) as few:
        page(client, "/opinions/")
    chair = seated(committee)
    actions.lodge_opinion(position=position, voice=committee, facts=WORDS, by=chair, today=TODAY)

    with CaptureQueriesContext(connection) as many:
        page(client, "/opinions/")

    assert len(many) <= len(few)


def test_the_list_narrows_to_what_awaits_ones_own_reply(signed_in, manager, opinion):
    client = signed_in(manager)
    assert "1 awaits your reply" in text(page(client, "/opinions/"))
    actions.reply_to_opinion(opinion=opinion, words="We will visit them.", by=manager, today=TODAY)

    assert "0 found" in page(client, "/opinions/?to-reply=1")
