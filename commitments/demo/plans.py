"""The local plan of a delivery: its dates, its milestones, or why it does not apply."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from commitments.demo.phrases import Phrases, not_applicable_reasons, of_theme
from commitments.demo.stories import NOT_APPLICABLE, Aim, Steps, Story, Subject
from commitments.demo.timetable import FIRST_DAY, LAST_DAY, NETWORKS_OPEN_ON, end_of_month, month_ends

_DAY = dt.timedelta(days=1)
_LATEST = dt.date(2023, 3, 31)
_SOONEST = dt.date(2019, 10, 14)
# A plan leaves this much room before the national deadline: more than the rule "tight" asks for.
_ROOM = 32 * _DAY


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone; `achieved_on` is None while it is open."""

    title: str
    due_on: dt.date
    achieved_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LocalPlan:
    """What a system decided about a delivery."""

    has_lead: bool
    planned_start_on: dt.date | None
    local_deadline_on: dt.date | None
    expected_on: dt.date | None
    not_applicable_reason: str = ""
    steps: tuple[Step, ...] = ()


def plan_of(subject: Subject, story: Story, phrases: Phrases) -> LocalPlan:
    """The plan that goes with a story."""
    dice = subject.dice("plan")
    if story is NOT_APPLICABLE:
        reason = dice.choice(not_applicable_reasons(phrases, subject.level))
        return LocalPlan(False, None, None, None, not_applicable_reason=reason)
    deadline = _local_deadline(subject, story, dice)
    return LocalPlan(
        has_lead=story.aim != Aim.UNPHASED or dice.random() < 0.4,
        planned_start_on=_planned_start(subject, story, dice),
        local_deadline_on=deadline,
        expected_on=_expected(subject, story, deadline, dice),
        steps=_steps(subject, story, deadline, of_theme(phrases, subject.theme)["steps"]),
    )


# --- Dates ------------------------------------------------------------------------------------------------


def _planned_start(subject: Subject, story: Story, dice: Random) -> dt.date | None:
    if story.aim == Aim.UNPHASED:
        return None
    if story.aim == Aim.AHEAD:
        return dice.choice((dt.date(2019, 11, 1), dt.date(2020, 1, 6), dt.date(2020, 4, 1)))
    if subject.is_young:
        return NETWORKS_OPEN_ON
    return dice.choice((FIRST_DAY, dt.date(2019, 1, 7), dt.date(2019, 4, 1)))


def _local_deadline(subject: Subject, story: Story, dice: Random) -> dt.date | None:
    ahead = subject.deadline_ahead
    if story.aim == Aim.UNPHASED:
        return None
    if story.aim == Aim.LOCAL_PASSED:
        return dice.choice((dt.date(2019, 7, 31), dt.date(2019, 8, 31)))
    if ahead is not None and story.aim == Aim.TIGHT:
        return ahead
    if ahead is not None and story.aim == Aim.PHASED_BEYOND:
        return end_of_month(ahead + dice.randint(60, 400) * _DAY)
    if subject.has_passed:
        return dt.date(2020, 3, 31)
    return _month_end_before(_LATEST if ahead is None else ahead - _ROOM, story, dice)


def _month_end_before(latest: dt.date, story: Story, dice: Random) -> dt.date:
    """A month's end up to `latest`, the nearer ones more often; plans that start later also end later."""
    first = dt.date(2020, 5, 1) if story.aim == Aim.AHEAD else dt.date(2019, 11, 1)
    ends = month_ends(first, min(latest, _LATEST))
    if not ends:
        return max(latest, _SOONEST)
    return ends[int(len(ends) * dice.random() ** 1.3)]


def _expected(subject: Subject, story: Story, deadline: dt.date | None, dice: Random) -> dt.date | None:
    """The date expected at the end of the year; before it slips, reports expect the local deadline."""
    ahead = subject.deadline_ahead
    if deadline is None:
        return None
    if ahead is not None and story.aim == Aim.TIGHT:
        return ahead - dice.randint(5, 25) * _DAY
    if ahead is not None and story.aim == Aim.BEYOND:
        return end_of_month(ahead + dice.randint(30, 300) * _DAY)
    if story.aim in (Aim.AFTER_LOCAL, Aim.LOCAL_PASSED):
        later = max(deadline, LAST_DAY) + dice.randint(30, 120) * _DAY
        return later if ahead is None else min(later, ahead)
    return deadline


# --- Milestones -------------------------------------------------------------------------------------------


def _steps(subject: Subject, story: Story, deadline: dt.date | None, titles: list[str]) -> tuple[Step, ...]:
    if story.steps == Steps.NONE:
        return ()
    dice = subject.dice("steps")
    if story.steps in (Steps.ALL_REACHED, Steps.LAST_OPEN):
        return _reached(subject, titles, last_is_open=story.steps == Steps.LAST_OPEN)
    past = _past_steps(subject, story, titles, dice)
    ahead = _steps_ahead(deadline, titles[len(past) :], dice)
    national = tuple(Step(f"National step: {title}", due_on) for title, due_on in subject.national_steps)
    return (*past, *ahead, *national)


def _reached(subject: Subject, titles: list[str], *, last_is_open: bool) -> tuple[Step, ...]:
    """Every step behind us, before the report that says "delivered" (July's, at the earliest)."""
    start, titles = (subject.opened_on, titles[:2]) if subject.is_young else (dt.date(2019, 1, 7), titles)
    apart = (dt.date(2019, 7, 15) - start) // len(titles)
    due = [start + apart * (n + 1) for n in range(len(titles))]
    steps = [Step(title, day, day) for title, day in zip(titles, due, strict=True)]
    if last_is_open:
        steps[-1] = Step(titles[-1], dt.date(2019, 11, 29))
    return tuple(steps)


def _past_steps(subject: Subject, story: Story, titles: list[str], dice: Random) -> list[Step]:
    """The steps due before the end of the demonstration: one for a network, two for others."""
    due = [dt.date(2019, 8, 1) + dice.randrange(0, 20) * _DAY]
    if not subject.is_young:
        due = [dt.date(2019, 2, 1) + dice.randrange(0, 60) * _DAY, dt.date(2019, 5, 7) + dice.randrange(0, 60) * _DAY]
    late = dice.randint(12, 35) if story.steps == Steps.LATE else -dice.randint(0, 9)
    steps = [Step(title, day, day + late * _DAY) for title, day in zip(titles, due, strict=False)]
    if story.steps == Steps.OVERDUE:
        steps[-1] = Step(steps[-1].title, LAST_DAY - dice.randint(5, 55) * _DAY)
    if story.steps == Steps.LONG_OVERDUE:
        steps[-1] = Step(steps[-1].title, LAST_DAY - dice.randint(65, 88 if subject.is_young else 150) * _DAY)
    return steps


def _steps_ahead(deadline: dt.date | None, titles: list[str], dice: Random) -> list[Step]:
    """Between one and three steps up to the local deadline."""
    last = deadline if deadline is not None and deadline > _SOONEST else dt.date(2019, 12, 20)
    count = dice.randint(1, len(titles[:3]))
    apart = (last - LAST_DAY) / count
    return [Step(title, LAST_DAY + apart * (n + 1)) for n, title in enumerate(titles[:count])]
