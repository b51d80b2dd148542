"""The law of maturity: pure functions from the facts about one domain at one footprint, and a day, to a verdict.

A rater's word is never averaged with another's. What all raters call met is met; what they disagree on is not.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from systems import sentences
from systems.choices import MaturityStatus
from systems.measures import Evidence, Judged

_DAY = dt.timedelta(days=1)
# A day, and the ordinal of the level expected by it.
Expected = tuple[dt.date, int]
Expectations = tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a domain stands. Field by field what a MaturityPosition keeps; levels are given by their ordinal.

    A day without a level is that of single criteria, expected by themselves.
    """

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
    expected = [*(on for on, _ in e.expectations), *(on for _, on in e.alone)]
    days = {on + later for on in expected for later in (dt.timedelta(0), _DAY)}
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


class _Target(NamedTuple):
    """What a verdict is about: its status, a level with its day, and criteria with days of their own."""

    status: MaturityStatus
    level: Expected | None
    alone: tuple[tuple[Judged, dt.date], ...]


def _target(e: Evidence, today: dt.date, stand: int) -> _Target:
    """The status, and the expectations it is about. First line that holds decides."""
    # Until its day is over a level expected by it is still ahead: the gap opens on the day after.
    yesterday = today - _DAY
    passed, due = expected_on_day(e.expectations, yesterday), expected_after(e.expectations, yesterday)
    latest = expected_on_day(e.expectations, today) or expected_after(e.expectations, today)
    if not e.is_judged:
        return _Target(MaturityStatus.NOT_ASSESSED, latest, e.alone)
    unmet = tuple((criterion, on) for criterion, on in e.alone if not criterion.is_met)
    late = tuple((criterion, on) for criterion, on in unmet if on < today)
    is_overdue = passed is not None and passed[1] > stand
    if is_overdue or late:
        return _Target(MaturityStatus.GAP, latest if is_overdue else None, late)
    ahead = due if due is not None and due[1] > stand else None
    if ahead is not None or unmet:
        target = _Target(MaturityStatus.AT_RISK, ahead, unmet)
        covered = all(criterion.has_action_due(today, by) for criterion, by in _missing(e, target))
        return target._replace(status=MaturityStatus.CLOSING) if covered else target
    is_expected = bool(e.expectations or e.alone)
    return _Target(MaturityStatus.MET if is_expected else MaturityStatus.NOTHING_EXPECTED, latest, e.alone)


def _stands(e: Evidence, today: dt.date) -> Verdict:
    """How the domain stands on this day; when that expires is for others to find out."""
    reached = e.reached
    stand = e.below_all if reached is None else reached
    now, ahead = _expected_now(e, today), _expected_next(e, today)
    target = _target(e, today, stand)
    missing = _missing(e, target)
    uncovered = [
        criterion.pk for criterion, by in missing if not criterion.has_action_due(today, _in_time(target, by, today))
    ]
    split = [criterion.pk for criterion in e.criteria if criterion.is_split]
    seen = e.by_rater().values()
    return Verdict(
        status=target.status,
        reached=reached,
        lowest=min(seen, default=None),
        highest=max(seen, default=None),
        expected=now[1] if now else None,
        expected_on=now[0] if now else None,
        next_level=ahead[1] if ahead else None,
        next_on=ahead[0] if ahead else None,
        gap=max(0, now[1] - stand) if now and now[1] is not None else 0,
        in_the_way=[criterion.pk for criterion, _ in missing],
        uncovered=uncovered,
        split=split,
        assessed_on=e.assessed_on,
        sentence=_sentence(e, today, reached, target, len(missing), len(uncovered), len(split)),
    )


def _expected_now(e: Evidence, today: dt.date) -> tuple[dt.date, int | None] | None:
    """The level expected today; where none is, since when criteria of no whole level are."""
    come = [(on, None) for _, on in e.alone if on <= today]
    return expected_on_day(e.expectations, today) or min(come, default=None)


def _expected_next(e: Evidence, today: dt.date) -> tuple[dt.date, int | None] | None:
    """The next level expected; or, where that comes first, the day of a criterion that is not met yet."""
    level = expected_after(e.expectations, today)
    alone = min((on for criterion, on in e.alone if on > today and not criterion.is_met), default=None)
    return level if alone is None or (level is not None and level[0] <= alone) else (alone, None)


def _missing(e: Evidence, target: _Target) -> list[tuple[Judged, dt.date]]:
    """The criteria that stand in the way, each with the day by which it is asked for.

    They are those of the level and of every level below, and those expected by themselves, unless met.
    """
    alone, level = {criterion.pk: on for criterion, on in target.alone}, target.level
    found = []
    for criterion in e.criteria:
        days = [level[0]] if level is not None and criterion.ordinal <= level[1] else []
        days += [alone[criterion.pk]] if criterion.pk in alone else []
        if days and not criterion.is_met:
            found.append((criterion, min(days)))
    return found


def _in_time(target: _Target, by: dt.date, today: dt.date) -> dt.date:
    """The last day on which an action helps: what is overdue is taken up by whatever is still to come."""
    return dt.date.max if target.status == MaturityStatus.GAP or by < today else by


def _sentence(
    e: Evidence, today: dt.date, reached: int | None, target: _Target, missing: int, uncovered: int, split: int
) -> str:
    """One plain sentence with the numbers in it, and another where raters disagree."""
    status = target.status
    said, disputed = sentences.standing(e, reached), sentences.disputed(split)
    asked = _asked(e, today, target)
    if status == MaturityStatus.NOT_ASSESSED:
        return f"{status.label}: {sentences.unjudged(e)}; {asked}."
    if status in (MaturityStatus.MET, MaturityStatus.NOTHING_EXPECTED):
        return f"{status.label}: {said}; {asked}.{disputed}"
    actions = "an open action" if status == MaturityStatus.GAP else "an action due in time"
    lacking = sentences.lacking(missing, uncovered, of_actions=actions)
    return f"{status.label}: {said}; {asked}. {lacking}{disputed}"


def _asked(e: Evidence, today: dt.date, target: _Target) -> str:
    """What is asked for and by when: a level, criteria by themselves, or both."""
    said = []
    if target.level is not None:
        on, ordinal = target.level
        said.append(sentences.asked(e, ordinal, on, was=on < today))
    if target.alone:
        said.append(sentences.asked_alone([on for _, on in target.alone], today))
    return "; ".join(said) or "nothing is expected by a date"
