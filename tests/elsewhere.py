"""What happens at the same time somewhere else: threads with database connections of their own."""

import threading
from collections.abc import Callable

from django.db import connection

from commitments.actions import Conflict

PATIENCE = 20


class Elsewhere(threading.Thread):
    """A second worker: a thread with a connection of its own. What it raised, it raises again at `join`."""

    def __init__(self, work):
        super().__init__()
        self.work, self.failed = work, None

    def run(self):
        try:
            self.work()
        except Exception as failure:  # handed to the test, which fails with it
            self.failed = failure
        finally:
            connection.close()

    def join(self, timeout=PATIENCE):
        super().join(timeout)
        if self.failed:
            raise self.failed


def all_at_once(*works: Callable[[], object]) -> None:
    """Runs each in a thread of its own and waits until all have ended, also where one of them has failed.

    One that never ends is a failure.
    """
    threads = [Elsewhere(work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        threading.Thread.join(thread, PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()


def tell(outcomes, work):
    """Runs it and notes what came of it."""

    def told():
        try:
            work()
        except Conflict:
            outcomes.append("conflict")
        else:
            outcomes.append("done")

    return told
