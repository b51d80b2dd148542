"""Pango, with which committee packs are printed as PDF: the machine's, else Debian's. Only the tests insist on it."""

import os
import subprocess
import sys

from ltp_portal.dev.problems import Problem

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "fonts-liberation")


def ensure_pango() -> None:
    if _is_there():
        return
    if os.geteuid() == 0:
        print("Installing Pango for the tests of committee packs.", flush=True)
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", *command], capture_output=True)
        if _is_there():
            return
    raise Problem(f"the tests print packs as PDF with Pango, which is missing: install {' '.join(PACKAGES)}.")


def _is_there() -> bool:
    """Asked in a process of its own: a library that could not be loaded is not looked for again."""
    return subprocess.run([sys.executable, "-c", "import weasyprint"], capture_output=True).returncode == 0
