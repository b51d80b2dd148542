"""The demonstration's committees, played through the actions."""

import datetime as dt
import json

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from commitments.demo.people import make_people
from engagement.choices import AskState, MeetingStatus, PaperKind
from engagement.demo.loading import INVENTED, load
from engagement.duties import is_in_time
from engagement.models import Committee, CommitteeMembership, Meeting, Paper, Recommendation
from systems.models import User
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

FOLDER = settings.BASE_DIR / "fixtures" / "demo"


@pytest.fixture(scope="module")
def demonstration(reference, django_db_blocker):
    """Map, catalogue, people and committees, loaded once for this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_people(FOLDER, "not-needed-here")
        meetings = load(FOLDER)
        with django_db_blocker.block():
            yield meetings
        transaction.set_rollback(True)


def test_each_committee_met_and_meets_again(demonstration):
    assert demonstration == Meeting.objects.count() > 0
    for committee in Committee.objects.filter(meetings__isnull=False).distinct():
        assert committee.meetings.filter(held_on__gt=TODAY, status=MeetingStatus.PLANNED).count() == 1
        assert committee.meetings.filter(held_on__lte=TODAY).count() >= 2


def test_loading_again_changes_nothing(demonstration):
    assert load(FOLDER) == 0
    assert Meeting.objects.count() == demonstration


def test_each_meeting_and_paper_says_whether_it_is_real(demonstration):
    sources = {*Meeting.objects.values_list("source", flat=True), *Paper.objects.values_list("source", flat=True)}

    assert INVENTED in sources
    real = sorted(source for source in sources if source != INVENTED)
    assert [source.split()[0] for source in real] == ["Paper", "Paper", "Portsmouth", "Portsmouth", "South", "South"]
    assert all("the paper prints 2018" in source for source in real if source.startswith("Portsmouth"))


def test_all_that_was_asked_is_invented_and_says_so(demonstration):
    assert all(row.source.startswith(INVENTED) for row in Recommendation.objects.all())


def test_named_members_are_plainly_invented(demonstration):
    named = CommitteeMembership.objects.filter(user__isnull=True).values_list("name", flat=True)

    assert named
    assert all(name.endswith("(demonstration)") for name in named)


def test_real_papers_are_for_information_and_issued_in_time(demonstration):
    issued = Paper.objects.filter(issued_on__isnull=False).select_related("item__meeting")

    assert len(issued) == 3
    assert {paper.kind for paper in issued} == {PaperKind.INFORMATION}
    assert all(is_in_time(paper.issued_on, paper.item.meeting.held_on) for paper in issued)


def test_a_paper_for_a_decision_still_lacks_comments(demonstration):
    assert Paper.objects.get(kind=PaperKind.DECISION).missing_comments() == ["legal_comments", "finance_comments"]


def test_there_is_something_in_each_state_and_something_overdue(demonstration):
    assert set(Recommendation.objects.values_list("state", flat=True)) == set(AskState)
    assert Recommendation.objects.overdue(TODAY).count() >= 3
    assert max(row.times_asked for row in Recommendation.objects.for_list()) == 3


def test_a_chair_of_each_committee_signs_in_and_leads_it(demonstration):
    for system in ("sel", "nwl", "hiow"):
        chair = User.objects.get(email=f"chair.{system}@demo.example").as_of(TODAY)
        member = User.objects.get(email=f"councillor.{system}@demo.example").as_of(TODAY)
        assert Committee.objects.led_by(chair).count() == 1
        assert Committee.objects.of_member(member).get() == Committee.objects.led_by(chair).get()


def test_one_committee_of_two_systems_is_invented_and_says_so(demonstration):
    chair = User.objects.get(email="chair.two@demo.example").as_of(TODAY)
    committee = Committee.objects.led_by(chair).get()

    assert committee.name.endswith("(demonstration)")
    assert committee.source == INVENTED
    assert "invented for the demonstration" in committee.note
    assert {system.code for system in committee.systems()} == {"QKK", "QRV"}
    sources = [
        *committee.council_seats.values_list("source", flat=True),
        *committee.scope.values_list("source", flat=True),
    ]
    assert set(sources) == {INVENTED}
    asked = Recommendation.objects.filter(meeting__committee=committee)
    assert {(row.system.code, row.state) for row in asked} == {("QKK", "answered"), ("QRV", "awaiting")}


def test_the_reference_data_load_again_beside_it(demonstration):
    call_command("load_reference", verbosity=0)

    assert Committee.objects.filter(slug="two-systems-jhosc-demonstration").exists()


def test_the_file_is_told_in_the_order_of_days():
    for told in json.loads((FOLDER / "committees.json").read_text(encoding="utf-8")):
        days = [dt.date.fromisoformat(meeting["held_on"]) for meeting in told["meetings"]]
        assert days == sorted(days)
