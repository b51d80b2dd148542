"""A meeting's page, and the writing of meetings and agendas."""

import datetime as dt

import pytest
from django.urls import reverse

from engagement.models import AgendaItem, Meeting
from tests.engagement.factories import (
    IssuedPaperFactory,
    ItemFactory,
    MeetingFactory,
    PaperFactory,
    RecommendationFactory,
)
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def on(day: dt.date, prefix: str = "held_on") -> dict:
    return {f"{prefix}_day": day.day, f"{prefix}_month": day.month, f"{prefix}_year": day.year}


OCTOBER = dt.date(2019, 10, 15)
MEETING = on(OCTOBER) | {"starts_at": "7.30 pm", "place": "Bexley", "status": "planned", "version": 0}


@pytest.fixture
def desk(signed_in, chair):
    return signed_in(chair)


def address(meeting):
    return reverse("engagement:meeting", args=[meeting.committee.slug, meeting.held_on])


def test_the_agenda_stands_with_its_papers_and_what_was_asked(meeting, system, member, signed_in):
    item = ItemFactory(meeting=meeting, title="The plan")
    IssuedPaperFactory(item=item, title="In time", issued_on=dt.date(2019, 9, 2))
    IssuedPaperFactory(item=item, title="Too late", issued_on=dt.date(2019, 9, 3))
    PaperFactory(item=item, title="Not yet")
    ask = RecommendationFactory(meeting=meeting, system=system)

    response = signed_in(member).get(address(meeting))

    (row,) = response.context["items"]
    assert [(paper.title, late) for paper, late in row.papers] == [
        ("In time", ""),
        ("Too late", "Published late: on 3 September 2019, after 2 September 2019."),
    ]
    assert [row.ask for row in response.context["asked"]] == [ask]
    assert response.context["papers_due"] == ""


def test_drafts_are_shown_to_who_writes_them(meeting, desk):
    PaperFactory(item__meeting=meeting)

    page = desk.get(address(meeting)).content.decode()

    assert "the committee does not see it yet" in page
    assert "would be published late" in page


def test_an_empty_meeting_says_so(meeting, member, signed_in):
    page = signed_in(member).get(address(meeting)).content.decode()

    assert "The agenda has no items yet" in page
    assert "Nothing has been recorded" in page


@pytest.mark.parametrize("day", ["2019-09-11", "2019-02-31", "tomorrow"])
def test_a_day_without_a_meeting_is_not_there(committee, meeting, desk, day):
    assert desk.get(f"/committees/{committee.slug}/meetings/{day}/").status_code == 404


def test_twice_the_items_ask_no_more(meeting, system, member, signed_in, django_assert_max_num_queries):
    def fill():
        IssuedPaperFactory(item__meeting=meeting)
        RecommendationFactory(meeting=meeting, system=system)

    fill()
    with django_assert_max_num_queries(30) as few:
        signed_in(member).get(address(meeting))
    fill()
    with django_assert_max_num_queries(len(few)):
        signed_in(member).get(address(meeting))


def test_a_meeting_is_added(committee, desk):
    response = desk.post(reverse("engagement:meeting_add", args=[committee.slug]), MEETING)

    made = Meeting.objects.get()
    assert response["Location"] == address(made)
    assert (made.held_on, made.starts_at, made.place) == (OCTOBER, dt.time(19, 30), "Bexley")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (on(dt.date(2019, 9, 10)), "has a meeting on this day already"),
        ({"held_on_day": ""}, "The date must include a day"),
        ({"starts_at": "evening"}, "Enter a time, such as 7pm or 19:00"),
        ({"status": ""}, "Select whether the meeting is planned, held or cancelled"),
        ({"status": "held"}, "A meeting on a day still to come is planned or cancelled"),
        ({"place": "x" * 201}, "Place must be 200 characters or fewer"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_in_words(committee, meeting, desk, change, words):
    page = desk.post(reverse("engagement:meeting_add", args=[committee.slug]), MEETING | change).content.decode()

    assert words in page
    assert "There is a problem" in page
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("7pm", dt.time(19)),
        ("19:00", dt.time(19)),
        ("", None),
        ("9:05 am", dt.time(9, 5)),
        ("7.30 p.m.", dt.time(19, 30)),
    ],
)
def test_a_time_is_read_as_people_write_it(committee, desk, typed, time):
    desk.post(reverse("engagement:meeting_add", args=[committee.slug]), MEETING | {"starts_at": typed})

    assert Meeting.objects.get().starts_at == time


def test_a_meeting_is_changed(meeting, desk):
    place = reverse("engagement:meeting_edit", args=[meeting.pk])
    assert 'value="10"' in desk.get(place).content.decode()

    response = desk.post(place, on(TODAY) | {"place": "Lewisham", "status": "held", "version": 1})

    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.place, meeting.version) == (TODAY, "Lewisham", 2)
    assert response["Location"] == address(meeting)


def test_of_two_who_change_a_meeting_the_second_sees_both_texts_and_chooses(meeting, desk):
    place = reverse("engagement:meeting_edit", args=[meeting.pk])
    sent = on(meeting.held_on) | {"place": "Lewisham", "status": "held", "version": 1}
    desk.post(place, sent | {"place": "Bexley", "starts_at": "18:00"})

    response = desk.post(place, sent)

    assert response.status_code == 409
    rows = {row.label: (row.stored, row.sent) for row in response.context["rows"] if row.differs}
    assert rows == {"Place": ("Bexley", "Lewisham"), "Time": ("18:00", "Not provided")}
    again = {name: value for name, value in response.context["sent_again"]}
    chosen = {"between": ["place", "starts_at"], "choose_place": "mine", "choose_starts_at": "stored"}
    assert desk.post(place, again | {"between": ["place", "starts_at"]}).status_code == 409
    assert desk.post(place, again | chosen).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.starts_at) == ("Lewisham", dt.time(18))


def test_moving_a_meeting_onto_another_is_refused(meeting, desk):
    MeetingFactory(committee=meeting.committee, held_on=TODAY)

    page = desk.post(
        reverse("engagement:meeting_edit", args=[meeting.pk]), on(TODAY) | {"status": "held", "version": 1}
    )

    assert "has a meeting on this day already" in page.content.decode()


def test_an_item_is_added_after_the_last_one(meeting, desk):
    ItemFactory(meeting=meeting, number=3)
    place = reverse("engagement:item_add", args=[meeting.pk])
    assert desk.get(place).context["form"].initial["number"] == 4

    desk.post(place, {"number": 4, "title": "Questions", "version": 0})

    assert AgendaItem.objects.get(number=4).title == "Questions"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"number": 1, "title": "Again"}, "The agenda has an item with this number already"),
        ({"number": "x", "title": "Again"}, "Enter a whole number, such as 4"),
        ({"number": 0, "title": "Again"}, "The number must be 1 or more"),
        ({"number": 2, "title": ""}, "Enter the item’s title"),
    ],
)
def test_what_is_wrong_with_an_item_is_said_in_words(meeting, desk, sent, words):
    item = ItemFactory(meeting=meeting, number=1)
    for place in ([meeting.pk], None):
        if place is None:
            other = ItemFactory(meeting=meeting, number=9)
            name, place = "engagement:item_edit", [meeting.pk, other.pk]
        else:
            name = "engagement:item_add"
        page = desk.post(reverse(name, args=place), sent | {"version": 1})
        assert words in page.content.decode()
    item.refresh_from_db()
    assert item.number == 1


def test_an_item_is_changed_unless_somebody_else_did(meeting, desk):
    item = ItemFactory(meeting=meeting, number=1, title="Apologies")
    place = reverse("engagement:item_edit", args=[meeting.pk, item.pk])

    assert desk.post(place, {"number": 1, "title": "Minutes", "version": 1}).status_code == 302
    response = desk.post(place, {"number": 2, "title": "Welcome", "version": 1})

    assert response.status_code == 409
    assert [(row.stored, row.sent) for row in response.context["rows"]] == [("1", "2"), ("Minutes", "Welcome")]


def test_an_item_of_another_meeting_is_not_there(meeting, desk):
    item = ItemFactory(meeting=MeetingFactory(committee=meeting.committee, held_on=TODAY))

    assert desk.get(reverse("engagement:item_edit", args=[meeting.pk, item.pk])).status_code == 404


def test_what_was_typed_is_back_after_signing_in_again(meeting, desk, chair):
    place = reverse("engagement:item_add", args=[meeting.pk])
    session = desk.session
    session["unsent"] = {place: {"writer": str(chair.pk), "words": "number=7&title=Kept&version=0"}}
    session.save()

    page = desk.get(place).content.decode()

    assert "You were signed out while you were writing" in page
    assert "Kept" in page
    assert not AgendaItem.objects.exists()
