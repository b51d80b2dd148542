"""What went wrong on this machine, in one line its owner can act on."""

from pathlib import Path


class Problem(Exception):
    """Ends a command with its message as the only line on stderr and a non-zero exit."""


class RunsAlready(Problem):
    """Somebody else holds this folder's data."""


def cannot_use(error: OSError, otherwise: Path) -> Problem:
    """A file or folder that the system refused; it names the place it failed at, mostly."""
    place = error.filename2 or error.filename or otherwise
    return Problem(f"cannot use {place} ({error.strerror}): move it away and start again.")


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())
