"""What a pack is built from: published rows and what the committee asked, taken out of the database."""

import datetime as dt
from dataclasses import dataclass

from commitments.choices import Status, ThemeClass
from commitments.comparison import DateLine
from systems.choices import MaturityStatus


@dataclass(frozen=True, slots=True)
class Head:
    """How a commitment stood over the system or a borough."""

    code: str
    title: str
    theme_class: ThemeClass
    status: Status


@dataclass(frozen=True, slots=True)
class Standing:
    """How a commitment stood at one footprint, and what was said of it."""

    code: str
    title: str
    where: str
    place: str
    status: Status
    sentence: str
    path_to_green: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A standing that is not what it was."""

    standing: Standing
    was: Status | None
    dates: tuple[DateLine, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """How mature an area was by one framework, and the primary care networks in it."""

    framework: str
    where: str
    # Empty where only its networks are judged.
    status: MaturityStatus | None
    in_words: str
    networks: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A domain in which an area fell short of what was expected, or will."""

    framework: str
    domain: str
    where: str
    status: MaturityStatus
    sentence: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelChanged:
    """A domain that stands otherwise than it did."""

    framework: str
    domain: str
    where: str
    status: MaturityStatus
    moved: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of a system's commitments since an earlier publication: by kind, in the order of the kinds."""

    since: str
    since_on: dt.date
    # Why it is compared with that one.
    because: str
    found: dict[str, tuple[Changed, ...]]
    levels: tuple[LevelChanged, ...] = ()


@dataclass(frozen=True, slots=True)
class Borough:
    """A place of the system."""

    code: str
    name: str
    population: int | None
    population_basis: str
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a commitment is printed, with its deadline in the words there."""

    code: str
    deadline: str
    source: str


@dataclass(frozen=True, slots=True)
class PublishedSystem:
    """What one publication says of what the committee scrutinises."""

    name: str
    month: str
    edition: int
    corrected_because: str
    as_at_on: dt.date
    address: str
    heads: tuple[Head, ...]
    boroughs: tuple[Borough, ...]
    # Missed and off track, the worst first.
    failing: tuple[Standing, ...]
    compared: Compared | None
    sources: tuple[Source, ...]
    # Of the system and the boroughs.
    ladders: tuple[Ladder, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Something the committee asked, and what came of it."""

    reference: str
    asked_on: dt.date
    kind: str
    wording: str
    to_whom: str
    state: str
    due_on: dt.date
    is_overdue: bool
    times: int
    reply: str
    words: str
    owner: str


@dataclass(frozen=True, slots=True)
class PackFacts:
    """All that a pack says."""

    committee: str
    meeting_on: dt.date
    agenda_item: str
    subject: str
    report_by: str
    wards_affected: str
    purpose: str
    asked_to: str
    edition: int
    made_on: dt.date
    systems: tuple[PublishedSystem, ...]
    asked: tuple[Asked, ...]
    notices: tuple[str, ...] = ()
