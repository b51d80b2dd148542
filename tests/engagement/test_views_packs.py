"""A meeting's pack in a browser: asked for, watched, read, and the very same bytes each time."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from engagement.choices import PackFormat, Seat
from engagement.models import Meeting, Pack, PackDocument
from engagement.packs.pdf import PACKAGES
from systems import jobs
from systems.models import Job
from tests.engagement.factories import CommitteeFactory, ItemFactory, MeetingFactory, PackFactory, seated
from tests.engagement.packs import ask, make
from tests.factories import UserFactory
from tests.publishing import publish

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def item(meeting):
    return ItemFactory(meeting=meeting, number=4, title="The plan")


@pytest.fixture
def address(meeting):
    return reverse("engagement:pack", args=[meeting.committee.slug, meeting.held_on])


@pytest.fixture
def made(item, publication, chair):
    return make(ask(item.meeting, item, [publication], chair))


@pytest.fixture
def desk(signed_in, chair):
    return signed_in(chair)


@pytest.fixture
def sent(item, publication):
    """What a browser sends for a pack."""
    words = {
        "item": item.pk,
        "publications": [publication.pk],
        "subject": "The plan",
        "report_by": "Chief Officer",
        "wards_affected": "All",
        "purpose": "To inform.",
        "asked_to": "note the report",
    }
    return lambda **changes: words | changes


def file_of(pack, ending, edition=""):
    address = f"/committees/{pack.meeting.committee.slug}/meetings/{pack.meeting_on}/pack.{ending}"
    return f"{address}?edition={edition}" if edition else address


# --- Made -------------------------------------------------------------------------------------------------


def test_the_chair_makes_a_pack_from_what_was_published(desk, meeting, item, publication, address, sent):
    form = desk.get(reverse("engagement:pack_make", args=[meeting.pk])).context["form"]
    assert list(form.initial["publications"]) == [publication]

    response = desk.post(reverse("engagement:pack_make", args=[meeting.pk]), sent())

    assert response["Location"] == address
    pack = Pack.objects.get()
    assert (pack.item, pack.subject, list(pack.publications.all())) == (item, "The plan", [publication])
    page = desk.get(address).content.decode()
    assert "Making a committee pack: waiting to begin." in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page


def test_the_form_begins_with_the_words_of_the_last_pack(desk, meeting, made):
    form = desk.get(reverse("engagement:pack_make", args=[meeting.pk])).context["form"]

    assert (form.initial["report_by"], form.initial["item"]) == ("Chief Officer", made.item)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"publications": []}, "Select at least one publication"),
        ({"publications": ["x"]}, "Select at least one publication"),
        ({"publications": [0]}, "Select at least one publication"),
        ({"item": ""}, "Select an item of this meeting’s agenda"),
        ({"purpose": ""}, "Enter what the pack is for"),
        ({"asked_to": ""}, "Enter what the committee is asked to do, such as note the report"),
    ],
)
def test_what_is_missing_is_said(desk, meeting, sent, changes, said):
    page = desk.post(reverse("engagement:pack_make", args=[meeting.pk]), sent(**changes)).content.decode()

    assert said in page
    assert not Pack.objects.exists()


def test_one_month_of_each_system(desk, meeting, sent, system, approver, publication):
    september = publish(system, dt.date(2019, 9, 1))

    page = desk.post(
        reverse("engagement:pack_make", args=[meeting.pk]), sent(publications=[publication.pk, september.pk])
    ).content.decode()

    assert "Select one month of each system" in page


def test_another_system_is_not_offered(desk, meeting, sent, approver):
    elsewhere = CommitteeFactory()
    form = desk.get(reverse("engagement:pack_make", args=[meeting.pk])).context["form"]

    assert {choice.system for choice in form.fields["publications"].queryset} <= set(meeting.committee.systems())
    assert not elsewhere.systems()


def test_while_one_is_made_another_is_refused(desk, meeting, sent, item, publication, chair):
    ask(meeting, item, [publication], chair)

    page = desk.post(reverse("engagement:pack_make", args=[meeting.pk]), sent()).content.decode()

    assert "A pack for this meeting is being made" in page
    assert Pack.objects.count() == 1


def test_the_page_shows_how_far_it_is_and_is_drawn_anew_once_it_is_done(desk, address, item, publication, chair):
    pack = ask(item.meeting, item, [publication], chair)
    Job.objects.update(started_at=timezone.now(), done=2)

    part = desk.get(address, **HTMX).content.decode()
    make(pack)

    assert "Making a committee pack: 2 of 4 steps." in part
    assert "<html" not in part
    assert desk.get(address, **HTMX)["HX-Refresh"] == "true"


def test_a_failure_is_said(desk, address, item, publication, chair):
    jobs.finish(ask(item.meeting, item, [publication], chair).job, error="It broke.")

    page = desk.get(address).content.decode()

    assert "The last pack asked for could not be made. It broke." in page
    assert "Make the pack" in page


# --- Read -------------------------------------------------------------------------------------------------


def test_a_member_reads_every_edition_and_makes_none(signed_in, member, address, made, publication):
    make(ask(made.meeting, made.item, [publication], made.made_by, subject="Once more"))

    page = signed_in(member).get(address).content.decode()

    assert page.index("Edition 2 (the latest)") < page.index("Edition 1<")
    assert all(file_of(made, ending, 1) in page for ending in ("html", "pdf", "docx"))
    assert made.documents.get(format=PackFormat.PDF).sha256 in page
    assert "Make a new edition" not in page


@pytest.mark.parametrize(
    ("ending", "kind", "disposition"),
    [
        ("html", "text/html; charset=utf-8", None),
        ("css", "text/css; charset=utf-8", None),
        ("pdf", "application/pdf", 'inline; filename="pack-sel-jhosc-2019-09-10-edition-1.pdf"'),
        (
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            'attachment; filename="pack-sel-jhosc-2019-09-10-edition-1.docx"',
        ),
    ],
)
def test_each_writing_comes_as_it_was_written_and_304_to_who_has_it(signed_in, member, made, ending, kind, disposition):
    client = signed_in(member)
    document = made.documents.get(format=ending)

    response = client.get(file_of(made, ending))

    assert response.content == bytes(document.content)
    assert (response["Content-Type"], response.get("Content-Disposition")) == (kind, disposition)
    assert response["ETag"] == f'"{document.sha256}"'
    again = client.get(file_of(made, ending, 1), HTTP_IF_NONE_MATCH=response["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_the_latest_edition_is_shown_and_an_older_one_on_request(desk, made, publication):
    second = make(ask(made.meeting, made.item, [publication], made.made_by, subject="Once more"))

    assert b"Once more" in desk.get(file_of(made, "html")).content
    assert b"Once more" not in desk.get(file_of(made, "html", 1)).content
    assert b"pack.css?edition=2" in desk.get(file_of(second, "html", 2)).content


@pytest.mark.parametrize("edition", ["2", "x", "-1", "99999999999"])
def test_an_edition_that_was_never_made_is_not_found(desk, made, edition):
    assert desk.get(file_of(made, "pdf", edition)).status_code == 404


def test_one_that_is_being_made_is_not_shown(desk, meeting):
    pack = PackFactory(item=ItemFactory(meeting=meeting))

    assert desk.get(file_of(pack, "html")).status_code == 404


def test_a_pack_stays_where_it_was_when_its_meeting_moves(desk, made):
    Meeting.objects.filter(pk=made.meeting_id).update(held_on=dt.date(2019, 12, 1))

    assert desk.get(file_of(made, "html")).status_code == 200
    page = desk.get(reverse("engagement:pack", args=[made.meeting.committee.slug, dt.date(2019, 12, 1)]))
    assert file_of(made, "html", 1) in page.content.decode()


def test_where_pango_was_missing_the_link_says_what_to_install(desk, address, monkeypatch, item, publication, chair):
    monkeypatch.setattr("engagement.packs.pdf.write", lambda page, style: None)
    pack = make(ask(item.meeting, item, [publication], chair))

    assert "could not be made: the link says why" in desk.get(address).content.decode()
    response = desk.get(file_of(pack, "pdf"))
    assert response.status_code == 404
    assert PACKAGES in response.content.decode()
    assert desk.get(file_of(pack, "docx")).status_code == 200


def test_strangers_and_other_committees_find_nothing(signed_in, client, made, system):
    others = seated(CommitteeFactory(), Seat.CHAIR)

    for person in (UserFactory(), others):
        for ending in PackFormat.values:
            assert signed_in(person).get(file_of(made, ending)).status_code == 404
    assert client.get(file_of(made, "html"))["Location"].startswith("/accounts/login/")


def test_whoever_answers_for_the_system_reads_it(signed_in, made, approver):
    assert signed_in(approver).get(file_of(made, "html")).status_code == 200


def test_taking_one_out_is_written_down(desk, made, security_log):
    for ending in PackFormat.values:
        desk.get(file_of(made, ending))

    assert [event["format"] for event in security_log() if event["event"] == "pack_downloaded"] == ["pdf", "docx"]


def test_more_editions_take_the_same_queries(desk, address, made, publication, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as one:
        desk.get(address)
    make(ask(made.meeting, made.item, [publication], made.made_by))

    with django_assert_max_num_queries(len(one)):
        desk.get(address)
    assert PackDocument.objects.count() == 8


def test_the_meeting_leads_to_its_pack(desk, meeting, address):
    other = MeetingFactory(committee=meeting.committee, held_on=dt.date(2019, 11, 5))

    page = desk.get(reverse("engagement:meeting", args=[meeting.committee.slug, meeting.held_on])).content.decode()

    assert address in page
    assert str(other.held_on) not in page
