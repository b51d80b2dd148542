"""The log answers where things stood and what changed: the same as a slow twin that replays it row by row."""

import datetime as dt
from random import Random

import pytest

from commitments.choices import Move, Status
from commitments.models import Delivery, PositionChange
from commitments.signals import move
from tests.factories import TODAY, CommitmentFactory, DeliveryFactory, PcnFactory, SystemFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
FIRST = dt.date(2019, 9, 1)


def logged(delivery, changed_on, now, was="", sentence=""):
    return PositionChange.objects.create(
        delivery=delivery,
        changed_on=changed_on,
        from_status=was,
        from_reason_code=was,
        to_status=now,
        to_reason_code=now,
        sentence=sentence or f"{now} on {changed_on}",
    )


@pytest.fixture
def wandering(system, place):
    """Deliveries whose statuses wander for three weeks, now and then twice a day or for another reason alone."""
    dice = Random(2019)
    commitment = CommitmentFactory()
    for footprint in (system, place, PcnFactory(parent=place), SystemFactory()):
        for delivery in (
            DeliveryFactory(commitment=commitment, footprint=footprint),
            DeliveryFactory(footprint=footprint),
        ):
            was, day = "", FIRST + dice.randrange(10) * DAY
            while day <= FIRST + 20 * DAY:
                now = dice.choice(list(Status))
                logged(delivery, day, now, was)
                was, day = now, day + dice.randrange(6) * DAY


def replayed(day):
    """The slow twin: delivery -> status on this day, by going through the log from its beginning."""
    return {
        change.delivery_id: change.to_status
        for change in PositionChange.objects.order_by("changed_on", "id")
        if change.changed_on <= day
    }


@pytest.mark.parametrize("after", range(-1, 22))
def test_where_things_stood_is_what_replaying_the_log_gives(wandering, after):
    day = FIRST + after * DAY

    stood = PositionChange.objects.standing_on(day)

    assert dict(stood.values_list("delivery", "to_status")) == replayed(day)


@pytest.mark.parametrize(("first", "last"), [(-1, 21), (0, 20), (3, 9), (9, 10), (12, 19), (20, 21)])
def test_what_changed_is_the_difference_of_two_replays(wandering, first, last):
    before, after = replayed(FIRST + first * DAY), replayed(FIRST + last * DAY)
    expected = {pk: (before.get(pk, ""), now) for pk, now in after.items() if before.get(pk, "") != now}

    changed = PositionChange.objects.between(FIRST + first * DAY, FIRST + last * DAY)

    assert {pk: (was, now) for pk, was, now in changed.values_list("delivery", "was", "to_status")} == expected
    kinds = {pk: move(*statuses) for pk, statuses in expected.items()}
    for kind in Move:
        found = set(changed.that_are(kind).values_list("delivery", flat=True))
        assert found == {pk for pk, its in kinds.items() if its == kind}
    assert sum(number for *_, number in changed.counted_by_move()) == len(expected)


def test_the_log_inside_a_place_is_of_the_place_and_below(wandering, place):
    day = FIRST + 20 * DAY

    inside = PositionChange.objects.inside(place)

    below = set(Delivery.objects.inside(place).values_list("pk", flat=True))
    assert set(inside.standing_on(day).values_list("delivery", flat=True)) == below
    assert set(inside.between(FIRST - DAY, day).values_list("delivery", flat=True)) == below


def test_a_change_is_seen_on_its_day_and_not_on_the_day_before(delivery):
    logged(delivery, TODAY, Status.AT_RISK)

    assert not PositionChange.objects.standing_on(TODAY - DAY)
    assert PositionChange.objects.standing_on(TODAY).get().delivery == delivery


def test_the_first_day_of_a_span_is_before_it_and_the_last_is_in_it(delivery):
    logged(delivery, TODAY, Status.AT_RISK)

    assert not PositionChange.objects.between(TODAY, TODAY + DAY)
    assert PositionChange.objects.between(TODAY - DAY, TODAY).get().was == ""


def test_what_came_back_did_not_change(delivery):
    logged(delivery, FIRST, Status.ON_TRACK)
    logged(delivery, FIRST + DAY, Status.AT_RISK, Status.ON_TRACK)
    logged(delivery, FIRST + 2 * DAY, Status.ON_TRACK, Status.AT_RISK)

    assert not PositionChange.objects.between(FIRST, TODAY)
    assert PositionChange.objects.between(FIRST, FIRST + DAY).get().was == Status.ON_TRACK


def test_deliveries_are_shown_as_the_log_left_them_the_worst_first(place):
    well, badly, unopened = (DeliveryFactory(footprint=place) for _ in range(3))
    logged(well, FIRST, Status.ON_TRACK, sentence="Fine.")
    logged(badly, FIRST, Status.ON_TRACK)
    logged(badly, FIRST + DAY, Status.MISSED, Status.ON_TRACK, sentence="Too late.")
    logged(unopened, TODAY, Status.ON_TRACK)

    then = PositionChange.objects.standing_on(FIRST + DAY).onto(Delivery.objects.for_list())

    assert [(d.pk, d.then_status, d.then_sentence, d.then_on) for d in then] == [
        (badly.pk, Status.MISSED, "Too late.", FIRST + DAY),
        (well.pk, Status.ON_TRACK, "Fine.", FIRST),
    ]


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("", Status.ON_TRACK, Move.OPENED),
        ("", Status.MISSED, Move.OPENED),
        (Status.OFF_TRACK, Status.MISSED, Move.MISSED),
        (Status.NOT_REPORTED, Status.MISSED, Move.MISSED),
        (Status.NOT_REPORTED, Status.DELIVERED, Move.DELIVERED),
        (Status.MISSED, Status.DELIVERED, Move.DELIVERED),
        (Status.NOT_REPORTED, Status.OFF_TRACK, Move.REPORTED),
        (Status.NOT_REPORTED, Status.ON_TRACK, Move.REPORTED),
        (Status.ON_TRACK, Status.NOT_APPLICABLE, Move.SCOPE),
        (Status.NOT_APPLICABLE, Status.NOT_REPORTED, Move.SCOPE),
        (Status.ON_TRACK, Status.NOT_REPORTED, Move.WORSE),
        (Status.ON_TRACK, Status.AT_RISK, Move.WORSE),
        (Status.DELIVERED, Status.ON_TRACK, Move.WORSE),
        (Status.MISSED, Status.OFF_TRACK, Move.BETTER),
        (Status.AT_RISK, Status.ON_TRACK, Move.BETTER),
    ],
)
def test_what_became_of_a_status(was, now, kind):
    assert move(was, now) == kind
