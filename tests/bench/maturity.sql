-- England's primary care networks, each judged by itself by both frameworks for networks, and one in ten by its peers too.
-- Chance is a hash of what a row is about and of the seed.
SET LOCAL session_replication_role = replica;

CREATE OR REPLACE FUNCTION pg_temp.dice(about text, side text) RETURNS float LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashtextextended(about || '/' || side, %(seed)s) & 2147483647) / 2147483648.0 $$;

INSERT INTO systems_assessment
       (framework_id, footprint_id, rater, partner, assessed_on, state, begun_by_id, begun_on, submitted_by_id,
        submitted_on, decided_by_id, decided_on, return_note, source, version)
SELECT framework.id, network.id, judged.rater, '', judged.day, 'signed_off', %(author)s, judged.day, %(author)s,
       judged.day, %(approver)s, judged.day, '', 'Invented for the benchmark', 1
  FROM systems_footprint network
  JOIN systems_framework framework ON framework.level = 'pcn'
 CROSS JOIN (VALUES ('self', date '2019-07-31', 1.0), ('self', date '2019-09-30', 1.0),
                    ('peer', date '2019-08-31', 0.1)) AS judged (rater, day, share)
 WHERE network.level = 'pcn' AND pg_temp.dice(network.code || framework.code, judged.rater || judged.day) < judged.share
 ORDER BY network.id, framework.id, judged.day;

INSERT INTO systems_finding
       (assessment_id, criterion_id, result, evidence, evidence_url, evidence_page, evidence_file, evidence_name,
        written_by_id, version)
SELECT assessment.id, criterion.id,
       CASE WHEN chance < 0.92 - 0.2 * level.ordinal THEN 'met' WHEN chance < 0.95 THEN 'partly' ELSE 'not_met' END,
       'Invented for the benchmark', '', '', '', '', %(author)s, 1
  FROM systems_assessment assessment
  JOIN systems_domain domain ON domain.framework_id = assessment.framework_id
  JOIN systems_criterion criterion ON criterion.domain_id = domain.id
  JOIN systems_maturitylevel level ON level.id = criterion.level_id
 CROSS JOIN LATERAL (
       SELECT pg_temp.dice(assessment.footprint_id || '@' || criterion.code, assessment.rater) AS chance) diced
 ORDER BY assessment.id, criterion.id;
