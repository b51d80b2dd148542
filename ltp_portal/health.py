"""Whether the portal is alive, and whether it can work."""

from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from ltp_portal.celery import app

# How long a worker has to answer.
WORKER_SECONDS = 1.0


def answering() -> dict[str, bool]:
    """What the portal leans on, and whether each answers: the database, the broker, a worker."""
    broker, worker = _broker_and_worker()
    return {"database": _database(), "broker": broker, "worker": worker}


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return True
    except DatabaseError:
        return False


def _broker_and_worker() -> tuple[bool, bool]:
    try:
        answers = app.control.broadcast("ping", reply=True, timeout=WORKER_SECONDS, limit=1)
    except (OperationalError, OSError):
        return False, False
    return True, bool(answers)
