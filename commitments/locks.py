"""The lock of a commitment: who writes its facts, its positions or its coverage holds it until the transaction ends."""

from collections.abc import Iterable

from django.db import connection

# The first key of every advisory lock on a commitment.
_COMMITMENT_LOCK = 2019


def lock_commitments(commitment_ids: Iterable[int]) -> None:
    """Holds these commitments until the transaction ends; always in the same order, so that nobody waits in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id",
            [_COMMITMENT_LOCK, sorted(set(commitment_ids))],
        )


def locked(commitment_ids: list[int], *, may_wait: bool) -> list[int]:
    """Those of these commitments that are ours until the transaction ends: all if we may wait, else the free ones."""
    if may_wait:
        lock_commitments(commitment_ids)
        return commitment_ids
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::int[]) AS id WHERE pg_try_advisory_xact_lock(%s, id)",
            [commitment_ids, _COMMITMENT_LOCK],
        )
        return [row[0] for row in cursor.fetchall()]
