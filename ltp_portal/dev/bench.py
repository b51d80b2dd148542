"""`make bench`: England at full size on servers of its own, and what the portal costs there (tests/bench/)."""

import os
import subprocess
import sys
import tempfile

from ltp_portal.dev import folders
from ltp_portal.dev.quality import production_settings
from ltp_portal.dev.throw_away import throw_away_servers

PYTHON = sys.executable
# As in production, but on the benchmark's day and without TLS in front.
BENCHMARK = {
    "ALLOWED_HOSTS": "testserver",
    "SITE_URL": "http://testserver",
    "PORTAL_TLS": "0",
    "PORTAL_TODAY": "2019-10-14",
    "TRUSTED_PROXY_COUNT": "0",
    "REQUIRE_MFA": "0",
}


def bench(scale: str = "1") -> None:
    """Measures; `scale` takes a part of England, 0.05 for a quick look."""
    # What a crash would lose is kept as in production: a benchmark that does not wait for the disk flatters.
    with throw_away_servers(options=()) as servers, tempfile.TemporaryDirectory(prefix="ltp-static-") as static:
        environment = {**os.environ, **production_settings(), **BENCHMARK, **servers, "STATIC_ROOT": static}
        for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"]):
            subprocess.run([PYTHON, "manage.py", *command], env=environment, cwd=folders.ROOT, check=True)
        measured = subprocess.run([PYTHON, "-m", "tests.bench", scale], env=environment, cwd=folders.ROOT)
    sys.exit(measured.returncode)
