"""Another local deadline: asked for with a reason, and decided by somebody else."""

import datetime as dt

from django import forms

from commitments.forms.fields import DayAsReadField, PlanDateField, WordsField
from commitments.forms.plans import DEADLINE_BEFORE_START


class DeadlineAskForm(forms.Form):
    """The day asked for, and why."""

    new_on = PlanDateField(
        "New local deadline",
        help_text="For example, 31 3 2021.",
        error_messages={"required": "Enter the deadline you ask for"},
    )
    reason = WordsField(
        "Why another deadline is needed",
        limit=2000,
        required=True,
        help_text="The approver reads this now. Councillors read it too, once the change is agreed.",
        error_messages={"required": "Enter why another deadline is needed"},
    )
    old_on = DayAsReadField()

    def __init__(self, *args, planned_start_on: dt.date | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.planned_start_on = planned_start_on

    def clean(self) -> None:
        asked, so_far = self.cleaned_data.get("new_on"), self.cleaned_data.get("old_on")
        if asked is None:
            return
        if asked == so_far:
            self.add_error("new_on", "The new deadline must differ from the deadline so far")
        if self.planned_start_on and asked < self.planned_start_on:
            self.add_error("new_on", DEADLINE_BEFORE_START)


class DeadlineDecisionForm(forms.Form):
    """What an approver decides about it: agree, or refuse with a note."""

    AGREE, REFUSE = "agree", "refuse"
    all_optional = True

    note = WordsField("Note", limit=2000, help_text="Needed to refuse. Whoever asked reads this; councillors do not.")
    decision = forms.ChoiceField(
        choices=[(AGREE, "Agree"), (REFUSE, "Refuse")],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select whether to agree or refuse"),
    )

    def clean(self) -> None:
        if self.cleaned_data.get("decision") == self.REFUSE and not self.cleaned_data.get("note", "unreadable"):
            self.add_error("note", "Enter why you refuse it")
