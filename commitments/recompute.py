"""Evidence in, verdicts out: the only writer of positions. Running it twice is harmless.

The commitment's lock comes first, then the evidence is read, so a fact that arrives meanwhile is never lost. Whoever
writes facts takes the same lock before writing them. A small edit calls `recompute_deliveries` in its own transaction;
larger work marks positions due (`set_due`) and a worker calls `recompute`, one short transaction a commitment.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter

from django.db import connection, transaction
from django.db.models.functions import Coalesce, Now
from psycopg2.extras import execute_values

from commitments import coverage, evidence, rules
from commitments.models import Commitment, Delivery, Position, PositionChange
from commitments.rules import Verdict
from commitments.sentences import spoken

# The first key of every advisory lock on a commitment.
_COMMITMENT_LOCK = 2019
_VERDICT = tuple(field.name for field in fields(Verdict))
_values = attrgetter(*_VERDICT)
_ROWS_A_STATEMENT = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: positions examined, positions that changed, and rows of coverage that changed."""

    examined: int = 0
    changed: int = 0
    covered: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.examined + other.examined, self.changed + other.changed, self.covered + other.covered)


@dataclass(frozen=True, slots=True)
class Drift:
    """A position that is not what its evidence says it should be."""

    delivery_id: int
    stored: tuple
    computed: tuple


# --- Locks and due marks ----------------------------------------------------------------------------------


def lock_commitments(commitment_ids: Iterable[int]) -> None:
    """Holds these commitments until the transaction ends; always in the same order, so that nobody waits in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id",
            [_COMMITMENT_LOCK, sorted(set(commitment_ids))],
        )


def _try_lock(commitment_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_COMMITMENT_LOCK, commitment_id])
        return cursor.fetchone()[0]


def set_due(deliveries: Collection[int], today: dt.date) -> None:
    """Marks positions as due; a worker recomputes them. The caller holds their commitments' locks."""
    Position.objects.filter(delivery__in=_with_those_above(deliveries)).update(
        next_change_on=today, marked_due_at=Coalesce("marked_due_at", Now())
    )


def _with_those_above(deliveries: Collection[int]) -> list[int]:
    """These deliveries and those of the same commitments above them: what a child reports may contradict a parent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT above.id
              FROM commitments_delivery d
              JOIN systems_footprint f ON f.id = d.footprint_id
              JOIN commitments_delivery above
                ON above.commitment_id = d.commitment_id
               AND above.footprint_id IN (f.id, f.place_id, f.system_id)
             WHERE d.id = ANY(%s)
            """,
            [list(deliveries)],
        )
        return [row[0] for row in cursor.fetchall()]


# --- The two callers' doors -------------------------------------------------------------------------------


def recompute_deliveries(deliveries: Collection[int], today: dt.date) -> Outcome:
    """Recomputes these deliveries, and those above them, within the caller's transaction."""
    with transaction.atomic():
        commitments = sorted(set(Delivery.objects.filter(pk__in=deliveries).values_list("commitment_id", flat=True)))
        lock_commitments(commitments)
        affected = _with_those_above(deliveries)
        periods = evidence.reporting_periods()
        outcome = Outcome()
        for commitment_id in commitments:
            found = evidence.of_commitment(commitment_id, today, periods=periods, deliveries=affected)
            outcome += _settle(commitment_id, found, today)
        return outcome


def is_anything_due(today: dt.date) -> bool:
    """Whether `recompute` would find a commitment to look at."""
    return bool(_commitments(today, inside="", everything=False))


def recompute(today: dt.date, *, inside: str = "", everything: bool = False) -> Outcome:
    """Recomputes what is due, or everything, below a footprint's path: one short transaction a commitment.

    A commitment that another worker holds is left for the end, and then waited for.
    """
    periods = evidence.reporting_periods()
    waiting = _commitments(today, inside=inside, everything=everything)
    outcome = Outcome()
    for may_wait in (False, True):
        held_elsewhere = []
        for commitment_id in waiting:
            with transaction.atomic():
                if may_wait:
                    lock_commitments([commitment_id])
                elif not _try_lock(commitment_id):
                    held_elsewhere.append(commitment_id)
                    continue
                found = evidence.of_commitment(
                    commitment_id, today, periods=periods, due_only=not everything, inside=inside
                )
                outcome += _settle(commitment_id, found, today, everywhere=everything)
        waiting = held_elsewhere
    return outcome


def audit(today: dt.date, *, inside: str = "", past: bool = False) -> Iterator[Drift]:
    """Computes everything, writes nothing, and yields each position that is not what it should be."""
    periods = evidence.reporting_periods()
    for commitment_id in _commitments(today, inside=inside, everything=True):
        found = list(evidence.of_commitment(commitment_id, today, periods=periods, inside=inside, past=past))
        stored = _stored([e.delivery_id for e in found])
        for e in found:
            computed = _values(rules.verdict(e, today))
            if stored[e.delivery_id][1:] != computed:
                yield Drift(e.delivery_id, stored[e.delivery_id][1:], computed)


def audit_coverage(today: dt.date) -> Iterator[tuple[int, int]]:
    """Rolls everything up, writes nothing, and yields (commitment, rows that differ) where any do."""
    for commitment_id in Commitment.objects.delivered_locally().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            lock_commitments([commitment_id])
            rows = coverage.differing(commitment_id, today)
        if rows:
            yield commitment_id, rows


def verdicts(today: dt.date, *, inside: str = "") -> dict[int, Verdict]:
    """The verdicts on any day, of every delivery that was open by then. Computed, never stored."""
    periods = evidence.reporting_periods()
    return {
        e.delivery_id: rules.verdict(e, today)
        for commitment_id in _commitments(today, inside=inside, everything=True)
        for e in evidence.of_commitment(commitment_id, today, periods=periods, inside=inside, past=True)
    }


# --- Writing ----------------------------------------------------------------------------------------------


def _commitments(today: dt.date, *, inside: str, everything: bool) -> list[int]:
    positions = Position.objects.all() if everything else Position.objects.due(today)
    if inside:
        positions = positions.filter(delivery__footprint__path__startswith=inside)
    found = set(positions.values_list("delivery__commitment_id", flat=True).distinct())
    return sorted(found if inside else found.union(coverage.expired_on(today)))


def _stored(deliveries: list[int]) -> dict[int, tuple]:
    """The positions as they stand: (the day they last moved, then the verdict's fields in order), by delivery."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT delivery_id, moved_on, {', '.join(_VERDICT)} "  # noqa: S608 - column names of our own model
            "FROM commitments_position WHERE delivery_id = ANY(%s)",
            [deliveries],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _settle(
    commitment_id: int, found: Iterable[evidence.Evidence], today: dt.date, *, everywhere: bool = False
) -> Outcome:
    """Writes the verdicts that differ from the positions, logs each that moved, and rolls the commitment up."""
    seen = list(found)
    stored = _stored([e.delivery_id for e in seen])
    changed, moves, other_status = [], [], []
    for e in seen:
        verdict = rules.verdict(e, today)
        moved_on, *old = stored[e.delivery_id]
        if tuple(old) == (new := _values(verdict)):
            continue
        old_status, old_reason = old[0], old[1]
        if (old_status, old_reason) != (verdict.status, verdict.reason_code):
            moves.append(_move(e.delivery_id, old_status if old_reason else "", old_reason, verdict, today))
        if old_status != verdict.status:
            moved_on = today
            other_status.append(e.delivery_id)
        changed.append((e.delivery_id, moved_on, *new))
    _write(changed)
    PositionChange.objects.bulk_create(moves, batch_size=_ROWS_A_STATEMENT)
    _bump_versions([row[0] for row in changed])
    covered = coverage.cover(commitment_id, today, systems=None if everywhere else _systems_of(other_status))
    return Outcome(len(seen), len(changed), covered)


def _systems_of(deliveries: list[int]) -> list[int]:
    if not deliveries:
        return []
    found = Delivery.objects.filter(pk__in=deliveries).order_by().values_list("footprint__system_id", flat=True)
    return [system for system in found.distinct() if system is not None]


def _move(delivery_id: int, from_status: str, from_reason: str, verdict: Verdict, today: dt.date) -> PositionChange:
    return PositionChange(
        delivery_id=delivery_id,
        changed_on=today,
        from_status=from_status,
        from_reason_code=from_reason,
        to_status=verdict.status,
        to_reason_code=verdict.reason_code,
        sentence=spoken(verdict.sentence, verdict.since_on, today),
    )


def _column_type(name: str) -> str:
    return str(Position._meta.get_field(name).db_type(connection)).split("(")[0]


def _write(rows: list[tuple]) -> None:
    if not rows:
        return
    columns = ("moved_on", *_VERDICT)
    assignments = ", ".join(f"{name} = v.{name}" for name in columns)
    template = "(%s, " + ", ".join(f"%s::{_column_type(name)}" for name in columns) + ")"
    statement = (
        f"UPDATE commitments_position p SET {assignments}, marked_due_at = NULL "  # noqa: S608 - column names of our own model
        f"FROM (VALUES %s) AS v (delivery_id, {', '.join(columns)}) WHERE p.delivery_id = v.delivery_id"
    )
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, statement, rows, template=template, page_size=_ROWS_A_STATEMENT)


def _bump_versions(deliveries: list[int]) -> None:
    """Tells every page about the systems touched that what it shows has changed."""
    if not deliveries:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO commitments_positionsversion (system_id, number)
            SELECT DISTINCT f.system_id, 1
              FROM commitments_delivery d JOIN systems_footprint f ON f.id = d.footprint_id
             WHERE d.id = ANY(%s)
             ORDER BY f.system_id
                ON CONFLICT (system_id) DO UPDATE SET number = commitments_positionsversion.number + 1
            """,
            [deliveries],
        )
