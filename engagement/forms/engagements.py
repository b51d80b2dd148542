"""Whom a system spoke with about a commitment, and why a record of it is withdrawn."""

import datetime as dt

from django import forms
from django.core.validators import URLValidator

from commitments.forms.fields import LineField, PlanDateField, WordsField


class EngagementForm(forms.Form):
    """What was heard, from whom and when. It is never edited: a mistake is withdrawn."""

    happened_on = PlanDateField(
        "When it took place",
        help_text="For example, 12 6 2019. Where it took several days, the last of them.",
        error_messages={"required": "Enter the day when it took place"},
    )
    with_whom = LineField(
        "With whom",
        limit=200,
        help_text="For example, Bexley patient participation groups. Name groups, not patients.",
        error_messages={"required": "Enter with whom"},
    )
    what_was_heard = WordsField(
        "What was heard",
        limit=5000,
        required=True,
        help_text="Everybody who reads this system’s positions reads it. It cannot be changed afterwards.",
        error_messages={"required": "Enter what was heard"},
    )
    link = LineField(
        "Link",
        limit=500,
        required=False,
        validators=[URLValidator(schemes=["https"], message="Enter a link that begins with https://")],
        help_text="To notes or a report, where there are any.",
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_happened_on(self) -> dt.date:
        if self.cleaned_data["happened_on"] > self.today:
            raise forms.ValidationError("The day when it took place must be today or in the past")
        return self.cleaned_data["happened_on"]


class WithdrawForm(forms.Form):
    """Why a record counts no more."""

    reason = WordsField(
        "Why it is withdrawn",
        limit=2000,
        rows=3,
        required=True,
        help_text="The record stays on the page, marked as withdrawn, with your reason.",
        error_messages={"required": "Enter why it is withdrawn"},
    )
