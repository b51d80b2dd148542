-- Facts for the systems named in %(systems)s: run it again with others to add them to those already there.
-- Chance is a hash of what a row is about and of the seed: the same rows come out in whatever order they are made.
-- The catalogue and the map are the real ones; what is said about them here is invented.

-- No foreign keys, triggers or history while loading: what is written is right by construction.
SET LOCAL session_replication_role = replica;

CREATE OR REPLACE FUNCTION pg_temp.dice(about text, side text) RETURNS float LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashtextextended(about || '/' || side, %(seed)s) & 2147483647) / 2147483648.0 $$;

-- --- Levels and deliveries ------------------------------------------------------------------------------------

INSERT INTO commitments_locallevel (system_id, commitment_id, level, chosen_by_id, chosen_on)
SELECT system.id, chosen.id, chosen.level, %(author)s, %(first_day)s
  FROM (SELECT id, CASE WHEN place_in_line <= %(by_network)s THEN 'pcn' ELSE 'place' END AS level
          FROM (SELECT id, row_number() OVER (ORDER BY pg_temp.dice(code, 'level'), code) AS place_in_line
                  FROM commitments_commitment
                 WHERE delivery_level IN ('system', 'provider')) lined_up
         WHERE place_in_line <= %(by_network)s + %(by_place)s) chosen
 CROSS JOIN systems_footprint system
 WHERE system.id = ANY(%(systems)s) AND system.level = 'system'
 ORDER BY chosen.id, system.id;

-- At the level that delivers it; and above that level, where a system chose a lower one, mostly as not applicable.
-- In the order in which they come in the portal, where each system opens its own.
INSERT INTO commitments_delivery
       (commitment_id, footprint_id, lead_id, planned_start_on, local_deadline_on, is_applicable,
        not_applicable_reason, source, version)
SELECT c.id, f.id,
       CASE WHEN pg_temp.dice(about, 'lead') < 0.97 THEN %(author)s END,
       start_on,
       CASE WHEN pg_temp.dice(about, 'local') < 0.9 THEN greatest(start_on, coalesce(
           c.deadline_on - CASE WHEN pg_temp.dice(about, 'beyond') < 0.03 THEN -60
                                ELSE (20 + pg_temp.dice(about, 'room') * 200)::int END,
           date '2019-10-01' + (pg_temp.dice(about, 'undated') * 900)::int)) END,
       applies,
       CASE WHEN applies THEN '' ELSE 'Delivered by others in this system' END, '', 1
  FROM systems_footprint f
  JOIN commitments_commitment c ON c.delivery_level <> 'national'
  LEFT JOIN commitments_locallevel chosen ON chosen.system_id = f.system_id AND chosen.commitment_id = c.id
 CROSS JOIN LATERAL (
       SELECT c.code || '@' || f.code AS about,
              coalesce(chosen.level, CASE c.delivery_level WHEN 'place' THEN 'place'
                                     WHEN 'neighbourhood' THEN 'pcn' ELSE 'system' END) AS delivering) named
 CROSS JOIN LATERAL (
       SELECT date '2018-10-01' + (pg_temp.dice(about, 'start') * 500)::int AS start_on,
              CASE WHEN f.level = delivering THEN pg_temp.dice(about, 'applies') < 0.98
                   ELSE pg_temp.dice(about, 'applies') < 0.2 END AS applies) plan
 WHERE f.system_id = ANY(%(systems)s) AND (f.level = delivering OR f.level = 'system' AND chosen.id IS NOT NULL)
 ORDER BY f.system_id, c.code, f.code;

CREATE TEMPORARY TABLE added ON COMMIT DROP AS
SELECT d.id, d.commitment_id, d.footprint_id, d.local_deadline_on, c.deadline_on, c.code || '@' || f.code AS about
  FROM commitments_delivery d
  JOIN commitments_commitment c ON c.id = d.commitment_id
  JOIN systems_footprint f ON f.id = d.footprint_id
 WHERE f.system_id = ANY(%(systems)s);

INSERT INTO commitments_position
       (delivery_id, status, reason_code, sentence, freshness, headroom_from, contradiction, moved_on, next_change_on)
SELECT id, 'not_started', '', '', 'never', '', '', %(today)s, %(today)s
  FROM added ORDER BY id;

-- --- Milestones and reports -----------------------------------------------------------------------------------

INSERT INTO commitments_milestone (delivery_id, title, due_on, achieved_on, achieved_by_id, recorded_on)
SELECT id, title, due_on, achieved_on, CASE WHEN achieved_on IS NOT NULL THEN %(author)s END, %(first_day)s
  FROM added
 CROSS JOIN LATERAL (VALUES (1, 'Agree the model of care with partners'), (2, 'Recruit to the new posts'),
                            (3, 'Open the service to its first patients'), (4, 'Review the outcomes of year one')
       ) AS step (number, title)
 CROSS JOIN LATERAL (SELECT date '2018-11-01' + number * 150
                            + (pg_temp.dice(about, 'due' || number) * 140)::int AS due_on) due
 CROSS JOIN LATERAL (SELECT CASE WHEN due_on < %(today)s AND pg_temp.dice(about, 'met' || number) < 0.93
                                 THEN least(due_on - 10 + (pg_temp.dice(about, 'slip' || number) * 40)::int,
                                            %(today)s) END AS achieved_on) met
 WHERE pg_temp.dice(about, 'planned') < 0.955
 ORDER BY id, number;

INSERT INTO commitments_report
       (delivery_id, period_id, state, stage, confidence, expected_on, narrative, next_steps, reason, path_to_green,
        evidence, author_id, submitted_on, decided_by_id, decided_on, return_note, version, written_at)
SELECT added.id, period.starts_on, 'signed_off',
       CASE WHEN ends < 0.05 AND number > 9 THEN 'delivered' WHEN number < 3 THEN 'planning' ELSE 'under_way' END,
       confidence,
       CASE WHEN pg_temp.dice(about, 'expects') < 0.8 THEN coalesce(local_deadline_on, deadline_on, '2021-03-31')
            + ((pg_temp.dice(about, 'expected' || number) - 0.93) * 300)::int END,
       'Partners met twice this month. The service is open in the first sites and the remaining ones follow as '
       'staff arrive; patients have been told, and the first figures are with the board.',
       'Agree the next sites with the board.',
       CASE WHEN confidence <> 'green' THEN 'Two of the posts could not be filled.' ELSE '' END,
       CASE WHEN confidence <> 'green' THEN 'Interviews are set for next month.' ELSE '' END,
       '', %(author)s, period.due_on - (pg_temp.dice(about, 'early' || number) * 5)::int, %(approver)s,
       period.due_on, '', 1, period.due_on
  FROM added
 CROSS JOIN (SELECT starts_on, due_on, row_number() OVER (ORDER BY starts_on) AS number
               FROM commitments_reportingperiod
              WHERE starts_on >= %(first_day)s AND due_on <= %(today)s) period
 CROSS JOIN LATERAL (SELECT pg_temp.dice(about, 'ends') AS ends,
                            pg_temp.dice(about, 'silence') AS silence,
                            pg_temp.dice(about, 'confidence' || number) AS sure) throw
 CROSS JOIN LATERAL (SELECT CASE WHEN sure < 0.72 THEN 'green' WHEN sure < 0.93 THEN 'amber' ELSE 'red'
                            END AS confidence) said
 WHERE silence >= 0.01                          -- never reported
   AND (silence >= 0.03 OR number <= 6)         -- fell silent in the spring
   AND (silence >= 0.07 OR number <= 10)        -- has not reported lately
   AND pg_temp.dice(about, 'reports' || number) < 0.985
 ORDER BY period.starts_on, added.id;

-- --- Measurements ---------------------------------------------------------------------------------------------

CREATE TEMPORARY TABLE measured ON COMMIT DROP AS
SELECT metric.id AS metric_id, added.footprint_id, metric.scope, about,
       coalesce(metric.baseline, 0.4 * metric.target, 100) AS start,
       CASE metric.scope WHEN 'per_ics' THEN coalesce(metric.target, 60) ELSE 140 END AS target
  FROM added
  JOIN commitments_metric metric ON metric.commitment_id = added.commitment_id AND metric.is_headline;

-- A footprint's own path for what the catalogue knows only as an England total.
WITH path AS (
    INSERT INTO commitments_trajectory (metric_id, footprint_id, basis, source, recorded_on, recorded_by_id)
    SELECT metric_id, footprint_id, 'Share by population', 'Invented for the benchmark', %(first_day)s, %(author)s
      FROM measured
     WHERE scope = 'england' AND pg_temp.dice(about, 'own path') < 0.6
     ORDER BY metric_id, footprint_id
    RETURNING id
)
INSERT INTO commitments_trajectorypoint (trajectory_id, due_on, value, source, verified)
SELECT path.id, due_on, value, '', 'yes'
  FROM path
 CROSS JOIN (VALUES (date '2018-03-31', 90), (date '2020-03-31', 105), (date '2022-03-31', 125),
                    (date '2024-03-31', 140)) AS point (due_on, value)
 ORDER BY path.id, due_on;

-- Monthly values, as many months back as make two million for the whole of England.
INSERT INTO commitments_observation (metric_id, footprint_id, period_end_on, value, source, recorded_on, recorded_by_id)
SELECT metric_id, footprint_id, period_end_on,
       round((start + (target - start) * (0.02 + 0.5 * (1 - back / 40.0) * (0.5 + pg_temp.dice(about, 'pace')))
              )::numeric, 4),
       'Invented for the benchmark', period_end_on + 12, %(author)s
  FROM measured
 CROSS JOIN generate_series(0, %(months)s - 1) AS back
 CROSS JOIN LATERAL (SELECT (date '2019-10-01' - make_interval(months => back))::date - 1 AS period_end_on) month
 ORDER BY period_end_on, metric_id, footprint_id;

-- Whoever asks next in this transaction should not guess how much there is.
ANALYZE;
