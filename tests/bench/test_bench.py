"""The benchmark's own checks, none of them timed: England comes out as asked, and the bare statement says the same."""

import pytest

from commitments.models import Position
from commitments.recompute import recompute
from systems.models import Footprint, MaturityPosition
from tests.bench import bare, england, maturity, packs
from tests.bench.engine import submitted
from tests.bench.table import Line, printed

# One system, the first by name.
A_LITTLE = 0.002


@pytest.fixture
def small_england(db):
    england.prepare()
    for _, systems in england.steps(A_LITTLE):
        england.grow(systems)
    recompute(england.TODAY)


def test_the_bare_statement_agrees_with_the_law_on_every_row(small_england):
    before = list(Position.objects.order_by("pk").values())

    bare.run()

    assert len({position["reason_code"] for position in before}) > 15
    assert bare.disagreements() == []
    assert list(Position.objects.order_by("pk").values()) == before
    counts = england.counts()
    assert counts["milestones"] / counts["deliveries"] == pytest.approx(3.82, abs=0.1)
    assert counts["reports"] / counts["deliveries"] == pytest.approx(11.5, abs=0.2)
    assert counts["observations"] / counts["deliveries"] == pytest.approx(25.6, abs=1)
    parts = [submitted(5, part=part, parts=3) for part in range(3)]
    assert [len(part) for part in parts] == [5, 5, 5]


def test_the_bare_statement_reaches_the_same_levels(db):
    england.prepare()
    maturity.judge()
    maturity.everything(hands=1)

    assert maturity.wrong_cells() == 0
    assert set(MaturityPosition.objects.values_list("reached", flat=True)) == {None, 0, 1, 2, 3}
    assert MaturityPosition.objects.exclude(split=[]).exists()


def test_a_pack_is_measured_with_all_its_documents(db):
    england.prepare()
    england.grow([Footprint.objects.get(code=packs.SYSTEM).pk])
    recompute(england.TODAY)
    maturity.everything(hands=1)

    publishing, pack = packs.costs()

    assert publishing.cost > 0
    assert pack.cost > 0
    assert pack.note == "4 documents"


def test_a_cost_over_its_budget_is_marked():
    text = printed([Line("fast", 1.5, budget=2), Line("slow", 2.5, budget=2), Line("only told", 3, "ms", note="here")])

    fast, slow, told = text.splitlines()[1:]
    assert fast.split() == ["fast", "1.50", "×", "≤", "2", "×", "ok"]
    assert slow.split() == ["slow", "2.50", "×", "≤", "2", "×", "OVER"]
    assert told.split() == ["only", "told", "3", "ms", "here"]
