"""Turns facts into frozen Evidence: a few set-based queries for any number of footprints, no judgement.

Only assessments signed off up to the day are seen. What a later version of a framework replaced still speaks for the
criterion that took its place, until somebody judges that one. Domains in the very same state share one Evidence, so
that whoever judges them need judge it once.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from django.db import connection

from systems.measures import Evidence, Judged
from systems.models import Criterion, Expectation, Framework, MaturityLevel

# Which criteria of today's frameworks each criterion speaks for: itself, and those that replaced it.
_LINEAGE = """
WITH RECURSIVE lineage (criterion_id, source_id) AS (
     SELECT criterion.id, criterion.id
       FROM systems_criterion criterion
       JOIN systems_domain domain ON domain.id = criterion.domain_id
      WHERE domain.framework_id = ANY(%(frameworks)s)
      UNION
     SELECT lineage.criterion_id, older.replaces_id
       FROM lineage
       JOIN systems_criterion older ON older.id = lineage.source_id
      WHERE older.replaces_id IS NOT NULL
)
"""
# What each rater last found about each criterion, as one text a domain: "12 self met,12 peer partly,13 self met". The
# last one is the one with the highest place in the line of all assessments; its result rides along in the last digit.
_FOUND = """
, judged AS (
     SELECT id, footprint_id, rater || partner AS rater, assessed_on,
            row_number() OVER (ORDER BY assessed_on, id) AS place
       FROM systems_assessment
      WHERE footprint_id = ANY(%(footprints)s) AND state = 'signed_off' AND decided_on <= %(today)s
), latest AS (
     SELECT judged.footprint_id, lineage.criterion_id, judged.rater, max(judged.assessed_on) AS assessed_on,
            max(10 * judged.place + array_position('{met,partly,not_met}', finding.result::text)) %% 10 AS result
       FROM judged
       JOIN systems_finding finding ON finding.assessment_id = judged.id
       JOIN lineage ON lineage.source_id = finding.criterion_id
      WHERE finding.result IN ('met', 'partly', 'not_met')
      GROUP BY judged.footprint_id, lineage.criterion_id, judged.rater
)
SELECT latest.footprint_id, criterion.domain_id, max(latest.assessed_on),
       string_agg(criterion.id || ' ' || rater || ' ' || (ARRAY['met', 'partly', 'not_met'])[result], ','
                  ORDER BY criterion.id, rater COLLATE "C")
  FROM latest
  JOIN systems_criterion criterion ON criterion.id = latest.criterion_id
 GROUP BY latest.footprint_id, criterion.domain_id
"""
# When the open actions of each footprint are due that would meet a criterion; the same text a domain: "12 2020-03-31".
_ACTIONS = """
SELECT action.footprint_id, criterion.domain_id,
       string_agg(DISTINCT criterion.id || ' ' || action.due_on, ',')
  FROM systems_improvementaction action
  JOIN systems_improvementaction_closes closes ON closes.improvementaction_id = action.id
  JOIN lineage ON lineage.source_id = closes.criterion_id
  JOIN systems_criterion criterion ON criterion.id = lineage.criterion_id
 WHERE action.footprint_id = ANY(%(footprints)s) AND action.due_on IS NOT NULL
   AND action.recorded_on <= %(today)s AND (action.done_on IS NULL OR action.done_on > %(today)s)
 GROUP BY action.footprint_id, criterion.domain_id
"""
_Expected = tuple[tuple[dt.date, int], ...]


class Asked(Protocol):
    """A domain at a footprint whose evidence is wanted."""

    @property
    def footprint_id(self) -> int: ...
    @property
    def domain_id(self) -> int: ...
    @property
    def level(self) -> str: ...
    @property
    def path(self) -> str: ...


class LocalExpectation(NamedTuple):
    """What is expected only below a path."""

    domain_id: int
    level: str
    path: str
    due_on: dt.date
    ordinal: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What all footprints share on a day: rungs and criteria of each domain, and what is expected of whom."""

    frameworks: list[int]
    rungs: dict[int, tuple[tuple[int, str], ...]]
    criteria: dict[int, list[tuple[int, int]]]
    # By domain and level of footprint, everywhere in England.
    national: dict[tuple[int, str], _Expected]
    local: tuple[LocalExpectation, ...]

    # Every Evidence of this run, by all that makes it what it is.
    shared: dict[tuple, Evidence] = field(default_factory=dict)

    def expected_locally(self, asked: Asked) -> _Expected:
        """What is expected of one domain at one footprint beyond what is expected everywhere."""
        return tuple(
            (one.due_on, one.ordinal)
            for one in self.local
            if (one.domain_id, one.level) == (asked.domain_id, asked.level) and asked.path.startswith(one.path)
        )


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
    national, local = _expectations(today, domains)
    return Frame(
        frameworks=frameworks,
        rungs={domain: tuple(rungs[framework]) for domain, framework in domains.items()},
        criteria=dict(criteria),
        national=national,
        local=local,
    )


def _expectations(
    today: dt.date, domains: dict[int, int]
) -> tuple[dict[tuple[int, str], _Expected], tuple[LocalExpectation, ...]]:
    national: dict[tuple[int, str], set[tuple[dt.date, int]]] = defaultdict(set)
    local = []
    rows = Expectation.objects.filter(recorded_on__lte=today).values_list(
        "level__framework_id", "domain_id", "footprint_level", "footprint__path", "due_on", "level__ordinal"
    )
    for framework, only, level, path, due_on, ordinal in rows:
        for domain in [only] if only else [pk for pk, of in domains.items() if of == framework]:
            if path is None:
                national[domain, level].add((due_on, ordinal))
            else:
                local.append(LocalExpectation(domain, level, path, due_on, ordinal))
    return {key: tuple(sorted(days)) for key, days in national.items()}, tuple(local)


def of_domains(wanted: Collection[Asked], today: dt.date, frame: Frame) -> Iterator[Evidence]:
    """The evidence of these domains at these footprints on this day, in the same order."""
    facts: dict[str, Any] = {
        "frameworks": frame.frameworks,
        "footprints": list({asked.footprint_id for asked in wanted}),
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINEAGE + _FOUND, facts)
        found = {(footprint, domain): (on, text) for footprint, domain, on, text in cursor.fetchall()}
        cursor.execute(_LINEAGE + _ACTIONS, facts)
        actions = {(footprint, domain): text for footprint, domain, text in cursor.fetchall()}
    for asked in wanted:
        domain = asked.domain_id
        assessed_on, words = found.get((asked.footprint_id, domain), (None, ""))
        due = actions.get((asked.footprint_id, domain), "")
        own = frame.expected_locally(asked) if frame.local else ()
        state = (domain, asked.level, words, due, assessed_on, own)
        seen = frame.shared.get(state)
        if seen is None:
            national = frame.national.get((domain, asked.level), ())
            seen = frame.shared[state] = Evidence(
                rungs=frame.rungs[domain],
                criteria=_judged(frame.criteria[domain], words, due),
                expectations=tuple(sorted({*national, *own})),
                assessed_on=assessed_on,
            )
        yield seen


def _judged(criteria: list[tuple[int, int]], words: str, due: str) -> tuple[Judged, ...]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in filter(None, words.split(",")):
        pk, rater, result = one.split(" ")
        found[int(pk)].append((rater, result))
    days: dict[int, list[dt.date]] = defaultdict(list)
    for one in filter(None, due.split(",")):
        pk, day = one.split(" ")
        days[int(pk)].append(dt.date.fromisoformat(day))
    return tuple(Judged(pk, ordinal, tuple(found[pk]), tuple(sorted(days[pk]))) for pk, ordinal in criteria)
