"""The improvement plan as its page shows it: whether the open actions would close each gap in time; and the history."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from systems.choices import MaturityStatus
from systems.models import ActionMove, Criterion, ImprovementAction, MaturityChange, MaturityPosition
from systems.presenters.maturity import Names
from systems.rules import Verdict
from systems.sentences import NO_LEVEL, counted, criteria, day_in_words


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether the plan closes one gap, and what is left of it if every open action is done in time."""

    position: MaturityPosition
    closes: bool
    sentence: str
    taken_up: list[tuple[Criterion, list[ImprovementAction]]]
    left: list[Criterion]


def outlooks(
    positions: Iterable[MaturityPosition],
    known: Mapping[int, Criterion],
    actions: Iterable[tuple[ImprovementAction, Sequence[Criterion]]],
    today: dt.date,
) -> list[Outlook]:
    """One for each gap, in the order given. `actions`: each open one with the criteria it closes."""
    closing: dict[int, list[ImprovementAction]] = defaultdict(list)
    for action, closes in actions:
        for criterion in closes:
            closing[criterion.pk].append(action)
    return [_outlook(position, known, closing, today) for position in positions]


def _outlook(
    position: MaturityPosition,
    known: Mapping[int, Criterion],
    closing: Mapping[int, list[ImprovementAction]],
    today: dt.date,
) -> Outlook:
    in_the_way = [known[pk] for pk in position.in_the_way if pk in known]
    left = [criterion for criterion in in_the_way if criterion.pk in position.uncovered]
    taken_up = [(one, closing.get(one.pk, [])) for one in in_the_way if one not in left]
    ready = [min(a.due_on for a in actions if a.due_on and a.due_on >= today) for _, actions in taken_up]
    return Outlook(position, not left, _said(position, ready, left), taken_up, left)


def _said(position: MaturityPosition, ready: Sequence[dt.date], left: Sequence[Criterion]) -> str:
    """What would come of the open actions. They never meet a criterion by themselves: an assessment says so."""
    late = position.status == MaturityStatus.GAP
    if not left:
        done = f"If every open action is done in time, the gap closes by {day_in_words(max(ready))}"
        return f"{done}, {_in_time(position, max(ready), late)}."
    if not ready:
        return f"No open action takes this up in time: {criteria(len(left))} left uncovered."
    are = "is" if len(left) == 1 else "are"
    return f"Even if every open action is done in time, {criteria(len(left))} {are} left uncovered."


def _in_time(position: MaturityPosition, closed_on: dt.date, late: bool) -> str:
    """How the day on which it closes lies to what is expected; single criteria may each have a day of their own."""
    day = position.expected_on if late else position.next_on or position.expected_on
    if day is None or (not late and closed_on > day):
        return "each criterion in time"
    return f"after it was due on {day_in_words(day)}" if late else f"in time for {day_in_words(day)}"


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action: who, by when, and what it closes."""

    action: ImprovementAction
    owner: str
    due: str
    is_overdue: bool
    closes: Sequence[Criterion]
    moves: list[str]


def action_line(
    action: ImprovementAction, closes: Sequence[Criterion], today: dt.date, moves: Iterable[ActionMove] = ()
) -> ActionLine:
    """`moves`: those of its due date, the latest first, where its page tells them."""
    owner = action.owner.name if action.owner else "No owner named"
    due = day_in_words(action.due_on) if action.due_on else "No date given"
    return ActionLine(action, owner, due, action.is_overdue(today), closes, [_move(one) for one in moves])


def _move(move: ActionMove) -> str:
    """Who moved a due date from when to when, on which day, and why."""
    now = day_in_words(move.due_on)
    said = f"moved from {day_in_words(move.was_due_on)} to {now}" if move.was_due_on else f"set to {now}"
    why = f": {move.reason}" if move.reason else ""
    return f"Due date {said} by {move.recorded_by.name} on {day_in_words(move.recorded_on)}{why}"


# --- History ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One move of one domain."""

    change: MaturityChange
    moved: str


def change_lines(changes: Iterable[MaturityChange], names: Names) -> list[ChangeLine]:
    return [ChangeLine(change, _moved(change, names)) for change in changes]


def _moved(change: MaturityChange, names: Names) -> str:
    rungs = names.get(change.domain.framework_id, {})
    was, now = (_level(rungs, reached) for reached in (change.from_reached, change.to_reached))
    return f"{was} to {now.lower()}" if was != now else now


def _level(rungs: Mapping[int, str], ordinal: int | None) -> str:
    return NO_LEVEL if ordinal is None else rungs.get(ordinal, NO_LEVEL).capitalize()


@dataclass(frozen=True, slots=True)
class Compared:
    """One domain on two days."""

    position: MaturityPosition
    first: str
    first_status: str
    second: str
    second_status: str

    @property
    def differs(self) -> bool:
        return (self.first, self.first_status) != (self.second, self.second_status)


def compared(
    positions: Iterable[MaturityPosition],
    first: Mapping[int, Verdict],
    second: Mapping[int, Verdict],
    names: Names,
) -> list[Compared]:
    """Domain by domain, in the order given."""
    found = []
    for position in positions:
        rungs, domain = names.get(position.domain.framework_id, {}), position.domain_id
        if domain in first and domain in second:
            then, now = first[domain], second[domain]
            found.append(
                Compared(position, _level(rungs, then.reached), then.status, _level(rungs, now.reached), now.status)
            )
    return found


def compared_in_words(rows: Sequence[Compared]) -> str:
    """ "2 of 11 areas stood differently"."""
    different = sum(row.differs for row in rows)
    return f"{different} of {counted(len(rows), 'area', 'areas')} stood differently."
