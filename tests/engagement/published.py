"""What the tests of voices share: systems that published, and what stands in what they published."""

import datetime as dt

from commitments.models import Publication, PublishedPosition
from systems.models import Footprint
from tests.factories import (
    CommitmentFactory,
    DeliveryFactory,
    SignedOffReportFactory,
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


def position_of(publication: Publication, delivery) -> PublishedPosition:
    return publication.positions.get(commitment__code=delivery.commitment.code, footprint__code=delivery.footprint.code)
