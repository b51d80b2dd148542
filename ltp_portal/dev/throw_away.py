"""A PostgreSQL and a Redis for one run of tests or checks: empty, fast, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ltp_portal.dev.database_server import THROW_AWAY, Postgres
from ltp_portal.dev.queue_server import Redis


@contextmanager
def throw_away_servers(options: tuple[str, ...] = THROW_AWAY) -> Iterator[dict[str, str]]:
    """Start both; what they are called goes into these environment variables."""
    folder = Path(tempfile.mkdtemp(prefix="ltp-test-"))
    # Others may pass through to what is theirs (PostgreSQL's account), not look around.
    folder.chmod(0o711)
    sockets = folder / "s"
    sockets.mkdir()
    database = Postgres(folder / "postgres", sockets=sockets, log=folder / "postgres.log", options=options)
    queue = Redis(folder / "redis", sockets=sockets, log=folder / "redis.log", keeps=False)
    try:
        with database, queue:
            yield {"DATABASE_URL": database.url, "REDIS_URL": queue.url}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
