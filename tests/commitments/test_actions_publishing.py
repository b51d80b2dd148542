"""Publishing a month of a system: what is frozen, what is refused, and that it agrees with what stands."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.actions.freezing import contradicted_before
from commitments.choices import Ask, DateKind, DeliveryLevel, PeriodStep, Status, StepKind
from commitments.models import (
    Coverage,
    MilestoneChange,
    Position,
    PositionsVersion,
    PublicAccess,
    Publication,
    PublishedCoverage,
    PublishedPosition,
)
from commitments.recompute import recompute
from commitments.rules import headline
from systems.models import Tile
from systems.recompute import open_positions as open_maturity
from systems.recompute import recompute as recompute_maturity
from tests.elsewhere import all_at_once, tell
from tests.factories import (
    TODAY,
    CommitmentFactory,
    CriterionFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    PcnFactory,
    PeriodActFactory,
    PeriodFactory,
    PlaceFactory,
    SignedOffReportFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AUGUST = dt.date(2019, 8, 1)


@pytest.fixture
def august(system):
    period = PeriodFactory(starts_on=AUGUST)
    PeriodActFactory(system=system, period=period)
    return period


@pytest.fixture
def publish(system, august, approver):
    """Works out what is due, then publishes."""

    def published(**facts):
        recompute(TODAY)
        return actions.publish(**{"system": system, "period": august, "by": approver, "today": TODAY} | facts)

    return published


def test_each_position_of_the_system_is_frozen_with_its_words(publish, several, system):
    publication = publish()

    live = {(p.delivery.commitment.code, p.delivery.footprint.code): p for p in Position.objects.inside(system)}
    frozen = {(p.commitment.code, p.footprint.code): p for p in publication.positions.in_words()}
    assert frozen.keys() == live.keys()
    for key, position in live.items():
        found = frozen[key]
        assert (found.status, found.reason_code, found.moved_on, found.freshness, found.reported_on) == (
            position.status,
            position.reason_code,
            position.moved_on,
            position.freshness,
            position.reported_on,
        )
        assert found.sentence == position.sentence_on(TODAY)
        assert found.commitment.title == position.delivery.commitment.title
        assert found.commitment.deadline_text == position.delivery.commitment.deadline_text
        assert found.footprint.population == position.delivery.footprint.population


def test_a_sentence_is_frozen_as_it_reads_on_the_day(publish, place):
    delivery = DeliveryFactory(footprint=place)
    SignedOffReportFactory(delivery=delivery)
    MilestoneFactory(delivery=delivery, title="Recruit {all}", due_on=TODAY - dt.timedelta(days=1))

    [position] = publish().positions.all()

    assert position.sentence == ("At risk: its only milestone is 1 day overdue (Recruit (all), due 29 September 2019).")


def test_coverage_is_frozen_with_its_headline_and_its_denominator(publish, several, system):
    publication = publish()

    rows = Coverage.objects.filter(footprint__path__startswith=system.path)
    live = {(row.commitment.code, row.footprint.code, row.status): (row.deliveries, row.people) for row in rows}
    frozen = PublishedCoverage.objects.filter(publication=publication)
    assert live == {
        (row.commitment.code, row.footprint.code, row.status): (row.deliveries, row.people) for row in frozen
    }
    for row in frozen:
        same = [other for other in frozen if (other.commitment, other.footprint) == (row.commitment, row.footprint)]
        counted = {other.status: other.deliveries for other in same if other.status != Status.NOT_APPLICABLE}
        people = {other.status: other.people for other in same}
        assert row.counted == sum(counted.values())
        assert row.is_headline is (row.status == (headline(people) or headline(counted)))


def test_places_are_frozen_with_their_squares_on_the_tile_map(publish, place, system):
    PcnFactory(parent=place, code="U1")
    Tile.objects.create(grid="QKK_boroughs", code=place.code, column=4, row=1, label="Bexley")
    Tile.objects.create(grid="QKKX_boroughs", code="U1", column=1, row=1, label="Other")

    frozen = {footprint.code: footprint for footprint in publish().footprints.all()}

    assert frozen.keys() == {"QKK", place.code, "U1"}
    assert (frozen[place.code].tile_column, frozen[place.code].tile_row) == (4, 1)
    assert (frozen["U1"].place, frozen["U1"].tile_column) == (frozen[place.code], None)
    assert (frozen[place.code].place, frozen["QKK"].place) == (frozen[place.code], None)


def test_what_has_closed_is_frozen_only_with_deliveries(publish, system):
    gone = {"parent": system, "opened_on": dt.date(2018, 4, 1), "closed_on": dt.date(2019, 3, 31)}
    PlaceFactory(code="GONE", **gone)
    DeliveryFactory(footprint=PlaceFactory(code="LEFT", **gone))

    assert {footprint.code for footprint in publish().footprints.all()} == {"QKK", "LEFT"}


def test_a_report_is_frozen_in_its_own_words(publish, place):
    words = {
        "confidence": "amber",
        "narrative": "Two hubs opened.",
        "next_steps": "Open the third.",
        "reason": "Two posts are empty.",
        "path_to_green": "Interviews in May.",
        "expected_on": dt.date(2021, 3, 31),
    }
    delivery = DeliveryFactory(footprint=place)
    SignedOffReportFactory(delivery=delivery, **words)
    SignedOffReportFactory(delivery=delivery, period=PeriodFactory(starts_on=AUGUST), narrative="Older")

    [position] = publish().positions.all()

    assert {name: getattr(position, name) for name in words} == words


def test_a_draft_is_nowhere_in_it(publish, save, delivery, reporter):
    save(delivery, reporter, submit=False, narrative="Not for the public")

    [position] = publish().positions.all()

    assert (position.narrative, position.confidence) == ("", "")


def test_dates_that_moved_are_frozen_with_their_reasons(publish, place):
    delivery = DeliveryFactory(footprint=place, local_deadline_on=dt.date(2021, 9, 30))
    DeadlineChangeFactory(
        delivery=delivery, state=Ask.AGREED, decided_by=UserFactory(), decided_on=dt.date(2019, 9, 21)
    )
    DeadlineChangeFactory(delivery=delivery, reason="Not decided")
    milestone = MilestoneFactory(delivery=delivery, title="Recruit")
    MilestoneChange.objects.create(
        milestone=milestone,
        kind=StepKind.MOVED,
        was_due_on=dt.date(2019, 12, 31),
        due_on=milestone.due_on,
        reason="Nobody applied.",
        recorded_on=dt.date(2019, 9, 22),
    )

    found = publish().date_changes.values_list("kind", "what", "old_on", "new_on", "changed_on", "reason")

    assert list(found) == [
        (
            DateKind.LOCAL_DEADLINE,
            "",
            dt.date(2021, 3, 31),
            dt.date(2021, 9, 30),
            dt.date(2019, 9, 21),
            "The building opens later.",
        ),
        (
            DateKind.MILESTONE,
            "Recruit",
            dt.date(2019, 12, 31),
            milestone.due_on,
            dt.date(2019, 9, 22),
            "Nobody applied.",
        ),
    ]


def test_a_milestone_entered_by_mistake_is_not_published(publish, place):
    delivery = DeliveryFactory(footprint=place)
    MilestoneFactory(delivery=delivery, title="Recruit")
    mistaken = MilestoneFactory(delivery=delivery, title="Recruit twice")
    actions.move_milestone(
        milestone=mistaken,
        was_due_on=mistaken.due_on,
        due_on=mistaken.due_on + dt.timedelta(days=9),
        reason="Later.",
        by=UserFactory(),
        today=TODAY,
    )
    moved_to = mistaken.due_on + dt.timedelta(days=9)
    actions.withdraw_milestone(milestone=mistaken, was_due_on=moved_to, reason="Twice.", by=UserFactory(), today=TODAY)

    publication = publish()

    assert publication.positions.get().milestones == 1
    assert not publication.date_changes.exists()


def test_a_metric_is_frozen_with_its_icons_and_its_line(publish, place, measured_monthly):
    metric = MetricFactory()
    DeliveryFactory(commitment=metric.commitment, footprint=place)
    measured_monthly(metric, place, *range(10, 25))

    [frozen] = publish().metrics.all()

    assert (frozen.name, frozen.unit, frozen.value, frozen.target) == ("Patients seen", "%", Decimal(24), Decimal(100))
    assert frozen.variation == "Improvement: high"
    assert frozen.assurance == "Consistently failing the target"
    assert frozen.seen == [Decimal(n) for n in range(10, 25)]
    assert len(frozen.seen_on) == 15
    assert frozen.expected[-1] == Decimal(100)


def test_too_few_values_have_no_icon(publish, place, measured_monthly):
    metric = MetricFactory()
    DeliveryFactory(commitment=metric.commitment, footprint=place)
    measured_monthly(metric, place, 10, 20)

    [frozen] = publish().metrics.all()

    assert (frozen.variation, frozen.assurance, frozen.value) == ("", "", Decimal(20))


@pytest.mark.parametrize(("days_ago", "is_shown"), [(5, True), (4, False)])
def test_a_contradiction_is_published_after_two_working_days(publish, place, days_ago, is_shown):
    delivery = DeliveryFactory(footprint=place)
    SignedOffReportFactory(delivery=delivery)
    MilestoneFactory(delivery=delivery, due_on=TODAY - dt.timedelta(days=23))
    recompute(TODAY)
    Position.objects.update(contradicted_on=TODAY - dt.timedelta(days=days_ago))

    [position] = publish().positions.all()

    assert position.contradiction.startswith("Reported green, but its only milestone is 23 days overdue") is is_shown


def test_a_contradiction_found_on_the_last_day_before_grace_is_shown():
    assert contradicted_before(TODAY) == dt.date(2019, 9, 26)


def test_it_takes_as_many_statements_however_much_there_is(publish, system, place, several):
    with CaptureQueriesContext(connection) as few:
        publication = publish()
    for parent in (place, PlaceFactory(parent=system)):
        for delivery in several[:3]:
            DeliveryFactory(commitment=delivery.commitment, footprint=PcnFactory(parent=parent))
    recompute(TODAY)

    with CaptureQueriesContext(connection) as many:
        publish(corrects=publication, reason="More was opened.")

    assert PublishedPosition.objects.count() > 2 * publication.positions.count()
    assert len(many) <= len(few)


def test_the_systems_pages_are_told(publish, system):
    before = PositionsVersion.objects.number_of(system)

    publish()

    assert PositionsVersion.objects.number_of(system) > before


# --- What is refused --------------------------------------------------------------------------------------


def test_an_open_month_is_not_published(publish, system, august):
    PeriodActFactory(system=system, period=august, step=PeriodStep.OPENED)

    with pytest.raises(actions.NotReady):
        publish()
    assert not Publication.objects.exists()


def test_nothing_is_published_while_positions_are_due(publish, system, august, approver, place):
    DeliveryFactory(footprint=place)

    with pytest.raises(actions.NotReady):
        actions.publish(system=system, period=august, by=approver, today=TODAY)


def test_nothing_is_published_while_roll_ups_are_due(publish, system, august, approver):
    CommitmentFactory(delivery_level=DeliveryLevel.PLACE)

    with pytest.raises(actions.NotReady):
        actions.publish(system=system, period=august, by=approver, today=TODAY)


def test_nothing_is_published_while_maturity_is_due(publish, system, august, approver):
    domain = CriterionFactory().domain
    open_maturity(TODAY)

    with pytest.raises(actions.NotReady):
        actions.publish(system=system, period=august, by=approver, today=TODAY)
    assert actions.readiness(system, august, TODAY).due == 1

    recompute_maturity(TODAY)

    assert [row.domain for row in publish().maturity.all()] == [domain.name]


def test_what_another_system_has_due_does_not_matter(publish, system, august, delivery):
    publish()
    DeliveryFactory(commitment=delivery.commitment)

    assert actions.readiness(system, august, TODAY).due == 0


def test_an_earlier_month_is_not_published_after_a_later_one(publish, system):
    publish()
    july = PeriodFactory(starts_on=dt.date(2019, 7, 1))
    PeriodActFactory(system=system, period=july)

    with pytest.raises(actions.NotReady):
        publish(period=july)


def test_a_month_is_published_twice_only_as_a_correction(publish):
    first = publish()

    with pytest.raises(actions.Conflict):
        publish()
    second = publish(corrects=first, reason="A number was wrong.")

    first.refresh_from_db()
    assert (second.edition, second.supersedes, first.superseded_by) == (2, first, second)
    with pytest.raises(actions.Conflict):
        publish(corrects=first, reason="Once more.")


def test_the_old_edition_keeps_its_rows(publish, place):
    delivery = DeliveryFactory(footprint=place)
    first = publish()
    SignedOffReportFactory(delivery=delivery)
    Position.objects.update(next_change_on=TODAY)

    second = publish(corrects=first, reason="A report came late.")

    assert [p.status for p in first.positions.all()] == [Status.NOT_STARTED]
    assert [p.status for p in second.positions.all()] == [Status.ON_TRACK]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does(system, august, approver):
    recompute(TODAY)
    outcomes = []

    all_at_once(
        *[
            tell(outcomes, lambda: actions.publish(system=system, period=august, by=approver, today=TODAY))
            for _ in range(2)
        ]
    )

    assert sorted(outcomes) == ["conflict", "done"]
    assert Publication.objects.count() == 1


# --- Open to the public -----------------------------------------------------------------------------------


def choose(system, by, *, is_public=True, version=0):
    actions.open_to_public(system=system, is_public=is_public, version=version, by=by, today=TODAY)


def test_a_system_is_opened_to_the_public_and_closed_again(publish, system, approver):
    publication, nobody = publish(), AnonymousUser()
    assert not Publication.objects.visible_to(nobody).exists()

    choose(system, approver)
    assert list(Publication.objects.visible_to(nobody)) == [publication]

    choose(system, approver, is_public=False, version=1)
    assert not Publication.objects.visible_to(nobody).exists()


def test_of_two_choices_the_second_is_a_conflict(system, approver):
    choose(system, approver)

    with pytest.raises(actions.Conflict):
        choose(system, approver, is_public=False)
    assert PublicAccess.objects.get().is_public
