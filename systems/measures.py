"""What the rules of maturity may look at: one domain of a framework at one footprint, on one day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from systems.choices import Result

# A plain text: an enumeration's member is slower to compare, and this is compared more often than anything else.
_MET = Result.MET.value


@dataclass(frozen=True)
class Judged:
    """One criterion: its rung, what each rater last found, when its open actions are due and it alone is expected."""

    pk: int
    ordinal: int
    # (rater, result); whoever judges says met, partly or not met.
    found: tuple[tuple[str, str], ...] = ()
    actions_due_on: tuple[dt.date, ...] = ()
    # Whatever is expected of the level it belongs to.
    expected_on: dt.date | None = None

    @cached_property
    def is_met(self) -> bool:
        """Met by the word of everybody who judged it: ratings are kept apart, and never averaged."""
        return bool(self.found) and all(said == _MET for _, said in self.found)

    @cached_property
    def is_split(self) -> bool:
        """Whether raters disagree."""
        return len(self.found) > 1 and len({result for _, result in self.found}) > 1

    def has_action_due(self, first: dt.date, last: dt.date) -> bool:
        """Whether an open action is due between these days, both included."""
        return any(first <= day <= last for day in self.actions_due_on)


@dataclass(frozen=True)
class Evidence:
    """The facts about one domain at one footprint. `rungs` and `criteria` go from the lowest level to the highest."""

    rungs: tuple[tuple[int, str], ...]
    criteria: tuple[Judged, ...]
    # (day, ordinal of the level expected by it), in order.
    expectations: tuple[tuple[dt.date, int], ...] = ()
    assessed_on: dt.date | None = None

    @cached_property
    def is_judged(self) -> bool:
        return any(criterion.found for criterion in self.criteria)

    @cached_property
    def alone(self) -> tuple[tuple[Judged, dt.date], ...]:
        """The criteria that are expected by a day of their own."""
        return tuple((one, one.expected_on) for one in self.criteria if one.expected_on is not None)

    @property
    def below_all(self) -> int:
        """The ordinal of standing below the lowest rung."""
        return self.rungs[0][0] - 1

    @cached_property
    def reached(self) -> int | None:
        """The highest rung whose criteria, and those of every rung below, are all met; none is None."""
        return self._reached_where(lambda criterion: criterion.is_met)

    def _reached_where(self, is_met: Callable[[Judged], bool]) -> int | None:
        lacking = next((criterion.ordinal for criterion in self.criteria if not is_met(criterion)), None)
        return next((ordinal for ordinal, _ in reversed(self.rungs) if lacking is None or ordinal < lacking), None)

    def by_rater(self) -> dict[str, int]:
        """How far each rater alone sees it; below the lowest rung where they see nothing reached."""
        raters = {rater for criterion in self.criteria for rater, _ in criterion.found}
        # What one alone judged, all agree on.
        seen = {rater: self.reached if len(raters) == 1 else self._reached_for(rater) for rater in sorted(raters)}
        return {rater: self.below_all if reached is None else reached for rater, reached in seen.items()}

    def _reached_for(self, rater: str) -> int | None:
        return self._reached_where(lambda criterion: (rater, _MET) in criterion.found)
