"""The portal as it is run: web server, Celery worker and beat, in processes of their own, on a chosen day."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import psycopg2

from ltp_portal.dev.processes import spawn

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 60


class Portal:
    """One portal on one database. `start` again with another day to let a new day come."""

    def __init__(self, *, database_url: str, redis_url: str, log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.process: subprocess.Popen | None = None
        self.environment = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "PYTHONWARNINGS": "default",
        }

    def start_part(self, name: str) -> subprocess.Popen:
        """Starts one line of the Procfile in a process group of its own, so that it can be killed with its children."""
        lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
        with self.log.open("ab") as log:
            command = ["sh", "-c", lines[name]]
            return spawn(command, dies_by=signal.SIGKILL, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def start(self, day: dt.date) -> None:
        """Starts the lines of the Procfile, or starts them anew on another day, and waits until all answer."""
        self.stop()
        self.environment["PORTAL_TODAY"] = day.isoformat()
        command = [sys.executable, "-m", "honcho", "-e", os.devnull, "-f", "Procfile", "start"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_until(self.is_ready, STARTS_WITHIN, self.said)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
            self.process = None

    def is_settled(self) -> bool:
        """Every position is what its evidence says on the portal's day."""
        command = [sys.executable, "manage.py", "recompute", "--audit"]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True).returncode == 0

    def delivery(self, *, reason: str, system: str = "QKK") -> str:
        """The address of a delivery in this system whose position has this reason now."""
        query = (
            "SELECT d.id FROM commitments_delivery d JOIN commitments_position p ON p.delivery_id = d.id "
            "JOIN systems_footprint f ON f.id = d.footprint_id JOIN systems_footprint s ON s.id = f.system_id "
            "WHERE p.reason_code = %s AND s.code = %s ORDER BY d.id LIMIT 1"
        )
        return self._address(query, reason, system)

    def delivery_with_signals(self) -> str:
        """The address of a delivery of South East London itself whose metric has enough values for a control chart."""
        query = (
            "SELECT d.id FROM commitments_delivery d JOIN systems_footprint f ON f.id = d.footprint_id "
            "JOIN commitments_metric m ON m.commitment_id = d.commitment_id AND m.is_headline AND m.unit <> 'yes/no' "
            "JOIN commitments_observation o ON o.metric_id = m.id AND o.footprint_id = f.id "
            "WHERE f.code = 'QKK' GROUP BY d.id HAVING count(DISTINCT o.period_end_on) >= 13 ORDER BY d.id LIMIT 1"
        )
        return self._address(query)

    def delivery_to_report_on(self, number: int) -> str:
        """The address of a delivery of South East London that is on track, with no report on September begun."""
        query = (
            "SELECT d.id FROM commitments_delivery d JOIN commitments_position p ON p.delivery_id = d.id "
            "JOIN systems_footprint f ON f.id = d.footprint_id JOIN systems_footprint s ON s.id = f.system_id "
            "WHERE p.reason_code = 'on_track' AND s.code = 'QKK' AND NOT EXISTS (SELECT FROM commitments_report r "
            "WHERE r.delivery_id = d.id AND r.period_id >= '2019-09-01') AND EXISTS (SELECT FROM commitments_report r "
            "WHERE r.delivery_id = d.id AND r.period_id = '2019-08-01') ORDER BY d.id LIMIT 1 OFFSET %s"
        )
        return self._address(query, number)

    def _address(self, query: str, *values: object) -> str:
        with closing(psycopg2.connect(self.environment["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return f"/deliveries/{cursor.fetchone()[0]}/"

    def said(self) -> str:
        return self.log.read_text()[-4000:]

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


def manage(*arguments: str, database_url: str, **environment: str) -> str:
    """A management command in a process of its own; its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wait_until(holds, seconds: float, why=lambda: "") -> None:
    """Waits for something that happens elsewhere; fails with `why` when it does not."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds} seconds in vain. {why()}")
        time.sleep(0.25)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
