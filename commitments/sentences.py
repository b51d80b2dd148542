"""How a verdict is put into words: one plain sentence with the numbers in it.

A sentence that counts days holds `{days}`, and the day they are counted from beside it, so that "23 days overdue" is
true on whatever day it is read and need not be written again each night.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from commitments.measures import Evidence, MetricEvidence, expected_value, metric_gap

DAYS = "{days}"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence; `{days}` in it stands for the days since `since_on`, counted on the day of reading."""

    text: str
    since_on: dt.date | None = None


def day_in_words(day: dt.date) -> str:
    """A date as the NHS writes it: 31 August 2019."""
    return f"{day.day} {day:%B %Y}"


def days_in_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"


def spoken(text: str, since_on: dt.date | None, today: dt.date) -> str:
    """A stored sentence as it reads on `today`."""
    return text if since_on is None else text.replace(DAYS, days_in_words((today - since_on).days))


def quoted(title: str) -> str:
    return title.replace("{", "(").replace("}", ")")


def number(value: Decimal) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text or "0"


def amount(value: Decimal, metric: MetricEvidence) -> str:
    if metric.unit.startswith("%"):
        return f"{number(value)}{metric.unit}"
    return f"{number(value)} {metric.unit}".strip()


def milestones_overdue(e: Evidence, today: dt.date) -> Said:
    due_on = e.oldest_open_due_on
    assert due_on is not None
    overdue = sum(1 for day in e.milestones_open_due_on if day < today)
    named = f"({quoted(e.oldest_open_milestone)}, due {day_in_words(due_on)})"
    if overdue == 1:
        return Said(f"1 of {counted(e.milestones)} is {DAYS} overdue {named}", due_on)
    return Said(
        f"{overdue} of {counted(e.milestones)} are overdue, the oldest by {DAYS} {named}",
        due_on,
    )


def counted(milestones: int) -> str:
    return "1 milestone" if milestones == 1 else f"{milestones} milestones"


def metric_behind(e: Evidence, today: dt.date) -> Said:
    metric = e.metric
    assert metric is not None and metric.observed is not None and metric.observed_on is not None
    expected = expected_value(metric, metric.observed_on)
    gap = metric_gap(metric)
    assert expected is not None and gap is not None
    return Said(
        f"{quoted(metric.name)} was {amount(metric.observed, metric)} on {day_in_words(metric.observed_on)}, "
        f"where {amount(expected, metric)} was expected: {number(gap * 100)}% of the way to the target behind"
    )


def not_borne_out(e: Evidence, today: dt.date) -> Said:
    if e.milestones_open:
        are = "is" if e.milestones_open == 1 else "are"
        return Said(
            f"reported as delivered, but {e.milestones_open} of {counted(e.milestones)} {are} still open "
            f"({quoted(e.oldest_open_milestone)})"
        )
    assert e.metric is not None
    target = amount(e.metric.target, e.metric)
    if e.metric.observed is None or e.metric.observed_on is None:
        seen = "has no value yet"
    else:
        seen = f"was {amount(e.metric.observed, e.metric)} on {day_in_words(e.metric.observed_on)}"
    return Said(f"reported as delivered, but {quoted(e.metric.name)} {seen}, and the target is {target}")


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and no {words[-1]}"


def on_day(day: dt.date | None) -> str:
    assert day is not None
    return day_in_words(day)


def says(text: Callable[[Evidence], str], since: Callable[[Evidence], dt.date | None] | None = None):
    """A sentence that does not depend on the day of computing."""
    return lambda e, today: Said(text(e), since(e) if since else None)


def days_between(start: dt.date | None, end: dt.date | None) -> str:
    assert start is not None and end is not None
    return days_in_words((end - start).days)


def proof(e: Evidence) -> str:
    metric = e.metric
    if metric is not None and metric.observed is not None and metric.observed_on is not None:
        seen = f"{quoted(metric.name)} was {amount(metric.observed, metric)} on {day_in_words(metric.observed_on)}"
        return f"{seen}, which reaches the target of {amount(metric.target, metric)}"
    if e.milestones:
        return "the only milestone is achieved" if e.milestones == 1 else f"all {e.milestones} milestones are achieved"
    return "it has no milestone or metric that could say otherwise"


def as_sentence(said: Said) -> Said:
    return Said(f"{said.text[0].upper()}{said.text[1:]}.", said.since_on)
