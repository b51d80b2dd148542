"""The yardstick: the law as one bare SQL statement."""

from pathlib import Path

from django.db import connection, transaction

from tests.bench.england import TODAY

_HERE = Path(__file__).parent
STATUS = (_HERE / "status.sql").read_text(encoding="utf-8")
ROLLED_UP = (_HERE / "rollup.sql").read_text(encoding="utf-8").replace("{status}", STATUS)


def run() -> None:
    """The status column and its roll-up, in one statement and one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ROLLED_UP, {"today": TODAY})


def disagreements() -> list[tuple]:
    """(delivery, what the portal stored, what the statement says) wherever the two differ."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT position.delivery_id, position.status, position.reason_code, bare.status, bare.reason_code
              FROM commitments_position position
              FULL JOIN ({STATUS}) bare ON bare.delivery_id = position.delivery_id
             WHERE (position.status, position.reason_code) IS DISTINCT FROM (bare.status, bare.reason_code)
            """,
            {"today": TODAY},
        )
        return cursor.fetchall()
