"""Fields of the forms about deliveries, beside those that all forms share."""

import re

from django import forms

from systems.forms.fields import OUT_OF_DATE, LineField, PlanDateField, VersionField, WordsField
from systems.models.days import FIRST_DAY, LAST_DAY

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "OUT_OF_DATE",
    "ChosenRowsField",
    "DayAsReadField",
    "LineField",
    "PlanDateField",
    "VersionField",
    "WordsField",
]


class ChosenRowsField(forms.Field):
    """Ticked rows, each with the version that was read: "12-3". Thousands of them fit into one value: "12-3 14-1"."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, most: int | None = None, **more):
        super().__init__(**more)
        self.most = most

    def to_python(self, value) -> dict[int, int]:
        found = (re.fullmatch(r"([0-9]{1,15})-([0-9]{1,9})", chosen) for chosen in " ".join(value or ()).split(" "))
        return {int(match[1]): int(match[2]) for match in found if match}

    def validate(self, value) -> None:
        if not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if self.most is not None and len(value) > self.most:
            raise forms.ValidationError(self.error_messages["most"], code="most")


class DayAsReadField(forms.DateField):
    """A day of the record that its writer had before them."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(error_messages=dict.fromkeys(("required", "invalid"), OUT_OF_DATE))
