"""A milestone: added, moved with a reason, achieved with evidence, open again, or withdrawn."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, URLValidator

from commitments.forms.fields import DayAsReadField, LineField, PlanDateField, WordsField
from commitments.models import Milestone
from systems.forms.uploads import KINDS, MAX_MEGABYTES, EvidenceFileField, plain_name

READ_BY_ALL = "Everybody who can see this commitment reads it, councillors too."


class MilestoneForm(forms.Form):
    """A dated step."""

    title = LineField("Milestone", limit=200, error_messages={"required": "Enter what will be achieved"})
    due_on = PlanDateField(
        "Due date",
        help_text="For example, 31 3 2020.",
        error_messages={"required": "Enter the date it is due"},
    )


class StepForm(forms.Form):
    """Something that becomes of a milestone, which lies before the form's writer as it was read."""

    def __init__(self, *args, milestone: Milestone, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial = {"was_due_on": milestone.due_on, "was_achieved_on": milestone.achieved_on}

    def facts(self) -> dict[str, Any]:
        """What was sent, by the names of the action."""
        return self.cleaned_data

    def words(self) -> dict[str, Any]:
        """What was sent, by the names of a milestone's change; what its writer only had before them left out."""
        return {name: value for name, value in self.facts().items() if not name.startswith("was_")}


class MoveForm(StepForm):
    """Another due date, and why."""

    due_on = PlanDateField(
        "New due date", help_text="For example, 30 6 2020.", error_messages={"required": "Enter the new due date"}
    )
    reason = WordsField(
        "Why it moves",
        limit=1000,
        required=True,
        help_text=READ_BY_ALL,
        error_messages={"required": "Enter why it moves"},
    )
    was_due_on = DayAsReadField()

    def clean(self) -> None:
        if "due_on" in self.cleaned_data and self.cleaned_data["due_on"] == self.cleaned_data.get("was_due_on"):
            self.add_error("due_on", "The new due date must differ from the due date so far")


class WithdrawForm(StepForm):
    """Why it should not be in the plan."""

    reason = WordsField(
        "Why it is withdrawn",
        limit=1000,
        required=True,
        help_text=READ_BY_ALL,
        error_messages={"required": "Enter why it is withdrawn"},
    )
    was_due_on = DayAsReadField()


class ReopenForm(StepForm):
    """Why a tick was wrong."""

    reason = WordsField(
        "Why it is not achieved after all",
        limit=1000,
        required=True,
        help_text=READ_BY_ALL,
        error_messages={"required": "Enter why it is not achieved after all"},
    )
    was_achieved_on = DayAsReadField()


class AchieveForm(StepForm):
    """When it was achieved, and what shows it. All may be left out: then it is ticked as of today."""

    achieved_on = PlanDateField("Achieved on", required=False, help_text="Leave empty for today.")
    evidence_url = LineField(
        "Link to the evidence",
        limit=500,
        required=False,
        validators=[URLValidator(schemes=["https"], message="Enter a link that begins with https://")],
        help_text="For example, https://www.example.nhs.uk/board-papers.",
    )
    evidence_file = EvidenceFileField(
        label="Evidence as a file", required=False, help_text=f"{KINDS}, smaller than {MAX_MEGABYTES}MB."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_time = MaxValueValidator(self.today, "Achieved on must be today or earlier")
        self.fields["achieved_on"].validators.append(in_time)

    def facts(self) -> dict[str, Any]:
        """A file comes with its own name, in plain letters."""
        file = self.cleaned_data["evidence_file"]
        return self.cleaned_data | {"evidence_name": plain_name(file.name) if file else ""}

    def words(self) -> dict[str, Any]:
        facts = self.facts()
        return {
            "achieved_on": facts["achieved_on"] or self.today,
            "evidence_url": facts["evidence_url"],
            "evidence_name": facts["evidence_name"],
        }
