"""Faults, with real processes: whatever is killed, cut or away, no accepted report is lost or counted twice, and the
positions are what their evidence says within a minute of the last fault.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings

from ltp_portal.dev.queue_server import Redis
from tests.e2e.conftest import WORKER, alone, copy_of
from tests.e2e.person import TAKEN, Person
from tests.e2e.portal import ROOT, STARTS_WITHIN, Portal, wait_until

pytestmark = pytest.mark.xdist_group("e2e")

MANAGER, APPROVER = "manager.sel@demo.example", "approver.sel@demo.example"
# Seconds, from the last fact.
SETTLED_WITHIN = 60
KILLS = 10
# How long a worker, started anew on a busy machine, is waited for before it is killed all the same.
PATIENCE = 10
# Between two reports that one person signs off.
PAUSE = 0.05
# Reports signed off in one go.
IN_BULK = 10

# A report awaiting sign-off on each of some deliveries for each of the last five months.
WRITE_REPORTS = """
INSERT INTO commitments_report (delivery_id, period_id, state, stage, confidence, narrative, next_steps, reason,
                                path_to_green, evidence, author_id, submitted_on, return_note, version, written_at)
SELECT d.id, p.starts_on, 'submitted', 'under_way',
       (ARRAY['green', 'amber', 'red'])[1 + (d.id + extract(month FROM p.starts_on)::int) %% 3],
       'Written for the fault tests.', '', 'Staff', 'Recruit', '', u.id, p.opens_on, '', 1, now()
  FROM (SELECT d.id
          FROM commitments_delivery d
          JOIN systems_footprint f ON f.id = d.footprint_id
          JOIN systems_footprint s ON s.id = f.system_id
         WHERE s.code = 'QKK' AND d.is_applicable
           AND NOT EXISTS (SELECT FROM commitments_report r WHERE r.delivery_id = d.id AND r.state <> 'signed_off')
         ORDER BY d.id LIMIT %(deliveries)s) d
 CROSS JOIN (SELECT * FROM commitments_reportingperiod WHERE opens_on <= %(today)s ORDER BY starts_on DESC LIMIT 5) p
 CROSS JOIN (SELECT id FROM systems_user WHERE email = %(author)s) u
RETURNING id
"""
# A move that does not begin where the one before ended was logged twice, or lost.
BROKEN_LOG = """
SELECT * FROM (
    SELECT delivery_id, id, from_status, from_reason_code, to_status, to_reason_code,
           lag(to_status) OVER log AS was_status, lag(to_reason_code) OVER log AS was_reason
      FROM commitments_positionchange WINDOW log AS (PARTITION BY delivery_id ORDER BY id)) move
 WHERE (from_status, from_reason_code) = (to_status, to_reason_code)
    OR (from_status, from_reason_code) <> (was_status, was_reason)
"""
# Runs that a worker began, and those among them that it will never end.
RUNS = "SELECT count(*), count(*) FILTER (WHERE finished_at IS NULL) FROM commitments_run WHERE trigger <> 'command'"
CUT_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Parts:
    """A portal in parts, on a database and a Redis of its own."""

    def __init__(self, portal: Portal, queue: Redis) -> None:
        self.portal, self.queue = portal, queue
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name: str) -> None:
        self.running[name] = self.portal.start_part(name)

    def kill(self, name: str) -> None:
        """`kill -9`, with its children."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def sql(self, statement: str, **facts) -> list[tuple]:
        with (
            closing(psycopg2.connect(self.portal.environment["DATABASE_URL"])) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, facts)
            return cursor.fetchall()

    def write_reports(self, deliveries: int) -> list[int]:
        """Five reports on each of so many deliveries, awaiting sign-off, the oldest month first."""
        written = self.sql(WRITE_REPORTS, deliveries=deliveries, today=settings.PORTAL_TODAY, author=MANAGER)
        assert len(written) == 5 * deliveries
        return sorted(pk for (pk,) in written)

    def runs(self) -> tuple[int, int]:
        """How many runs workers began, and how many of those they did not end."""
        return self.sql(RUNS)[0]

    def wait_for_a_run_after(self, begun: int) -> None:
        """Until a worker is in the middle of its work, or has had time enough for it."""
        give_up_at = time.monotonic() + PATIENCE
        while self.runs()[0] == begun and time.monotonic() < give_up_at:
            time.sleep(0.01)

    def assert_settled(self, reports: list[int]) -> None:
        """Nothing lost, nothing twice, and every position as a fresh recompute would have it."""
        wait_until(self.portal.is_settled, SETTLED_WITHIN, self.portal.said)
        decided = self.sql(
            "SELECT state, version, count(*) FROM commitments_report WHERE id = ANY(%(ids)s) GROUP BY 1, 2",
            ids=reports,
        )
        assert decided == [("signed_off", 2, len(reports))]
        assert self.sql(BROKEN_LOG) == []


@pytest.fixture(scope="module")
def parts(demonstration, tmp_path_factory) -> Iterator[Parts]:
    folder = tmp_path_factory.mktemp("faults")
    copy = copy_of(demonstration, f"e2e_faults_{WORKER}")
    with alone("faults"), TemporaryDirectory(prefix="ltp-faults-") as sockets, copy as database_url:
        queue = Redis(folder / "redis", sockets=Path(sockets), log=folder / "redis.log", keeps=False)
        portal = Portal(database_url=database_url, redis_url=f"{queue.url}?db=0", log=folder / "portal.log")
        portal.environment["PORTAL_TODAY"] = settings.PORTAL_TODAY.isoformat()
        parts = Parts(portal, queue)
        with queue:
            try:
                for name in ("web", "worker", "beat"):
                    parts.start(name)
                wait_until(portal.is_ready, STARTS_WITHIN, portal.said)
                yield parts
            finally:
                for name in list(parts.running):
                    parts.kill(name)


@contextmanager
def meanwhile(*works: Callable[[], None]) -> Iterator[None]:
    """Does all this in threads while the block runs, and fails when any of it fails."""
    with ThreadPoolExecutor(len(works)) as threads:
        under_way = [threads.submit(work) for work in works]
        yield
        for work in under_way:
            work.result()


def sign_off(approver: Person, report: int) -> None:
    approver.post_until_taken(f"/sign-off/{report}/", [("version", 1), ("decision", "sign_off")])


def sign_off_many(approver: Person, reports: list[int]) -> None:
    approver.post_until_taken("/sign-off/check/", [("report", f"{report}-1") for report in reports])


def singly(approver: Person, reports: list[int]) -> None:
    for report in reports:
        sign_off(approver, report)
        time.sleep(PAUSE)


def in_bulk(approver: Person, reports: list[int]) -> None:
    for start in range(0, len(reports), IN_BULK):
        sign_off_many(approver, reports[start : start + IN_BULK])
        time.sleep(PAUSE * IN_BULK)


def test_a_worker_killed_ten_times_while_all_is_recomputed(parts):
    reports = parts.write_reports(100)
    half = reports[::2]
    approver = Person(parts.portal.url, APPROVER)
    enough = threading.Event()

    def recompute_everything() -> None:
        command = [sys.executable, "manage.py", "recompute", "--all"]
        while not enough.is_set():
            subprocess.run(command, cwd=ROOT, env=parts.portal.environment, check=True, capture_output=True)

    with meanwhile(lambda: singly(approver, reports[1::2]), recompute_everything):
        try:
            for number in range(KILLS):
                begun, _ = parts.runs()
                sign_off_many(approver, half[number::KILLS])
                parts.wait_for_a_run_after(begun)
                parts.kill("worker")
                parts.start("worker")
        finally:
            enough.set()

    parts.assert_settled(reports)
    _, never_ended = parts.runs()
    assert never_ended > 0  # some were killed in the middle of their work


def test_redis_stopped_and_hung_under_load(parts):
    reports = parts.write_reports(20)
    alone, *others = reports
    approver = Person(parts.portal.url, APPROVER)

    with meanwhile(lambda: singly(approver, others[::2]), lambda: in_bulk(approver, others[1::2])):
        parts.queue.__exit__()
        sign_off(approver, alone)
        settled_at_once = parts.sql(
            "SELECT next_change_on > %(today)s OR next_change_on IS NULL FROM commitments_position p "
            "JOIN commitments_report r ON r.delivery_id = p.delivery_id WHERE r.id = %(id)s",
            id=alone,
            today=settings.PORTAL_TODAY,
        )
        time.sleep(3)
        parts.queue.__enter__()
        time.sleep(1)
        parts.queue.process.send_signal(signal.SIGSTOP)
        time.sleep(3)
        parts.queue.process.send_signal(signal.SIGCONT)

    assert settled_at_once == [(True,)]
    # Signed off in bulk meanwhile: only the worker, back by itself, can have settled those.
    parts.assert_settled(reports)


def test_database_connections_cut_under_load(parts):
    reports = parts.write_reports(20)
    approver = Person(parts.portal.url, APPROVER)

    with meanwhile(lambda: singly(approver, reports[::2]), lambda: in_bulk(approver, reports[1::2])):
        for _ in range(8):
            time.sleep(0.5)
            parts.sql(CUT_ALL)

    parts.assert_settled(reports)


def test_a_form_whose_answer_was_lost_is_sent_again(parts):
    manager = Person(parts.portal.url, MANAGER)
    ((delivery,),) = parts.sql(
        "SELECT d.id FROM commitments_delivery d JOIN systems_footprint f ON f.id = d.footprint_id "
        "WHERE f.code = 'QKK' AND d.is_applicable AND NOT EXISTS "
        "(SELECT FROM commitments_report r WHERE r.delivery_id = d.id AND r.period_id = '2019-09-01') LIMIT 1"
    )
    boxes = [("due_on_day", 31), ("due_on_month", 3), ("due_on_year", 2020)]
    forms = {
        "report": [
            ("stage", "under_way"), ("confidence", "green"), ("narrative", "Said once."), ("version", 0),
            ("period", "2019-09-01"), ("then", "submit"),
        ],
        "milestones": [("title", "Said once."), *boxes],
    }  # fmt: skip

    for name, form in forms.items():
        keyed = [*form, ("form_key", uuid4().hex)]
        manager.post_and_lose_the_answer(f"/deliveries/{delivery}/{name}/", keyed)
        assert manager.post(f"/deliveries/{delivery}/{name}/", keyed) == TAKEN

    assert parts.sql("SELECT count(*) FROM commitments_report WHERE narrative = 'Said once.'") == [(1,)]
    assert parts.sql("SELECT count(*) FROM commitments_milestone WHERE title = 'Said once.'") == [(1,)]
    wait_until(parts.portal.is_settled, SETTLED_WITHIN, parts.portal.said)
