"""Dates and counts in words, and how a verdict on maturity is said in one sentence."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from systems.choices import MaturityStatus
from systems.measures import Evidence

NO_DATA = "No data"
NO_LEVEL = "No level yet"


@lru_cache(maxsize=8192)
def day_in_words(day: dt.date | None) -> str:
    """A date as the NHS writes it: 31 August 2019. A rule that speaks of a day holds only where the day is known."""
    assert day is not None
    return f"{day.day} {day:%B %Y}"


def days_in_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"


def counted(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"


def share_in_words(part: int, whole: int) -> str:
    """12%; some are never rounded to none, nor most to all."""
    share = f"{part / whole:.0%}"
    if share == "0%" and part:
        return "under 1%"
    return "over 99%" if share == "100%" and part < whole else share


# --- Maturity ---------------------------------------------------------------------------------------------


def rung(e: Evidence, ordinal: int | None) -> str:
    """A level by its name."""
    return dict(e.rungs).get(e.below_all if ordinal is None else ordinal, "")


def standing(e: Evidence, reached: int | None) -> str:
    """What is reached: "developing is reached", "2 of 3 are in place"."""
    if len(e.rungs) == 1:
        met = sum(criterion.is_met for criterion in e.criteria)
        return f"{met} of {len(e.criteria)} {'is' if met == 1 else 'are'} in place"
    return f"{rung(e, reached)} is reached" if reached is not None else "no level is reached yet"


def wanted(e: Evidence, ordinal: int) -> str:
    """What is asked for: a level's name, or everything on the list."""
    if len(e.rungs) == 1:
        return "it" if len(e.criteria) == 1 else "all"
    return rung(e, ordinal)


def asked(e: Evidence, ordinal: int, on: dt.date, *, was: bool) -> str:
    """What is asked for and by when: "maturing is expected by 30 April 2021"."""
    what = wanted(e, ordinal)
    now, before = ("are", "were") if what == "all" else ("is", "was")
    return f"{what} {before if was else now} expected by {day_in_words(on)}"


def asked_alone(days: Sequence[dt.date], today: dt.date) -> str:
    """What is asked for beyond whole levels: "1 criterion was expected by 31 December 2020"."""
    was = max(days) < today
    are = ("was" if was else "is") if len(days) == 1 else ("were" if was else "are")
    first = "by" if len(set(days)) == 1 else "the first by"
    comma = "" if first == "by" else ","
    return f"{criteria(len(days))} {are} expected{comma} {first} {day_in_words(min(days))}"


def unjudged(e: Evidence) -> str:
    if len(e.criteria) == 1:
        return "nobody has judged its one criterion"
    return f"nobody has judged any of its {len(e.criteria)} criteria"


def criteria(number: int) -> str:
    return counted(number, "criterion", "criteria")


def lacking(in_the_way: int, uncovered: int, *, of_actions: str) -> str:
    """How much stands in the way, and how much of it no action takes up."""
    stand = "stands" if in_the_way == 1 else "stand"
    if not uncovered:
        have = "it has" if in_the_way == 1 else "each has"
        return f"{criteria(in_the_way)} {stand} in the way, and {have} {of_actions}."
    without = "it has" if in_the_way == 1 else f"{uncovered:,} of them {'has' if uncovered == 1 else 'have'}"
    none = of_actions.replace("an ", "no ", 1)
    return f"{criteria(in_the_way)} {stand} in the way, and {without} {none}."


def disputed(split: int) -> str:
    """What raters disagree on; nothing where they do not."""
    if not split:
        return ""
    return f" Raters disagree on {criteria(split)}, which {'counts' if split == 1 else 'count'} as not met."


def level_in_words(rungs: Mapping[int, str], ordinal: int | None) -> str:
    """A level as pages name it; of a checklist, whether all is in place."""
    if len(rungs) == 1:
        return "All in place" if ordinal in rungs else "Not all in place"
    return rungs.get(ordinal, NO_LEVEL).capitalize() if ordinal is not None else NO_LEVEL


def expected_in_words(rungs: Mapping[int, str], ordinal: int | None, day: dt.date | None, *, nothing: str) -> str:
    """What is expected by a day: a level or, where the day is that of single criteria, part of it."""
    if ordinal is not None:
        return level_in_words(rungs, ordinal)
    return nothing if day is None else "Part of it"


def spread_in_words(rungs: Mapping[int, str], lowest: int | None, highest: int | None) -> str:
    """From what the strictest rater sees to what the kindest does."""
    low, high = level_in_words(rungs, lowest), level_in_words(rungs, highest)
    return f"Split: {low.lower()}" if low == high else f"Split: {low.lower()} to {high.lower()}"


def tallied_in_words(counts: Counter[str]) -> tuple[MaturityStatus, str]:
    """The worst status of some domains, and how many stand how: "Gap in 1 of 3 areas, met in 2 of 3 areas"."""
    found = [status for status in MaturityStatus if counts[status]]
    total = sum(counts.values())
    said = [f"{status.label.lower()} in {counts[status]} of {counted(total, 'area', 'areas')}" for status in found]
    words = ", ".join(said)
    return found[0], f"{words[0].upper()}{words[1:]}"


def time_left(day: dt.date | None, today: dt.date) -> str:
    """How long until a day, in whole months where there is at least one."""
    if day is None:
        return ""
    months = (day.year - today.year) * 12 + day.month - today.month - (day.day < today.day)
    if months < 1:
        return f"{counted((day - today).days, 'day', 'days')} left"
    return f"{counted(months, 'month', 'months')} left"
