"""The committees in sight, and a committee's first page."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from engagement.choices import Seat
from tests.engagement.factories import (
    ClosedFactory,
    CommitteeFactory,
    CouncilFactory,
    MeetingFactory,
    RecommendationFactory,
    ResponseFactory,
    SeatFactory,
    seated,
)
from tests.factories import TODAY, PlaceFactory, SystemFactory, UserFactory

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture
def first_page(committee, signed_in):
    return lambda user: signed_in(user).get(reverse("engagement:committee", args=[committee.slug]))


def test_ones_own_committees_come_first(system, signed_in, approver):
    CommitteeFactory(name="A board", scrutinises=[system])
    own = CommitteeFactory(name="The joint committee", scrutinises=[system])
    SeatFactory(committee=own, user=approver)

    response = signed_in(approver).get(reverse("engagement:committees"))

    assert [row.record.name for row in response.context["table"].rows] == ["The joint committee", "A board"]
    assert "You sit on it" in response.content.decode()


def test_who_sits_on_none_is_told_whom_to_write_to(signed_in):
    assert "You sit on no committee" in signed_in(UserFactory()).get(reverse("engagement:committees")).content.decode()


def test_the_list_counts_what_awaits_an_answer_and_what_is_overdue(meeting, system, member, signed_in):
    RecommendationFactory(meeting=meeting, system=system)
    RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY)
    ClosedFactory(meeting=meeting, system=system, due_on=YESTERDAY)

    (row,) = signed_in(member).get(reverse("engagement:committees")).context["table"].rows

    assert (row.record.awaiting, row.record.overdue) == (2, 1)


def test_the_first_page_says_when_the_next_meeting_is_and_by_when_papers_are_published(committee, member, first_page):
    MeetingFactory(committee=committee, held_on=dt.date(2019, 10, 15), starts_at=dt.time(19, 0), place="Bexley")

    page = first_page(member).content.decode()

    assert "15 October 2019</a>, 7pm, Bexley." in page
    assert "Papers must be published by 7 October 2019 (7 days left): 5 clear days before the meeting." in page


def test_overdue_answers_stand_before_what_is_still_in_time(meeting, system, member, first_page):
    late = RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY)
    RecommendationFactory(meeting=meeting, system=system, repeats=late)
    answered = RecommendationFactory(meeting=meeting, system=system, state="answered", due_on=YESTERDAY)
    ResponseFactory(recommendation=answered, reply="noted")
    ClosedFactory(meeting=meeting, system=system)

    response = first_page(member)

    assert [(row.ask, row.due, row.times) for row in response.context["overdue"]] == [
        (late, "1 day overdue", "Asked twice")
    ]
    assert [row.due for row in response.context["open"]] == ["8 days left", ""]
    assert [row.reply for row in response.context["open"]] == ["", "Noted"]
    assert [number for _, _, number in response.context["counts"]] == [2, 1, 1]


def test_members_stand_by_council_with_their_terms(committee, member, first_page):
    bexley = CouncilFactory(name="Bexley")
    SeatFactory(committee=committee, user=None, name="Cllr B", council=bexley, ends_on=dt.date(2020, 5, 1))
    SeatFactory(committee=committee, user=None, name="Cllr A", council=bexley, role=Seat.CHAIR)
    SeatFactory(committee=committee, user=None, name="Cllr Gone", council=bexley, ends_on=YESTERDAY)

    members = first_page(member).context["members"]

    assert [(council, [seat.name for seat in seats]) for council, seats in members] == [
        ("Bexley", ["Cllr A", "Cllr B"]),
        ("No council", ["Cllr Member"]),
    ]
    assert members[0][1][1].term == "1 May 2018 to 1 May 2020"
    assert members[0][1][0].term == "Since 1 May 2018"


def test_past_meetings_are_listed_the_latest_first(committee, member, first_page):
    days = [dt.date(2019, month, 5) for month in (3, 6)]
    for day in days:
        MeetingFactory(committee=committee, held_on=day, status="held")

    assert [meeting.held_on for meeting in first_page(member).context["past"]] == days[::-1]


def test_only_who_writes_for_the_committee_is_offered_to_add_a_meeting(committee, member, chair, approver, first_page):
    link = reverse("engagement:meeting_add", args=[committee.slug])

    assert [link in first_page(user).content.decode() for user in (chair, member, approver)] == [True, False, False]


def test_a_committee_that_has_done_nothing_yet_says_so(committee, approver, first_page):
    page = first_page(approver).content.decode()

    for words in ("No meeting is planned", "No answer is overdue", "Nobody has been entered", "No past meeting"):
        assert words in page


def test_twice_the_rows_ask_no_more(committee, system, member, first_page, django_assert_max_num_queries):
    def fill(month):
        meeting = MeetingFactory(committee=committee, held_on=dt.date(2019, month, 1))
        MeetingFactory(committee=committee, held_on=dt.date(2020, month, 1))
        for number in range(3):
            ask = RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY + dt.timedelta(days=number))
            ResponseFactory(recommendation=ask)
            SeatFactory(committee=committee, council=CouncilFactory(system=system))
            committee.council_seats.create(council=CouncilFactory(system=system), source="Test")

    fill(1)
    with django_assert_max_num_queries(40) as few:
        first_page(member)
    fill(2)
    with django_assert_max_num_queries(len(few)):
        first_page(member)


def test_the_list_asks_no_more_for_twice_the_committees(system, signed_in, approver, django_assert_max_num_queries):
    def listed():
        return signed_in(approver).get(reverse("engagement:committees"))

    CommitteeFactory(scrutinises=[system])
    with django_assert_max_num_queries(30) as few:
        listed()
    CommitteeFactory.create_batch(3, scrutinises=[system])
    with django_assert_max_num_queries(len(few)):
        listed()


# --- Where one begins -------------------------------------------------------------------------------------


def test_a_member_begins_at_their_committee(committee, member, signed_in):
    response = signed_in(member).get(reverse("systems:landing"))

    assert response["Location"] == reverse("engagement:committee", args=[committee.slug])


def test_a_member_of_two_begins_at_the_list(committee, member, signed_in):
    SeatFactory(committee=CommitteeFactory(), user=member)

    assert signed_in(member).get(reverse("systems:landing"))["Location"] == reverse("engagement:committees")


def test_whoever_reports_begins_at_their_work_all_the_same(committee, approver, signed_in):
    SeatFactory(committee=committee, user=approver)

    assert signed_in(approver).get(reverse("systems:landing"))["Location"] == reverse("commitments:my_work")


def test_my_work_counts_the_answers_that_committees_wait_for(meeting, system, approver, reporter, signed_in):
    RecommendationFactory(meeting=meeting, system=system)
    RecommendationFactory(meeting=meeting, system=system, due_on=YESTERDAY)
    ClosedFactory(meeting=meeting, system=system)

    owed = signed_in(approver).get(reverse("commitments:my_work"))
    assert (owed.context["answers"].awaiting, owed.context["answers"].overdue) == (2, 1)
    assert 'href="/recommendations/?mine=1&amp;state=awaiting">2' in owed.content.decode()
    assert signed_in(reporter).get(reverse("commitments:my_work")).context["answers"] is None


def test_a_seat_lets_its_holder_read_what_the_committees_systems_publish(committee, place, signed_in):
    board = CommitteeFactory(scrutinises=[PlaceFactory(parent=SystemFactory(code="QRV"))])
    user = seated(committee)
    SeatFactory(committee=board, user=user, ends_on=YESTERDAY)
    browser = signed_in(user)

    answers = [browser.get(reverse("commitments:published", args=[code])).status_code for code in ("QKK", "QRV")]
    assert answers == [200, 404]
    assert browser.get(reverse("systems:dashboard", args=["QKK"])).status_code == 404

    committee.seats.update(ends_on=YESTERDAY)
    board.seats.update(ends_on=None)

    answers = [browser.get(reverse("commitments:published", args=[code])).status_code for code in ("QKK", "QRV")]
    assert answers == [404, 200]


def test_rights_end_with_the_seat(committee, signed_in):
    user = seated(committee)
    address = reverse("engagement:committee", args=[committee.slug])
    browser = signed_in(user)
    assert browser.get(address).status_code == 200

    user.committee_seats.update(ends_on=YESTERDAY)

    assert browser.get(address).status_code == 404


# --- Files ------------------------------------------------------------------------------------------------


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_each_list_is_taken_out(meeting, committee, system, member, signed_in):
    RecommendationFactory(meeting=meeting, system=system, wording="-Link workers")
    SeatFactory(committee=committee, user=None, name="=Cllr", council=CouncilFactory(name="Bexley"), source="Paper")
    browser = signed_in(member)

    def taken_out(name, word, *args):
        return rows_of(browser.get(reverse(name, args=args), {word: "csv"}))

    (listed,) = taken_out("engagement:committees", "export")
    members = taken_out("engagement:committee", "members-export", committee.slug)
    asked = taken_out("engagement:committee", "asked-export", committee.slug)

    assert (listed["Committee"], listed["You sit on it"], listed["Awaiting an answer"]) == (committee.name, "Yes", "1")
    assert (members[0]["Council"], members[0]["Name"], members[0]["Role"]) == ("Bexley", "'=Cllr", "Member")
    assert [row["What was asked"] for row in asked] == ["'-Link workers"]
    assert taken_out("engagement:meeting", "asked-export", committee.slug, meeting.held_on) == asked
