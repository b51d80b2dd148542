"""A copy of the repository in a folder with a space in its name, and `make` in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", ".env", ".*_cache", ".hypothesis", "__pycache__")
# What `make` is told by the machine; nothing of what the tests told their own process.
KEPT = ("HOME", "LANG", "PATH", "TMPDIR")


def make_clone(folder: Path) -> Path:
    clone = folder / "my portal"
    shutil.copytree(ROOT, clone, ignore=NOT_COPIED)
    return clone


def environment(**variables: str) -> dict[str, str]:
    """This very Python's packages serve the clone too: installing them again would take a minute."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PORTAL_VENV": sys.prefix, **variables}


def refused(clone: Path, *words: str, **variables: str) -> str:
    """The one line that `make` answers with, when it must not succeed. (Its own last line is not ours.)"""
    command = ["make", f"PYTHON={sys.executable}", "run", *words]
    done = subprocess.run(command, cwd=clone, env=environment(**variables), capture_output=True, text=True, timeout=120)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode != 0
    assert len(lines) == 1, done.stderr
    return lines[0]
