-- The law of commitments/rules.py as one bare statement: each delivery's status and reason on the day %(today)s.
-- The portal does not use it. The benchmark measures the portal against it, and checks that both agree on every row.
WITH milestone AS MATERIALIZED (
    SELECT delivery_id, count(*) AS total,
           count(*) FILTER (WHERE achieved_on IS NULL OR achieved_on > %(today)s) AS still_open,
           min(due_on) FILTER (WHERE achieved_on IS NULL OR achieved_on > %(today)s) AS oldest_on
      FROM commitments_milestone
     WHERE recorded_on <= %(today)s AND (withdrawn_on IS NULL OR withdrawn_on > %(today)s)
     GROUP BY delivery_id
), local_path AS MATERIALIZED (
    SELECT DISTINCT ON (metric_id, footprint_id) id, metric_id, footprint_id
      FROM commitments_trajectory
     WHERE footprint_id IS NOT NULL AND recorded_on <= %(today)s
     ORDER BY metric_id, footprint_id, id DESC
), local_ends AS MATERIALIZED (
    SELECT path.metric_id, path.footprint_id, path.id AS trajectory_id,
           (array_agg(value ORDER BY due_on))[1] AS first_value, min(due_on) AS first_on,
           (array_agg(value ORDER BY due_on DESC))[1] AS last_value, max(due_on) AS last_on
      FROM local_path path JOIN commitments_trajectorypoint point ON point.trajectory_id = path.id
     GROUP BY path.metric_id, path.footprint_id, path.id
), fact AS (
    SELECT d.id, d.is_applicable, d.planned_start_on, d.local_deadline_on,
           theme.theme_class = 'core_foundation' AS is_core, plan.final_submission_on,
           c.deadline_kind, c.deadline_on,
           CASE WHEN c.deadline_kind = 'by' THEN c.deadline_on END AS must_be_done_by,
           d.lead_id IS NULL OR d.local_deadline_on IS NULL OR milestone.total IS NULL AS plan_has_gaps,
           coalesce(milestone.still_open, 0) AS still_open, milestone.oldest_on,
           r.submitted_on AS reported_on, coalesce(r.stage, '') AS stage, r.confidence, r.expected_on,
           metric.id AS metric_id, metric.direction, seen.value AS observed, seen.period_end_on AS observed_on,
           own.trajectory_id, published.id AS published_id,
           CASE WHEN own.trajectory_id IS NOT NULL THEN own.last_value
                WHEN metric.scope = 'per_ics' THEN metric.target END AS target,
           CASE WHEN own.trajectory_id IS NOT NULL THEN own.last_on ELSE c.deadline_on END AS target_on,
           CASE WHEN metric.scope = 'per_ics' AND (own.trajectory_id IS NULL OR metric.baseline IS NOT NULL)
                THEN metric.baseline ELSE own.first_value END AS baseline,
           CASE WHEN metric.scope = 'per_ics' AND (own.trajectory_id IS NULL OR metric.baseline IS NOT NULL)
                THEN metric.baseline_on ELSE own.first_on END AS baseline_on
      FROM commitments_delivery d
      JOIN commitments_commitment c ON c.id = d.commitment_id
      JOIN commitments_theme theme ON theme.id = c.theme_id
      JOIN commitments_plan plan ON plan.id = theme.plan_id
      LEFT JOIN milestone ON milestone.delivery_id = d.id
      LEFT JOIN LATERAL (
           SELECT submitted_on, stage, confidence, expected_on
             FROM commitments_report
            WHERE delivery_id = d.id AND state = 'signed_off' AND decided_on <= %(today)s
            ORDER BY period_id DESC, id DESC
            LIMIT 1
           ) r ON true
      LEFT JOIN commitments_metric metric ON metric.commitment_id = c.id AND metric.is_headline
      LEFT JOIN commitments_trajectory published
             ON published.metric_id = metric.id AND published.footprint_id IS NULL AND metric.scope = 'per_ics'
      LEFT JOIN local_ends own ON own.metric_id = metric.id AND own.footprint_id = d.footprint_id
      LEFT JOIN LATERAL (
           SELECT value, period_end_on
             FROM commitments_observation
            WHERE metric_id = metric.id AND footprint_id = d.footprint_id AND recorded_on <= %(today)s
            ORDER BY period_end_on DESC, id DESC
            LIMIT 1
           ) seen ON true
), measured AS (
    SELECT fact.*,
           CASE WHEN target IS NULL THEN true
                WHEN observed IS NULL THEN false
                WHEN direction = 'decrease' THEN observed <= target
                WHEN direction = 'maintain' THEN abs(observed - target) <= abs(target) * 0.01
                ELSE observed >= target END AS is_met,
           (expected - observed) / nullif(target - baseline, 0) AS gap
      FROM fact
      LEFT JOIN LATERAL (
           -- Where it should be on that day: on the line from the point before it to the point after it.
           SELECT CASE WHEN after.on_day IS NULL THEN before.value
                       ELSE before.value + (after.value - before.value) * (observed_on - before.on_day)
                                           / (after.on_day - before.on_day) END AS expected
             FROM (SELECT array_agg(line ORDER BY on_day) AS points
                     FROM (SELECT due_on AS on_day, value
                             FROM commitments_trajectorypoint
                            WHERE trajectory_id = coalesce(fact.trajectory_id, fact.published_id)
                            UNION ALL
                           SELECT target_on, target WHERE target_on IS NOT NULL AND trajectory_id IS NULL
                              AND NOT EXISTS (SELECT FROM commitments_trajectorypoint
                                               WHERE trajectory_id = fact.published_id AND due_on >= target_on)
                            UNION ALL
                           SELECT baseline_on, baseline WHERE baseline_on < coalesce(
                                  (SELECT min(due_on) FROM commitments_trajectorypoint
                                    WHERE trajectory_id = coalesce(fact.trajectory_id, fact.published_id)), target_on)
                          ) line (on_day, value)
                  ) drawn
            CROSS JOIN LATERAL (
                  SELECT on_day, value FROM unnest(points) AS point (on_day date, value numeric)
                   WHERE on_day <= observed_on ORDER BY on_day DESC LIMIT 1) before
             LEFT JOIN LATERAL (
                  SELECT on_day, value FROM unnest(points) AS point (on_day date, value numeric)
                   WHERE on_day > observed_on ORDER BY on_day LIMIT 1) after ON true
           ) AS line ON fact.target IS NOT NULL AND fact.observed IS NOT NULL AND fact.baseline IS NOT NULL
)
SELECT id AS delivery_id, split_part(verdict, ' ', 1) AS status, split_part(verdict, ' ', 2) AS reason_code
  FROM (SELECT id, CASE
          WHEN NOT is_applicable THEN 'not_applicable not_applicable'
          WHEN stage = 'delivered' AND still_open = 0 AND is_met THEN 'delivered delivered'
          WHEN must_be_done_by < %(today)s THEN 'missed deadline_missed'
          WHEN deadline_kind = 'from' AND deadline_on < %(today)s AND (reported_on IS NULL OR stage = 'not_started')
               THEN 'off_track not_started_by_date'
          WHEN stage = 'delivered' THEN 'at_risk claimed_not_evidenced'
          WHEN is_core AND %(today)s >= final_submission_on AND plan_has_gaps THEN 'off_track no_plan_for_core'
          WHEN reported_on IS NULL AND planned_start_on > %(today)s THEN 'not_started not_due_to_start'
          WHEN reported_on IS NULL AND NOT is_core AND local_deadline_on IS NULL THEN 'not_started not_phased_yet'
          WHEN reported_on IS NULL THEN 'not_reported never_reported'
          WHEN %(today)s - reported_on > 92 THEN 'not_reported report_lapsed'
          WHEN local_deadline_on > must_be_done_by THEN 'off_track phased_beyond_deadline'
          WHEN expected_on > must_be_done_by THEN 'off_track expected_beyond_deadline'
          WHEN oldest_on < %(today)s - 60 THEN 'off_track milestone_long_overdue'
          WHEN gap >= 0.20 THEN 'off_track metric_far_behind'
          WHEN confidence = 'red' THEN 'off_track confidence_red'
          WHEN local_deadline_on < %(today)s THEN 'at_risk local_deadline_missed'
          WHEN oldest_on < %(today)s THEN 'at_risk milestone_overdue'
          WHEN gap >= 0.05 THEN 'at_risk metric_behind'
          WHEN expected_on > local_deadline_on THEN 'at_risk expected_after_local'
          WHEN confidence = 'amber' THEN 'at_risk confidence_amber'
          WHEN is_core AND must_be_done_by - expected_on < 30 THEN 'at_risk tight'
          ELSE 'on_track on_track' END AS verdict
          FROM measured) decided
