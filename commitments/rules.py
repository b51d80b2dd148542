"""The law of the portal: what follows from the facts about one delivery on one day.

Pure functions over frozen dataclasses: no database, no clock, no request. `RULES` is read from the top; the first
rule that holds decides. A rule whose fact is missing does not hold. The page /how-status-works/ is made from this
table, and so is `manage.py explain`.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from commitments import sentences
from commitments.choices import Confidence, Freshness, Status
from commitments.forecast import from_metric, from_milestones
from commitments.measures import (
    BEHIND,
    FAR_BEHIND,
    LAPSED_AFTER,
    LONG_OVERDUE,
    TIGHT,
    Evidence,
    before,
    behind_by,
    borne_out,
    claimed_delivered,
    never_reported,
    no_plan_for_core,
    not_phased_yet,
    not_started_by_date,
    overdue_by,
    report_older_than,
    tight,
    turning_days,
)
from commitments.sentences import Said, number
from commitments.signals import contradiction, freshness, freshness_turns_on, headroom


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the law: when it holds, what it concludes, and how it says so."""

    code: str
    status: Status
    when: str
    holds: Callable[[Evidence, dt.date], bool]
    say: Callable[[Evidence, dt.date], Said]


RULES: tuple[Rule, ...] = (
    Rule(
        "not_applicable",
        Status.NOT_APPLICABLE,
        "the delivery is marked as not applicable",
        lambda e, today: not e.is_applicable,
        sentences.not_applicable,
    ),
    Rule(
        "delivered",
        Status.DELIVERED,
        "it is reported as delivered, no milestone is open, and the metric has reached its target or there is none",
        lambda e, today: claimed_delivered(e) and borne_out(e),
        sentences.delivered,
    ),
    Rule(
        "deadline_missed",
        Status.MISSED,
        "it is due by a date, and that national deadline has passed",
        lambda e, today: before(e.must_be_done_by, today),
        sentences.deadline_missed,
    ),
    Rule(
        "not_started_by_date",
        Status.OFF_TRACK,
        "it should run from a date, that date has passed, and it is not started or nothing was reported",
        not_started_by_date,
        sentences.not_started_by_date,
    ),
    Rule(
        "claimed_not_evidenced",
        Status.AT_RISK,
        "it is reported as delivered, but a milestone is open or the metric has not reached its target",
        lambda e, today: claimed_delivered(e) and not borne_out(e),
        sentences.claimed_not_evidenced,
    ),
    Rule(
        "no_plan_for_core",
        Status.OFF_TRACK,
        "it is a core foundation, systems' final plans were due, and it has no lead, no local deadline or no milestone",
        no_plan_for_core,
        sentences.no_plan_for_core,
    ),
    Rule(
        "not_due_to_start",
        Status.NOT_STARTED,
        "nothing was reported yet, and the planned start lies ahead",
        lambda e, today: never_reported(e) and before(today, e.planned_start_on),
        sentences.not_due_to_start,
    ),
    Rule(
        "not_phased_yet",
        Status.NOT_STARTED,
        "it is a prioritised commitment or an enabler, nothing was reported yet, and it has no local deadline",
        not_phased_yet,
        sentences.not_phased_yet,
    ),
    Rule(
        "never_reported",
        Status.NOT_REPORTED,
        "nothing was ever reported",
        lambda e, today: never_reported(e),
        sentences.nothing_reported,
    ),
    Rule(
        "report_lapsed",
        Status.NOT_REPORTED,
        f"the latest report is more than {LAPSED_AFTER.days} days old",
        lambda e, today: report_older_than(e, today, LAPSED_AFTER),
        sentences.report_lapsed,
    ),
    Rule(
        "phased_beyond_deadline",
        Status.OFF_TRACK,
        "the local deadline lies after the national deadline",
        lambda e, today: before(e.must_be_done_by, e.local_deadline_on),
        sentences.phased_beyond_deadline,
    ),
    Rule(
        "expected_beyond_deadline",
        Status.OFF_TRACK,
        "the expected date lies after the national deadline",
        lambda e, today: before(e.must_be_done_by, e.expected_on),
        sentences.expected_beyond_deadline,
    ),
    Rule(
        "milestone_long_overdue",
        Status.OFF_TRACK,
        f"the oldest open milestone is more than {LONG_OVERDUE.days} days overdue",
        lambda e, today: overdue_by(e, today, LONG_OVERDUE),
        sentences.milestones_overdue,
    ),
    Rule(
        "metric_far_behind",
        Status.OFF_TRACK,
        f"the metric is behind by {number(FAR_BEHIND * 100)}% or more of the way from baseline to target",
        lambda e, today: behind_by(e, FAR_BEHIND),
        sentences.metric_behind,
    ),
    Rule(
        "confidence_red",
        Status.OFF_TRACK,
        "the latest report is red",
        lambda e, today: e.confidence == Confidence.RED,
        sentences.confidence_reported,
    ),
    Rule(
        "local_deadline_missed",
        Status.AT_RISK,
        "the local deadline has passed",
        lambda e, today: before(e.local_deadline_on, today),
        sentences.local_deadline_missed,
    ),
    Rule(
        "milestone_overdue",
        Status.AT_RISK,
        "a milestone is overdue",
        lambda e, today: overdue_by(e, today),
        sentences.milestones_overdue,
    ),
    Rule(
        "metric_behind",
        Status.AT_RISK,
        f"the metric is behind by {number(BEHIND * 100)}% or more of the way from baseline to target",
        lambda e, today: behind_by(e, BEHIND),
        sentences.metric_behind,
    ),
    Rule(
        "expected_after_local",
        Status.AT_RISK,
        "the expected date lies after the local deadline",
        lambda e, today: before(e.local_deadline_on, e.expected_on),
        sentences.expected_after_local,
    ),
    Rule(
        "confidence_amber",
        Status.AT_RISK,
        "the latest report is amber",
        lambda e, today: e.confidence == Confidence.AMBER,
        sentences.confidence_reported,
    ),
    Rule(
        "tight",
        Status.AT_RISK,
        f"it is a core foundation, and fewer than {TIGHT.days} days lie between expected date and national deadline",
        tight,
        sentences.tight,
    ),
    Rule(
        "on_track",
        Status.ON_TRACK,
        "otherwise",
        lambda e, today: True,
        sentences.on_track,
    ),
)


_COUNTED = tuple(status for status in Status if status != Status.NOT_APPLICABLE)


def headline(weights: Mapping[str, int]) -> Status | None:
    """The worst status under which at least a tenth of what is counted lies; None where nothing is counted.

    `weights`: by status, how many deliveries or how many people. Not-applicable ones are left out of every count.
    """
    counted = [(status, weight) for status in _COUNTED if (weight := weights.get(status))]
    total = sum(weight for _, weight in counted)
    return next((status for status, weight in counted if weight * 10 >= total), None)


# --- The verdict ------------------------------------------------------------------------------------------


class Verdict(NamedTuple):
    """What the rules conclude: the status with its reason, the signals beside it, and the day it expires."""

    status: str
    reason_code: str
    sentence: str
    since_on: dt.date | None
    freshness: str
    headroom_days: int | None
    headroom_from: str
    expected_on: dt.date | None
    milestones_finish_on: dt.date | None
    metric_finish_on: dt.date | None
    contradiction: str
    contradiction_since_on: dt.date | None
    next_milestone_on: dt.date | None
    deadline_on: dt.date | None
    reported_on: dt.date | None
    next_change_on: dt.date | None = None


def deciding_rule(e: Evidence, today: dt.date) -> Rule:
    """The first rule that holds."""
    for rule in RULES:
        if rule.holds(e, today):
            break
    return rule


def rules_tried(e: Evidence, today: dt.date) -> Iterator[tuple[Rule, bool]]:
    """Each rule in turn and whether it holds, down to the one that decides."""
    for rule in RULES:
        holds = rule.holds(e, today)
        yield rule, holds
        if holds:
            return


def verdict(e: Evidence, today: dt.date) -> Verdict:
    """What follows from the evidence on this day, and the first day on which something else would."""
    rule, said, fresh, against = judgement = _judge(e, today)
    by_milestones, by_metric = from_milestones(e), from_metric(e.metric)
    room = headroom(e, by_milestones, by_metric)
    return Verdict(
        status=rule.status.value,
        reason_code=rule.code,
        sentence=f"{rule.status.label}: {said.text}.",
        since_on=said.since_on,
        freshness=fresh.value,
        headroom_days=room.days,
        headroom_from=room.method.value if room.method else "",
        expected_on=e.expected_on,
        milestones_finish_on=by_milestones.finish_on,
        metric_finish_on=by_metric.finish_on,
        contradiction=against.text,
        contradiction_since_on=against.since_on,
        next_milestone_on=e.oldest_open_due_on,
        deadline_on=e.deadline_on,
        reported_on=e.reported_on,
        next_change_on=_turns_on(judgement, e, today),
    )


def _judge(e: Evidence, today: dt.date) -> tuple[Rule, Said, Freshness, Said]:
    """All of a verdict that the day can change."""
    rule = deciding_rule(e, today)
    return rule, rule.say(e, today), freshness(e, today), contradiction(e, today)


def _turns_on(judgement: tuple[Rule, Said, Freshness, Said], e: Evidence, today: dt.date) -> dt.date | None:
    """The first day ahead on which the same evidence is judged otherwise.

    Mostly it is the freshness that turns, and little lies before that day.
    """
    rule, said, fresh, against = judgement
    until = freshness_turns_on(e, fresh)
    for day in turning_days(e, today, until):
        if deciding_rule(e, day) is not rule or rule.say(e, day) != said or contradiction(e, day) != against:
            return day
    return until
