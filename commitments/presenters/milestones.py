"""Milestones as they stood on a past day, and where two people change one at a time."""

import datetime as dt
from collections.abc import Iterable, Mapping

from commitments.forms.milestones import StepForm
from commitments.models import Milestone, MilestoneChange
from commitments.presenters.delivery import MilestoneRow, milestone_rows
from commitments.presenters.writing import in_words


def milestones_then(
    milestones: Iterable[Milestone], changed_since: Mapping[int, MilestoneChange], day: dt.date
) -> list[MilestoneRow]:
    """The milestones known on this day, each as the first change after it says it was."""
    known = [m for m in milestones if m.recorded_on <= day and (m.withdrawn_on is None or m.withdrawn_on > day)]
    for milestone in known:
        if later := changed_since.get(milestone.pk):
            milestone.due_on, milestone.achieved_on = later.was_due_on, later.was_achieved_on
        if milestone.achieved_on and milestone.achieved_on > day:
            milestone.achieved_on = None
    return milestone_rows(sorted(known, key=lambda milestone: (milestone.due_on, milestone.pk)), day)


# --- Two writers at once ----------------------------------------------------------------------------------

_LABELS = {
    "due_on": "Due date",
    "achieved_on": "Achieved on",
    "reason": "Why",
    "evidence_url": "Link to the evidence",
    "evidence_name": "Evidence as a file",
}


def sent_words(form: StepForm) -> dict[str, str]:
    """What a form sent, by the labels of its fields."""
    return {_LABELS[name]: in_words(value) for name, value in form.words().items()}


def stored_words(change: MilestoneChange | None, form: StepForm) -> dict[str, str]:
    """The same of the change that is stored."""
    return {_LABELS[name]: in_words(getattr(change, name, None)) for name in form.words()}
