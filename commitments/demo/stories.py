"""What a delivery's year is like: a story is chosen for each, by weight, among those that fit it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from commitments.choices import Confidence, DeadlineKind
from commitments.demo.timetable import LAST_DAY, NETWORKS_OPEN_ON


class Aim(StrEnum):
    """What the dates aim at."""

    IN_TIME = "the local deadline, well before the national one"
    AFTER_LOCAL = "later than the local deadline, still before the national one"
    TIGHT = "the last days before the national deadline"
    BEYOND = "later than the national deadline"
    PHASED_BEYOND = "a local deadline later than the national one"
    LOCAL_PASSED = "a local deadline that has passed"
    AHEAD = "a start that lies ahead"
    UNPHASED = "nothing yet"


class Steps(StrEnum):
    """How the milestones go."""

    ON_TIME = "on time"
    LATE = "reached late"
    OVERDUE = "one is overdue"
    LONG_OVERDUE = "one is overdue for months"
    ALL_REACHED = "all reached"
    LAST_OPEN = "all reached but the last"
    NONE = "none yet"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a public paper of 2019 says about a delivery."""

    month: dt.date
    stage: str
    confidence: str
    source: str
    statement: str
    reason: str = ""
    path_to_green: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of a delivery before anything is invented for it."""

    commitment: str
    theme: str
    is_core: bool
    deadline_kind: str
    deadline_on: dt.date | None
    footprint: str
    name: str
    level: str
    system: str
    opened_on: dt.date
    # Whether its metric has a line to be ahead of or behind.
    is_measured: bool = False
    national_steps: tuple[tuple[str, dt.date], ...] = ()
    statement: Statement | None = None

    def dice(self, purpose: str) -> Random:
        """Dice of this delivery's own for one purpose, so that more of one thing leaves the rest as it was."""
        return Random(f"2019:{purpose}:{self.commitment}:{self.footprint}")  # noqa: S311 - a story, not a secret

    @property
    def is_young(self) -> bool:
        """A network's delivery: three months old at the end of the demonstration."""
        return self.opened_on >= NETWORKS_OPEN_ON

    @property
    def deadline_ahead(self) -> dt.date | None:
        return self.deadline_on if self.deadline_on is not None and self.deadline_on > LAST_DAY else None

    @property
    def has_passed(self) -> bool:
        return self.deadline_on is not None and self.deadline_on < LAST_DAY


def _anywhere(subject: Subject) -> bool:
    return True


def _can_miss(subject: Subject) -> bool:
    return subject.deadline_kind == DeadlineKind.BY and subject.deadline_ahead is not None


def _core_can_miss(subject: Subject) -> bool:
    return subject.is_core and _can_miss(subject)


def _not_core(subject: Subject) -> bool:
    return not subject.is_core


def _old_enough(subject: Subject) -> bool:
    return not subject.is_young


def _could_be_done(subject: Subject) -> bool:
    return subject.deadline_on is None or subject.deadline_on < dt.date(2021, 7, 1)


def _months_left(subject: Subject) -> bool:
    return subject.deadline_ahead is None or subject.deadline_ahead > dt.date(2020, 6, 30)


def _measured(subject: Subject) -> bool:
    return subject.is_measured


@dataclass(frozen=True, slots=True)
class Story:
    """A delivery's year in one line: a letter a month from October to September.

    Green, Amber, Red, Delivered, Not begun (amber, and not started), or a dot where nothing is reported.
    """

    name: str
    weight: float
    line: str
    aim: Aim = Aim.IN_TIME
    steps: Steps = Steps.ON_TIME
    # How far the metric falls behind by the end, at least and at most, as a share of the whole way.
    gap: tuple[float, float] = (-0.03, 0.02)
    is_trouble: bool = False
    fits: Callable[[Subject], bool] = _anywhere

    @property
    def ends_delivered(self) -> bool:
        return self.line.endswith("D")


NOT_APPLICABLE = Story("not applicable", 2, "............", aim=Aim.UNPHASED, steps=Steps.NONE, fits=_not_core)
STEADY = Story("steady", 34, "GGGGGGGGGGGG")
PRESSED = Story("pressed", 9, "GGGGGGAAAAAA", is_trouble=True)
NEVER = Story("never reported", 2.5, "............", steps=Steps.NONE, is_trouble=True)

STORIES = (
    STEADY,
    PRESSED,
    NEVER,
    NOT_APPLICABLE,
    Story("recovered", 9, "GGGGAAAAGGGG", steps=Steps.LATE),
    Story("slipping", 6, "GGGGGGGGAAAA", aim=Aim.AFTER_LOCAL, is_trouble=True),
    Story("slipping unnoticed", 1.5, "GGGGGGGGGGGG", aim=Aim.AFTER_LOCAL, is_trouble=True),
    Story("tight", 2, "GGGGGGGGGGGG", aim=Aim.TIGHT, fits=_core_can_miss),
    Story("red", 3, "GGGGAAARRRRR", is_trouble=True),
    Story("beyond the deadline", 1.5, "GGGGGAAAAARR", aim=Aim.BEYOND, is_trouble=True, fits=_can_miss),
    Story("phased beyond", 1, "GGGGGGGAAAAA", aim=Aim.PHASED_BEYOND, is_trouble=True, fits=_can_miss),
    Story("stalled", 2.5, "GGGGGAAA....", is_trouble=True, fits=_old_enough),
    Story("gone quiet", 2.5, "GGGGGGGGGG..", is_trouble=True),
    Story("green outside, red inside", 3, "GGGGGGGGGGGG", steps=Steps.OVERDUE, is_trouble=True),
    Story("overdue", 3, "GGGGGGGGGAAA", steps=Steps.OVERDUE, is_trouble=True),
    Story("long overdue", 1.5, "GGGGGGGAAAAA", steps=Steps.LONG_OVERDUE, is_trouble=True),
    Story("behind", 5, "GGGGGGGGGGAA", gap=(0.07, 0.18), is_trouble=True, fits=_measured),
    Story("behind unnoticed", 2, "GGGGGGGGGGGG", gap=(0.07, 0.18), is_trouble=True, fits=_measured),
    Story("far behind", 3, "GGGGGGGAAAAA", gap=(0.22, 0.45), is_trouble=True, fits=_measured),
    Story("local deadline passed", 1.5, "GGGGGGGGAAAA", aim=Aim.LOCAL_PASSED, is_trouble=True, fits=_months_left),
    Story("delivered", 5, "GGGGGGGGGDDD", steps=Steps.ALL_REACHED, fits=_could_be_done),
    Story("claimed", 1.5, "GGGGGGGGGDDD", steps=Steps.LAST_OPEN, fits=_could_be_done),
    Story("not due to start", 6, "............", aim=Aim.AHEAD, steps=Steps.NONE, fits=_months_left),
    Story("not phased", 7, "............", aim=Aim.UNPHASED, steps=Steps.NONE, fits=_not_core),
)

AFTER_DEADLINE = (
    Story("in place", 85, "GGGGGGGGGDDD", steps=Steps.ALL_REACHED),
    Story("missed", 9, "GGGGGGGGAARR", is_trouble=True),
    Story("claimed too late", 3, "GGGGGGGGGDDD", steps=Steps.LAST_OPEN),
)

AFTER_START = (
    STEADY,
    PRESSED,
    Story("in place", 25, "GGGGGGGGGDDD", steps=Steps.ALL_REACHED),
    Story("not begun", 20, "NNNNNNNNNNNN", steps=Steps.NONE, is_trouble=True),
    Story("nothing said", 8, "............", steps=Steps.NONE, is_trouble=True),
)


def story_of(subject: Subject) -> Story:
    """The story this delivery tells: what a paper of 2019 says of it, else one drawn by weight."""
    if subject.statement is not None:
        return PRESSED if subject.statement.confidence == Confidence.AMBER else STEADY
    stories = [story for story in _told_of(subject) if story.fits(subject)]
    pressure = _pressure(subject)
    weights = [story.weight * (pressure if story.is_trouble else 1) for story in stories]
    return subject.dice("story").choices(stories, weights)[0]


def _told_of(subject: Subject) -> tuple[Story, ...]:
    if not subject.has_passed:
        return STORIES
    return AFTER_DEADLINE if subject.deadline_kind == DeadlineKind.BY else AFTER_START


def _pressure(subject: Subject) -> float:
    """Some themes go badly in a system, and some places find everything harder."""
    theme = Random(f"2019:pressure:{subject.system}:{subject.theme}")  # noqa: S311 - a story, not a secret
    place = Random(f"2019:pressure:{subject.footprint}")  # noqa: S311 - a story, not a secret
    return theme.choice((0.3, 0.5, 0.8, 1.0, 1.2, 2.0)) * place.choice((0.6, 0.8, 1.0, 1.2, 1.5))
