"""Fields that all forms share: words as people type them, and days a plan can hold."""

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator

from ltp_portal.widgets import DatePartsField
from systems.models.days import FIRST_DAY, LAST_DAY

OUT_OF_DATE = "This page is out of date. Open it again"


class WordsField(forms.CharField):
    """Text over several lines. Too long is said afterwards: a browser's limit would cut pasted words silently."""

    def __init__(self, label: str, *, limit: int, rows: int = 5, required: bool = False, **more):
        super().__init__(label=label, required=required, widget=forms.Textarea({"rows": rows}), **more)
        self.validators.append(MaxLengthValidator(limit, f"{label} must be {limit:,} characters or fewer"))

    def to_python(self, value):
        """A line break counts once, as it was typed; browsers send two characters for it."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class LineField(forms.CharField):
    """Text on one line."""

    def __init__(self, label: str, *, limit: int, **more):
        super().__init__(label=label, **more)
        self.validators.append(MaxLengthValidator(limit, f"{label} must be {limit:,} characters or fewer"))


class PlanDateField(DatePartsField):
    """A day within the years that a plan can speak of: a slip in the year is caught here."""

    def __init__(self, label: str, **more):
        super().__init__(label=label, **more)
        years = f"{label} must be between {FIRST_DAY.year} and {LAST_DAY.year}"
        self.validators += [MinValueValidator(FIRST_DAY, years), MaxValueValidator(LAST_DAY, years)]


class VersionField(forms.IntegerField):
    """Which version of a record its writer had before them; 0 where there was none."""

    widget = forms.HiddenInput

    def __init__(self):
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUT_OF_DATE)
        super().__init__(min_value=0, max_value=2**31 - 1, error_messages=messages)
