"""What recomputing maturity costs: every network of England judged, against one bare statement for the same levels."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from systems.models import MaturityPosition
from systems.recompute import audit, recompute
from tests.bench.england import SEED, TODAY, person, tidy
from tests.bench.table import Line
from tests.bench.timing import side_by_side

_HERE = Path(__file__).parent
_JUDGED = (_HERE / "maturity.sql").read_text(encoding="utf-8")
_LEVELS = (_HERE / "levels.sql").read_text(encoding="utf-8")


@transaction.atomic
def judge() -> None:
    """Has every network of England assessed."""
    values = {"seed": SEED, "author": person("author").pk, "approver": person("approver").pk}
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED, values)


def bare() -> int:
    """The levels in one statement and one transaction; how many rows it had to write."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LEVELS, {"today": TODAY})
        return cursor.rowcount


def everything(hands: int = 2) -> None:
    recompute(TODAY, everything=True, hands=hands)


def costs() -> Iterator[Line]:
    """A full recompute as a multiple of the bare statement, both with nothing left to write."""
    judge()
    everything()
    tidy()
    statement, whole, alone = side_by_side(bare, everything, lambda: everything(hands=1), rounds=5)
    positions = MaturityPosition.objects.count()
    yield Line("full recompute of maturity", whole / statement, budget=1.5, note=f"2 hands, {positions:,} areas")
    yield Line("full recompute of maturity, one hand", alone / statement)


def wrong_cells() -> int:
    """Positions that are not what the facts say, or not what the statement says."""
    return sum(1 for _ in audit(TODAY)) + bare()
