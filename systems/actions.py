"""Writes on the NHS map that touch more than one row."""

from django.db import connection

_REBUILD_TREE = """
    WITH RECURSIVE tree AS (
        SELECT id, code || '/' AS path, NULL::bigint AS system_id, NULL::bigint AS place_id
        FROM systems_footprint
        WHERE parent_id IS NULL
        UNION ALL
        SELECT
            below.id,
            tree.path || below.code || '/',
            CASE below.level WHEN 'system' THEN below.id ELSE tree.system_id END,
            CASE below.level WHEN 'place' THEN below.id ELSE tree.place_id END
        FROM systems_footprint AS below
        JOIN tree ON tree.id = below.parent_id
    )
    UPDATE systems_footprint AS footprint
    SET path = tree.path, system_id = tree.system_id, place_id = tree.place_id
    FROM tree
    WHERE tree.id = footprint.id
    AND (footprint.path, footprint.system_id, footprint.place_id)
        IS DISTINCT FROM (tree.path, tree.system_id, tree.place_id)
"""

_REBUILD_ANCESTORS = """
    WITH RECURSIVE up AS (
        SELECT id AS footprint_id, id AS ancestor_id, parent_id FROM systems_footprint
        UNION ALL
        SELECT up.footprint_id, above.id, above.parent_id
        FROM up JOIN systems_footprint above ON above.id = up.parent_id
    ), gone AS (
        DELETE FROM systems_footprintancestor old
        WHERE NOT EXISTS (
            SELECT FROM up WHERE (up.footprint_id, up.ancestor_id) = (old.footprint_id, old.ancestor_id)
        )
        RETURNING 1
    ), come AS (
        INSERT INTO systems_footprintancestor (footprint_id, ancestor_id) SELECT footprint_id, ancestor_id FROM up
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM come)
"""


def rebuild_tree() -> int:
    """Derives every footprint's path, system, place and ancestors from its parents. Returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD_TREE)
        changed = cursor.rowcount
        cursor.execute(_REBUILD_ANCESTORS)
        return changed + cursor.fetchone()[0]
