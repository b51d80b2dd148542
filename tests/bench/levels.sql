-- The level each domain has reached at each footprint, as one bare statement: by what every rater last found, and all of
-- them met, for a level and every level below. Writes it where it differs.
WITH latest AS (
    SELECT DISTINCT ON (assessment.footprint_id, finding.criterion_id, assessment.rater, assessment.partner)
           assessment.footprint_id, finding.criterion_id, finding.result
      FROM systems_assessment assessment
      JOIN systems_finding finding ON finding.assessment_id = assessment.id
     WHERE assessment.state = 'signed_off' AND assessment.decided_on <= %(today)s
       AND finding.result IN ('met', 'partly', 'not_met')
     ORDER BY assessment.footprint_id, finding.criterion_id, assessment.rater, assessment.partner,
              assessment.assessed_on DESC, assessment.id DESC
), agreed AS (
    SELECT footprint_id, criterion_id, bool_and(result = 'met') AS is_met
      FROM latest
     GROUP BY footprint_id, criterion_id
), rungs AS (
    SELECT position.id, position.footprint_id, position.domain_id, level.ordinal,
           bool_and(coalesce(agreed.is_met, false)) AS is_whole
      FROM systems_maturityposition position
      JOIN systems_criterion criterion ON criterion.domain_id = position.domain_id
      JOIN systems_maturitylevel level ON level.id = criterion.level_id
      LEFT JOIN agreed ON agreed.footprint_id = position.footprint_id AND agreed.criterion_id = criterion.id
     GROUP BY position.id, position.footprint_id, position.domain_id, level.ordinal
), found AS (
    SELECT id, max(ordinal) FILTER (WHERE so_far) AS reached
      FROM (SELECT id, ordinal, bool_and(is_whole) OVER (PARTITION BY id ORDER BY ordinal) AS so_far FROM rungs) climbed
     GROUP BY id
)
UPDATE systems_maturityposition position
   SET reached = found.reached
  FROM found
 WHERE position.id = found.id AND position.reached IS DISTINCT FROM found.reached
