"""Rolls positions up: every commitment over every footprint above those that deliver it, by number and by population.

Counted are all footprints of the level that delivers it (a system's local level, where it chose one) that are open on
the day; one without a delivery counts as not started. From the ground up: first within each system, then regions and
England from the systems. Only rows that differ are written. The caller holds the commitment's lock.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Q

from commitments.models import Commitment, CoverageExpiry
from systems.models import Footprint

_WITHIN_SYSTEMS = """
    SELECT above.id AS footprint_id, coalesce(position.status, 'not_started') AS status,
           count(*) AS deliveries, coalesce(sum(leaf.population), 0) AS people
      FROM systems_footprint leaf
      JOIN systems_footprintancestor lies_in ON lies_in.footprint_id = leaf.id
      JOIN systems_footprint above ON above.id = lies_in.ancestor_id
      LEFT JOIN commitments_locallevel chosen
        ON chosen.commitment_id = %(commitment)s AND chosen.system_id = leaf.system_id
      LEFT JOIN commitments_delivery delivery
        ON delivery.commitment_id = %(commitment)s AND delivery.footprint_id = leaf.id
      LEFT JOIN commitments_position position ON position.delivery_id = delivery.id
     WHERE leaf.level = coalesce(chosen.level, %(level)s)
       AND coalesce(leaf.opened_on, %(today)s) <= %(today)s AND coalesce(leaf.closed_on, %(today)s) >= %(today)s
       AND leaf.system_id = ANY(%(systems)s)
       AND (above.level = 'system' OR above.system_id IS NOT NULL AND above.id <> leaf.id)
     GROUP BY 1, 2
"""
_IN_SYSTEMS = "SELECT id FROM systems_footprint WHERE system_id = ANY(%(systems)s)"

_ABOVE_SYSTEMS = """
    SELECT lies_in.ancestor_id AS footprint_id, below.status,
           sum(below.deliveries) AS deliveries, sum(below.people) AS people
      FROM commitments_coverage below
      JOIN systems_footprint system ON system.id = below.footprint_id AND system.level = 'system'
      JOIN systems_footprintancestor lies_in ON lies_in.footprint_id = system.id AND lies_in.ancestor_id <> system.id
     WHERE below.commitment_id = %(commitment)s
     GROUP BY 1, 2
"""
_ALL_ABOVE_SYSTEMS = "SELECT id FROM systems_footprint WHERE level IN ('region', 'england')"

# Statements of one form: what should stand, over which footprints, and what differs.
_WRITE = """
    WITH fresh AS ({fresh}), gone AS (
        DELETE FROM commitments_coverage old
         WHERE old.commitment_id = %(commitment)s AND old.footprint_id IN ({scope})
           AND NOT EXISTS (
               SELECT FROM fresh WHERE (fresh.footprint_id, fresh.status) = (old.footprint_id, old.status)
           )
        RETURNING 1
    ), written AS (
        INSERT INTO commitments_coverage AS stored (commitment_id, footprint_id, status, deliveries, people)
        SELECT %(commitment)s, footprint_id, status, deliveries, people FROM fresh
            ON CONFLICT (commitment_id, footprint_id, status)
            DO UPDATE SET deliveries = excluded.deliveries, people = excluded.people
         WHERE (stored.deliveries, stored.people) IS DISTINCT FROM (excluded.deliveries, excluded.people)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""
_STEPS = (
    _WRITE.format(fresh=_WITHIN_SYSTEMS, scope=_IN_SYSTEMS),
    _WRITE.format(fresh=_ABOVE_SYSTEMS, scope=_ALL_ABOVE_SYSTEMS),
)


def cover(commitment_id: int, today: dt.date, *, systems: Collection[int] | None = None) -> int:
    """Brings a commitment's coverage up to date, in these systems and above them; returns how many rows changed.

    All systems are done where none are named, or where the footprints that count have changed since.
    """
    commitment = Commitment.objects.select_related("coverage_expiry").get(pk=commitment_id)
    expired = _has_expired(commitment, today)
    level = commitment.footprint_level
    if level is None or (systems is not None and not systems and not expired):
        return 0
    if systems is None or expired:
        systems = list(Footprint.objects.systems().order_by().values_list("pk", flat=True))
    facts: dict[str, Any] = {
        "commitment": commitment_id,
        "level": level.value,
        "today": today,
        "systems": list(systems),
    }
    changed = 0
    with connection.cursor() as cursor:
        for step in _STEPS:
            cursor.execute(step, facts)
            changed += cursor.fetchone()[0]
    if expired:
        CoverageExpiry.objects.update_or_create(
            commitment=commitment,
            defaults={"next_change_on": _next_opening_or_closing(today), "marked_due_at": None},
        )
    return changed


def differing(commitment_id: int, today: dt.date) -> int:
    """How many rows of a commitment's coverage are not what they should be. Writes nothing that stays."""
    with transaction.atomic():
        changed = cover(commitment_id, today)
        transaction.set_rollback(True)
    return changed


def expired_on(today: dt.date) -> list[int]:
    """The commitments whose coverage counts other footprints than it did, or was never worked out."""
    due = Q(coverage_expiry__isnull=True) | Q(coverage_expiry__next_change_on__lte=today)
    return list(Commitment.objects.delivered_locally().filter(due).order_by().values_list("pk", flat=True))


def expire(commitments: Collection[int], today: dt.date) -> None:
    """Marks coverage as due: populations, the map or a level changed. The caller holds the commitments' locks."""
    new = [CoverageExpiry(commitment_id=pk) for pk in commitments]
    CoverageExpiry.objects.bulk_create(new, ignore_conflicts=True)
    CoverageExpiry.objects.filter(commitment__in=commitments).mark_due(today)


def _has_expired(commitment: Commitment, today: dt.date) -> bool:
    if not hasattr(commitment, "coverage_expiry"):
        return True
    expires_on = commitment.coverage_expiry.next_change_on
    return expires_on is not None and expires_on <= today


def _next_opening_or_closing(today: dt.date) -> dt.date | None:
    """The next day on which some footprint opens, or has closed."""
    opening = Footprint.objects.filter(opened_on__gt=today).aggregate(day=Min("opened_on"))["day"]
    closing = Footprint.objects.filter(closed_on__gte=today).aggregate(day=Min("closed_on"))["day"]
    return min((day for day in (opening, closing and closing + dt.timedelta(days=1)) if day), default=None)
