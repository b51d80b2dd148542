"""The questions pages ask of positions, each answered by one query."""

import datetime as dt

import pytest

from commitments.choices import Freshness, Status
from commitments.models import Position, PositionsVersion
from systems.choices import Role
from tests.factories import TODAY, CommitmentFactory, DeliveryFactory, PcnFactory, PlaceFactory, SystemFactory, person

A_DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


def delivery(footprint, status=Status.ON_TRACK, **position):
    return DeliveryFactory(footprint=footprint, position={"status": status, **position})


def test_positions_inside_a_place_are_its_own_and_those_of_its_networks(place):
    own, below = delivery(place), delivery(PcnFactory(parent=place))
    delivery(place.parent)

    assert {position.pk for position in Position.objects.inside(place)} == {own.pk, below.pk}


def test_a_reporter_of_one_place_sees_the_positions_of_that_place(place, reporter):
    own = delivery(place)
    delivery(place.parent)
    delivery(SystemFactory())

    assert [position.pk for position in Position.objects.visible_to(reporter)] == [own.pk]


def test_a_viewer_of_another_system_sees_none(place):
    delivery(place)
    stranger = person(Role.VIEWER, SystemFactory())

    assert not Position.objects.visible_to(stranger).exists()


def test_a_tally_counts_deliveries_and_people_by_theme_place_and_status(place):
    commitment = CommitmentFactory()
    for footprint in (place, PcnFactory(parent=place)):
        DeliveryFactory(footprint=footprint, commitment=commitment, position={"status": Status.AT_RISK})
    nowhere = DeliveryFactory(footprint=place.parent, position={"status": Status.ON_TRACK})

    rows = set(Position.objects.inside(place.parent).tallied())

    assert rows == {
        (commitment.theme_id, place.pk, Status.AT_RISK, 2, 140_000),
        (nowhere.commitment.theme_id, None, Status.ON_TRACK, 1, 1_000_000),
    }


def test_a_glance_counts_by_theme_place_and_status_as_a_tally_does(place):
    for footprint in (place, PcnFactory(parent=place), place.parent):
        delivery(footprint, Status.AT_RISK)
        delivery(footprint, Status.MISSED, freshness=Freshness.STALE)

    found = Position.objects.inside(place.parent).at_a_glance(TODAY, 10)

    assert sorted(found.counted, key=str) == sorted(Position.objects.tallied(), key=str)
    assert sorted(row[:3] for row in found.reports) == [
        (Status.AT_RISK, Freshness.NEVER, 3),
        (Status.MISSED, Freshness.STALE, 3),
    ]


def test_a_glance_counts_signals(place):
    commitment = CommitmentFactory()
    for headroom_days, due_on, contradiction in ((-1, TODAY - A_DAY, "So it is."), (29, TODAY, ""), (30, None, "")):
        DeliveryFactory(
            footprint=PcnFactory(parent=place),
            commitment=commitment,
            position={
                "headroom_days": headroom_days,
                "next_milestone_on": due_on,
                "contradiction": contradiction,
                "status": Status.AT_RISK,
            },
        )

    (found,) = Position.objects.at_a_glance(TODAY, 10).reports
    contradicted, beyond, tight, ample, unknown, overdue, soon, later, none = found.signals

    assert (found.deliveries, contradicted) == (3, 1)
    assert (beyond, tight, ample, unknown) == (1, 1, 1, 0)
    assert (overdue, soon, later, none) == (1, 1, 0, 1)


def test_what_to_look_at_first_is_found_in_two_statements(place, django_assert_num_queries):
    worst, better = delivery(place, Status.MISSED), delivery(place.parent, Status.OFF_TRACK)
    delivery(place, Status.AT_RISK)
    elsewhere = delivery(PlaceFactory(), Status.MISSED)

    with django_assert_num_queries(2):
        found = Position.objects.inside(place.parent).at_a_glance(TODAY, 2)

    first = found.failing[0]
    assert [told.delivery_id for told in found.failing] == [worst.pk, better.pk]
    assert (first.code, first.title, first.place) == (worst.commitment.code, worst.commitment.title, place.short_name)
    assert found.contradicted == []
    assert [told.delivery_id for told in Position.objects.at_a_glance(TODAY, 1).failing] in ([worst.pk], [elsewhere.pk])


def test_a_place_is_told_by_its_label_where_it_has_one(place):
    bare, labelled = delivery(place, Status.MISSED), delivery(PlaceFactory(label="Bexley"), Status.MISSED)

    told = Position.objects.told([bare.pk, labelled.pk])

    assert (told[bare.pk].place, told[labelled.pk].place) == (place.name, "Bexley")


def test_a_glance_has_the_worst_first_as_any_list_has(place):
    for status in (Status.OFF_TRACK, Status.MISSED, Status.AT_RISK):
        for footprint in (place, place.parent, PlaceFactory(parent=place.parent, population=None)):
            for deadline_on in (None, dt.date(2024, 3, 31), dt.date(2019, 12, 31)):
                delivery(footprint, status, deadline_on=deadline_on, contradiction="So it is.")
    positions = Position.objects.all()

    found = positions.at_a_glance(TODAY, 100)

    in_order = [position.pk for position in positions.worst_first()]
    assert [told.delivery_id for told in found.contradicted] == in_order
    assert [told.delivery_id for told in found.failing] == in_order[:18]


def test_a_footprint_without_a_population_counts_no_people(system):
    delivery(PlaceFactory(parent=system, population=None))

    ((*_, deliveries, people),) = Position.objects.tallied()

    assert (deliveries, people) == (1, 0)


def test_tallies_by_system_and_by_place(place):
    delivery(place, Status.MISSED)

    assert list(Position.objects.tallied_by_system()) == [(place.parent.pk, Status.MISSED, 1, 100_000)]
    assert list(Position.objects.tallied_by_place()) == [(place.pk, Status.MISSED, 1, 100_000)]


def test_the_worst_come_first_then_where_most_people_live_then_the_nearest_deadline(place):
    soon, later = {"deadline_on": dt.date(2019, 12, 31)}, {"deadline_on": dt.date(2024, 3, 31)}
    off_track = delivery(place.parent, Status.OFF_TRACK)
    undated = delivery(place, Status.MISSED)
    missed_later = delivery(place, Status.MISSED, **later)
    missed_soon = delivery(place, Status.MISSED, **soon)
    missed_by_more = delivery(place.parent, Status.MISSED, **later)

    found = [position.pk for position in Position.objects.failing().worst_first()]

    assert found == [missed_by_more.pk, missed_soon.pk, missed_later.pk, undated.pk, off_track.pk]


def test_failing_is_missed_or_off_track(place):
    for status in Status:
        delivery(place, status)

    assert {position.status for position in Position.objects.failing()} == {Status.MISSED, Status.OFF_TRACK}


def test_contradicted_are_those_whose_evidence_speaks_against_the_report(place):
    delivery(place)
    green = delivery(place, contradiction="Reported green, but a milestone is overdue.")

    assert [position.pk for position in Position.objects.contradicted()] == [green.pk]


def test_silent_is_work_under_way_with_the_longest_silence_first(place):
    stale = delivery(place, Status.AT_RISK, freshness=Freshness.STALE, reported_on=dt.date(2019, 8, 1))
    lapsed = delivery(place, Status.NOT_REPORTED, freshness=Freshness.LAPSED, reported_on=dt.date(2019, 5, 1))
    never = delivery(place, Status.NOT_REPORTED, freshness=Freshness.NEVER)
    delivery(place, Status.ON_TRACK, freshness=Freshness.FRESH, reported_on=dt.date(2019, 9, 20))
    delivery(place, Status.ON_TRACK, freshness=Freshness.DUE, reported_on=dt.date(2019, 8, 20))
    for status in (Status.NOT_STARTED, Status.DELIVERED, Status.NOT_APPLICABLE):
        delivery(place, status, freshness=Freshness.NEVER)

    found = [told.delivery_id for told in Position.objects.at_a_glance(TODAY, 10).silent]

    assert found == [never.pk, lapsed.pk, stale.pk]


@pytest.mark.parametrize(
    ("deadline_on", "status", "is_shown"),
    [
        (TODAY, Status.ON_TRACK, True),
        (TODAY + dt.timedelta(days=365), Status.ON_TRACK, True),
        (TODAY - dt.timedelta(days=1), Status.MISSED, False),
        (TODAY + dt.timedelta(days=366), Status.ON_TRACK, False),
        (TODAY, Status.NOT_APPLICABLE, False),
        (None, Status.ON_TRACK, False),
    ],
)
def test_deadlines_of_the_next_year(place, deadline_on, status, is_shown):
    due = delivery(place, status, deadline_on=deadline_on)

    found = Position.objects.at_a_glance(TODAY, 10).due

    commitment = due.commitment
    assert found == ([(deadline_on, commitment.code, commitment.title, status, 1, 100_000)] if is_shown else [])


def test_the_version_of_a_system_that_nothing_touched_is_0(system):
    assert PositionsVersion.objects.number_of(system) == 0

    PositionsVersion.objects.create(system=system, number=7)

    assert PositionsVersion.objects.number_of(system) == 7
