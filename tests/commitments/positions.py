"""What the tests of recompute share: a full run, and the positions as they are stored."""

from django.db import connection

from commitments import recompute
from commitments.models import Position
from commitments.recompute import Outcome
from tests.factories import TODAY


def position(delivery) -> Position:
    return Position.objects.get(delivery=delivery)


def everything() -> Outcome:
    return recompute.recompute(TODAY, everything=True)


def stored() -> list[tuple]:
    """Every position as it stands, with where its row lies: a row that is written again moves."""
    columns = [field.column for field in Position._meta.fields]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text, {', '.join(columns)} FROM commitments_position ORDER BY delivery_id")
        return cursor.fetchall()
