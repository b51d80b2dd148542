"""`make run`, as a newcomer meets it: it starts, it stops whole, and it keeps what it knew."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg2
import pytest

from ltp_portal.probe import status_of
from tests.ltp_portal.clone import environment, make_clone

FIRST_START_WITHIN = 600
# Under 15 seconds by itself; here other tests keep all cores busy.
NEXT_START_WITHIN = 60
STOPS_WITHIN = 30


def words_of(process: psutil.Process) -> list[str]:
    """The command line; of a process that has ended meanwhile, nothing."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


class Run:
    """One `make run` in its own process group, as a terminal would start it."""

    def __init__(self, clone: Path, port: int) -> None:
        self.clone, self.output = clone, clone / "output.txt"
        with self.output.open("w") as output:
            self.make = subprocess.Popen(
                ["make", f"PYTHON={sys.executable}", "run", f"PORT={port}"],
                cwd=clone,
                env=environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float) -> None:
        give_up_at = time.monotonic() + seconds
        while "The portal is at" not in self.said():
            assert self.make.poll() is None, self.said()
            assert time.monotonic() < give_up_at, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return self.output.read_text()

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.make.pid).children(recursive=True)

    def supervisor(self) -> psutil.Process:
        return next(process for process in self.processes() if "ltp_portal.dev" in words_of(process))

    def sql(self, statement: str) -> list[tuple]:
        option = "unix_socket_directories="
        words = [word for process in self.processes() for word in words_of(process) if word.startswith(option)]
        connection = psycopg2.connect(host=words[0].removeprefix(option), user="postgres", dbname="ltp_portal")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path, port):
    """Starts the clone's portal; whatever a failed test leaves behind is ended."""
    clone = make_clone(tmp_path)
    runs = []

    def start_one(within: float) -> Run:
        runs.append(Run(clone, port))
        runs[-1].wait_until_ready(within)
        return runs[-1]

    yield start_one
    for run in runs:
        if run.make.poll() is None:
            run.supervisor().terminate()
            run.make.wait(STOPS_WITHIN)


def answers_within(seconds: float, path: str, port: int) -> bool:
    give_up_at = time.monotonic() + seconds
    while (status := status_of(path, port=port)) != 200 and time.monotonic() < give_up_at:
        time.sleep(0.5)
    return status == 200


def managed(clone: Path, words: str) -> str:
    """What a management command says to the data of the clone."""
    command = ["make", f"PYTHON={sys.executable}", "manage", f"ARGS={words}"]
    return subprocess.run(command, cwd=clone, env=environment(), capture_output=True, text=True, check=True).stdout


def left_after(run: Run, stop: Callable[[], None]) -> list[psutil.Process]:
    """The processes of the run that are still there when there has been time enough to end."""
    processes = run.processes()
    stop()
    run.make.wait(STOPS_WITHIN)
    return psutil.wait_procs(processes, timeout=STOPS_WITHIN)[1]


def test_portal_starts_stops_whole_and_keeps_its_data(start, port):
    # First start: everything is made; the address and the accounts are printed. Then one Ctrl-C.
    first = start(FIRST_START_WITHIN)
    assert answers_within(30, "/readyz", port)
    assert f"http://127.0.0.1:{port}/" in first.said()
    assert (first.clone / "var" / "demo-password").read_text() in first.said()
    assert "not recommended" not in first.said()
    assert "0 positions differ" in managed(first.clone, "recompute --audit")
    first.sql("CREATE TABLE kept AS SELECT count(*) FROM systems_footprint")
    assert left_after(first, lambda: os.killpg(first.make.pid, signal.SIGINT)) == []
    assert status_of("/healthz", port=port) == 0
    assert "verdict" in managed(first.clone, "explain LTP1-OOH-01/E09000004").lower()

    # The next start is quick and knows what the first one knew. Killed outright, it takes its programs with it.
    second = start(NEXT_START_WITHIN)
    assert second.sql("SELECT * FROM kept") == second.sql("SELECT count(*) FROM systems_footprint")
    assert left_after(second, second.supervisor().kill) == []

    # It starts again after that too, and is asked to end.
    third = start(NEXT_START_WITHIN)
    assert left_after(third, third.supervisor().terminate) == []
    assert third.make.returncode == 0
