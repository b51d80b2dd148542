"""The first step of every `make` command: the virtual environment, installed from the lock file.

Only Python's own library here: nothing else is installed yet. When the environment stands, the same
command goes on inside it as `python -m ltp_portal.dev`. (The Makefile has checked Python's version before.)
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-dev.lock"
# PORTAL_VENV names an environment that somebody else made and keeps: it is used as it is.
GIVEN = os.environ.get("PORTAL_VENV")
ENVIRONMENT = Path(GIVEN or ROOT / ".venv").absolute()
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "installed-from"


def fail(message: str) -> None:
    sys.exit(f"ltp-portal: {message}")


def wanted_stamp() -> str:
    """What the environment must have been made from: this lock, this Python, in this place."""
    facts = [LOCK.read_text(), sys.version, str(ENVIRONMENT)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def is_installed() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted_stamp()


def install_log() -> Path:
    var = ROOT / "var"
    try:
        var.mkdir(mode=0o755, exist_ok=True)
        (var / "log").mkdir(exist_ok=True)
    except OSError as error:
        fail(f"cannot use the folder {var} ({error.strerror}): move it away and start again.")
    return var / "log" / "install.log"


def make_environment(log: Path) -> None:
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    with log.open("w") as output:
        made = subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], stdout=output, stderr=output)
    if made.returncode:
        fail(f"cannot make a virtual environment; on Debian install python3-venv. The details are in {log}.")


def install_packages(log: Path) -> None:
    # The lock names everything, so nothing is looked up: older pips cannot match an extra to a pinned name.
    options = ["--quiet", "--no-deps", "--require-hashes", "--retries", "2"]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", str(LOCK)]
    with log.open("w") as output:
        installed = subprocess.run(command, stdout=output, stderr=output)
    if installed.returncode:
        errors = [line for line in log.read_text().splitlines() if line.startswith("ERROR")]
        reason = errors[-1] if errors else "pip stopped"
        fail(
            f"cannot install the locked packages ({reason}). "
            f"Is the package index within reach of this machine? The details are in {log}."
        )


def ensure_environment() -> None:
    if GIVEN or is_installed():
        return
    print("Installing the locked packages into .venv; the first time takes a minute or two.", flush=True)
    log = install_log()
    make_environment(log)
    install_packages(log)
    STAMP.write_text(wanted_stamp())


def main() -> None:
    try:
        ensure_environment()
    except OSError as error:
        fail(f"cannot use the folder {ENVIRONMENT} ({error.strerror}): move it away and start again.")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "ltp_portal.dev", *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("stopped before the set-up was complete; start again to go on.")
