"""Opening deliveries, and choosing the level at which a system delivers a commitment."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from commitments.choices import FOOTPRINT_LEVEL, DeliveryLevel
from commitments.coverage import expire as expire_coverage
from commitments.locks import lock_commitments
from commitments.models import (
    Commitment,
    Delivery,
    LocalLevel,
    PlanRevision,
    Position,
)
from commitments.recompute import recompute_deliveries
from systems.choices import Level
from systems.models import Footprint, User


@transaction.atomic
def open_deliveries(*, system: Footprint, today: dt.date) -> int:
    """Opens a delivery, with its position, for every commitment at the level that delivers it in this system.

    Running it again opens only what is missing. Returns how many were opened.
    """
    lock_commitments(Commitment.objects.delivered_locally().values_list("pk", flat=True))
    missing = missing_deliveries(system=system, today=today)
    _open(missing, today)
    return len(missing)


def missing_deliveries(*, system: Footprint, today: dt.date) -> list[Delivery]:
    """The deliveries, not saved, that the catalogue and the system's own choice of levels ask for and nobody opened."""
    chosen = dict(LocalLevel.objects.filter(system=system).values_list("commitment_id", "level"))
    footprints = _open_footprints(system, today)
    wanted = [
        Delivery(commitment_id=commitment_id, footprint_id=footprint_id)
        for commitment_id, delivery_level in Commitment.objects.delivered_locally().values_list("id", "delivery_level")
        for footprint_id in footprints[chosen.get(commitment_id, FOOTPRINT_LEVEL[DeliveryLevel(delivery_level)])]
    ]
    there = set(Delivery.objects.inside(system).values_list("commitment_id", "footprint_id"))
    return [delivery for delivery in wanted if (delivery.commitment_id, delivery.footprint_id) not in there]


@transaction.atomic
def choose_local_level(
    *, system: Footprint, commitment: Commitment, level: Level, by: User, today: dt.date
) -> LocalLevel:
    """Delivers a commitment at a lower level of this system. The delivery above is kept, marked as not applicable."""
    lock_commitments([commitment.pk])
    choice = LocalLevel(system=system, commitment=commitment, level=level, chosen_by=by, chosen_on=today)
    choice.full_clean()
    choice.save()
    expire_coverage([commitment.pk], today)
    above = Delivery.objects.inside(system).filter(commitment=commitment, is_applicable=True)
    above = above.exclude(footprint__level=level)
    replaced = list(above.values_list("pk", flat=True))
    above.update(
        is_applicable=False,
        not_applicable_reason=f"Delivered by {Level(level).label.lower()} in {system.name}",
        version=F("version") + 1,
    )
    _open([d for d in missing_deliveries(system=system, today=today) if d.commitment_id == commitment.pk], today)
    PlanRevision.objects.record(replaced, today=today, by=by)
    recompute_deliveries(replaced, today)
    return choice


def _open_footprints(system: Footprint, today: dt.date) -> dict[str, list[int]]:
    by_level: dict[str, list[int]] = {level: [] for level in Level.values}
    for pk, level in Footprint.objects.inside(system).open_on(today).values_list("pk", "level"):
        by_level[level].append(pk)
    return by_level


def _open(missing: list[Delivery], today: dt.date) -> None:
    opened = Delivery.objects.bulk_create(missing, batch_size=1000)
    Position.objects.bulk_create(
        [Position(delivery=delivery, moved_on=today, **Position.UNDECIDED) for delivery in opened], batch_size=1000
    )
    deliveries = [delivery.pk for delivery in opened]
    PlanRevision.objects.record(deliveries, today=today)
    recompute_deliveries(deliveries, today)
