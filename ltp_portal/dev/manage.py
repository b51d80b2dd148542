"""`make manage`: a management command on the data of `make run`, whether that is running or not."""

import subprocess
import sys
from contextlib import ExitStack

from ltp_portal.dev import database_server, folders, queue_server
from ltp_portal.dev.problems import RunsAlready
from ltp_portal.dev.run import chosen_port, settings_for, start_servers


def manage(*arguments: str) -> None:
    var = folders.open_var()
    environment = settings_for(var, chosen_port())
    with ExitStack() as servers:
        try:
            servers.enter_context(folders.held_alone(var / "lock"))
            start_servers(var, environment, servers)
        except RunsAlready:
            sockets = (var / "sockets").resolve()
            environment.setdefault("DATABASE_URL", database_server.url_in(sockets))
            environment.setdefault("REDIS_URL", queue_server.url_in(sockets))
        done = subprocess.run([sys.executable, "manage.py", *arguments], env=environment, cwd=folders.ROOT)
    sys.exit(done.returncode)
