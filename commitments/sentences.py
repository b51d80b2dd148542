"""How a verdict is put into words: one plain sentence with the numbers in it, for each line of the law.

A sentence that counts days holds `{days}`, and the day they are counted from beside it, so that "23 days overdue" is
true on whatever day it is read and need not be written again each night.
"""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from commitments.choices import Status
from commitments.measures import Evidence, MetricEvidence, expected_value, metric_gap, missing_from_plan, never_reported
from systems.sentences import day_in_words, days_in_words

DAYS = "{days}"
NO_PATH = "No path to green was reported."


class Said(NamedTuple):
    """A sentence; `{days}` in it stands for the days since `since_on`, counted on the day of reading."""

    text: str
    since_on: dt.date | None = None


def spoken(text: str, since_on: dt.date | None, today: dt.date) -> str:
    """A stored sentence as it reads on `today`."""
    return text if since_on is None else text.replace(DAYS, days_in_words((today - since_on).days))


# --- Words and numbers ------------------------------------------------------------------------------------


def days_left(day: dt.date, today: dt.date) -> str:
    """How far off a day is: "7 days left", "due today", "3 days overdue"."""
    days = (day - today).days
    if days == 0:
        return "due today"
    return f"{days_in_words(days)} left" if days > 0 else f"{days_in_words(-days)} overdue"


def days_between(start: dt.date | None, end: dt.date | None) -> str:
    assert start is not None and end is not None
    return days_in_words((end - start).days)


def path_to_green(status: str, reported: str) -> str:
    """How it is to come right, in its owner's words; empty where nothing has to."""
    troubled = status in (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK)
    return reported or (NO_PATH if troubled else "")


def quoted(words: str) -> str:
    """Words a person typed; a brace in them must not be taken for our `{days}`."""
    return words.replace("{", "(").replace("}", ")")


def number(value: Decimal) -> str:
    """To four places at most, as values are kept, and no noughts that say nothing."""
    return f"{round(value, 4) + 0:,.4f}".rstrip("0").rstrip(".")


def amount(value: Decimal, unit: str) -> str:
    """A figure as one says it: 85%, £1.8bn, 1,200 people, yes."""
    if unit == "yes/no":
        return "yes" if value else "no"
    said, unit = number(value), quoted(unit)
    if unit.startswith("%"):
        return f"{said}{unit}"
    return f"£{said}{unit[1:]}" if unit.startswith("£") else f"{said} {unit}".strip()


def counted(milestones: int) -> str:
    return "1 milestone" if milestones == 1 else f"{milestones} milestones"


def reading(metric: MetricEvidence) -> str:
    """What was last measured: "stood at" suits names in the singular and in the plural."""
    assert metric.observed is not None
    observed = amount(metric.observed, metric.unit)
    return f"{quoted(metric.name)} stood at {observed} on {day_in_words(metric.observed_on)}"


# --- One sentence for each reason -------------------------------------------------------------------------


def not_applicable(e: Evidence, today: dt.date) -> Said:
    return Said(quoted(e.not_applicable_reason).rstrip("."))


def delivered(e: Evidence, today: dt.date) -> Said:
    return Said(f"reported as delivered, and {_proof(e)}")


def _proof(e: Evidence) -> str:
    if e.metric is not None:
        return f"{reading(e.metric)}, which meets the target of {amount(e.metric.target, e.metric.unit)}"
    if e.milestones:
        return "its only milestone is achieved" if e.milestones == 1 else f"all {e.milestones} milestones are achieved"
    return "it has no milestone or metric that could say otherwise"


def deadline_missed(e: Evidence, today: dt.date) -> Said:
    return Said(f"the national deadline of {day_in_words(e.deadline_on)} passed {DAYS} ago", e.deadline_on)


def not_started_by_date(e: Evidence, today: dt.date) -> Said:
    found = "nothing has been reported" if never_reported(e) else "it is reported as not started"
    return Said(f"it should have started by {day_in_words(e.deadline_on)}, {DAYS} ago, and {found}", e.deadline_on)


def claimed_not_evidenced(e: Evidence, today: dt.date) -> Said:
    return Said(f"reported as delivered, but {against_delivered(e)}")


def no_plan_for_core(e: Evidence, today: dt.date) -> Said:
    *others, last = [f"no {part}" for part in missing_from_plan(e)]
    missing = f"{', '.join(others)} and {last}" if others else last
    by = day_in_words(e.final_submission_on)
    return Said(f"every core foundation needed a clear plan by {by}, and this one has {missing}")


def not_due_to_start(e: Evidence, today: dt.date) -> Said:
    return Said(f"it is planned to start on {day_in_words(e.planned_start_on)}")


def not_phased_yet(e: Evidence, today: dt.date) -> Said:
    return Said("no local deadline has been set for it yet")


def nothing_reported(e: Evidence, today: dt.date) -> Said:
    return Said("no report has been signed off yet")


def report_lapsed(e: Evidence, today: dt.date) -> Said:
    return Said(f"the latest report is {DAYS} old ({day_in_words(e.reported_on)})", e.reported_on)


def phased_beyond_deadline(e: Evidence, today: dt.date) -> Said:
    return Said(
        f"the local deadline of {day_in_words(e.local_deadline_on)} is "
        f"{days_between(e.deadline_on, e.local_deadline_on)} after the national deadline of "
        f"{day_in_words(e.deadline_on)}"
    )


def expected_beyond_deadline(e: Evidence, today: dt.date) -> Said:
    return Said(
        f"it is expected on {day_in_words(e.expected_on)}, {days_between(e.deadline_on, e.expected_on)} after "
        f"the national deadline of {day_in_words(e.deadline_on)}"
    )


def milestones_overdue(e: Evidence, today: dt.date) -> Said:
    overdue = sum(1 for due_on in e.milestones_open_due_on if due_on < today)
    named = f"({quoted(e.oldest_open_milestone)}, due {day_in_words(e.oldest_open_due_on)})"
    if e.milestones == 1:
        text = f"its only milestone is {DAYS} overdue {named}"
    elif overdue == 1:
        text = f"1 of {counted(e.milestones)} is {DAYS} overdue {named}"
    else:
        text = f"{overdue} of {counted(e.milestones)} are overdue, the oldest by {DAYS} {named}"
    return Said(text, e.oldest_open_due_on)


def metric_behind(e: Evidence, today: dt.date) -> Said:
    """Shares are cut to whole per cents, so that a gap just under a limit never reads as if it had reached it."""
    metric, gap = e.metric, metric_gap(e.metric)
    assert metric is not None and metric.observed_on is not None and gap is not None
    expected = expected_value(metric, metric.observed_on)
    assert expected is not None
    expected = round(expected, 4 if abs(expected) < 1 else 2)
    return Said(
        f"{reading(metric)} against an expected {amount(expected, metric.unit)}: "
        f"behind by {int(gap * 100):,}% of the way from baseline to target"
    )


def confidence_reported(e: Evidence, today: dt.date) -> Said:
    return Said(f"reported {e.confidence} on {day_in_words(e.reported_on)}")


def local_deadline_missed(e: Evidence, today: dt.date) -> Said:
    return Said(f"the local deadline of {day_in_words(e.local_deadline_on)} passed {DAYS} ago", e.local_deadline_on)


def expected_after_local(e: Evidence, today: dt.date) -> Said:
    return Said(
        f"it is expected on {day_in_words(e.expected_on)}, {days_between(e.local_deadline_on, e.expected_on)} after "
        f"the local deadline of {day_in_words(e.local_deadline_on)}"
    )


def tight(e: Evidence, today: dt.date) -> Said:
    if e.expected_on == e.deadline_on:
        return Said(f"it is expected on {day_in_words(e.expected_on)}, the very day of the national deadline")
    return Said(
        f"it is expected on {day_in_words(e.expected_on)}, only {days_between(e.expected_on, e.deadline_on)} before "
        f"the national deadline of {day_in_words(e.deadline_on)}"
    )


def on_track(e: Evidence, today: dt.date) -> Said:
    return Said(f"reported {e.confidence} on {day_in_words(e.reported_on)}, and no evidence speaks against it")


# --- What speaks against a report -------------------------------------------------------------------------


def against_delivered(e: Evidence) -> str:
    if e.milestones_open:
        named = f"({quoted(e.oldest_open_milestone)}, due {day_in_words(e.oldest_open_due_on)})"
        if e.milestones == 1:
            return f"its only milestone is still open {named}"
        if e.milestones_open == 1:
            return f"1 of {counted(e.milestones)} is still open {named}"
        return f"{e.milestones_open} of {counted(e.milestones)} are still open, the oldest {named}"
    assert e.metric is not None
    target = f"the target is {amount(e.metric.target, e.metric.unit)}"
    if e.metric.observed is None:
        return f"there is no value yet for {quoted(e.metric.name)}, where {target}"
    return f"{reading(e.metric)}, where {target}"


def children_red(e: Evidence) -> str:
    if e.children == 1:
        return "the only delivery below it is reported red"
    are = "is" if e.children_red == 1 else "are"
    return f"{e.children_red} of {e.children} deliveries below it {are} reported red"
