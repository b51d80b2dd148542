"""Writes the rows of a publication: what stands is copied in a few statements, however much it is.

Words are frozen as they read on the day. The caller holds the locks of the system, of its maturity and of all
commitments, so positions, coverage and the facts behind them agree.
"""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.db import connection

from commitments.actions.freezing_maturity import freeze_maturity
from commitments.actions.freezing_metrics import freeze_metrics
from commitments.models import Position, Publication
from commitments.rules import headline
from commitments.sentences import days_in_words
from commitments.workdays import begin_of_working_days
from systems.models import Footprint

# What speaks against a report is its owner's to hear and mend for so many working days before it is published.
GRACE_WORKING_DAYS = 2

_THEMES = """
INSERT INTO commitments_publishedtheme (publication_id, code, name, theme_class, ordinal)
SELECT %(publication)s, code, name, theme_class, ordinal
  FROM commitments_theme
"""
# All that is open in the system, and what has closed with deliveries. The keys are drawn first: a row names its place.
_FOOTPRINTS = """
  WITH known AS MATERIALIZED (
       SELECT nextval(pg_get_serial_sequence('commitments_publishedfootprint', 'id')) AS new_id, footprint.*
         FROM systems_footprint footprint
        WHERE footprint.path LIKE %(inside)s
          AND (coalesce(footprint.opened_on, %(today)s) <= %(today)s
               AND coalesce(footprint.closed_on, %(today)s) >= %(today)s
               OR EXISTS (SELECT FROM commitments_delivery WHERE footprint_id = footprint.id))
       )
INSERT INTO commitments_publishedfootprint
       (id, publication_id, code, name, short_name, level, place_id, population, population_basis,
        tile_column, tile_row)
SELECT known.new_id, %(publication)s, known.code, known.name, coalesce(nullif(known.label, ''), known.name),
       known.level, place.new_id, known.population, known.population_basis, tile."column", tile.row
  FROM known
  LEFT JOIN known place ON place.id = known.place_id
  LEFT JOIN systems_tile tile ON tile.code = known.code AND starts_with(tile.grid, %(tiles)s)
"""
_COMMITMENTS = """
INSERT INTO commitments_publishedcommitment
       (publication_id, theme_id, code, title, description, deadline_text, deadline_on, deadline_kind, source)
SELECT %(publication)s, published.id, commitment.code, commitment.title, commitment.description,
       commitment.deadline_text, commitment.deadline_on, commitment.deadline_kind, commitment.source
  FROM commitments_commitment commitment
  JOIN commitments_theme theme ON theme.id = commitment.theme_id
  JOIN commitments_publishedtheme published
    ON published.publication_id = %(publication)s AND published.code = theme.code
 WHERE commitment.delivery_level <> 'national'
"""
# Joins what has a commitment and a footprint to what was just frozen of both.
_FROZEN = """
  JOIN commitments_publishedfootprint footprint
    ON footprint.publication_id = %(publication)s AND footprint.code = live_footprint.code
  JOIN commitments_commitment live_commitment ON live_commitment.id = {row}.commitment_id
  JOIN commitments_publishedcommitment commitment
    ON commitment.publication_id = %(publication)s AND commitment.code = live_commitment.code
"""
_POSITIONS = f"""
  WITH said (day, words) AS (SELECT * FROM unnest(%(days)s::date[], %(words)s::text[]))
INSERT INTO commitments_publishedposition
       (publication_id, commitment_id, footprint_id, status, reason_code, sentence, moved_on, freshness, reported_on,
        headroom_days, headroom_from, contradiction, deadline_on, local_deadline_on, expected_on,
        milestones, milestones_achieved, next_milestone, next_milestone_on,
        stage, confidence, narrative, next_steps, reason, path_to_green)
SELECT %(publication)s, commitment.id, footprint.id, position.status, position.reason_code,
       replace(position.sentence, '{{days}}', coalesce(ago.words, '')), position.moved_on, position.freshness,
       position.reported_on, position.headroom_days, position.headroom_from,
       CASE WHEN position.contradicted_on < %(contradicted_before)s
            THEN replace(position.contradiction, '{{days}}', coalesce(against.words, '')) ELSE '' END,
       position.deadline_on, delivery.local_deadline_on, position.expected_on,
       step.total, step.achieved, coalesce(step.oldest, ''), position.next_milestone_on,
       coalesce(report.stage, ''), coalesce(report.confidence, ''), coalesce(report.narrative, ''),
       coalesce(report.next_steps, ''), coalesce(report.reason, ''), coalesce(report.path_to_green, '')
  FROM systems_footprint live_footprint
  JOIN commitments_delivery delivery ON delivery.footprint_id = live_footprint.id
  {_FROZEN.format(row="delivery")}
  JOIN commitments_position position ON position.delivery_id = delivery.id
  LEFT JOIN said ago ON ago.day = position.since_on
  LEFT JOIN said against ON against.day = position.contradiction_since_on
 CROSS JOIN LATERAL (
       SELECT count(*) AS total, count(*) FILTER (WHERE achieved_on <= %(today)s) AS achieved,
              (array_agg(title ORDER BY due_on, id)
               FILTER (WHERE achieved_on IS NULL OR achieved_on > %(today)s))[1] AS oldest
         FROM commitments_milestone
        WHERE delivery_id = delivery.id AND recorded_on <= %(today)s
          AND (withdrawn_on IS NULL OR withdrawn_on > %(today)s)
       ) step
  LEFT JOIN LATERAL (
       SELECT *
         FROM commitments_report
        WHERE delivery_id = delivery.id AND state = 'signed_off' AND decided_on <= %(today)s
        ORDER BY period_id DESC, id DESC
        LIMIT 1
       ) report ON true
 WHERE live_footprint.path LIKE %(inside)s
"""  # noqa: S608 - a piece of our own
_DATE_CHANGES = f"""
  WITH inside AS MATERIALIZED (
       SELECT delivery.id
         FROM systems_footprint footprint
         JOIN commitments_delivery delivery ON delivery.footprint_id = footprint.id
        WHERE footprint.path LIKE %(inside)s),
       moved AS MATERIALIZED (
       SELECT change.delivery_id, 'local_deadline' AS kind, '' AS what, change.old_on, change.new_on,
              change.decided_on AS changed_on, change.reason
         FROM inside
         JOIN commitments_deadlinechange change ON change.delivery_id = inside.id
        WHERE change.state = 'agreed' AND change.decided_on <= %(today)s
        UNION ALL
       SELECT step.delivery_id, 'milestone', step.title, change.was_due_on, change.due_on, change.recorded_on,
              change.reason
         FROM inside
         JOIN commitments_milestone step ON step.delivery_id = inside.id
         JOIN commitments_milestonechange change ON change.milestone_id = step.id
        WHERE change.kind = 'moved' AND change.recorded_on <= %(today)s AND step.withdrawn_on IS NULL)
INSERT INTO commitments_publisheddatechange
       (publication_id, position_id, kind, what, old_on, new_on, changed_on, reason)
SELECT %(publication)s, position.id, moved.kind, moved.what, moved.old_on, moved.new_on, moved.changed_on, moved.reason
  FROM moved
  JOIN commitments_delivery delivery ON delivery.id = moved.delivery_id
  JOIN systems_footprint live_footprint ON live_footprint.id = delivery.footprint_id
  {_FROZEN.format(row="delivery")}
  JOIN commitments_publishedposition position
    ON position.commitment_id = commitment.id AND position.footprint_id = footprint.id
 ORDER BY moved.changed_on
"""  # noqa: S608 - a piece of our own
_COVERAGE = f"""
  WITH headed (commitment_id, footprint_id, status) AS (
       SELECT * FROM unnest(%(of)s::bigint[], %(over)s::bigint[], %(headlines)s::text[]))
INSERT INTO commitments_publishedcoverage
       (publication_id, commitment_id, footprint_id, status, deliveries, people, counted, is_headline)
SELECT %(publication)s, commitment.id, footprint.id, coverage.status, coverage.deliveries, coverage.people,
       coalesce(sum(coverage.deliveries) FILTER (WHERE coverage.status <> 'not_applicable')
                OVER (PARTITION BY commitment.id, footprint.id), 0),
       headed.status IS NOT NULL
  FROM systems_footprint live_footprint
  JOIN commitments_coverage coverage ON coverage.footprint_id = live_footprint.id
  {_FROZEN.format(row="coverage")}
  LEFT JOIN headed ON (headed.commitment_id, headed.footprint_id, headed.status)
                    = (coverage.commitment_id, coverage.footprint_id, coverage.status)
 WHERE live_footprint.path LIKE %(inside)s
"""  # noqa: S608 - a piece of our own


def contradicted_before(today: dt.date) -> dt.date:
    """What is contradicted since before this day is published: its owner has had the days of grace."""
    return begin_of_working_days(today, GRACE_WORKING_DAYS)


def freeze(publication: Publication, system: Footprint) -> None:
    """Copies all that a publication shows of its system."""
    today = publication.as_at_on
    facts: dict[str, Any] = {
        "publication": publication.pk,
        "inside": f"{system.path}%",
        "tiles": f"{system.code}_",
        "today": today,
        "contradicted_before": contradicted_before(today),
    }
    with connection.cursor() as cursor:
        for statement in (_THEMES, _FOOTPRINTS, _COMMITMENTS):
            cursor.execute(statement, facts)
        # Joined in the order in which they are written: of rows as new as those above the planner knows nothing, takes
        # them for one each, and would pair all commitments with all footprints first.
        cursor.execute("SET LOCAL join_collapse_limit = 1")
        cursor.execute(_POSITIONS, facts | _days_said(system, today))
        cursor.execute(_DATE_CHANGES, facts)
        cursor.execute(_COVERAGE, facts | _headlines(system))
        cursor.execute("SET LOCAL join_collapse_limit = DEFAULT")
    freeze_metrics(publication, system)
    freeze_maturity(publication, system)


def _days_said(system: Footprint, today: dt.date) -> dict[str, list]:
    """What "{days}" stands for in each sentence, by the day it is counted from."""
    since = Position.objects.inside(system).order_by()
    known = set(since.values_list("since_on", flat=True)) | set(since.values_list("contradiction_since_on", flat=True))
    days = sorted(day for day in known if day)
    return {"days": days, "words": [days_in_words((today - day).days) for day in days]}


def _headlines(system: Footprint) -> dict[str, list]:
    """The headline of each commitment over each footprint of the system: the law is asked, row by row."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT commitment_id, footprint_id, status, deliveries, people
              FROM commitments_coverage
             WHERE footprint_id IN (SELECT id FROM systems_footprint WHERE path LIKE %s)
            """,
            [f"{system.path}%"],
        )
        counted: dict[tuple[int, int], tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
        for commitment, footprint, status, deliveries, people in cursor.fetchall():
            by_number, by_people = counted[commitment, footprint]
            by_number[status], by_people[status] = deliveries, people
    found = [
        (*where, word) for where, (number, people) in counted.items() if (word := headline(people) or headline(number))
    ]
    return {name: [row[column] for row in found] for column, name in enumerate(("of", "over", "headlines"))}
