"""All that happened to one delivery in one line of time, newest first."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from commitments.choices import ReportState, StepKind
from commitments.models import DeadlineChange, Milestone, MilestoneChange, PlanRevision, PositionChange, Report
from commitments.presenters.delivery import or_not_set
from commitments.sentences import day_in_words
from systems.models import User


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, and `who` did it."""

    happened_on: dt.date
    heading: str
    text: str = ""
    who: str = ""
    report: Report | None = None
    step: MilestoneChange | None = None
    change: PositionChange | None = None

    @property
    def moved(self) -> bool:
        """Whether the status itself changed, and not only the reason for it."""
        return self.change is not None and self.change.from_status not in ("", self.change.to_status)


def timeline(
    reports: Iterable[Report],
    deadlines: Iterable[DeadlineChange],
    milestones: Iterable[Milestone],
    steps: Iterable[MilestoneChange],
    plans: Iterable[PlanRevision],
    changes: Iterable[PositionChange],
) -> list[Entry]:
    """All of it, newest first; a change of status stands above what brought it about."""
    steps = list(steps)
    planned = [*_steps(steps), *_added(milestones, steps), *_plans(plans)]
    entries = [*_reported(reports), *_deadlines(deadlines), *planned]
    return sorted([*_changed(changes), *entries], key=lambda entry: entry.happened_on, reverse=True)


def _said(done: str, by: User | None, on: dt.date | None) -> str:
    """Who did it and when; nothing where nobody is named."""
    return f"{done} by {by.name} on {day_in_words(on)}" if by and on else ""


def _sentence(*parts: str) -> str:
    said = "; ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _reported(reports: Iterable[Report]) -> Iterator[Entry]:
    known = list(reports)
    replaced = {report.supersedes_id for report in known if report.state == ReportState.SIGNED_OFF}
    for report in known:
        happened_on = report.decided_on or report.submitted_on
        if happened_on is None:
            continue
        state = report.get_state_display().lower()
        who = _sentence(
            _said("submitted", report.author, report.submitted_on), _said(state, report.decided_by, report.decided_on)
        )
        heading = f"Report for {report.period}, {'replaced by a later one' if report.pk in replaced else state}"
        yield Entry(happened_on, heading, who=who, report=report)


def _deadlines(deadlines: Iterable[DeadlineChange]) -> Iterator[Entry]:
    for deadline in deadlines:
        state = deadline.get_state_display().lower()
        asked = _said("asked for", deadline.asked_by, deadline.asked_on)
        who = _sentence(asked, _said(state, deadline.decided_by, deadline.decided_on))
        yield Entry(
            deadline.happened_on,
            f"Deadline change {state}",
            text=f"From {day_in_words(deadline.old_on)} to {day_in_words(deadline.new_on)}. {deadline.reason}",
            who=f"{who} {deadline.decision_note}".strip(),
        )


def _steps(steps: Iterable[MilestoneChange]) -> Iterator[Entry]:
    for step in steps:
        said = {
            StepKind.MOVED: f"From {day_in_words(step.was_due_on)} to {day_in_words(step.due_on)}. ",
            StepKind.ACHIEVED: f"Achieved on {day_in_words(step.achieved_on)}. " if step.achieved_on else "",
            StepKind.REOPENED: "",
            StepKind.WITHDRAWN: "",
        }[StepKind(step.kind)]
        heading = f"Milestone {step.get_kind_display()}: {step.milestone.title}"
        who = _sentence(_said("recorded", step.recorded_by, step.recorded_on))
        yield Entry(step.recorded_on, heading, text=f"{said}{step.reason}".strip(), who=who, step=step)


def _added(milestones: Iterable[Milestone], steps: list[MilestoneChange]) -> Iterator[Entry]:
    """`steps` are newest first, so that the last word on a milestone's first due date is its first change."""
    first_due = {step.milestone_id: step.was_due_on for step in steps}
    for milestone in milestones:
        due_on = first_due.get(milestone.pk, milestone.due_on)
        yield Entry(
            milestone.recorded_on,
            f"Milestone added: {milestone.title}",
            text=f"Due {day_in_words(due_on)}.",
            who=_sentence(_said("added", milestone.recorded_by, milestone.recorded_on)),
        )


def _plans(plans: Iterable[PlanRevision]) -> Iterator[Entry]:
    """`plans` are newest first. The oldest is what the delivery was opened with, and no change."""
    known = list(plans)
    for now, before in pairwise(known):
        if said := [line for line in _what_changed(before, now) if line]:
            who = _sentence(_said("changed", now.recorded_by, now.recorded_on))
            yield Entry(now.recorded_on, "Local plan changed", text="\n".join(said), who=who)


def _what_changed(before: PlanRevision, now: PlanRevision) -> Iterator[str]:
    """Another local deadline than the first is a deadline change of its own."""
    if before.lead != now.lead:
        then, led_by = (plan.lead.name if plan.lead else "nobody" for plan in (before, now))
        yield f"Lead: {led_by}; before that {then}."
    if before.planned_start_on != now.planned_start_on:
        yield f"Planned start: {or_not_set(now.planned_start_on)}."
    if before.local_deadline_on is None and now.local_deadline_on is not None:
        yield f"Local deadline: {day_in_words(now.local_deadline_on)}."
    if (before.is_applicable, before.not_applicable_reason) != (now.is_applicable, now.not_applicable_reason):
        yield "It applies here." if now.is_applicable else f"It does not apply here: {now.not_applicable_reason}"


def _changed(changes: Iterable[PositionChange]) -> Iterator[Entry]:
    for change in changes:
        if not change.from_status:
            heading = "First status"
        elif change.from_status == change.to_status:
            heading = "Same status, another reason"
        else:
            heading = "Status changed"
        yield Entry(change.changed_on, heading, change=change)
