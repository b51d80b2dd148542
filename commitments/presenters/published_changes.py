"""What changed between two publications, for who reads it: grouped by what became of it, each with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commitments.choices import Status
from commitments.comparison import DateLine, Difference, Key, Moved, date_lines
from commitments.models import PublishedPosition
from commitments.presenters.links import PublishedLinks
from commitments.sentences import path_to_green


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
    found: Mapping[Key, Difference[Key]],
    moves: Mapping[Key, Sequence[Moved]],
    links: PublishedLinks,
) -> list[ChangedLine]:
    """Each delivery with what it was and is, in the order given."""
    return [_line(position, found, moves, links) for position in positions]


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
        path_to_green(position.status, position.path_to_green),
        list(date_lines(difference, own, position.reason)),
    )
