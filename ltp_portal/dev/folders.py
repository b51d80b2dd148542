"""What the portal keeps on this machine: everything under var/, and sockets in a folder with a short name."""

import fcntl
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ltp_portal.dev.accounts import can_reach, service_account
from ltp_portal.dev.problems import RunsAlready, cannot_use

ROOT = Path(__file__).resolve().parents[2]
# The kernel allows 107 characters for a socket's whole path.
SOCKET_FOLDER_MAX = 80


def path_with_programs() -> str:
    """The PATH on which `python` is the Python that runs this, as the Procfile expects."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def open_var() -> Path:
    """The folder var/, with the folders in it that everything else counts on."""
    var = ROOT / "var"
    try:
        var.mkdir(mode=0o755, exist_ok=True)
        (var / "log").mkdir(exist_ok=True)
        (var / "lock").touch()
    except OSError as error:
        raise cannot_use(error, var) from error
    return var


@contextmanager
def held_alone(lock: Path) -> Iterator[None]:
    """Two portals must not share one database folder; the lock goes with its process, however that ends."""
    with lock.open("r+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunsAlready("the portal runs from this folder already: stop it first.") from error
        yield


def kept_secret(path: Path, *, bytes_of_chance: int) -> str:
    """The secret in the file, made at first use and readable by its owner only."""
    if not path.exists() or not path.read_text().strip():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(bytes_of_chance))
    return path.read_text().strip()


@contextmanager
def socket_folder(var: Path) -> Iterator[Path]:
    """A private folder for sockets: in var/, or in the temp folder where var/ is too deep or out of reach.

    `var/sockets` then links there, so that the next start finds what a killed one left.
    """
    folder = var / "sockets"
    _remove(folder)
    plain = " " not in str(folder) and "," not in str(folder) and len(str(folder)) <= SOCKET_FOLDER_MAX
    if plain and can_reach(var, service_account(var / "postgres" / "data")):
        folder.mkdir(mode=0o700)
    else:
        temp = tempfile.gettempdir() if len(tempfile.gettempdir()) <= SOCKET_FOLDER_MAX else "/tmp"  # noqa: S108
        folder.symlink_to(tempfile.mkdtemp(prefix="ltp-portal-", dir=temp))
    try:
        yield folder.resolve()
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """The folder, and if it is a link, what it leads to."""
    shutil.rmtree(folder.resolve(), ignore_errors=True)
    if folder.is_symlink():
        folder.unlink()
