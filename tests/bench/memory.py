"""The most memory a process holds that recomputes everything and does nothing else."""

import multiprocessing
import resource
from typing import Any

import django

from tests.bench.table import Line


def peak() -> Line:
    processes = multiprocessing.get_context("spawn")
    told = processes.Queue()
    process = processes.Process(target=_recompute_and_tell, args=(told,))
    process.start()
    process.join()
    return Line("peak memory of a full recompute", told.get(timeout=5), "MB", 500)


def _recompute_and_tell(told: Any) -> None:
    django.setup()
    # Models can be imported only now.
    from tests.bench.engine import everything

    everything()
    told.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
