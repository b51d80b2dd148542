"""The lock on a system's maturity: who writes its facts or its positions holds it until the transaction ends."""

from collections.abc import Iterable

from django.db import connection

# The first key of every advisory lock on a system's maturity.
_MATURITY_LOCK = 2021


def lock_systems(systems: Iterable[int | None]) -> None:
    """Holds these systems' maturity until the transaction ends; always in the same order, so that nobody rings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id",
            [_MATURITY_LOCK, sorted({system for system in systems if system is not None})],
        )


def locked(systems: list[int], *, may_wait: bool) -> list[int]:
    """Those of these systems that are ours until the transaction ends: all if we may wait, else the free ones."""
    if may_wait:
        lock_systems(systems)
        return systems
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::int[]) AS id WHERE pg_try_advisory_xact_lock(%s, id)", [systems, _MATURITY_LOCK]
        )
        return [row[0] for row in cursor.fetchall()]
