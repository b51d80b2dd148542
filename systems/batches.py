"""Work in short transactions: how it is cut into batches, and how several hands share them."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

from django.db import connection

_Done = TypeVar("_Done")


def batches(work: dict[int, int], most: int) -> Iterator[list[int]]:
    """Keys in runs of about as many rows, in order, by how many rows each has; a large one is a batch of its own."""
    batch: list[int] = []
    filled = 0
    for key, rows in sorted(work.items()):
        if batch and filled + rows > most:
            yield batch
            batch, filled = [], 0
        batch.append(key)
        filled += rows
    if batch:
        yield batch


def shared(settle: Callable[[list[int]], _Done], batches: Iterable[list[int]], hands: int) -> Iterator[_Done]:
    """What comes of each batch, whichever hand takes it; each of several hands is a process.

    A hand keeps what it learns from one batch to the next.
    """
    if hands == 1:
        yield from map(settle, batches)
        return
    # Hands are forked, and a connection belongs to the process that opened it.
    connection.close()
    with ProcessPoolExecutor(hands, get_context("fork"), initializer=_hand, initargs=(settle,)) as pool:
        yield from pool.map(_taken, batches)


# What a hand does with a batch: given to it once, when it is forked, and so never copied.
_task: list[Callable[[list[int]], Any]] = []


def _hand(settle: Callable[[list[int]], Any]) -> None:
    _task[:] = [settle]


def _taken(batch: list[int]) -> Any:
    return _task[0](batch)
