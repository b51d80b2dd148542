"""One run: England grows by steps, is recomputed at each, and at full size everything else is measured."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.test import override_settings

from tests.bench import bare, engine, england, maturity, memory, packs, pages, savers
from tests.bench.table import Line, printed
from tests.bench.timing import best, seconds


@dataclass(frozen=True, slots=True)
class Step:
    """England at one size: its deliveries, and the seconds of the bare statement and of a full recompute."""

    share: float
    deliveries: int
    bare: float
    recompute: float
    queries: dict[str, int]


def run(scale: float) -> None:
    """Prints the table; exits 1 where a number is wrong, never because it is slow."""
    say = _teller()
    with override_settings(ROOT_URLCONF="tests.bench.urls"):
        england.prepare()
        steps = [_step(share, systems, say) for share, systems in england.steps(scale)]
        lines = [*_growth(steps), *_full_size(steps[-1].bare, say)]
    wrong = {
        "disagree with the bare statement": engine.agreement(),
        "are wrong after all of it": engine.wrong_cells() + maturity.wrong_cells(),
    }
    print(printed(lines))
    print(f"\n1 × = one bare SQL statement, {steps[-1].bare:.2f} s; pages: a bare signed-in page of the same bytes.")
    for words, cells in wrong.items():
        print(f"{cells} cells {words}.")
    sys.exit(1 if any(wrong.values()) else 0)


def _teller() -> Callable[[str], None]:
    return lambda words: print(words, file=sys.stderr, flush=True)


def _step(share: float, systems: list[int], say: Callable[[str], None]) -> Step:
    england.grow(systems)
    first = seconds(engine.due)
    england.tidy()
    say(f"{share} ×: " + ", ".join(f"{number:,} {name}" for name, number in england.counts().items()))
    say(f"  decided for the first time, every row written and logged, in {first:.1f} s")
    browser = pages.client()
    queries = {name: pages.queries(browser, address) for name, address in pages.addresses().items()}
    deliveries = england.counts()["deliveries"]
    return Step(share, deliveries, best(bare.run), best(engine.everything), queries)


def _growth(steps: list[Step]) -> Iterable[Line]:
    """How time and queries grow with the data; each step has about twice the deliveries of the one before."""
    for smaller, larger in pairwise(steps):
        growth = larger.deliveries / smaller.deliveries
        more = sum(larger.queries.values()) - sum(smaller.queries.values())
        yield Line(
            f"full recompute at {larger.share} × against {smaller.share} ×",
            larger.recompute / smaller.recompute,
            budget=round(2.2 * growth / 2, 2),
            note=f"{growth:.2f} × the deliveries, {more} queries more on five pages",
        )


def _full_size(yardstick: float, say: Callable[[str], None]) -> Iterable[Line]:
    say("whole runs …")
    yield from engine.runs(yardstick)
    say("single edits …")
    yield from engine.edits()
    say("eight people saving …")
    yield from savers.waits()
    say("maturity …")
    yield from maturity.costs()
    say("pages …")
    yield from pages.costs()
    # Before anything large is held here: a process begun later would count it as its own.
    yield memory.peak()
    say("packs …")
    yield from packs.costs()
