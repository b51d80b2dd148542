"""Who sees which committee, meeting, paper and recommendation, and what they may do with it."""

import datetime as dt

import pytest

from engagement.choices import Seat
from engagement.models import Committee, CommitteeMembership, Meeting, Paper, Recommendation
from systems.choices import Role
from tests.engagement.factories import (
    ClosedFactory,
    CommitteeFactory,
    CouncilFactory,
    IssuedPaperFactory,
    MeetingFactory,
    PaperFactory,
    RecommendationFactory,
    SeatFactory,
    seated,
)
from tests.factories import TODAY, PlaceFactory, SystemFactory, UserFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere():
    """Another system with a committee, a meeting and a recommendation of its own."""
    system = SystemFactory()
    meeting = MeetingFactory(committee=CommitteeFactory(scrutinises=[system]))
    RecommendationFactory(meeting=meeting, system=system)
    return system


@pytest.fixture
def stranger():
    return UserFactory().as_of(TODAY)


def test_members_see_their_own_committees_and_no_other(committee, member, elsewhere, stranger):
    assert list(Committee.objects.visible_to(member)) == [committee]
    assert list(Committee.objects.visible_to(stranger)) == []


def test_people_of_the_nhs_see_the_committees_that_scrutinise_what_is_theirs(committee, place, elsewhere, system):
    board = CommitteeFactory(name="A board", scrutinises=[place])

    assert list(Committee.objects.visible_to(person(Role.VIEWER, system))) == [board, committee]
    assert list(Committee.objects.visible_to(person(Role.REPORTER, place))) == [board]
    assert list(Committee.objects.visible_to(person(Role.JHOSC_MEMBER, system))) == []


def test_admins_see_all_committees_and_lead_none(portal_admin, committee, elsewhere):
    assert Committee.objects.visible_to(portal_admin).count() == 2
    assert not Committee.objects.led_by(portal_admin)


@pytest.mark.parametrize(("ends_on", "sits"), [(None, True), (TODAY, True), (TODAY - dt.timedelta(days=1), False)])
def test_a_seat_counts_up_to_its_last_day(committee, ends_on, sits):
    seat = SeatFactory(committee=committee, ends_on=ends_on)

    assert Committee.objects.of_member(seat.user.as_of(TODAY)).exists() is sits
    assert CommitteeMembership.objects.current(TODAY).exists() is sits


@pytest.mark.parametrize(
    ("role", "leads"), [(Seat.CHAIR, True), (Seat.OFFICER, True), (Seat.VICE_CHAIR, False), (Seat.MEMBER, False)]
)
def test_chair_and_officers_lead(committee, meeting, recommendation, role, leads):
    user = seated(committee, role)

    assert Committee.objects.led_by(user).exists() is leads
    assert Meeting.objects.led_by(user).exists() is leads
    assert Recommendation.objects.led_by(user).exists() is leads


def test_meetings_are_seen_with_their_committee(meeting, member, stranger, approver, elsewhere):
    assert list(Meeting.objects.visible_to(member)) == [meeting]
    assert list(Meeting.objects.visible_to(approver)) == [meeting]
    assert not Meeting.objects.visible_to(stranger)


def test_drafts_of_papers_are_seen_by_those_who_write_them(meeting, member, clerk, approver, stranger):
    draft, issued = PaperFactory(item__meeting=meeting), IssuedPaperFactory(item__meeting=meeting)

    assert set(Paper.objects.visible_to(clerk)) == {draft, issued}
    assert list(Paper.objects.visible_to(member)) == [issued]
    assert list(Paper.objects.visible_to(approver)) == [issued]
    assert not Paper.objects.visible_to(stranger)


def test_recommendations_are_seen_by_the_committee_and_by_whom_they_address(recommendation, member, stranger):
    system = SystemFactory()
    addressed_elsewhere = RecommendationFactory(meeting=recommendation.meeting, system=system)

    assert set(Recommendation.objects.visible_to(member)) == {recommendation, addressed_elsewhere}
    assert list(Recommendation.objects.visible_to(person(Role.VIEWER, system))) == [addressed_elsewhere]
    assert not Recommendation.objects.visible_to(stranger)


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        (Role.APPROVER, True),
        (Role.PROGRAMME_MANAGER, True),
        (Role.REPORTER, False),
        (Role.VIEWER, False),
        (Role.JHOSC_MEMBER, False),
    ],
)
def test_approvers_and_programme_managers_of_the_system_answer(recommendation, system, elsewhere, role, answers):
    assert list(Recommendation.objects.answerable_by(person(role, system))) == [recommendation] * answers


def test_what_is_closed_is_answered_by_nobody(system, approver):
    ClosedFactory(system=system)

    assert not Recommendation.objects.answerable_by(approver)


def test_the_committee_answers_nothing_itself(recommendation, chair):
    assert not Recommendation.objects.answerable_by(chair)


def test_what_is_overdue_is_not_answered_by_the_day_it_was_due(system):
    late = RecommendationFactory(system=system, due_on=TODAY - dt.timedelta(days=1))
    RecommendationFactory(system=system, due_on=TODAY)
    RecommendationFactory(system=system, due_on=TODAY - dt.timedelta(days=1), state="answered")

    assert list(Recommendation.objects.overdue(TODAY)) == [late]
    assert late.is_overdue(TODAY)


def test_what_awaits_an_answer_comes_first_and_what_is_closed_last(meeting):
    closed = ClosedFactory(meeting=meeting, due_on=dt.date(2019, 1, 1))
    answered = RecommendationFactory(meeting=meeting, state="answered", due_on=dt.date(2019, 2, 1))
    later = RecommendationFactory(meeting=meeting, due_on=dt.date(2019, 12, 1))
    sooner = RecommendationFactory(meeting=meeting, due_on=dt.date(2019, 11, 1))

    assert list(Recommendation.objects.due_first()) == [sooner, later, answered, closed]


def test_how_often_the_same_was_asked_is_counted(meeting):
    first = RecommendationFactory(meeting=meeting)
    second, third = (RecommendationFactory(meeting=meeting, repeats=first) for _ in range(2))
    other = RecommendationFactory(meeting=meeting)

    counted = {row.pk: row.times_asked for row in Recommendation.objects.for_list()}

    assert counted == {first.pk: 3, second.pk: 3, third.pk: 3, other.pk: 1}
    assert list(Recommendation.objects.same_asked(third)) == [first, second, third]


def test_a_committee_knows_the_systems_it_scrutinises(committee, system):
    place = PlaceFactory(parent=SystemFactory(code="QRV"))
    board = CommitteeFactory(scrutinises=[place])
    member = seated(board)
    SeatFactory(committee=committee, user=member)

    assert set(Committee.objects.of_member(member).systems()) == {system, place.system}
    assert list(Committee.objects.filter(pk=committee.pk).systems()) == [system]


def test_meetings_to_come_are_the_next_first_and_not_cancelled(committee):
    day = dt.timedelta(days=1)
    past = MeetingFactory(committee=committee, held_on=TODAY - day)
    far = MeetingFactory(committee=committee, held_on=TODAY + 9 * day)
    MeetingFactory(committee=committee, held_on=TODAY + day, status="cancelled")
    near = MeetingFactory(committee=committee, held_on=TODAY)

    assert list(Meeting.objects.to_come(TODAY)) == [near, far]
    assert list(Meeting.objects.past(TODAY)) == [past]


def test_seats_stand_by_council_the_chair_first_and_who_has_none_last(committee):
    bexley, bromley = CouncilFactory(name="Bexley"), CouncilFactory(name="Bromley")
    clerk = SeatFactory(committee=committee, role=Seat.OFFICER)
    named = SeatFactory(committee=committee, user=None, name="Cllr B", council=bromley)
    chair = SeatFactory(committee=committee, council=bromley, role=Seat.CHAIR)
    member = SeatFactory(committee=committee, council=bexley)

    assert list(committee.seats.in_order()) == [member, chair, named, clerk]
