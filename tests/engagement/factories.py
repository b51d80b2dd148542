"""Committees and what belongs to them: the least that is valid; the test says what matters."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from engagement import models
from engagement.choices import AskState, CommitteeKind, PaperKind, PaperState, Reply, Seat
from systems.choices import JobKind, OrganisationKind, Verified
from systems.models import Job, Organisation, User
from tests.factories import TODAY, CommitmentFactory, SystemFactory, UserFactory


class CouncilFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    code = factory.Sequence("la:{}".format)
    name = factory.Sequence("Council {}".format)
    kind = OrganisationKind.LOCAL_AUTHORITY
    system = factory.SubFactory(SystemFactory)
    verified = Verified.YES


class CommitteeFactory(DjangoModelFactory):
    """A joint committee that scrutinises the systems (or boroughs) it is given."""

    class Meta:
        model = models.Committee
        skip_postgeneration_save = True

    slug = factory.Sequence("committee-{}".format)
    name = factory.Sequence("Committee {}".format)
    kind = CommitteeKind.JHOSC
    verified = Verified.YES
    source = "Made for a test"

    @factory.post_generation
    def scrutinises(self, create, extracted, **kwargs):
        for footprint in extracted or ():
            self.scope.create(footprint=footprint, source="Made for a test")


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = models.CommitteeMembership

    committee = factory.SubFactory(CommitteeFactory)
    user = factory.SubFactory(UserFactory)
    role = Seat.MEMBER
    starts_on = dt.date(2018, 5, 1)


def seated(committee: models.Committee, role: Seat = Seat.MEMBER, **facts) -> User:
    """Somebody with a seat on this committee, with their rights of the tests' day."""
    user = UserFactory(**facts)
    SeatFactory(committee=committee, user=user, role=role)
    return user.as_of(TODAY)


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = models.Meeting

    committee = factory.SubFactory(CommitteeFactory)
    held_on = dt.date(2019, 9, 10)


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = models.AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda o: f"Item {o.number}")


class PaperFactory(DjangoModelFactory):
    """A draft for information."""

    class Meta:
        model = models.Paper

    item = factory.SubFactory(ItemFactory)
    kind = PaperKind.INFORMATION
    title = "The NHS Long Term Plan"
    report_by = "Chief Officer"
    wards_affected = "All"
    purpose = "To enable a discussion."
    asked_to = "note the report"


class IssuedPaperFactory(PaperFactory):
    state = PaperState.ISSUED
    issued_on = dt.date(2019, 9, 2)
    issued_by = factory.SubFactory(UserFactory)


class RecommendationFactory(DjangoModelFactory):
    """A recommendation that awaits an answer, due after the tests' day."""

    class Meta:
        model = models.Recommendation

    meeting = factory.SubFactory(MeetingFactory)
    reference = factory.Sequence("Minute {}".format)
    wording = "That the boroughs see the plan before it is submitted."
    system = factory.SubFactory(SystemFactory)
    due_on = dt.date(2019, 10, 8)
    recorded_on = dt.date(2019, 9, 11)


class ClosedFactory(RecommendationFactory):
    state = AskState.CLOSED


class ResponseFactory(DjangoModelFactory):
    class Meta:
        model = models.Response

    recommendation = factory.SubFactory(RecommendationFactory)
    reply = Reply.ACCEPTED
    words = "They will see it on 1 November 2019."
    owner = "Director of delivery"
    answered_on = dt.date(2019, 9, 20)
    answered_by = factory.SubFactory(UserFactory)


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = models.RecommendationAction

    recommendation = factory.SubFactory(RecommendationFactory)
    title = "Send the draft plan to the six councils"
    owner = "Programme office"
    due_on = dt.date(2019, 10, 15)
    recorded_on = dt.date(2019, 9, 20)
    recorded_by = factory.SubFactory(UserFactory)


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = models.RecommendationEvidence

    recommendation = factory.SubFactory(RecommendationFactory)
    title = "Minutes"
    url = "https://www.example.org/minutes"
    recorded_on = dt.date(2019, 9, 20)
    recorded_by = factory.SubFactory(UserFactory)


class StepFactory(DjangoModelFactory):
    class Meta:
        model = models.CommitteeStep

    recommendation = factory.SubFactory(RecommendationFactory)
    kind = "closed"
    note = "The committee is content."
    done_on = dt.date(2019, 9, 25)
    done_by = factory.SubFactory(UserFactory)


class OpinionFactory(DjangoModelFactory):
    """A committee's opinion. The test says on which position, and how it is rated."""

    class Meta:
        model = models.Opinion

    publication = factory.SelfAttribute("position.publication")
    committee = factory.SubFactory(CommitteeFactory)
    rating = "at_risk"
    reasons = "People tell us otherwise."
    evidence = "12 of 15 had not heard of it."
    lodged_on = dt.date(2019, 9, 30)
    lodged_by = factory.SubFactory(UserFactory)


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    kind = JobKind.MAKE_PACK
    asked_by = factory.SubFactory(UserFactory)
    total = 4


class PackFactory(DjangoModelFactory):
    """A pack asked for and not made yet."""

    class Meta:
        model = models.Pack

    item = factory.SubFactory(ItemFactory)
    meeting = factory.SelfAttribute("item.meeting")
    meeting_on = factory.SelfAttribute("meeting.held_on")
    edition = 1
    subject = "How the commitments stand"
    report_by = "Chief Officer"
    wards_affected = "All"
    purpose = "To tell the committee."
    asked_to = "note the report"
    job = factory.SubFactory(JobFactory)
    made_by = factory.SelfAttribute("job.asked_by")


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = models.Engagement

    system = factory.SubFactory(SystemFactory)
    commitment = factory.SubFactory(CommitmentFactory)
    happened_on = dt.date(2019, 6, 12)
    with_whom = "Bexley patient participation groups"
    what_was_heard = "Travel keeps people away."
    recorded_on = dt.date(2019, 6, 13)
    recorded_by = factory.SubFactory(UserFactory)


class WithdrawalFactory(DjangoModelFactory):
    class Meta:
        model = models.EngagementWithdrawal

    engagement = factory.SubFactory(EngagementFactory)
    reason = "Entered twice."
    withdrawn_on = dt.date(2019, 6, 20)
    withdrawn_by = factory.SubFactory(UserFactory)
