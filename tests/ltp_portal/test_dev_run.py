"""`make run`, as a newcomer meets it: it starts, it stops whole, and it keeps what it knew."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg2
import pytest

from ltp_portal.probe import status_of
from tests.ltp_portal.clone import environment, make_clone

FIRST_START_WITHIN = 240
NEXT_START_WITHIN = 15
STOPS_WITHIN = 30


class Run:
    """One `make run` in its own process group, as a terminal would start it."""

    def __init__(self, clone: Path, port: int) -> None:
        self.port, self.output = port, clone / "output.txt"
        with self.output.open("w") as output:
            self.make = subprocess.Popen(
                ["make", f"PYTHON={sys.executable}", "run", f"PORT={port}"],
                cwd=clone,
                env=environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float) -> float:
        began = time.monotonic()
        while "The portal is at" not in self.said():
            assert self.make.poll() is None, self.said()
            assert time.monotonic() - began < seconds, self.said()
            time.sleep(0.1)
        return time.monotonic() - began

    def said(self) -> str:
        return self.output.read_text()

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.make.pid).children(recursive=True)

    def supervisor(self) -> psutil.Process:
        return next(process for process in self.processes() if "ltp_portal.dev" in process.cmdline())

    def sql(self, statement: str) -> list[tuple]:
        option = "unix_socket_directories="
        words = [word for process in self.processes() for word in process.cmdline() if word.startswith(option)]
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


def left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=STOPS_WITHIN)[1]


def test_portal_starts_stops_whole_and_keeps_its_data(tmp_path, port):
    clone = make_clone(tmp_path)

    # First start: everything is made; the address and the accounts are printed.
    run = Run(clone, port)
    run.wait_until_ready(FIRST_START_WITHIN)
    programs = run.processes()
    assert status_of("/readyz", port=port) == 200
    assert f"http://127.0.0.1:{port}/" in run.said()
    assert (clone / "var" / "demo-password").read_text() in run.said()
    run.sql("CREATE TABLE kept AS SELECT count(*) FROM systems_footprint")

    # One Ctrl-C.
    os.killpg(run.make.pid, signal.SIGINT)
    assert left_of(programs) == []
    assert status_of("/healthz", port=port) == 0

    # The next start is quick and knows what the first one knew. A closed terminal ends it.
    run = Run(clone, port)
    assert run.wait_until_ready(NEXT_START_WITHIN)
    assert run.sql("SELECT * FROM kept") == run.sql("SELECT count(*) FROM systems_footprint")
    programs = run.processes()
    os.killpg(run.make.pid, signal.SIGHUP)
    assert left_of(programs) == []

    # Even killed outright, it takes its programs with it, and starts again.
    run = Run(clone, port)
    run.wait_until_ready(NEXT_START_WITHIN)
    programs = run.processes()
    run.supervisor().kill()
    assert left_of(programs) == []
    run = Run(clone, port)
    run.wait_until_ready(NEXT_START_WITHIN)
    programs = run.processes()
    run.supervisor().terminate()
    assert left_of(programs) == []
    assert run.make.wait(5) == 0
