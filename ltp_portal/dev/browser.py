"""A Chromium for the browser tests: the machine's, else Playwright's own, else Debian's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ltp_portal.dev.problems import Problem

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAYS_TO_INSTALL = (
    [[sys.executable, "-m", "playwright", "install", "chromium"]],
    [["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"]],
)


def find_chromium() -> str | None:
    """The path of a Chromium that starts, if there is one."""
    for path in filter(None, map(shutil.which, NAMES)):
        if _starts(path):
            return path
    path = _playwrights_own()
    return path if Path(path).exists() and _starts(path) else None


def ensure_chromium() -> None:
    if find_chromium():
        return
    for commands in WAYS_TO_INSTALL:
        if commands[0][0] == "apt-get" and os.geteuid() != 0:
            continue
        print("Installing Chromium for the browser tests.", flush=True)
        if all(_succeeds(command) for command in commands) and find_chromium():
            return
    raise Problem("the tests need a browser and none could be installed: install Chromium and start again.")


def _playwrights_own() -> str:
    """Where Playwright keeps its Chromium. Asked in a process of its own: it starts once in a process."""
    asking = "from playwright.sync_api import sync_playwright as start\n"
    asking += "with start() as playwright: print(playwright.chromium.executable_path)"
    return subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True).stdout.strip()


def _starts(path: str) -> bool:
    return _succeeds([path, "--version"])


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False
