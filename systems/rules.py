"""The law of maturity: pure functions from the facts about one domain at one footprint, and a day, to a verdict.

A rater's word is never averaged with another's. What all raters call met is met; what they disagree on is not.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

from systems import sentences
from systems.choices import MaturityStatus
from systems.measures import Evidence, Judged

_DAY = dt.timedelta(days=1)
# A day, and the ordinal of the level expected by it.
Expected = tuple[dt.date, int]
Expectations = tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a domain stands. Field by field what a MaturityPosition keeps; levels are given by their ordinal."""

    status: str
    reached: int | None
    lowest: int | None
    highest: int | None
    expected: int | None
    expected_on: dt.date | None
    next_level: int | None
    next_on: dt.date | None
    gap: int
    in_the_way: list[int]
    uncovered: list[int]
    split: list[int]
    assessed_on: dt.date | None
    sentence: str
    next_change_on: dt.date | None = None


def verdict(e: Evidence, today: dt.date) -> Verdict:
    """How the domain stands today, and the first day on which the same facts say otherwise."""
    stands = _stands(e, today)
    changes = next((day for day in _turning_days(e) if day > today and _stands(e, day) != stands), None)
    return stands if changes is None else replace(stands, next_change_on=changes)


def _turning_days(e: Evidence) -> list[dt.date]:
    """Every day on which something could change: an expectation's day and the next, the day after an action was due."""
    days = {on + later for on, _ in e.expectations for later in (dt.timedelta(0), _DAY)}
    return sorted(days | {on + _DAY for criterion in e.criteria for on in criterion.actions_due_on})


@lru_cache(maxsize=1024)
def expected_on_day(expectations: Expectations, day: dt.date) -> Expected | None:
    """The highest level whose day has come, with the first day on which it was expected."""
    come = [(on, ordinal) for on, ordinal in expectations if on <= day]
    return min((one for one in come if one[1] == max(o for _, o in come)), default=None)


@lru_cache(maxsize=1024)
def expected_after(expectations: Expectations, day: dt.date) -> Expected | None:
    """The next level above the one expected on this day, and when it is expected."""
    now = expected_on_day(expectations, day)
    ahead = [(on, ordinal) for on, ordinal in expectations if on > day and (now is None or ordinal > now[1])]
    return min(ahead, default=None)


def _status(e: Evidence, today: dt.date, stand: int) -> tuple[MaturityStatus, Expected | None]:
    """The status, and the expectation it is about. First line that holds decides."""
    # Until its day is over a level expected by it is still ahead: the gap opens on the day after.
    yesterday = today - _DAY
    passed, due = expected_on_day(e.expectations, yesterday), expected_after(e.expectations, yesterday)
    latest = expected_on_day(e.expectations, today) or expected_after(e.expectations, today)
    if not e.is_judged:
        return MaturityStatus.NOT_ASSESSED, latest
    if passed is not None and passed[1] > stand:
        return MaturityStatus.GAP, latest
    if due is not None and due[1] > stand:
        covered = all(criterion.has_action_due(today, due[0]) for criterion in _missing(e, due[1]))
        return (MaturityStatus.CLOSING if covered else MaturityStatus.AT_RISK), due
    return (MaturityStatus.MET if e.expectations else MaturityStatus.NOTHING_EXPECTED), latest


def _stands(e: Evidence, today: dt.date) -> Verdict:
    """How the domain stands on this day; when that expires is for others to find out."""
    reached = e.reached
    stand = e.below_all if reached is None else reached
    now, ahead = expected_on_day(e.expectations, today), expected_after(e.expectations, today)
    status, target = _status(e, today, stand)
    missing = _missing(e, target[1]) if target is not None else []
    # What is overdue is taken up by whatever is still to come.
    is_late = status == MaturityStatus.GAP or target is None or target[0] < today
    in_time = dt.date.max if is_late or target is None else target[0]
    uncovered = [criterion.pk for criterion in missing if not criterion.has_action_due(today, in_time)]
    split = [criterion.pk for criterion in e.criteria if criterion.is_split]
    seen = e.by_rater().values()
    return Verdict(
        status=status,
        reached=reached,
        lowest=min(seen, default=None),
        highest=max(seen, default=None),
        expected=now[1] if now else None,
        expected_on=now[0] if now else None,
        next_level=ahead[1] if ahead else None,
        next_on=ahead[0] if ahead else None,
        gap=max(0, now[1] - stand) if now else 0,
        in_the_way=[criterion.pk for criterion in missing],
        uncovered=uncovered,
        split=split,
        assessed_on=e.assessed_on,
        sentence=_sentence(e, today, status, reached, target, len(missing), len(uncovered), len(split)),
    )


def _missing(e: Evidence, ordinal: int) -> list[Judged]:
    """The criteria that stand between a domain and a level: its own and those of every level below, unless met."""
    return [criterion for criterion in e.criteria if criterion.ordinal <= ordinal and not criterion.is_met]


def _sentence(
    e: Evidence,
    today: dt.date,
    status: MaturityStatus,
    reached: int | None,
    target: Expected | None,
    missing: int,
    uncovered: int,
    split: int,
) -> str:
    """One plain sentence with the numbers in it, and another where raters disagree."""
    said, disputed = sentences.standing(e, reached), sentences.disputed(split)
    asked = (
        sentences.asked(e, target[1], target[0], was=target[0] < today) if target else "nothing is expected by a date"
    )
    if status == MaturityStatus.NOT_ASSESSED:
        return f"{status.label}: {sentences.unjudged(e)}; {asked}."
    if status in (MaturityStatus.MET, MaturityStatus.NOTHING_EXPECTED):
        return f"{status.label}: {said}; {asked}.{disputed}"
    actions = "an open action" if status == MaturityStatus.GAP else "an action due in time"
    lacking = sentences.lacking(missing, uncovered, of_actions=actions)
    return f"{status.label}: {said}; {asked}. {lacking}{disputed}"
