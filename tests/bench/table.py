"""What a run found: one line a measurement, its budget beside it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement: what was done, what it cost, and what it may cost (None: shown to be known, not judged)."""

    work: str
    cost: float
    unit: str = "×"
    budget: float | None = None
    note: str = ""

    @property
    def is_over(self) -> bool:
        return self.budget is not None and self.cost > self.budget


def printed(lines: Iterable[Line]) -> str:
    """The table as text, in columns."""
    rows = [("", "measured", "budget", "", "")]
    for line in lines:
        budget = "" if line.budget is None else f"≤ {_figure(line.budget)} {line.unit}"
        mark = "" if line.budget is None else "OVER" if line.is_over else "ok"
        rows.append((line.work, f"{_figure(line.cost)} {line.unit}", budget, mark, line.note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"{work:<{widths[0]}}  {cost:>{widths[1]}}  {budget:>{widths[2]}}  {mark:<{widths[3]}}  {note}".rstrip()
        for work, cost, budget, mark, note in rows
    )


def _figure(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
