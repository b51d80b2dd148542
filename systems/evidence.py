"""Turns facts into frozen Evidence: one set-based query for any number of positions, no judgement.

Only assessments signed off up to the day are seen. What a later version of a framework replaced still speaks for the
criterion that took its place, until somebody judges that one. The query answers with states, not with positions: all
positions in the very same state are one row, and whoever judges that state has judged them all.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from systems.measures import Evidence, Judged
from systems.models import Criterion, Expectation, Framework, MaturityLevel

# Texts fold the facts about one domain at one footprint. `words` is each assessment's rater and results, the earliest
# first: "self 12m,13p;peer 12n". `due` is when the open actions are due that would meet a criterion: "12 2020-03-31".
# Keys of footprints are handed on as arrays, which are looked up in indexes however little is known about their length.
_STATES = """
WITH RECURSIVE wanted AS MATERIALIZED (
     SELECT * FROM systems_maturityposition position
      WHERE position.footprint_id = ANY(ARRAY(SELECT footprint.id FROM systems_footprint footprint WHERE {at}))
        AND position.domain_id = ANY(%(domains)s) AND {only}
), lineage (criterion_id, domain_id, source_id) AS (
     -- Which criteria each criterion of a current framework speaks for: itself, and those it replaced.
     SELECT id, domain_id, id FROM systems_criterion WHERE domain_id = ANY(%(domains)s)
      UNION
     SELECT lineage.criterion_id, lineage.domain_id, older.replaces_id
       FROM lineage
       JOIN systems_criterion older ON older.id = lineage.source_id
      WHERE older.replaces_id IS NOT NULL
), said AS (
     SELECT assessment.id, footprint_id, lineage.domain_id, assessed_on, rater || partner AS rater,
            string_agg(lineage.criterion_id || left(finding.result, 1), ',' ORDER BY lineage.criterion_id) AS words
       FROM systems_assessment assessment
       JOIN systems_finding finding ON finding.assessment_id = assessment.id
       JOIN lineage ON lineage.source_id = finding.criterion_id
      WHERE footprint_id = ANY(ARRAY(SELECT DISTINCT footprint_id FROM wanted))
        AND state = 'signed_off' AND decided_on <= %(today)s AND finding.result IN ('met', 'partly', 'not_met')
      GROUP BY assessment.id, lineage.domain_id
), found AS (
     SELECT footprint_id, domain_id, max(assessed_on) AS assessed_on,
            string_agg(rater || ' ' || words, ';' ORDER BY assessed_on, id) AS words
       FROM said
      GROUP BY footprint_id, domain_id
), planned AS (
     -- The actions that were open on the day, due when the plan said so then: a later move is not seen.
     SELECT action.id, footprint_id, CASE WHEN later.id IS NULL THEN action.due_on ELSE later.was_due_on END AS due_on
       FROM systems_improvementaction action
       LEFT JOIN LATERAL (SELECT id, was_due_on FROM systems_actionmove move
                           WHERE move.action_id = action.id AND move.recorded_on > %(today)s
                           ORDER BY move.recorded_on, move.id LIMIT 1) later ON true
      WHERE footprint_id = ANY(ARRAY(SELECT DISTINCT footprint_id FROM wanted))
        AND recorded_on <= %(today)s AND (done_on IS NULL OR done_on > %(today)s)
), covered AS (
     SELECT footprint_id, lineage.domain_id, string_agg(DISTINCT lineage.criterion_id || ' ' || due_on, ',') AS due
       FROM planned
       JOIN systems_improvementaction_closes closes ON closes.improvementaction_id = planned.id
       JOIN lineage ON lineage.source_id = closes.criterion_id
      WHERE due_on IS NOT NULL
      GROUP BY footprint_id, lineage.domain_id
)
SELECT wanted.domain_id, footprint.level, CASE WHEN wanted.domain_id = ANY(%(local)s) THEN footprint.path ELSE '' END,
       coalesce(found.words, ''), coalesce(covered.due, ''), found.assessed_on::text, {spelt}, count(*),
       array_agg(wanted.id)::text
  FROM wanted
  JOIN systems_footprint footprint ON footprint.id = wanted.footprint_id
  LEFT JOIN found ON found.footprint_id = wanted.footprint_id AND found.domain_id = wanted.domain_id
  LEFT JOIN covered ON covered.footprint_id = wanted.footprint_id AND covered.domain_id = wanted.domain_id
 GROUP BY 1, 2, 3, 4, 5, 6, {kept}
"""
_RESULTS = {result[0]: result for result in ("met", "partly", "not_met")}
_Expected = tuple[tuple[dt.date, int], ...]


class State(NamedTuple):
    """All that makes the evidence of a domain at a footprint what it is. The path is told only where it matters."""

    domain_id: int
    level: str
    path: str
    words: str
    due: str
    assessed_on: str | None


class LocalExpectation(NamedTuple):
    """What is expected only below a path: a level, or one criterion."""

    domain_id: int
    level: str
    path: str
    due_on: dt.date
    ordinal: int
    criterion_id: int | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What all footprints share on a day: rungs and criteria of each domain, and what is expected of whom."""

    rungs: dict[int, tuple[tuple[int, str], ...]]
    criteria: dict[int, list[tuple[int, int]]]
    # By domain and level of footprint, everywhere in England.
    national: dict[tuple[int, str], _Expected]
    # So too, criteria expected by themselves, and by when.
    alone: dict[tuple[int, str], dict[int, dt.date]]
    local: tuple[LocalExpectation, ...]


def frame(today: dt.date) -> Frame:
    """The current frameworks, and the expectations known on this day: read once for a whole run."""
    frameworks = list(Framework.objects.current().order_by("pk").values_list("pk", flat=True))
    rungs: dict[int, list[tuple[int, str]]] = defaultdict(list)
    levels = MaturityLevel.objects.filter(framework__in=frameworks).order_by("ordinal")
    for framework, ordinal, name in levels.values_list("framework_id", "ordinal", "name"):
        rungs[framework].append((ordinal, name))
    domains: dict[int, int] = {}
    criteria: dict[int, list[tuple[int, int]]] = defaultdict(list)
    found = Criterion.objects.filter(domain__framework__in=frameworks).order_by("level__ordinal", "pk")
    for pk, domain, framework, ordinal in found.values_list(
        "pk", "domain_id", "domain__framework_id", "level__ordinal"
    ):
        criteria[domain].append((pk, ordinal))
        domains[domain] = framework
    national, alone, local = _expectations(today, domains)
    return Frame(
        rungs={domain: tuple(rungs[framework]) for domain, framework in domains.items()},
        criteria=dict(criteria),
        national=national,
        alone=alone,
        local=local,
    )


def _expectations(
    today: dt.date, domains: dict[int, int]
) -> tuple[dict[tuple[int, str], _Expected], dict[tuple[int, str], dict[int, dt.date]], tuple[LocalExpectation, ...]]:
    national: dict[tuple[int, str], set[tuple[dt.date, int]]] = defaultdict(set)
    alone: dict[tuple[int, str], dict[int, dt.date]] = defaultdict(dict)
    local = []
    rows = Expectation.objects.filter(recorded_on__lte=today).order_by("-due_on").values_list(
        "level__framework_id", "domain_id", "criterion_id", "footprint_level", "footprint__path", "due_on",
        "level__ordinal",
    )  # fmt: skip
    for framework, only, criterion, level, path, due_on, ordinal in rows:
        for domain in [only] if only else [pk for pk, of in domains.items() if of == framework]:
            if path is not None:
                local.append(LocalExpectation(domain, level, path, due_on, ordinal, criterion))
            elif criterion is not None:
                # The latest comes first, so that the earliest day stays.
                alone[domain, level][criterion] = due_on
            else:
                national[domain, level].add((due_on, ordinal))
    return {key: tuple(sorted(days)) for key, days in national.items()}, dict(alone), tuple(local)


def of_positions(
    frame: Frame, today: dt.date, *, at: str, only: str = "true", kept: Collection[str] = ("id",), **facts: Any
) -> Iterator[tuple[State, tuple, int, str]]:
    """The states on this day of the positions at these footprints; for each, how many and which positions are in it.

    Apart from their state, positions in one row also agree in those of their own columns that are `kept`. These, and
    the positions' keys, come in the database's own spelling: mostly they are only compared, or handed back.
    """
    columns = [f"wanted.{column}" for column in kept]
    spelt = ", ".join(f"{column}::text" for column in columns)
    query = _STATES.format(at=at, only=only, kept=", ".join(columns), spelt=spelt)
    local = sorted({one.domain_id for one in frame.local})
    with connection.cursor() as cursor:
        cursor.execute(query, {**facts, "today": today, "domains": list(frame.criteria), "local": local})
        for row in cursor.fetchall():
            yield State._make(row[:6]), row[6:-2], row[-2], row[-1]


def of_state(state: State, frame: Frame) -> Evidence:
    key = state.domain_id, state.level
    national, alone, local = frame.national.get(key, ()), frame.alone.get(key, {}), _expected_locally(state, frame)
    levels = {(one.due_on, one.ordinal) for one in local if one.criterion_id is None}
    for one in local:
        if one.criterion_id is not None:
            earlier = alone.get(one.criterion_id, one.due_on)
            alone = {**alone, one.criterion_id: min(earlier, one.due_on)}
    return Evidence(
        rungs=frame.rungs[state.domain_id],
        criteria=_judged(frame.criteria[state.domain_id], state.words, state.due, alone),
        expectations=tuple(sorted({*national, *levels})),
        assessed_on=dt.date.fromisoformat(state.assessed_on) if state.assessed_on else None,
    )


def _expected_locally(state: State, frame: Frame) -> list[LocalExpectation]:
    """What is expected of one domain at one footprint beyond what is expected everywhere."""
    return [
        one
        for one in frame.local
        if (one.domain_id, one.level) == (state.domain_id, state.level) and state.path.startswith(one.path)
    ]


def _judged(criteria: list[tuple[int, int]], words: str, due: str, alone: Mapping[int, dt.date]) -> tuple[Judged, ...]:
    # What a rater said later takes the place of what they said before.
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for assessment in filter(None, words.split(";")):
        rater, results = assessment.split(" ")
        for result in results.split(","):
            found[int(result[:-1])][rater] = _RESULTS[result[-1]]
    days: dict[int, list[dt.date]] = defaultdict(list)
    for one in filter(None, due.split(",")):
        pk, day = one.split(" ")
        days[int(pk)].append(dt.date.fromisoformat(day))
    return tuple(
        _criterion(pk, ordinal, tuple(sorted(found[pk].items())), tuple(sorted(days[pk])), alone.get(pk))
        for pk, ordinal in criteria
    )


# The same is said about the same criterion all over England.
_criterion = lru_cache(maxsize=4096)(Judged)
