"""Writes on the NHS map that touch more than one row."""

from collections.abc import Mapping

from django.db import connection

from systems.models import Footprint, FootprintAncestor

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
    """Derives every footprint's path, system, place and ancestors from its parents. Returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD_TREE)
        changed = cursor.rowcount
    return changed + _rebuild_ancestors()


def _rebuild_ancestors() -> int:
    """Compared as sets here: a fresh load has no statistics yet, and a database without them compares row by row."""
    parents = dict(Footprint.objects.order_by().values_list("pk", "parent_id"))
    wanted = {(footprint, ancestor) for footprint in parents for ancestor in _upward(footprint, parents)}
    stored = {(row[1], row[2]): row[0] for row in FootprintAncestor.objects.values_list("pk", "footprint", "ancestor")}
    gone = [pk for pair, pk in stored.items() if pair not in wanted]
    missing = sorted(wanted - stored.keys())
    FootprintAncestor.objects.filter(pk__in=gone).delete()
    FootprintAncestor.objects.bulk_create(
        [FootprintAncestor(footprint_id=footprint, ancestor_id=ancestor) for footprint, ancestor in missing],
        batch_size=1000,
    )
    return len(gone) + len(missing)


def _upward(footprint: int, parents: Mapping[int, int | None]) -> set[int]:
    """The footprint itself, its parent, and so on up to England; a ring of parents, which the loader refuses, ends."""
    seen: set[int] = set()
    above: int | None = footprint
    while above is not None and above not in seen:
        seen.add(above)
        above = parents[above]
    return seen
