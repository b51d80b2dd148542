"""Brings the database and the static files up to the code: one process for all."""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error as DatabaseError
from environs import EnvError

from ltp_portal.dev.problems import cannot_use, one_line


def fingerprint(folder: Path) -> str:
    """Changes with any name or content in the folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def load_reference(stamp: Path | None) -> None:
    """Load the reference fixtures, unless this very database has them: the stamp lies beside its data."""
    wanted = fingerprint(settings.BASE_DIR / "fixtures" / "reference")
    if stamp is not None and stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("load_reference")
    if stamp is not None:
        stamp.write_text(wanted)


def prepare(stamp: Path | None) -> None:
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    load_reference(stamp)
    if settings.PORTAL_DEMO:
        call_command("load_demo", if_empty=True)
        if settings.MAIL_FOLDER:
            # Nobody waits until seven in the morning to see what people are reminded of, and told.
            call_command("send_reminders")
            call_command("send_letters")


if __name__ == "__main__":
    try:
        prepare(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    except CommandError as error:
        sys.exit(f"ltp-portal: {error}")
    except (ImproperlyConfigured, EnvError, DatabaseError) as error:
        sys.exit(f"ltp-portal: {one_line(error)}")
    except OSError as error:
        sys.exit(f"ltp-portal: {cannot_use(error, settings.STATIC_ROOT)}")
    except KeyboardInterrupt:
        sys.exit(130)
