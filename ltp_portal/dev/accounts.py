"""PostgreSQL refuses to run as root. Then it runs as an account that owns nothing else of ours.

The permissions of folders that were there before are left as found: what the account cannot reach is kept,
or copied to, where it can.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ltp_portal.dev.problems import Problem

UNPRIVILEGED = ("postgres", "nobody")


def service_account(data: Path) -> str | None:
    """The account PostgreSQL runs as, or None where we may run it ourselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in names:
            return name
    raise Problem("PostgreSQL cannot run as root, and there is no account postgres or nobody to run it as.")


def as_account(account: str | None) -> dict[str, Any]:
    """The arguments of subprocess that make a child run as the account, from a folder it can see."""
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": [], "cwd": "/"}


def can_reach(folder: Path, account: str | None) -> bool:
    test = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)]
    return subprocess.run(test, **as_account(account)).returncode == 0


def can_run(program: Path, account: str | None) -> bool:
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, **as_account(account))
    except OSError:
        return False
    return asked.returncode == 0


def give(folder: Path, account: str | None) -> None:
    """Make the folder the account's own, and nobody else's."""
    folder.chmod(0o700)
    if account is not None:
        shutil.chown(folder, account, pwd.getpwnam(account).pw_gid)


def open_for_reading(folder: Path) -> None:
    """Let every account read a folder that we just made, and run what can be run in it."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
