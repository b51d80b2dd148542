"""The local plan of a delivery, and the level at which a system delivers."""

import datetime as dt
from typing import Any, cast

from django import forms

from commitments.forms.choosing import ChoosingForm
from commitments.forms.fields import PlanDateField, VersionField, WordsField
from systems.models import User

YES, NO = "yes", "no"
DEADLINE_BEFORE_START = "The local deadline must be the same as or after the planned start"


class PlanForm(ChoosingForm):
    """Who leads, when it starts, by when it is meant to be done here, and whether it applies here at all."""

    lead: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        label="Lead",
        queryset=User.objects.none(),
        required=False,
        empty_label="No lead yet",
        error_messages={"invalid_choice": "Select a lead from the list"},
    )
    planned_start_on = PlanDateField("Planned start", required=False, help_text="For example, 1 4 2020.")
    # Only the first one is set here; where there is one, another is asked for.
    local_deadline_on = PlanDateField("Local deadline", required=False, help_text="For example, 31 3 2021.")
    is_applicable = forms.TypedChoiceField(
        label="Does the commitment apply here?",
        choices=[(YES, "Yes"), (NO, "No")],
        coerce=lambda answer: answer == YES,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select whether the commitment applies here"),
    )
    not_applicable_reason = WordsField(
        "Why it does not apply here",
        limit=500,
        rows=3,
        help_text="Only needed if it does not apply. Councillors read this.",
    )
    version = VersionField()

    def __init__(self, *args, leads, settled_deadline_on: dt.date | None, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["lead"]).queryset = leads
        self.settled_deadline_on = settled_deadline_on
        # A page read before the first deadline was set still sends one, and is told of the conflict.
        if settled_deadline_on and "local_deadline_on_day" not in self.data:
            del self.fields["local_deadline_on"]

    def clean(self) -> None:
        facts = self.cleaned_data
        start, deadline = facts.get("planned_start_on"), facts.get("local_deadline_on")
        if start and deadline and deadline < start:
            self.add_error("local_deadline_on", DEADLINE_BEFORE_START)
        elif start and self.settled_deadline_on and self.settled_deadline_on < start:
            self.add_error("planned_start_on", "The planned start must be the same as or before the local deadline")
        if facts.get("is_applicable") is False and not facts.get("not_applicable_reason", "unreadable"):
            self.add_error("not_applicable_reason", "Enter why it does not apply here")

    def plan(self) -> dict[str, Any]:
        """The plan as it will stand; a reason is kept only where the commitment does not apply."""
        plan = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return plan | ({"not_applicable_reason": ""} if plan["is_applicable"] else {})


class LevelForm(forms.Form):
    """The lower level at which a system will deliver a commitment. It cannot be taken back."""

    level = forms.ChoiceField(
        label="Deliver it by",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select a level"),
    )
    understood = forms.BooleanField(
        label="I understand that this cannot be undone",
        error_messages={"required": "Confirm that you understand this cannot be undone"},
    )

    def __init__(self, *args, levels: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["level"]).choices = levels
