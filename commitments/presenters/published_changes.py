"""What changed between two publications, for who reads it: grouped by what became of it, each with its reason."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from commitments.choices import DateKind, Move, Status
from commitments.comparison import Difference
from commitments.models import PublishedPosition
from commitments.presenters.links import PublishedLinks
from commitments.presenters.published import path_to_green

# Beside the moves of a status: a date moved.
DATES = "dates"
DATES_LABEL = "Dates moved"
# In the order in which a reader wants to hear of it.
KINDS: dict[str, str] = {
    Move.MISSED: Move.MISSED.label,
    Move.WORSE: Move.WORSE.label,
    DATES: DATES_LABEL,
    Move.BETTER: Move.BETTER.label,
    Move.DELIVERED: Move.DELIVERED.label,
    Move.REPORTED: Move.REPORTED.label,
    Move.SCOPE: Move.SCOPE.label,
    Move.OPENED: Move.OPENED.label,
}
NO_REASON = "No reason was given."

Key = tuple[str, str]


class Moved(NamedTuple):
    """A row of `PublishedDateChange`, by the codes of commitment and footprint."""

    code: str
    footprint: str
    kind: str
    what: str
    old_on: dt.date
    new_on: dt.date
    changed_on: dt.date
    reason: str

    @property
    def key(self) -> Key:
        """The position it belongs to, in any publication."""
        return self.code, self.footprint


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date that moved, in words."""

    what: str
    old_on: dt.date
    new_on: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One delivery that is not what it was."""

    href: str
    title: str
    code: str
    where: str
    was: Status | None
    now: Status
    sentence: str
    path_to_green: str
    dates: list[DateLine]


@dataclass(frozen=True, slots=True)
class Group:
    """What became of it, how many, and the first of them."""

    kind: str
    label: str
    count: int
    href: str
    lines: list[ChangedLine]


def keys_by_kind(found: Iterable[Difference[Key]], milestones: Collection[Key]) -> dict[str, list[Key]]:
    """What changed, by kind. One delivery may be in two: its status moved, and a date or a milestone did."""
    keys: dict[str, list[Key]] = defaultdict(list)
    dated = set()
    for difference in found:
        if difference.move:
            keys[difference.move].append(difference.key)
        if difference.dates:
            keys[DATES].append(difference.key)
            dated.add(difference.key)
    keys[DATES] += [key for key in milestones if key not in dated]
    return keys


def new_moves(before: Iterable[Moved], after: Iterable[Moved]) -> list[Moved]:
    """The moves of dates that the later publication knows and the earlier one did not."""
    known = Counter(before)
    return [move for move in after if not known[move]]


def changed_lines(
    positions: Iterable[PublishedPosition],
    found: Mapping[Key, Difference[Key]],
    moves: Sequence[Moved],
    links: PublishedLinks,
) -> list[ChangedLine]:
    """Each delivery with what it was and is, in the order given."""
    by_key: dict[Key, list[Moved]] = defaultdict(list)
    for move in moves:
        by_key[move.key].append(move)
    return [_line(position, found, by_key, links) for position in positions]


def _line(
    position: PublishedPosition,
    found: Mapping[Key, Difference[Key]],
    moves: Mapping[Key, Sequence[Moved]],
    links: PublishedLinks,
) -> ChangedLine:
    commitment, footprint = position.commitment, position.footprint
    key = (commitment.code, footprint.code)
    difference, own = found.get(key), moves.get(key, ())
    return ChangedLine(
        links.commitment(commitment.code),
        commitment.title,
        commitment.code,
        footprint.short_name,
        Status(difference.was) if difference and difference.was else None,
        Status(position.status),
        position.sentence,
        path_to_green(position),
        [*_aims(position, difference, own), *_milestones(own)],
    )


def _aims(position: PublishedPosition, difference: Difference[Key] | None, own: Sequence[Moved]) -> Iterable[DateLine]:
    agreed = " ".join(move.reason for move in own if move.kind == DateKind.LOCAL_DEADLINE)
    reasons = {DateKind.LOCAL_DEADLINE: agreed, DateKind.EXPECTED: position.reason}
    for date in difference.dates if difference else ():
        yield DateLine(date.kind.label, date.old_on, date.new_on, reasons[date.kind] or NO_REASON)


def _milestones(own: Sequence[Moved]) -> Iterable[DateLine]:
    for move in own:
        if move.kind == DateKind.MILESTONE:
            yield DateLine(f"Milestone “{move.what}”", move.old_on, move.new_on, move.reason)
