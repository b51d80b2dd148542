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


def rebuild_tree() -> int:
    """Derives every footprint's path, system and place from its parents. Returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD_TREE)
        return cursor.rowcount
