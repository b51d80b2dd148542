"""Evidence in, verdicts out: the only writer of positions. Running it twice is harmless.

The commitment's lock comes first, then the evidence is read, so a fact that arrives meanwhile is never lost. Whoever
writes facts takes the same lock before writing them. A small edit calls `recompute_deliveries` in its own transaction;
larger work marks positions due (`set_due`) and a worker calls `recompute`: short transactions of some commitments each.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from django.db import connection, transaction
from django.db.models import Count

from commitments import coverage, evidence, rules
from commitments.locks import lock_commitments, locked
from commitments.models import Commitment, Delivery, Position, PositionChange, PositionsVersion
from commitments.rules import Verdict
from commitments.sentences import spoken
from systems.arrays import array
from systems.batches import batches, shared

_VERDICT = Verdict._fields
_ROWS_A_STATEMENT = 1000
# A batch is one transaction, and nobody saves what it holds: so many deliveries take a tenth of a second.
_DELIVERIES_A_BATCH = 1000


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


# --- Due marks --------------------------------------------------------------------------------------------


def set_due(deliveries: Collection[int], today: dt.date) -> None:
    """Marks positions as due; a worker recomputes them. The caller holds their commitments' locks."""
    Position.objects.filter(delivery__in=_with_those_above(deliveries)).mark_due(today)


def _with_those_above(deliveries: Collection[int]) -> dict[int, int]:
    """These deliveries and those of the same commitments above them, each with its commitment.

    What a child reports may contradict a parent.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT above.id, above.commitment_id
              FROM commitments_delivery d
              JOIN systems_footprintancestor lies_in ON lies_in.footprint_id = d.footprint_id
              JOIN commitments_delivery above
                ON above.commitment_id = d.commitment_id AND above.footprint_id = lies_in.ancestor_id
             WHERE d.id = ANY(%s)
            """,
            [array(deliveries)],
        )
        return dict(cursor.fetchall())


# --- The two callers' doors -------------------------------------------------------------------------------


def recompute_deliveries(deliveries: Collection[int], today: dt.date) -> Outcome:
    """Recomputes these deliveries, and those above them, within the transaction of a caller who holds the locks."""
    affected = _with_those_above(deliveries)
    commitments = sorted(set(affected.values()))
    periods = evidence.reporting_periods()
    found = evidence.of_commitments(commitments, today, periods=periods, deliveries=affected)
    return _settle(commitments, found, today)


def is_anything_due(today: dt.date) -> bool:
    """Whether `recompute` would find a commitment to look at."""
    return bool(_work(today, inside="", everything=False))


def recompute(today: dt.date, *, inside: str = "", everything: bool = False, hands: int = 1) -> Outcome:
    """Recomputes what is due, or everything, below a footprint's path: one short transaction a batch of commitments.

    A commitment that another worker holds is left for the end, and then waited for. More `hands` than one share the
    batches, each a process with a connection of its own; the caller is then in no transaction.
    """
    periods = evidence.reporting_periods()
    settle = partial(_settle_batch, today=today, periods=periods, inside=inside, everything=everything)
    work = _work(today, inside=inside, everything=everything)
    outcome = Outcome()
    for may_wait in (False, True):
        held_elsewhere: set[int] = set()
        for done, held in shared(partial(settle, may_wait=may_wait), batches(work, _DELIVERIES_A_BATCH), hands):
            outcome += done
            held_elsewhere |= held
        work = {pk: work[pk] for pk in held_elsewhere}
    return outcome


def _settle_batch(
    batch: list[int], *, today: dt.date, periods: evidence.Periods, inside: str, everything: bool, may_wait: bool
) -> tuple[Outcome, set[int]]:
    """One transaction: what came of those commitments that were free, and which were not."""
    with transaction.atomic():
        mine = locked(batch, may_wait=may_wait)
        found = evidence.of_commitments(mine, today, periods=periods, due_only=not everything, inside=inside)
        return _settle(mine, found, today, everywhere=everything), set(batch).difference(mine)


def audit(today: dt.date, *, inside: str = "", past: bool = False) -> Iterator[Drift]:
    """Computes everything, writes nothing, and yields each position that is not what it should be."""
    periods = evidence.reporting_periods()
    for batch in batches(_work(today, inside=inside, everything=True), _DELIVERIES_A_BATCH):
        found = list(evidence.of_commitments(batch, today, periods=periods, inside=inside, past=past))
        stored = _stored([e.delivery_id for e in found])
        for e in found:
            computed = rules.verdict(e, today)
            if (standing := stored[e.delivery_id][3:]) != computed:
                yield Drift(e.delivery_id, standing, computed)


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
        for batch in batches(_work(today, inside=inside, everything=True), _DELIVERIES_A_BATCH)
        for e in evidence.of_commitments(batch, today, periods=periods, inside=inside, past=True)
    }


# --- Writing ----------------------------------------------------------------------------------------------


def _work(today: dt.date, *, inside: str, everything: bool) -> dict[int, int]:
    """The commitments to look at, each with how many deliveries that is."""
    positions = Position.objects.all() if everything else Position.objects.due(today)
    if inside:
        positions = positions.filter(delivery__footprint__path__startswith=inside)
    counted = positions.order_by().values_list("delivery__commitment_id").annotate(Count("pk"))
    found = dict(counted.order_by("delivery__commitment_id"))
    if not inside:
        # Where the coverage has to be counted anew, all of a commitment is.
        expired = coverage.expired_on(today)
        whole = Delivery.objects.filter(commitment__in=expired).order_by().values_list("commitment_id")
        found |= dict.fromkeys(expired, 0) | dict(whole.annotate(Count("pk")))
    return found


def _stored(deliveries: list[int]) -> dict[int, tuple]:
    """By delivery: itself, the day its status last moved, since when it is contradicted, and then its verdict."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT delivery_id, moved_on, contradicted_on, {', '.join(_VERDICT)} "  # noqa: S608 - column names of our own model
            "FROM commitments_position WHERE delivery_id = ANY(%s)",
            [array(deliveries)],
        )
        return {row[0]: row for row in cursor.fetchall()}


def _settle(
    commitments: list[int], found: Iterable[evidence.Evidence], today: dt.date, *, everywhere: bool = False
) -> Outcome:
    """Writes the verdicts that differ from the positions, logs each that moved, and rolls the commitments up."""
    seen = list(found)
    stored = _stored([e.delivery_id for e in seen])
    changed, moves, other_status = [], [], []
    for e in seen:
        row, verdict = stored[e.delivery_id], rules.verdict(e, today)
        old = row[3:]
        if old == verdict:
            continue
        moved_on, contradicted_on = row[1:3]
        old_status, old_reason = old[:2]
        if (old_status, old_reason) != (verdict.status, verdict.reason_code):
            moves.append(_move(e.delivery_id, old_status if old_reason else "", old_reason, verdict, today))
        if old_status != verdict.status:
            moved_on = today
            other_status.append(e.delivery_id)
        since = (contradicted_on or today) if verdict.contradiction else None
        dates = {"moved_on": moved_on, "contradicted_on": since}
        changed.append({"delivery_id": e.delivery_id, **dates, **verdict._asdict()})
    places = _write(changed)
    PositionChange.objects.bulk_create(moves, batch_size=_ROWS_A_STATEMENT)
    touched = None if everywhere else {places[delivery] for delivery in other_status}
    covered = coverage.cover(commitments, today, touched=touched)
    PositionsVersion.objects.bump({system for _, system in places.values()})
    return Outcome(len(seen), len(changed), covered)


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


@cache
def _write_statement() -> str:
    """Positions from rows of JSON: as one text they are parsed in half the time of as many VALUES."""
    columns = ("moved_on", "contradicted_on", *_VERDICT)
    types = {name: str(Position._meta.get_field(name).db_type(connection)).split("(")[0] for name in columns}
    assignments = ", ".join(f"{name} = v.{name}" for name in columns)
    return (
        f"UPDATE commitments_position p SET {assignments}, marked_due_at = NULL "  # noqa: S608 - column names of our own model
        f"FROM json_to_recordset(%s) AS v (delivery_id bigint, {', '.join(map(' '.join, types.items()))}) "
        "JOIN commitments_delivery d ON d.id = v.delivery_id JOIN systems_footprint f ON f.id = d.footprint_id "
        "WHERE p.delivery_id = v.delivery_id RETURNING d.id, d.commitment_id, f.system_id"
    )


def _write(rows: list[dict]) -> dict[int, tuple[int, int | None]]:
    """Writes verdicts; returns the commitment and the system of each delivery written."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_write_statement(), [json.dumps(rows, default=dt.date.isoformat)])
        return {delivery: (commitment, system) for delivery, commitment, system in cursor.fetchall()}
