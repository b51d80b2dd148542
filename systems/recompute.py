"""Evidence in, verdicts out: the only writer of maturity positions. Running it twice is harmless.

The system's lock comes first, then the evidence is read, so a fact that arrives meanwhile is never lost. Whoever writes
facts takes the same lock before writing them. One footprint's facts are recomputed in their own transaction; larger
work marks positions due (`set_due`), and a worker calls `recompute`: short transactions of some systems each.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count
from psycopg2.extras import execute_values

from systems import evidence, rules
from systems.batches import batches, shared
from systems.evidence import Frame, State
from systems.locks import locked
from systems.models import MaturityPosition, MaturityVersion
from systems.rules import Verdict

_VERDICT = tuple(field.name for field in fields(Verdict))
_fields = attrgetter(*_VERDICT)
_ROWS_A_STATEMENT = 1000
# A batch is one transaction, and nobody saves what it holds meanwhile.
_POSITIONS_A_BATCH = 3000

# What a run has concluded of each state, also as it is stored: the same state is decided once.
Known = dict[State, tuple[Verdict, tuple]]

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
_INSIDE = "footprint.system_id = ANY(%(systems)s) AND footprint.path LIKE %(inside)s"
_DUE = "position.next_change_on <= %(today)s"
# One statement writes a verdict to all positions that it is about, and logs those whose status or level it moves. That
# nobody has judged what was just born is no news.
_WRITE = """
WITH verdict (ids, was_born, from_status, from_reached, {columns}) AS (VALUES %s), written AS (
     UPDATE systems_maturityposition position
        SET {assignments}, marked_due_at = NULL,
            moved_on = CASE WHEN from_status = verdict.status AND NOT was_born THEN moved_on ELSE {today} END
       FROM verdict CROSS JOIN unnest(ids) AS one (id)
      WHERE position.id = one.id
  RETURNING position.footprint_id, position.domain_id, was_born, from_status, from_reached, verdict.status,
            verdict.reached, verdict.sentence
), logged AS (
     INSERT INTO systems_maturitychange (footprint_id, domain_id, changed_on, from_status, from_reached, to_status,
                                         to_reached, sentence, recorded_at)
     SELECT footprint_id, domain_id, {today}, CASE WHEN was_born THEN '' ELSE from_status END, from_reached, status,
            reached, sentence, now()
       FROM written
      WHERE (from_status, from_reached) IS DISTINCT FROM (status, reached)
)
SELECT DISTINCT system_id FROM written JOIN systems_footprint footprint ON footprint.id = footprint_id
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


class Decided(NamedTuple):
    """Positions in one state that are stored alike: what stands there, and what should."""

    domain_id: int
    number: int
    # Their keys, as the database spells a list.
    positions: str
    stored: tuple
    verdict: Verdict
    computed: tuple


def _values(found: Verdict) -> tuple:
    """A verdict's fields in order, in the database's own spelling: so they are compared, and written."""
    return tuple(None if value is None else _spelt(value) for value in _fields(found))


def _spelt(value: Any) -> str:
    return f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else str(value)


# --- Births and due marks ---------------------------------------------------------------------------------


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
    return _settle(_decided(frame, today, Known(), at="footprint.id = %(id)s", id=footprint_id), today)


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
    with transaction.atomic():
        mine = locked(batch, may_wait=may_wait)
        only = "true" if everything else _DUE
        decided = _decided(frame, today, known, at=_INSIDE, only=only, systems=mine, inside=f"{inside}%")
        return _settle(decided, today), set(batch).difference(mine)


def audit(today: dt.date, *, inside: str = "") -> Iterator[Drift]:
    """Computes everything, writes nothing, and yields each position that is not what it should be."""
    frame, known = evidence.frame(today), Known()
    for batch in batches(_work(today, inside=inside, everything=True), _POSITIONS_A_BATCH):
        for one in _decided(frame, today, known, at=_INSIDE, systems=batch, inside=f"{inside}%"):
            if one.stored != one.computed:
                keys = one.positions.strip("{}").split(",")
                for position in MaturityPosition.objects.filter(pk__in=keys).order_by("pk"):
                    yield Drift(position.footprint_id, position.domain_id, one.stored, one.computed)


def verdicts(footprint_id: int, today: dt.date) -> dict[int, Verdict]:
    """The verdicts on one footprint on any day, by domain. Computed, never stored."""
    decided = _decided(evidence.frame(today), today, Known(), at="footprint.id = %(id)s", id=footprint_id)
    return {one.domain_id: one.verdict for one in decided}


# --- Reading and writing ----------------------------------------------------------------------------------


def _work(today: dt.date, *, inside: str, everything: bool) -> dict[int, int]:
    """The systems to look at, each with how many positions that is."""
    positions = MaturityPosition.objects.all() if everything else MaturityPosition.objects.due(today)
    if inside:
        positions = positions.filter(footprint__path__startswith=inside)
    counted = positions.order_by().values_list("footprint__system_id").annotate(Count("pk"))
    return dict(counted.order_by("footprint__system_id"))


def _decided(frame: Frame, today: dt.date, known: Known, **which: Any) -> Iterator[Decided]:
    """What is concluded of these positions, those in the same state together."""
    for state, stored, count, positions in evidence.of_positions(frame, today, kept=_VERDICT, **which):
        concluded = known.get(state)
        if concluded is None:
            found = rules.verdict(evidence.of_state(state, frame), today)
            concluded = known[state] = found, _values(found)
        yield Decided(state.domain_id, count, positions, stored, *concluded)


def _settle(decided: Iterable[Decided], today: dt.date) -> Outcome:
    """Writes the verdicts that differ from the positions, and logs each that moved."""
    examined, changed, rows = 0, 0, []
    for one in decided:
        examined += one.number
        if one.stored != one.computed:
            changed += one.number
            old = dict(zip(_VERDICT, one.stored, strict=True))
            rows.append((one.positions, not old["sentence"], old["status"], old["reached"], *one.computed))
    MaturityVersion.objects.bump(_write(rows, today))
    return Outcome(examined, changed)


def _column_type(name: str) -> str:
    return str(MaturityPosition._meta.get_field(name).db_type(connection)).split("(")[0]


def _write(rows: list[tuple], today: dt.date) -> list[int]:
    """Writes and logs; answers with the systems that this is about."""
    if not rows:
        return []
    types = ("bigint[]", "boolean", "varchar", "smallint", *map(_column_type, _VERDICT))
    with connection.cursor() as cursor:
        statement = _WRITE.format(
            columns=", ".join(_VERDICT),
            assignments=", ".join(f"{name} = verdict.{name}" for name in _VERDICT),
            today=cursor.mogrify("%s::date", [today]).decode(),
        )
        template = f"({', '.join(f'%s::{kind}' for kind in types)})"
        found = execute_values(cursor.cursor, statement, rows, template, page_size=_ROWS_A_STATEMENT, fetch=True)
    return [system for (system,) in found]
