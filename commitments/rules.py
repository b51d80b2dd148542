"""The law of the portal: what follows from the facts about one delivery on one day.

Pure functions over frozen dataclasses: no database, no clock, no request. `RULES` is read from the top; the first
rule that holds decides. A rule whose fact is missing does not hold. The page /how-status-works/ is made from this
table, and so is `manage.py explain`.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from commitments.choices import Confidence, DeadlineKind, Freshness, Stage, Status, ThemeClass
from commitments.measures import Evidence, borne_out, claimed_delivered, metric_gap, missing_from_plan, never_reported
from commitments.sentences import (
    DAYS,
    Said,
    as_sentence,
    days_between,
    listed,
    metric_behind,
    milestones_overdue,
    not_borne_out,
    number,
    on_day,
    proof,
    quoted,
    says,
)

STALE_AFTER = dt.timedelta(days=45)
LAPSED_AFTER = dt.timedelta(days=92)
LONG_OVERDUE = dt.timedelta(days=60)
TIGHT = dt.timedelta(days=30)
FAR_BEHIND = Decimal("0.20")
BEHIND = Decimal("0.05")

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules conclude: the status with its reason, the signals beside it, and the day it expires."""

    status: str
    reason_code: str
    sentence: str
    since_on: dt.date | None
    freshness: str
    headroom_days: int | None
    contradiction: str
    contradiction_since_on: dt.date | None
    next_milestone_on: dt.date | None
    deadline_on: dt.date | None
    reported_on: dt.date | None
    next_change_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the law: when it holds, what it concludes, and how it says so."""

    code: str
    status: Status
    when: str
    holds: Callable[[Evidence, dt.date], bool]
    say: Callable[[Evidence, dt.date], Said]


# --- When a rule holds ------------------------------------------------------------------------------------


def _before(day: dt.date | None, other: dt.date | None) -> bool:
    return day is not None and other is not None and day < other


def _behind_by(e: Evidence, share: Decimal) -> bool:
    gap = metric_gap(e.metric)
    return gap is not None and gap >= share


def _not_started_by_date(e: Evidence, today: dt.date) -> bool:
    return (
        e.deadline_kind == DeadlineKind.FROM
        and _before(e.deadline_on, today)
        and (never_reported(e) or e.stage == Stage.NOT_STARTED)
    )


def _no_plan_for_core(e: Evidence, today: dt.date) -> bool:
    return e.theme_class == ThemeClass.CORE_FOUNDATION and today >= e.final_submission_on and bool(missing_from_plan(e))


def _not_phased_yet(e: Evidence, today: dt.date) -> bool:
    return e.theme_class != ThemeClass.CORE_FOUNDATION and never_reported(e) and e.local_deadline_on is None


def _report_lapsed(e: Evidence, today: dt.date) -> bool:
    return e.reported_on is not None and today - e.reported_on > LAPSED_AFTER


def _milestone_overdue_by(e: Evidence, today: dt.date, grace: dt.timedelta) -> bool:
    return _before(e.oldest_open_due_on, today - grace)


def _tight(e: Evidence, today: dt.date) -> bool:
    return (
        e.theme_class == ThemeClass.CORE_FOUNDATION
        and e.must_be_done_by is not None
        and e.expected_on is not None
        and e.must_be_done_by - e.expected_on < TIGHT
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "not_applicable",
        Status.NOT_APPLICABLE,
        "the delivery is marked as not applicable",
        lambda e, today: not e.is_applicable,
        says(lambda e: quoted(e.not_applicable_reason)),
    ),
    Rule(
        "delivered",
        Status.DELIVERED,
        "it is reported as delivered, no milestone is open, and the metric has reached its target or there is none",
        lambda e, today: claimed_delivered(e) and borne_out(e),
        says(lambda e: "reported as delivered, and " + proof(e)),
    ),
    Rule(
        "deadline_missed",
        Status.MISSED,
        "it is due by a date, and that national deadline has passed",
        lambda e, today: _before(e.must_be_done_by, today),
        says(
            lambda e: f"the national deadline of {on_day(e.deadline_on)} passed {DAYS} ago",
            lambda e: e.deadline_on,
        ),
    ),
    Rule(
        "not_started_by_date",
        Status.OFF_TRACK,
        "it should run from a date, that date has passed, and it is not started or nothing was reported",
        _not_started_by_date,
        says(
            lambda e: (
                f"it should have started by {on_day(e.deadline_on)}, {DAYS} ago, and "
                + ("nothing was reported" if never_reported(e) else "it is reported as not started")
            ),
            lambda e: e.deadline_on,
        ),
    ),
    Rule(
        "claimed_not_evidenced",
        Status.AT_RISK,
        "it is reported as delivered, but a milestone is open or the metric has not reached its target",
        lambda e, today: claimed_delivered(e),
        not_borne_out,
    ),
    Rule(
        "no_plan_for_core",
        Status.OFF_TRACK,
        "it is a core foundation, systems' final plans were due, and it has no lead, no local deadline or no milestone",
        _no_plan_for_core,
        says(
            lambda e: (
                f"a core foundation needs a clear plan since {on_day(e.final_submission_on)}, "
                f"and there is no {listed(missing_from_plan(e))}"
            )
        ),
    ),
    Rule(
        "not_due_to_start",
        Status.NOT_STARTED,
        "nothing was reported yet, and the planned start lies ahead",
        lambda e, today: never_reported(e) and _before(today, e.planned_start_on),
        says(lambda e: f"it is planned to start on {on_day(e.planned_start_on)}"),
    ),
    Rule(
        "not_phased_yet",
        Status.NOT_STARTED,
        "it is a prioritised commitment or an enabler, nothing was reported yet, and it has no local deadline",
        _not_phased_yet,
        says(lambda e: "the system has not yet set a local deadline for it"),
    ),
    Rule(
        "never_reported",
        Status.NOT_REPORTED,
        "nothing was ever reported",
        lambda e, today: never_reported(e),
        says(lambda e: "no report has been signed off yet"),
    ),
    Rule(
        "report_lapsed",
        Status.NOT_REPORTED,
        f"the latest report is more than {LAPSED_AFTER.days} days old",
        _report_lapsed,
        says(
            lambda e: f"the latest report is {DAYS} old ({on_day(e.reported_on)})",
            lambda e: e.reported_on,
        ),
    ),
    Rule(
        "phased_beyond_deadline",
        Status.OFF_TRACK,
        "the local deadline lies after the national deadline",
        lambda e, today: _before(e.must_be_done_by, e.local_deadline_on),
        says(
            lambda e: (
                f"the local deadline of {on_day(e.local_deadline_on)} is "
                f"{days_between(e.deadline_on, e.local_deadline_on)} after the national deadline of "
                f"{on_day(e.deadline_on)}"
            )
        ),
    ),
    Rule(
        "expected_beyond_deadline",
        Status.OFF_TRACK,
        "the expected date lies after the national deadline",
        lambda e, today: _before(e.must_be_done_by, e.expected_on),
        says(
            lambda e: (
                f"it is expected on {on_day(e.expected_on)}, "
                f"{days_between(e.deadline_on, e.expected_on)} after the national deadline of {on_day(e.deadline_on)}"
            )
        ),
    ),
    Rule(
        "milestone_long_overdue",
        Status.OFF_TRACK,
        f"the oldest open milestone is more than {LONG_OVERDUE.days} days overdue",
        lambda e, today: _milestone_overdue_by(e, today, LONG_OVERDUE),
        milestones_overdue,
    ),
    Rule(
        "metric_far_behind",
        Status.OFF_TRACK,
        f"the metric is behind by {number(FAR_BEHIND * 100)}% or more of the way from baseline to target",
        lambda e, today: _behind_by(e, FAR_BEHIND),
        metric_behind,
    ),
    Rule(
        "confidence_red",
        Status.OFF_TRACK,
        "the latest report is red",
        lambda e, today: e.confidence == Confidence.RED,
        says(lambda e: f"reported red on {on_day(e.reported_on)}"),
    ),
    Rule(
        "local_deadline_missed",
        Status.AT_RISK,
        "the local deadline has passed",
        lambda e, today: _before(e.local_deadline_on, today),
        says(
            lambda e: f"the local deadline of {on_day(e.local_deadline_on)} passed {DAYS} ago",
            lambda e: e.local_deadline_on,
        ),
    ),
    Rule(
        "milestone_overdue",
        Status.AT_RISK,
        "a milestone is overdue",
        lambda e, today: _milestone_overdue_by(e, today, dt.timedelta(0)),
        milestones_overdue,
    ),
    Rule(
        "metric_behind",
        Status.AT_RISK,
        f"the metric is behind by {number(BEHIND * 100)}% or more of the way from baseline to target",
        lambda e, today: _behind_by(e, BEHIND),
        metric_behind,
    ),
    Rule(
        "expected_after_local",
        Status.AT_RISK,
        "the expected date lies after the local deadline",
        lambda e, today: _before(e.local_deadline_on, e.expected_on),
        says(
            lambda e: (
                f"it is expected on {on_day(e.expected_on)}, "
                f"{days_between(e.local_deadline_on, e.expected_on)} after the local deadline of "
                f"{on_day(e.local_deadline_on)}"
            )
        ),
    ),
    Rule(
        "confidence_amber",
        Status.AT_RISK,
        "the latest report is amber",
        lambda e, today: e.confidence == Confidence.AMBER,
        says(lambda e: f"reported amber on {on_day(e.reported_on)}"),
    ),
    Rule(
        "tight",
        Status.AT_RISK,
        f"it is a core foundation, and fewer than {TIGHT.days} days lie between expected date and national deadline",
        _tight,
        says(
            lambda e: (
                f"it is expected on {on_day(e.expected_on)}, only "
                f"{days_between(e.expected_on, e.deadline_on)} before the national deadline of {on_day(e.deadline_on)}"
            )
        ),
    ),
    Rule(
        "on_track",
        Status.ON_TRACK,
        "otherwise",
        lambda e, today: True,
        says(lambda e: f"reported {e.confidence} on {on_day(e.reported_on)}, and no evidence speaks against it"),
    ),
)


# --- The signals beside the status ------------------------------------------------------------------------


def freshness(e: Evidence, today: dt.date) -> Freshness:
    """How recent the latest signed-off report is; `due` while the report of the month open now is not in."""
    if e.reported_on is None:
        return Freshness.NEVER
    age = today - e.reported_on
    if age > LAPSED_AFTER:
        return Freshness.LAPSED
    if age > STALE_AFTER:
        return Freshness.STALE
    month = next((month for opens_on, month in reversed(e.periods) if opens_on <= today), None)
    if month is not None and e.reported_period is not None and e.reported_period < month:
        return Freshness.DUE
    return Freshness.FRESH


def headroom_days(e: Evidence) -> int | None:
    """Days between the expected date, else the local deadline, and the national deadline; negative when beyond."""
    aimed_at = e.expected_on or e.local_deadline_on
    if e.must_be_done_by is None or aimed_at is None:
        return None
    return (e.must_be_done_by - aimed_at).days


def contradiction(e: Evidence, today: dt.date) -> Said:
    """What speaks against a report that says green or delivered; empty where nothing does."""
    if never_reported(e) or not (claimed_delivered(e) or e.confidence == Confidence.GREEN):
        return Said("")
    if claimed_delivered(e):
        return Said("") if borne_out(e) else as_sentence(not_borne_out(e, today))
    if _milestone_overdue_by(e, today, dt.timedelta(0)):
        said = milestones_overdue(e, today)
    elif _behind_by(e, BEHIND):
        said = metric_behind(e, today)
    else:
        return Said("")
    return Said(f"Reported green, but {said.text}.", said.since_on)


# --- The verdict ------------------------------------------------------------------------------------------


def deciding_rule(e: Evidence, today: dt.date) -> Rule:
    """The first rule that holds."""
    return next(rule for rule in RULES if rule.holds(e, today))


def rules_tried(e: Evidence, today: dt.date) -> Iterator[tuple[Rule, bool]]:
    """Each rule in turn and whether it holds, down to the one that decides."""
    for rule in RULES:
        holds = rule.holds(e, today)
        yield rule, holds
        if holds:
            return


def verdict(e: Evidence, today: dt.date) -> Verdict:
    """What follows from the evidence on this day, and the first day on which something else would."""
    concluded = _concluded(e, today)
    return replace(concluded, next_change_on=_next_change_on(e, today, concluded))


def _concluded(e: Evidence, today: dt.date) -> Verdict:
    rule = deciding_rule(e, today)
    said = rule.say(e, today)
    against = contradiction(e, today)
    return Verdict(
        status=rule.status.value,
        reason_code=rule.code,
        sentence=f"{rule.status.label}: {said.text.rstrip('.')}.",
        since_on=said.since_on,
        freshness=freshness(e, today).value,
        headroom_days=headroom_days(e),
        contradiction=against.text,
        contradiction_since_on=against.since_on,
        next_milestone_on=e.oldest_open_due_on,
        deadline_on=e.deadline_on,
        reported_on=e.reported_on,
    )


def _turning_days(e: Evidence, today: dt.date) -> list[dt.date]:
    """The days ahead on which some comparison with "today" turns, in order."""
    days = {e.final_submission_on}
    if e.deadline_on is not None:
        days.add(e.deadline_on + _DAY)
    if e.local_deadline_on is not None:
        days.add(e.local_deadline_on + _DAY)
    if e.planned_start_on is not None:
        days.add(e.planned_start_on)
    if e.reported_on is not None:
        days |= {e.reported_on + STALE_AFTER + _DAY, e.reported_on + LAPSED_AFTER + _DAY}
        days |= _report_due_from(e)
    for due_on in e.milestones_open_due_on:
        days.add(due_on + _DAY)
    if e.oldest_open_due_on is not None:
        days.add(e.oldest_open_due_on + LONG_OVERDUE + _DAY)
    return sorted(day for day in days if day > today)


def _report_due_from(e: Evidence) -> set[dt.date]:
    """The day on which the first month after the latest report opens, where there is one."""
    later = (opens_on for opens_on, month in e.periods if e.reported_period is not None and month > e.reported_period)
    return set(islice(later, 1))


def _next_change_on(e: Evidence, today: dt.date, concluded: Verdict) -> dt.date | None:
    return next((day for day in _turning_days(e, today) if _concluded(e, day) != concluded), None)
