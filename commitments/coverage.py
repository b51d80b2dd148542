"""Rolls positions up: every commitment over every footprint above those that deliver it, by number and by population.

Counted are all footprints of the level that delivers it (a system's local level, where it chose one) that are open on
the day; one without a delivery counts as not started. From the ground up: first within each system, then regions and
England from the systems. Only rows that differ are written. The caller holds the commitment's lock.
"""

import datetime as dt
from collections.abc import Collection
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Q

from commitments.choices import FOOTPRINT_LEVEL, DeliveryLevel
from commitments.models import Commitment, CoverageExpiry
from systems.arrays import array
from systems.models import Footprint

# Who delivers each commitment, and whether its coverage counts other footprints than it did.
_KNOWN = """
    SELECT commitment.id, commitment.delivery_level,
           expiry.commitment_id IS NULL OR coalesce(expiry.next_change_on <= %(today)s, false)
      FROM commitments_commitment commitment
      LEFT JOIN commitments_coverageexpiry expiry ON expiry.commitment_id = commitment.id
     WHERE commitment.id = ANY(%(commitments)s) AND commitment.delivery_level <> 'national'
"""
# Which commitments over which systems, and the level that delivers each unless the system chose another.
_TOUCHED = """
    SELECT * FROM unnest(%(touched)s::bigint[], %(levels)s::text[], %(systems)s::bigint[])
               AS touched (commitment_id, level, system_id)
"""
# Counted first where the areas lie, then over all that these lie in, up to their system.
_WITHIN_SYSTEMS = """
    SELECT counted.commitment_id, above.id AS footprint_id, counted.status,
           sum(counted.deliveries) AS deliveries, sum(counted.people) AS people
      FROM (SELECT touched.commitment_id, coalesce(position.status, 'not_started') AS status,
                   CASE leaf.level WHEN 'system' THEN leaf.id ELSE leaf.parent_id END AS within_id,
                   count(*) AS deliveries, coalesce(sum(leaf.population), 0) AS people
              FROM touched
              LEFT JOIN commitments_locallevel chosen
                ON chosen.commitment_id = touched.commitment_id AND chosen.system_id = touched.system_id
              JOIN systems_footprint leaf
                ON leaf.system_id = touched.system_id AND leaf.level = coalesce(chosen.level, touched.level)
              LEFT JOIN commitments_delivery delivery
                ON delivery.commitment_id = touched.commitment_id AND delivery.footprint_id = leaf.id
              LEFT JOIN commitments_position position ON position.delivery_id = delivery.id
             WHERE coalesce(leaf.opened_on, %(today)s) <= %(today)s AND coalesce(leaf.closed_on, %(today)s) >= %(today)s
             GROUP BY 1, 2, 3) counted
      JOIN systems_footprintancestor lies_in ON lies_in.footprint_id = counted.within_id
      JOIN systems_footprint above ON above.id = lies_in.ancestor_id AND above.system_id IS NOT NULL
     GROUP BY 1, 2, 3
"""
# Each with its system before it meets what was touched (OFFSET 0): else each meets every system of its commitment.
_STORED_WITHIN_SYSTEMS = """
    SELECT stored.*
      FROM (SELECT held.*, inside.system_id
              FROM commitments_coverage held
              JOIN systems_footprint inside ON inside.id = held.footprint_id
             WHERE held.commitment_id = ANY(%(commitments)s)
            OFFSET 0) stored
      JOIN touched USING (commitment_id, system_id)
"""
_ABOVE_SYSTEMS = """
    SELECT below.commitment_id, lies_in.ancestor_id AS footprint_id, below.status,
           sum(below.deliveries) AS deliveries, sum(below.people) AS people
      FROM commitments_coverage below
      JOIN systems_footprint system ON system.id = below.footprint_id AND system.level = 'system'
      JOIN systems_footprintancestor lies_in ON lies_in.footprint_id = system.id AND lies_in.ancestor_id <> system.id
     WHERE below.commitment_id = ANY(%(commitments)s)
     GROUP BY 1, 2, 3
"""
_STORED_ABOVE_SYSTEMS = """
    SELECT stored.*
      FROM commitments_coverage stored
      JOIN systems_footprint above ON above.id = stored.footprint_id AND above.level IN ('region', 'england')
     WHERE stored.commitment_id = ANY(%(commitments)s)
"""

# Statements of one form: what should stand, what stands, and the rows that differ. The lock of each commitment is
# held, so nobody else writes them meanwhile.
_WRITE = """
    WITH touched AS ({touched}), fresh AS ({fresh}), stored AS ({stored}), other AS (
        SELECT commitment_id, footprint_id, status, fresh.deliveries, fresh.people
          FROM fresh FULL JOIN stored USING (commitment_id, footprint_id, status)
         WHERE (fresh.deliveries, fresh.people) IS DISTINCT FROM (stored.deliveries, stored.people)
    ), gone AS (
        DELETE FROM commitments_coverage old USING other
         WHERE (old.commitment_id, old.footprint_id, old.status)
             = (other.commitment_id, other.footprint_id, other.status) AND other.deliveries IS NULL
    ), written AS (
        INSERT INTO commitments_coverage (commitment_id, footprint_id, status, deliveries, people)
        SELECT * FROM other WHERE deliveries IS NOT NULL
            ON CONFLICT (commitment_id, footprint_id, status)
            DO UPDATE SET deliveries = excluded.deliveries, people = excluded.people
    )
    SELECT count(*) FROM other
"""
_STEPS = (
    _WRITE.format(touched=_TOUCHED, fresh=_WITHIN_SYSTEMS, stored=_STORED_WITHIN_SYSTEMS),
    _WRITE.format(touched=_TOUCHED, fresh=_ABOVE_SYSTEMS, stored=_STORED_ABOVE_SYSTEMS),
)


def cover(
    commitments: Collection[int], today: dt.date, *, touched: Collection[tuple[int, int | None]] | None = None
) -> int:
    """Brings the coverage of commitments up to date, in the systems touched and above; returns how many rows changed.

    `touched`: (commitment, system). All systems are done where it is None, and for each commitment for which the
    footprints that count have changed since.
    """
    levels, expired = _known(commitments, today)
    everywhere = list(levels) if touched is None else expired
    pairs = {pair for pair in touched or () if pair[0] in levels}
    if everywhere:
        systems = Footprint.objects.systems().order_by().values_list("pk", flat=True)
        pairs.update(product(everywhere, systems))
    changed = _write(levels, pairs, today) if pairs else 0
    _note_expiry(expired, today)
    return changed


def _write(levels: dict[int, str], pairs: Collection[tuple[int, int | None]], today: dt.date) -> int:
    """Brings the rows of these commitments over these systems, and above them, to what they should be."""
    facts: dict[str, Any] = {
        # Each once: the planner looks at every one of them.
        "commitments": array({commitment for commitment, _ in pairs}),
        "touched": array(commitment for commitment, _ in pairs),
        "levels": array(levels[commitment] for commitment, _ in pairs),
        "systems": array(system for _, system in pairs),
        "today": today,
    }
    changed = 0
    with connection.cursor() as cursor:
        for step in _STEPS:
            cursor.execute(step, facts)
            changed += cursor.fetchone()[0]
    return changed


def differing(commitment_id: int, today: dt.date) -> int:
    """How many rows of a commitment's coverage are not what they should be. Writes nothing that stays."""
    with transaction.atomic():
        changed = cover([commitment_id], today)
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


def _known(commitments: Collection[int], today: dt.date) -> tuple[dict[int, str], list[int]]:
    """The level that delivers each of these commitments, and those whose coverage counts other footprints by now."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"commitments": array(commitments), "today": today})
        found = cursor.fetchall()
    levels = {pk: FOOTPRINT_LEVEL[DeliveryLevel(delivery_level)].value for pk, delivery_level, _ in found}
    return levels, [pk for pk, _, is_expired in found if is_expired]


def _note_expiry(commitments: Collection[int], today: dt.date) -> None:
    """Says until which day the footprints that now count are those that should."""
    if commitments:
        next_change_on = _next_opening_or_closing(today)
        CoverageExpiry.objects.bulk_create(
            [CoverageExpiry(commitment_id=pk, next_change_on=next_change_on) for pk in commitments],
            update_conflicts=True,
            unique_fields=["commitment"],
            update_fields=["next_change_on", "marked_due_at"],
        )


def _next_opening_or_closing(today: dt.date) -> dt.date | None:
    """The next day on which some footprint opens, or has closed."""
    opening = Footprint.objects.filter(opened_on__gt=today).aggregate(day=Min("opened_on"))["day"]
    closing = Footprint.objects.filter(closed_on__gte=today).aggregate(day=Min("closed_on"))["day"]
    return min((day for day in (opening, closing and closing + dt.timedelta(days=1)) if day), default=None)
