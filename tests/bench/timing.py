"""How long a thing takes, on a machine that has other things to do."""

import time
from collections.abc import Callable
from statistics import median


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def best(work: Callable[[], object], *, of: int = 3, before: Callable[[], object] | None = None) -> float:
    """The shortest of several runs: what else the machine did then only ever adds."""
    found = []
    for _ in range(of):
        if before is not None:
            before()
        found.append(seconds(work))
    return min(found)


def side_by_side(*works: Callable[[], object], rounds: int) -> list[float]:
    """The median of each, run in turns, so that all meet the same weather."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for took, work in zip(found, works, strict=True):
            took.append(seconds(work))
    return [median(took) for took in found]
