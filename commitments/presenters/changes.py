"""What changed between two days, counted by kind."""

from collections import Counter
from collections.abc import Iterable

from commitments.choices import Move
from commitments.signals import move


def by_move(rows: Iterable[tuple[str, str, int]]) -> list[tuple[Move, int]]:
    """How many changes of each kind: from (was, is now, how many) rows. What did not occur is 0."""
    counts: Counter[Move] = Counter()
    for was, now, number in rows:
        counts[move(was, now)] += number
    return [(kind, counts[kind]) for kind in Move]
