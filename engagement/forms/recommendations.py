"""What a committee asks, and how it ends."""

import datetime as dt
from typing import Any, cast

from django import forms

from commitments.forms.fields import LineField, PlanDateField, VersionField, WordsField
from engagement.choices import AskKind
from engagement.models import AgendaItem, Meeting, Recommendation
from systems.models import Footprint, Organisation

KNOWN_TO_ALL = "Everybody who sees the committee’s pages reads it."


class AskForm(forms.Form):
    """A recommendation or a question taken away. What is recorded here is never edited."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=AskKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Select whether it is a recommendation or a question"
        ),
    )
    reference = LineField(
        "Minute reference",
        limit=40,
        help_text="For example, 4.1.",
        error_messages={"required": "Enter the minute reference"},
    )
    item: "forms.ModelChoiceField[AgendaItem]" = forms.ModelChoiceField(
        label="Agenda item",
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label="No item",
        error_messages={"invalid_choice": "Select an item of this meeting’s agenda"},
    )
    wording = WordsField(
        "Wording",
        limit=2000,
        required=True,
        help_text="As minuted. It cannot be changed afterwards.",
        error_messages={"required": "Enter the wording, as minuted"},
    )
    asked_by = LineField("Who asked", limit=120, required=False, help_text="A member, or the committee.")
    system: "forms.ModelChoiceField[Footprint]" = forms.ModelChoiceField(
        label="To which system",
        queryset=Footprint.objects.none(),
        empty_label="Select a system",
        help_text="Its approvers and programme managers answer.",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select a system that the committee scrutinises"),
    )
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label="To one body of it",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="The system as a whole",
        error_messages={"invalid_choice": "Select a body from the list"},
    )
    due_on = PlanDateField("Answer due", error_messages={"required": "Enter the day by which an answer is due"})
    repeats: "forms.ModelChoiceField[Recommendation]" = forms.ModelChoiceField(
        label="Asked before",
        queryset=Recommendation.objects.none(),
        required=False,
        empty_label="Asked for the first time",
        help_text="If the same was asked before, select it: how often it was asked is counted.",
        error_messages={"invalid_choice": "Select an earlier recommendation of this committee"},
    )

    def __init__(self, *args, meeting: Meeting, systems, bodies, earlier, answer_days: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = f"{answer_days} days after the meeting, unless you enter another day."
        self.meeting = meeting
        choices = {"item": meeting.items.all(), "system": systems, "organisation": bodies, "repeats": earlier}
        for name, rows in choices.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = rows
        cast(Any, self.fields["repeats"]).label_from_instance = _in_a_line

    def clean_due_on(self) -> dt.date:
        due_on = self.cleaned_data["due_on"]
        if due_on <= self.meeting.held_on:
            raise forms.ValidationError("The answer must be due after the meeting")
        return due_on


def _in_a_line(recommendation: Recommendation) -> str:
    wording = recommendation.wording
    short = wording if len(wording) <= 80 else f"{wording[:79]}…"
    return f"{recommendation.reference} of {recommendation.meeting.held_on:%-d %B %Y}: {short}"


class CloseForm(forms.Form):
    """Why the committee closes it."""

    note = WordsField(
        "Why the committee closes it",
        limit=2000,
        required=True,
        help_text=KNOWN_TO_ALL,
        error_messages={"required": "Enter why the committee closes it"},
    )
    version = VersionField()


class ReopenForm(forms.Form):
    """Why the committee opens it again, and by when it wants an answer."""

    note = WordsField(
        "Why the committee opens it again",
        limit=2000,
        required=True,
        help_text=KNOWN_TO_ALL,
        error_messages={"required": "Enter why the committee opens it again"},
    )
    due_on = PlanDateField("Answer due", error_messages={"required": "Enter the day by which an answer is due"})
    version = VersionField()

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due_on(self) -> dt.date:
        if self.cleaned_data["due_on"] < self.today:
            raise forms.ValidationError("The answer must be due today or later")
        return self.cleaned_data["due_on"]
