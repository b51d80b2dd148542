"""Evidence in, verdicts out: the only writer of maturity positions. Running it twice is harmless.

The system's lock comes first, then the evidence is read, so a fact that arrives meanwhile is never lost. Whoever writes
facts takes the same lock before writing them. One footprint's facts are recomputed in their own transaction; larger
work marks positions due (`set_due`), and a worker calls `recompute`: short transactions of some systems each.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count
from psycopg2.extras import execute_values

from systems import evidence, rules
from systems.batches import batches, shared
from systems.evidence import Frame
from systems.models import MaturityChange, MaturityPosition, MaturityVersion
from systems.rules import Verdict

# The first key of every advisory lock on a system's maturity.
_MATURITY_LOCK = 2021
_VERDICT = tuple(field.name for field in fields(Verdict))
# Lists of keys are compared, and written, in the database's own spelling: a list that nobody reads costs nothing.
_LISTS = frozenset({"in_the_way", "uncovered", "split"})
_ROWS_A_STATEMENT = 1000
# A batch is one transaction, and nobody saves what it holds meanwhile.
_POSITIONS_A_BATCH = 3000

# What was concluded of each Evidence of a run, by what it is in memory: the run keeps them all.
Known = dict[int, tuple[Verdict, tuple]]

# Each domain of a current framework, at each open footprint that the framework judges.
_WANTED = """
SELECT footprint.id AS footprint_id, domain.id AS domain_id
  FROM systems_framework framework
  JOIN systems_domain domain ON domain.framework_id = framework.id
  JOIN systems_footprint footprint
    ON footprint.level = framework.level OR framework.used_at_places AND footprint.level = 'place'
 WHERE NOT EXISTS (SELECT FROM systems_framework later WHERE later.replaces_id = framework.id)
   AND (framework.footprint_id IS NULL OR framework.footprint_id = footprint.id)
   AND footprint.system_id IS NOT NULL AND (footprint.closed_on IS NULL OR footprint.closed_on >= %(today)s)
"""
_POSITIONS = """
SELECT footprint.id, position.domain_id, footprint.level, footprint.path,
       position.id, footprint.system_id, position.moved_on, {verdict}
  FROM systems_maturityposition position
  JOIN systems_footprint footprint ON footprint.id = position.footprint_id
 WHERE position.domain_id = ANY(%(domains)s)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: positions examined, and positions that changed."""

    examined: int = 0
    changed: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.examined + other.examined, self.changed + other.changed)


@dataclass(frozen=True, slots=True)
class Drift:
    """A position that is not what its evidence says it should be."""

    footprint_id: int
    domain_id: int
    stored: tuple
    computed: tuple


class Stored(NamedTuple):
    """A position as it stands: what it is about, and a verdict's fields in order."""

    footprint_id: int
    domain_id: int
    level: str
    path: str
    pk: int
    system_id: int
    moved_on: dt.date
    verdict: tuple


def _values(found: Verdict) -> tuple:
    """A verdict's fields in order, as they are stored."""
    return tuple(
        f"{{{','.join(map(str, getattr(found, name)))}}}" if name in _LISTS else getattr(found, name)
        for name in _VERDICT
    )


# --- Locks, births and due marks --------------------------------------------------------------------------


def lock_systems(systems: Iterable[int | None]) -> None:
    """Holds these systems' maturity until the transaction ends; always in the same order, so that nobody rings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id",
            [_MATURITY_LOCK, sorted({system for system in systems if system is not None})],
        )


def _locked(systems: list[int], *, may_wait: bool) -> list[int]:
    """Those of these systems that are ours until the transaction ends: all if we may wait, else the free ones."""
    if may_wait:
        lock_systems(systems)
        return systems
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::int[]) AS id WHERE pg_try_advisory_xact_lock(%s, id)", [systems, _MATURITY_LOCK]
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def open_positions(today: dt.date) -> int:
    """Gives every domain a position wherever its framework judges, and takes those of replaced frameworks away.

    Called after the map or the frameworks were loaded. A position is born due. Returns how many rows came or went.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM systems_maturityposition position
             WHERE NOT EXISTS (SELECT FROM ({_WANTED}) wanted
                                WHERE wanted.footprint_id = position.footprint_id
                                  AND wanted.domain_id = position.domain_id)
            """,  # noqa: S608 - a query of our own
            {"today": today},
        )
        gone = cursor.rowcount
        cursor.execute(
            f"""
            INSERT INTO systems_maturityposition
                   (footprint_id, domain_id, status, gap, in_the_way, uncovered, split, sentence, next_change_on,
                    moved_on)
            SELECT footprint_id, domain_id, 'not_assessed', 0, '{{}}', '{{}}', '{{}}', '', %(today)s, %(today)s
              FROM ({_WANTED}) wanted
             ORDER BY footprint_id, domain_id
                ON CONFLICT DO NOTHING
            """,  # noqa: S608 - a query of our own
            {"today": today},
        )
        return gone + cursor.rowcount


def set_due(today: dt.date, *, framework: int | None = None, inside: str = "") -> None:
    """Marks positions as due, of one framework or of all, below a path; a worker recomputes them."""
    positions = MaturityPosition.objects.filter(footprint__path__startswith=inside)
    if framework is not None:
        positions = positions.filter(domain__framework=framework)
    MaturityPosition.objects.filter(pk__in=positions.order_by().values("pk")).mark_due(today)


# --- The two callers' doors -------------------------------------------------------------------------------


def recompute_footprint(footprint_id: int, today: dt.date) -> Outcome:
    """Recomputes one footprint, within the transaction of a caller who holds its system's lock."""
    frame = evidence.frame(today)
    return _settle(_stored(frame, " AND footprint.id = %(footprint)s", footprint=footprint_id), today, frame)


def recompute(today: dt.date, *, inside: str = "", everything: bool = False, hands: int = 1) -> Outcome:
    """Recomputes what is due, or everything, below a footprint's path: one short transaction a batch of systems.

    A system that another worker holds is left for the end, and then waited for. Several `hands` share the
    batches.
    """
    work = _work(today, inside=inside, everything=everything)
    if not work:
        return Outcome()
    settle = partial(
        _settle_batch, today=today, frame=evidence.frame(today), known=Known(), inside=inside, everything=everything
    )
    outcome = Outcome()
    for may_wait in (False, True):
        held_elsewhere: set[int] = set()
        for done, held in shared(partial(settle, may_wait=may_wait), batches(work, _POSITIONS_A_BATCH), hands):
            outcome += done
            held_elsewhere |= held
        work = {pk: work[pk] for pk in held_elsewhere}
    return outcome


def _settle_batch(
    batch: list[int], *, today: dt.date, frame: Frame, known: Known, inside: str, everything: bool, may_wait: bool
) -> tuple[Outcome, set[int]]:
    """One transaction: what came of those systems that were free, and which were not."""
    only = " AND footprint.system_id = ANY(%(systems)s) AND footprint.path LIKE %(inside)s"
    only += "" if everything else " AND position.next_change_on <= %(today)s"
    with transaction.atomic():
        mine = _locked(batch, may_wait=may_wait)
        stored = _stored(frame, only, systems=mine, inside=f"{inside}%", today=today)
        return _settle(stored, today, frame, known), set(batch).difference(mine)


def audit(today: dt.date, *, inside: str = "") -> Iterator[Drift]:
    """Computes everything, writes nothing, and yields each position that is not what it should be."""
    frame = evidence.frame(today)
    for batch in batches(_work(today, inside=inside, everything=True), _POSITIONS_A_BATCH):
        only = " AND footprint.system_id = ANY(%(systems)s) AND footprint.path LIKE %(inside)s"
        stored = _stored(frame, only, systems=batch, inside=f"{inside}%")
        for row, _, computed in _decided(stored, today, frame):
            if row.verdict != computed:
                yield Drift(row.footprint_id, row.domain_id, row.verdict, computed)


def verdicts(footprint_id: int, today: dt.date) -> dict[int, Verdict]:
    """The verdicts on one footprint on any day, by domain. Computed, never stored."""
    frame = evidence.frame(today)
    stored = _stored(frame, " AND footprint.id = %(footprint)s", footprint=footprint_id)
    return {row.domain_id: found for row, found, _ in _decided(stored, today, frame)}


# --- Reading and writing ----------------------------------------------------------------------------------


def _work(today: dt.date, *, inside: str, everything: bool) -> dict[int, int]:
    """The systems to look at, each with how many positions that is."""
    positions = MaturityPosition.objects.all() if everything else MaturityPosition.objects.due(today)
    if inside:
        positions = positions.filter(footprint__path__startswith=inside)
    counted = positions.order_by().values_list("footprint__system_id").annotate(Count("pk"))
    return dict(counted.order_by("footprint__system_id"))


def _stored(frame: Frame, only: str, **facts: Any) -> list[Stored]:
    """Positions as they stand, of domains that a current framework has."""
    columns = (f"position.{name}::text" if name in _LISTS else f"position.{name}" for name in _VERDICT)
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS.format(verdict=", ".join(columns)) + only, {**facts, "domains": list(frame.criteria)})
        return [Stored._make((*row[:7], row[7:])) for row in cursor.fetchall()]


def _decided(
    stored: list[Stored], today: dt.date, frame: Frame, known: Known | None = None
) -> Iterator[tuple[Stored, Verdict, tuple]]:
    """Each position with its verdict, and that as it is stored. Domains that share their evidence are decided once."""
    known = {} if known is None else known
    for row, e in zip(stored, evidence.of_domains(stored, today, frame), strict=True):
        concluded = known.get(id(e))
        if concluded is None:
            verdict = rules.verdict(e, today)
            concluded = known[id(e)] = verdict, _values(verdict)
        yield row, *concluded


def _settle(stored: list[Stored], today: dt.date, frame: Frame, known: Known | None = None) -> Outcome:
    """Writes the verdicts that differ from the positions, and logs each that moved."""
    changed, moves, systems = [], [], set()
    for row, found, new in _decided(stored, today, frame, known):
        if row.verdict == new:
            continue
        old = dict(zip(_VERDICT, row.verdict, strict=True))
        moved_on = row.moved_on if old["status"] == found.status and old["sentence"] else today
        # That nobody has judged what was just born is no news.
        if (old["status"], old["reached"]) != (found.status, found.reached):
            moves.append(_move(row, old, found, today))
        changed.append((row.pk, moved_on, *new))
        systems.add(row.system_id)
    _write(changed)
    MaturityChange.objects.bulk_create(moves, batch_size=_ROWS_A_STATEMENT)
    MaturityVersion.objects.bump(systems)
    return Outcome(len(stored), len(changed))


def _move(row: Stored, old: dict[str, Any], found: Verdict, today: dt.date) -> MaturityChange:
    return MaturityChange(
        footprint_id=row.footprint_id,
        domain_id=row.domain_id,
        changed_on=today,
        from_status=old["status"] if old["sentence"] else "",
        from_reached=old["reached"],
        to_status=found.status,
        to_reached=found.reached,
        sentence=found.sentence,
    )


def _column_type(name: str) -> str:
    return str(MaturityPosition._meta.get_field(name).db_type(connection)).split("(")[0]


def _write(rows: list[tuple]) -> None:
    if not rows:
        return
    columns = ("moved_on", *_VERDICT)
    assignments = ", ".join(f"{name} = v.{name}" for name in columns)
    template = "(%s, " + ", ".join(f"%s::{_column_type(name)}" for name in columns) + ")"
    statement = (
        f"UPDATE systems_maturityposition p SET {assignments}, marked_due_at = NULL "  # noqa: S608 - our own columns
        f"FROM (VALUES %s) AS v (id, {', '.join(columns)}) WHERE p.id = v.id"
    )
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, statement, rows, template=template, page_size=_ROWS_A_STATEMENT)
