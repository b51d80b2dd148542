"""Deliveries for tests of the demonstration's stories; each test says what matters."""

import datetime as dt
from decimal import Decimal

from django.conf import settings

from commitments.choices import DeadlineKind, Direction
from commitments.demo.measuring import Yardstick
from commitments.demo.phrases import read_phrases
from commitments.demo.stories import AFTER_DEADLINE, AFTER_START, STORIES, Story, Subject
from commitments.demo.timetable import FIRST_DAY, NETWORKS_OPEN_ON, Month
from systems.choices import Level

FOLDER = settings.BASE_DIR / "fixtures" / "demo"
PHRASES = read_phrases(FOLDER)
DEADLINE = dt.date(2021, 3, 31)
MONTHS = [
    Month(dt.date(y, m, 1), dt.date(y, m, 20), *(dt.date(y + m // 12, m % 12 + 1, day) for day in (7, 14)))
    for y, m in [(2018, 10), (2018, 11), (2018, 12), *((2019, n) for n in range(1, 10))]
]


def subject(**facts) -> Subject:
    """A core foundation in a borough, due by a date that lies ahead."""
    least = {
        "commitment": "LTP1-OOH-01",
        "theme": "OOH",
        "is_core": True,
        "deadline_kind": DeadlineKind.BY,
        "deadline_on": DEADLINE,
        "footprint": "E09000004",
        "name": "Bexley",
        "level": Level.PLACE,
        "system": "QKK",
        "opened_on": FIRST_DAY,
    }
    return Subject(**least | facts)


def network(**facts) -> Subject:
    return subject(**{"footprint": "U00001", "level": Level.PCN, "opened_on": NETWORKS_OPEN_ON} | facts)


def many(make=subject, count=400, **facts) -> list[Subject]:
    """Deliveries that differ only by footprint, so that each draws a story of its own."""
    return [make(footprint=f"F{n:03}", **facts) for n in range(count)]


def story(name: str) -> Story:
    """The story of this name."""
    return next(story for story in (*STORIES, *AFTER_DEADLINE, *AFTER_START) if story.name == name)


def yardstick(**facts) -> Yardstick:
    """A system's own metric on a line from 20 to 60 by the deadline."""
    least = {
        "metric_id": 1,
        "unit": "%",
        "direction": Direction.INCREASE,
        "is_own": True,
        "target": Decimal(60),
        "target_on": DEADLINE,
        "baseline": Decimal(20),
        "baseline_on": dt.date(2018, 4, 1),
    }
    return Yardstick(**least | facts)
