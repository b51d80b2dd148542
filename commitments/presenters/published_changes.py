"""What changed between two publications, for who reads it: grouped by what became of it, each with its reason."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commitments.choices import DateKind, Status
from commitments.comparison import Codes, Difference, Moved
from commitments.models import PublishedPosition
from commitments.presenters.links import PublishedLinks
from commitments.presenters.published import path_to_green

NO_REASON = "No reason was given."


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


def changed_lines(
    positions: Iterable[PublishedPosition],
    found: Mapping[Codes, Difference[Codes]],
    moves: Sequence[Moved],
    links: PublishedLinks,
) -> list[ChangedLine]:
    """Each delivery with what it was and is, in the order given."""
    by_key: dict[Codes, list[Moved]] = defaultdict(list)
    for move in moves:
        by_key[move.key].append(move)
    return [_line(position, found, by_key, links) for position in positions]


def _line(
    position: PublishedPosition,
    found: Mapping[Codes, Difference[Codes]],
    moves: Mapping[Codes, Sequence[Moved]],
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


def _aims(
    position: PublishedPosition, difference: Difference[Codes] | None, own: Sequence[Moved]
) -> Iterable[DateLine]:
    agreed = " ".join(move.reason for move in own if move.kind == DateKind.LOCAL_DEADLINE)
    reasons = {DateKind.LOCAL_DEADLINE: agreed, DateKind.EXPECTED: position.reason}
    for date in difference.dates if difference else ():
        yield DateLine(date.kind.label, date.old_on, date.new_on, reasons[date.kind] or NO_REASON)


def _milestones(own: Sequence[Moved]) -> Iterable[DateLine]:
    for move in own:
        if move.kind == DateKind.MILESTONE:
            yield DateLine(f"Milestone “{move.what}”", move.old_on, move.new_on, move.reason)
