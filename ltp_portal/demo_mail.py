"""The mail of a demonstration, read back from the folder it lands in. What stands there is shown, and never trusted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

# Django's file backend puts a line of dashes below each message.
_BELOW = b"\n" + b"-" * 79 + b"\n"
_FILES_READ, _BYTES_READ = 200, 1_000_000
UNREADABLE = "This message cannot be read."


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, as text."""

    to: str
    subject: str
    sent_at: dt.datetime | None
    text: str


def letters(folder: Path) -> list[Letter]:
    """Every message in the folder, the newest first."""
    files = [path for path in folder.glob("*.log") if path.is_file() and not path.is_symlink()]
    newest_first = sorted(files, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    return [letter for path in newest_first[:_FILES_READ] for letter in reversed(list(_in_file(path)))]


def _in_file(path: Path) -> Iterator[Letter]:
    with path.open("rb") as file:
        written = file.read(_BYTES_READ)
    for raw in written.split(_BELOW):
        if raw.strip():
            yield _letter(raw)


def _letter(raw: bytes) -> Letter:
    message = message_from_bytes(raw, policy=policy.default)
    try:
        sent_at = parsedate_to_datetime(message["Date"]) if message["Date"] else None
        return Letter(str(message["To"]), str(message["Subject"]), sent_at, _text(message))
    except (LookupError, ValueError, TypeError, AttributeError):
        return Letter("", UNREADABLE, None, "")


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return body.get_content() if body is not None else UNREADABLE
