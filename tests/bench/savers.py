"""Eight people save while England is recomputed: how long one of them waits, and whether anything is wrong after."""

import multiprocessing
import time
from collections.abc import Iterator
from typing import Any

import django

from tests.bench.table import Line

SAVERS = 8
SAVES_EACH = 150
# Between two saves of one person.
PAUSE = 0.02


def waits() -> Iterator[Line]:
    """The longest save of eight people, by themselves and while everything is recomputed beside them."""
    yield Line("longest save, 8 people saving", 1000 * _longest(recomputing=False), "ms")
    yield Line("longest save, 8 people saving, everything recomputed", 1000 * _longest(recomputing=True), "ms", 250)


def _longest(*, recomputing: bool) -> float:
    from tests.bench.engine import everything, submitted

    processes = multiprocessing.get_context("spawn")
    start, told = processes.Event(), processes.Queue()
    people = [
        processes.Process(target=_save, args=(submitted(SAVES_EACH, part=part, parts=SAVERS), start, told))
        for part in range(SAVERS)
    ]
    for one in people:
        one.start()
    for _ in people:
        told.get()
    start.set()
    while recomputing and any(one.is_alive() for one in people):
        everything()
    longest = max(told.get() for _ in people)
    for one in people:
        one.join()
    return longest


def _save(reports: list[int], start: Any, told: Any) -> None:
    """One person: sign off one report after another, and tell the longest wait."""
    django.setup()
    from commitments.actions import sign_off
    from commitments.models import Report
    from tests.bench.england import TODAY, person

    approver = person("approver")
    chosen = list(Report.objects.select_related("delivery").filter(pk__in=reports))
    told.put("ready")
    start.wait()
    longest = 0.0
    for report in chosen:
        began = time.perf_counter()
        sign_off(report=report, version=1, by=approver, today=TODAY)
        longest = max(longest, time.perf_counter() - began)
        time.sleep(PAUSE)
    told.put(longest)
