"""`make test`: a browser and Pango if there is none, then pytest on every core. Its servers: tests/services.py."""

import subprocess
import sys

from ltp_portal.dev import browser, folders, pango


def test(*arguments: str) -> None:
    browser.ensure_chromium()
    pango.ensure_pango()
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *arguments]
    sys.exit(subprocess.run(command, cwd=folders.ROOT).returncode)
