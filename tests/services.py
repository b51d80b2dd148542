"""What the tests stand on: a PostgreSQL and a Redis of their own, started before Django reads its settings.

A pytest plugin (`-p tests.services`). The process that gives out the tests starts both and tells its workers
through the environment; each worker has its own database in the one, its own numbered store in the other, and its
own folder for the files of evidence.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from ltp_portal.dev.folders import ROOT, path_with_programs
from ltp_portal.dev.throw_away import throw_away_servers

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "ltp_portal.settings",
    "SECRET_KEY": "only-for-tests-and-long-enough-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "SITE_URL": "http://127.0.0.1:8000",
    # Plain http between the tests' browser and the tests' server.
    "PORTAL_TLS": "0",
    "PORTAL_DEMO": "1",
    "PORTAL_TODAY": "2019-09-30",
    "DEMO_PASSWORD": "demonstration-of-the-portal-only",
    # Playwright's loop runs in the thread of the tests; Django must not mistake them for asynchronous code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}

servers = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    worker = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    if worker:
        os.environ["REDIS_URL"] += f"?db={int(worker[1]) + 1}"
        os.environ["EVIDENCE_ROOT"] += f"/{worker[0]}"
        os.mkdir(os.environ["EVIDENCE_ROOT"])
    else:
        os.environ.update(SETTINGS, PATH=path_with_programs())
        os.environ.update(servers.enter_context(throw_away_servers()))
        os.environ["EVIDENCE_ROOT"] = servers.enter_context(tempfile.TemporaryDirectory(prefix="ltp-evidence-"))
        os.environ["STATIC_ROOT"] = servers.enter_context(tempfile.TemporaryDirectory(prefix="ltp-static-"))
        # Pages are tested as production draws them: each file under its hashed name.
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, check=True)
    return (yield)


def pytest_unconfigure() -> None:
    servers.close()
