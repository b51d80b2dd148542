"""Evidence of maturity in few words: a ladder of four rungs, and what was found on each."""

import datetime as dt

from systems.choices import Rater, Result
from systems.measures import Evidence, Judged

DAY = dt.timedelta(days=1)
RUNGS = ((1, "emerging"), (2, "developing"), (3, "maturing"), (4, "thriving"))
CHECKLIST = ((1, "in place"),)
# One letter a result, as `found` reads them.
LETTERS = {"m": Result.MET, "p": Result.PARTLY, "n": Result.NOT_MET}


def criterion(pk: int, ordinal: int, found: str = "", *due_on: dt.date, expected_on: dt.date | None = None) -> Judged:
    """What raters found, a letter each: first the system itself, then its peers, then the regulator; "-" is nothing."""
    judged = ((rater.value, LETTERS[letter]) for rater, letter in zip(Rater, found, strict=False) if letter != "-")
    return Judged(pk, ordinal, tuple(judged), due_on, expected_on)


def ladder(*found: str, expected=(), due_on=(), rungs=RUNGS) -> Evidence:
    """A domain with one criterion a rung, numbered from the lowest; `due_on` are the actions for those not met."""
    criteria = tuple(
        criterion(ordinal, ordinal, letters, *([] if letters == "m" else due_on))
        for (ordinal, _), letters in zip(rungs, found, strict=True)
    )
    return Evidence(rungs=rungs, criteria=criteria, expectations=tuple(expected))
