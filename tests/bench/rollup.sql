-- Around the text of status.sql: writes the status column where it differs, and rolls every commitment up over every
-- footprint above its deliveries, by number and by population.
WITH verdict AS MATERIALIZED (
    {status}
), written AS (
    UPDATE commitments_position position
       SET status = verdict.status, reason_code = verdict.reason_code
      FROM verdict
     WHERE position.delivery_id = verdict.delivery_id
       AND (position.status, position.reason_code) IS DISTINCT FROM (verdict.status, verdict.reason_code)
    RETURNING 1
), rolled_up AS (
    SELECT d.commitment_id, lies_in.ancestor_id, verdict.status, count(*), sum(f.population)
      FROM verdict
      JOIN commitments_delivery d ON d.id = verdict.delivery_id
      JOIN systems_footprint f ON f.id = d.footprint_id
      JOIN systems_footprintancestor lies_in ON lies_in.footprint_id = f.id
     GROUP BY d.commitment_id, lies_in.ancestor_id, verdict.status
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM rolled_up)
