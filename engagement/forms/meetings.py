"""A meeting and the items of its agenda."""

import datetime as dt
import re
from typing import Any

from django import forms

from commitments.forms.choosing import ChoosingForm
from commitments.forms.fields import LineField, PlanDateField, VersionField
from engagement.choices import MeetingStatus


class TimeOfDayField(forms.TimeField):
    """A time as people write it: 7pm, 7.30 p.m., 19:00."""

    default_error_messages = {"invalid": "Enter a time, such as 7pm or 19:00"}
    input_formats = ["%H:%M", "%H:%M:%S", "%I:%M%p", "%I%p"]

    def to_python(self, value: Any) -> dt.time | None:
        if isinstance(value, str):
            value = re.sub(r"([ap])\.?m\.?$", r"\1m", re.sub(r"\s", "", value.lower())).replace(".", ":")
        return super().to_python(value)


class MeetingForm(ChoosingForm):
    """When and where a committee meets, and whether it did."""

    held_on = PlanDateField(
        "Date", help_text="For example, 15 10 2019.", error_messages={"required": "Enter the date of the meeting"}
    )
    starts_at = TimeOfDayField(
        label="Time",
        required=False,
        help_text="For example, 7pm.",
        widget=forms.TimeInput({"class": "nhsuk-input--width-5"}, format="%H:%M"),
    )
    place = LineField("Place", limit=200, required=False)
    status = forms.ChoiceField(
        label="Status",
        choices=MeetingStatus.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Select whether the meeting is planned, held or cancelled"
        ),
    )
    version = VersionField()

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> None:
        facts = self.cleaned_data
        if facts.get("status") == MeetingStatus.HELD and facts.get("held_on", self.today) > self.today:
            self.add_error("status", "A meeting on a day still to come is planned or cancelled")

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ItemForm(ChoosingForm):
    """An item of the agenda."""

    number = forms.IntegerField(
        label="Number",
        min_value=1,
        max_value=200,
        widget=forms.TextInput({"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
        error_messages={
            "required": "Enter the item’s number",
            "invalid": "Enter a whole number, such as 4",
            "min_value": "The number must be 1 or more",
            "max_value": "The number must be 200 or less",
        },
    )
    title = LineField("Title", limit=200, error_messages={"required": "Enter the item’s title"})
    version = VersionField()

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
