"""One delivery's page: the plan, the signals and the evidence, each in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.choices import Confidence, DeadlineKind, Freshness, Stage, StepKind, ThemeClass
from commitments.measures import Evidence, MetricEvidence, expected_value, metric_gap
from commitments.models import Commitment, Delivery, Milestone, MilestoneChange, Position
from commitments.presenters.forecast import headroom_in_words
from commitments.presenters.measured import measured
from commitments.rules import Rule, rules_tried
from commitments.sentences import counted, day_in_words, days_in_words

NOT_SET = "Not set"

Facts = list[tuple[str, str]]


def or_not_set(day: dt.date | None) -> str:
    """A day of the plan, or that nobody has set it."""
    return NOT_SET if day is None else day_in_words(day)


# --- The status -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """The stored verdict as it reads on the day; `is_due` while a newer one is being worked out."""

    status: str
    sentence: str
    since: str
    is_due: bool


def standing(position: Position, today: dt.date) -> Standing:
    """The position as the page shows it on this day."""
    return Standing(
        status=position.status,
        sentence=position.sentence_on(today),
        since=day_in_words(position.moved_on),
        is_due=position.next_change_on is not None and position.next_change_on <= today,
    )


# --- The plan and the signals -----------------------------------------------------------------------------


def plan_facts(delivery: Delivery) -> Facts:
    """What the system has settled for itself."""
    applies = "Yes" if delivery.is_applicable else f"No: {delivery.not_applicable_reason}"
    return [
        ("Applies here", applies),
        ("Lead", delivery.lead.name if delivery.lead else NOT_SET),
        ("Planned start", or_not_set(delivery.planned_start_on)),
        ("Local deadline", or_not_set(delivery.local_deadline_on)),
    ]


def signals(delivery: Delivery, position: Position, today: dt.date) -> Facts:
    """What stands beside the status and is never mixed into it."""
    report = Freshness(position.freshness).label
    if position.reported_on:
        report = f"{day_in_words(position.reported_on)} ({report.lower()})"
    return [
        ("National deadline", _national_deadline(delivery.commitment)),
        ("Headroom", headroom_in_words(position.headroom_days, position.headroom_from)),
        ("Latest report", report),
        ("Next open milestone", or_none_open(position.next_milestone_on)),
        ("Evidence against the report", position.contradiction_on(today) or "None"),
    ]


def _national_deadline(commitment: Commitment) -> str:
    kind = commitment.get_deadline_kind_display()
    if commitment.deadline_on is None:
        return f"{kind}; printed as “{commitment.deadline_text}”"
    return f"{kind}: {day_in_words(commitment.deadline_on)}, printed as “{commitment.deadline_text}”"


def or_none_open(day: dt.date | None) -> str:
    """When the next open milestone is due, if there is one."""
    return "None" if day is None else f"Due {day_in_words(day)}"


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone, how it stands, and the change that achieved it, with its evidence."""

    milestone: Milestone
    standing: str
    is_open: bool
    achieved_by_change: MilestoneChange | None = None


def milestone_rows(
    milestones: Iterable[Milestone], today: dt.date, changes: Iterable[MilestoneChange] = ()
) -> list[MilestoneRow]:
    """Each milestone with how it stands on this day. `changes`, the newest first, say what shows it."""
    latest: dict[int, MilestoneChange] = {}
    for change in changes:
        latest.setdefault(change.milestone_id, change)
    achieved = {pk: change for pk, change in latest.items() if change.kind == StepKind.ACHIEVED}
    return [MilestoneRow(m, _standing(m, today), m.achieved_on is None, achieved.get(m.pk)) for m in milestones]


def _standing(milestone: Milestone, today: dt.date) -> str:
    if milestone.withdrawn_on and milestone.withdrawn_on <= today:
        return f"Withdrawn on {day_in_words(milestone.withdrawn_on)}"
    if milestone.achieved_on:
        return f"Achieved on {day_in_words(milestone.achieved_on)}"
    overdue = (today - milestone.due_on).days
    return f"{days_in_words(overdue)} overdue" if overdue > 0 else "Open"


# --- Why this status --------------------------------------------------------------------------------------


def evidence_in_words(e: Evidence) -> Facts:
    """All that the rules looked at."""
    facts = [
        ("Class of commitment", ThemeClass(e.theme_class).label),
        ("National deadline", _deadline(e)),
        ("Applies here", "Yes" if e.is_applicable else "No"),
        ("Lead", "Named" if e.has_lead else NOT_SET),
        ("Planned start", or_not_set(e.planned_start_on)),
        ("Local deadline", or_not_set(e.local_deadline_on)),
        ("Milestones", _milestones(e)),
        ("Latest signed-off report", _report(e)),
        ("Metric", _metric(e.metric) if e.metric else "No metric with a target of this footprint's own"),
    ]
    if e.children:
        facts.append(("Deliveries below", f"{e.children_red} of {e.children} reported red"))
    return facts


def _deadline(e: Evidence) -> str:
    kind = DeadlineKind(e.deadline_kind).label
    return kind if e.deadline_on is None else f"{kind}: {day_in_words(e.deadline_on)}"


def _milestones(e: Evidence) -> str:
    if not e.milestones:
        return "None"
    achieved = f"{e.milestones - e.milestones_open} of {counted(e.milestones)} achieved"
    if not e.milestones_open:
        return achieved
    return f"{achieved}; oldest open: {e.oldest_open_milestone}, due {day_in_words(e.oldest_open_due_on)}"


def _report(e: Evidence) -> str:
    if e.reported_on is None:
        return "None"
    said = f"{day_in_words(e.reported_on)}: {Stage(e.stage).label.lower()}, {Confidence(e.confidence).label.lower()}"
    return f"{said}, expected {day_in_words(e.expected_on)}" if e.expected_on else f"{said}, no expected date"


def _metric(metric: MetricEvidence) -> str:
    target = f"{metric.name}: target {measured(metric.target, metric.unit)}"
    if metric.observed is None or metric.observed_on is None:
        return f"{target}; nothing measured yet"
    seen = f"{target}; {measured(metric.observed, metric.unit)} on {day_in_words(metric.observed_on)}"
    expected, gap = expected_value(metric, metric.observed_on), metric_gap(metric)
    if expected is None or gap is None:
        return seen
    behind = f"{int(abs(gap) * 100):,}% of the way {'behind' if gap > 0 else 'ahead'}" if gap else "on the line"
    return f"{seen}, expected {measured(round(expected, 2), metric.unit)}; {behind}"


@dataclass(frozen=True, slots=True)
class RuleTried:
    """A line of the law, and whether it holds here."""

    number: int
    rule: Rule
    holds: bool


def tried(e: Evidence, today: dt.date) -> list[RuleTried]:
    """Each rule in turn, down to the one that decides."""
    return [RuleTried(number, rule, holds) for number, (rule, holds) in enumerate(rules_tried(e, today), start=1)]
