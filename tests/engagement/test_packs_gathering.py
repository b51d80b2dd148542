"""What a pack takes out of the database, and what it compares with."""

import datetime as dt

import pytest

from commitments.choices import Move, Status
from commitments.comparison import DATES
from engagement.choices import MeetingStatus
from engagement.models import Pack, PackPublication
from engagement.packs.gathering import DEMONSTRATION, gather
from systems.choices import MaturityStatus
from systems.recompute import recompute as recompute_maturity
from tests.engagement.factories import (
    CommitteeFactory,
    ItemFactory,
    MeetingFactory,
    PackFactory,
    RecommendationFactory,
    ResponseFactory,
    seated,
)
from tests.engagement.packs import MEETING_ON, ask, make
from tests.factories import TODAY, DeadlineChangeFactory, DeliveryFactory, PlaceFactory, SignedOffReportFactory
from tests.publishing import publish

pytestmark = pytest.mark.django_db

JULY, AUGUST, SEPTEMBER = (dt.date(2019, month, 1) for month in (7, 8, 9))
IN_AUGUST = dt.date(2019, 8, 14)
RED = {"confidence": "red", "reason": "Staff", "path_to_green": "Recruit"}


def meets(committee, day, **facts):
    return MeetingFactory(committee=committee, held_on=day, **facts)


def asked_for(meeting, *publications, by) -> Pack:
    return ask(meeting, ItemFactory(meeting=meeting), publications, by)


def facts_of(meeting, *publications, by):
    return gather(asked_for(meeting, *publications, by=by), TODAY)


@pytest.fixture
def july(system, place, approver):
    DeliveryFactory(footprint=place)
    return publish(system, JULY, today=IN_AUGUST)


def test_it_tells_how_the_boroughs_stood_and_what_failed(committee, chair, publication, place, settings):
    settings.SITE_URL, settings.PORTAL_DEMO = "https://portal.example.org", False
    meeting = meets(committee, MEETING_ON)

    facts = facts_of(meeting, publication, by=chair)

    [system] = facts.systems
    [borough] = system.boroughs
    [failing] = system.failing
    assert (system.month, system.edition, system.as_at_on) == ("August 2019", 1, TODAY)
    assert system.address == "https://portal.example.org/systems/QKK/published/2019-08/1/"
    assert (borough.name, [head.status for head in borough.heads]) == ("Bexley", [Status.OFF_TRACK])
    assert (failing.where, failing.place, failing.path_to_green) == ("Bexley", place.code, "Recruit")
    assert [source.code for source in system.sources] == [failing.code]
    assert facts.notices == ()


def test_it_tells_how_mature_the_system_and_its_boroughs_were_and_what_moved(
    committee, chair, system, place, approver, mature
):
    recompute_maturity(IN_AUGUST, everything=True)
    july = publish(system, JULY, today=IN_AUGUST)
    recompute_maturity(TODAY, everything=True)
    august = publish(system)
    meetings = [meets(committee, MEETING_ON), meets(committee, MEETING_ON + dt.timedelta(1))]

    [first], [later] = (facts_of(*of, by=chair).systems for of in zip(meetings, (july, august), strict=True))

    assert first.compared is None
    assert [(one.framework, one.where, one.status) for one in later.ladders] == [
        ("ICS matrix", "South East London", MaturityStatus.AT_RISK),
        ("PCN matrix", "South East London", None),
        ("ICS matrix", "Bexley", MaturityStatus.NOTHING_EXPECTED),
        ("PCN matrix", "Bexley", None),
    ]
    assert later.ladders[1].networks == "1 of 2 PCNs at step 1 or above, 75% of patients; 1 of 2 assessed"
    [gap] = later.gaps
    assert (gap.where, gap.domain, gap.criteria[-1]) == ("South East London", "Leadership", "Money follows need")
    assert {(one.where, one.moved) for one in later.compared.levels} == {
        ("South East London", "From not assessed to emerging"),
        ("Bexley", "From not assessed to maturing"),
    }


def test_a_demonstration_says_so(committee, chair, publication, settings):
    settings.PORTAL_DEMO = True

    assert facts_of(meets(committee, MEETING_ON), publication, by=chair).notices == (DEMONSTRATION,)


def test_a_committee_of_one_borough_is_told_of_that_borough_and_of_the_whole_system(system, place, approver):
    greenwich = PlaceFactory(code="E09000011", name="Greenwich", parent=system)
    for footprint in (place, greenwich, system):
        SignedOffReportFactory(delivery=DeliveryFactory(footprint=footprint), **RED)
    publication = publish(system)
    committee = CommitteeFactory(scrutinises=[place])
    chair = seated(committee, "chair")

    [told] = facts_of(meets(committee, MEETING_ON), publication, by=chair).systems

    assert [borough.name for borough in told.boroughs] == ["Bexley"]
    assert {failing.where for failing in told.failing} == {"Bexley", "South East London"}


# --- Since the last meeting -------------------------------------------------------------------------------


def compared(meeting, publication, by):
    [system] = facts_of(meeting, publication, by=by).systems
    return system.compared


def test_the_first_publication_has_nothing_to_be_compared_with(committee, chair, july):
    assert compared(meets(committee, MEETING_ON), july, chair) is None


def test_it_is_compared_with_what_the_last_meeting_had_before_it(committee, chair, july, publication):
    last = meets(committee, dt.date(2019, 9, 10))
    make(asked_for(last, july, by=chair))

    found = compared(meets(committee, MEETING_ON), publication, chair)

    assert (found.since, found.since_on) == ("July 2019, edition 1", IN_AUGUST)
    assert found.because == "what the committee had before it at its last meeting, on 10 September 2019."
    [opened] = found.found[Move.OPENED]
    assert (opened.was, opened.standing.status) == (None, Status.OFF_TRACK)


def test_without_a_pack_then_it_is_compared_with_the_newest_of_that_day(committee, chair, july, publication):
    meets(committee, dt.date(2019, 9, 10))
    meets(committee, dt.date(2019, 10, 1), status=MeetingStatus.CANCELLED)

    found = compared(meets(committee, MEETING_ON), publication, chair)

    assert found.because == "the newest on the day of the committee’s last meeting, 10 September 2019."


@pytest.mark.parametrize(
    ("last", "because"),
    [
        (None, "the one before it. No earlier meeting of the committee is recorded."),
        (
            dt.date(2019, 8, 1),
            "the one before it. Nothing had been published by the committee’s last meeting, on 1 Aug",
        ),
        (dt.date(2019, 10, 1), "the one before it. Nothing was published since the committee’s last meeting, on 1 Oct"),
    ],
)
def test_else_with_the_one_before_it_and_it_says_why(committee, chair, july, publication, last, because):
    if last:
        meets(committee, last)

    assert compared(meets(committee, MEETING_ON), publication, chair).because.startswith(because)


def test_a_correction_is_compared_with_what_it_corrects(committee, chair, approver, system, publication):
    corrected = publish(system, corrects=publication, reason="Two reports came late.")

    found = compared(meets(committee, MEETING_ON), corrected, chair)

    assert found.since == "August 2019, edition 1"
    assert not any(found.found.values())


def test_what_became_of_a_delivery_is_told_with_the_reason_of_its_new_date(committee, chair, system, place, approver):
    delivery = DeliveryFactory(footprint=place, local_deadline_on=dt.date(2020, 3, 31))
    SignedOffReportFactory(delivery=delivery)
    publish(system, JULY, today=IN_AUGUST)
    later = dt.date(2020, 9, 30)
    DeadlineChangeFactory(
        delivery=delivery, old_on=dt.date(2020, 3, 31), new_on=later, state="agreed", reason="Builders are late",
        decided_on=TODAY, decided_by=approver,
    )  # fmt: skip
    type(delivery).objects.filter(pk=delivery.pk).update(local_deadline_on=later)

    found = compared(meets(committee, MEETING_ON), publish(system, AUGUST), chair)

    [moved] = found.found[DATES]
    assert [(date.what, date.old_on, date.new_on, date.reason) for date in moved.dates] == [
        ("Local deadline", dt.date(2020, 3, 31), later, "Builders are late")
    ]


# --- What the committee asked -----------------------------------------------------------------------------


def test_what_this_committee_asked_is_told_and_nothing_of_another(committee, chair, publication, recommendation):
    RecommendationFactory()
    ResponseFactory(recommendation=recommendation)

    [asked] = facts_of(meets(committee, MEETING_ON), publication, by=chair).asked

    assert (asked.reference, asked.to_whom, asked.times) == (recommendation.reference, "South East London", 1)
    assert (asked.reply, asked.words, asked.owner) == (
        "Accepted",
        "They will see it on 1 November 2019.",
        "Director of delivery",
    )


def test_twice_as_much_takes_the_same_queries(committee, place, system, approver, july, django_assert_max_num_queries):
    item = ItemFactory(meeting=meets(committee, MEETING_ON))

    def gathered(month):
        for _ in range(3):
            SignedOffReportFactory(delivery=DeliveryFactory(footprint=place), **RED)
            RecommendationFactory(meeting=item.meeting, system=system)
        pack = PackFactory(item=item)
        PackPublication.objects.create(pack=pack, publication=publish(system, month))
        return lambda: gather(Pack.objects.select_related("meeting__committee", "item").get(pk=pack.pk), TODAY)

    once = gathered(AUGUST)
    with django_assert_max_num_queries(60) as first:
        once()
    twice = gathered(SEPTEMBER)

    with django_assert_max_num_queries(len(first)):
        twice()
