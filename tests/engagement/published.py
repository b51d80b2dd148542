"""What the tests of voices share: systems that published, and what stands in what they published."""

import datetime as dt

from commitments import actions
from commitments.models import Position, Publication, PublishedPosition
from commitments.recompute import recompute
from systems.choices import Role
from systems.models import Footprint
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    PeriodActFactory,
    PeriodFactory,
    SignedOffReportFactory,
    person,
)

JULY, AUGUST = dt.date(2019, 7, 1), dt.date(2019, 8, 1)
# What the catalogue calls the level of a footprint, where the word is another.
LEVELS = {"pcn": "neighbourhood"}
RED = {"confidence": "red", "reason": "Two posts are empty.", "path_to_green": "Interviews in May."}


def report(footprint: Footprint, *, commitment=None, **facts):
    """A delivery that was reported on: green, unless the facts say otherwise."""
    delivery = DeliveryFactory(
        footprint=footprint,
        commitment=commitment or CommitmentFactory(delivery_level=LEVELS.get(footprint.level, footprint.level)),
        local_deadline_on=dt.date(2021, 3, 31),
    )
    in_july = {"period__starts_on": JULY, "submitted_on": dt.date(2019, 8, 5), "decided_on": dt.date(2019, 8, 6)}
    SignedOffReportFactory(delivery=delivery, **in_july | facts)
    return delivery


def publish(system: Footprint, month=AUGUST, today=TODAY, **facts) -> Publication:
    """Closes a month of a system, works out what is due, and publishes."""
    period = PeriodFactory(starts_on=month)
    PeriodActFactory(system=system, period=period, done_on=today)
    Position.objects.update(next_change_on=today)
    recompute(today)
    return actions.publish(system=system, period=period, by=person(Role.APPROVER, system), today=today, **facts)


def position_of(publication: Publication, delivery) -> PublishedPosition:
    return publication.positions.get(commitment__code=delivery.commitment.code, footprint__code=delivery.footprint.code)
