"""Another day than today: in three boxes, or as one word of the address, such as 2019-08-31."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from commitments.choices import Move
from commitments.models import Theme
from ltp_portal.widgets import DatePartsField, DatePartsWidget
from systems.models import Footprint

# How far back "what changed" looks until a day is chosen.
LOOK_BACK = dt.timedelta(days=30)
TO_COME = "The date must be today or earlier"
BOXES = ("", *(f"_{label.lower()}" for label in DatePartsWidget.labels))


class DayWidget(DatePartsWidget):
    """Three boxes that can also be filled in by one word of the address."""

    def value_from_datadict(self, data, files, name):
        word = data.get(name)
        if not word:
            return super().value_from_datadict(data, files, name)
        year, _, rest = word.partition("-")
        month, _, day = rest.partition("-")
        return [day, month, year]


class PastDayField(DatePartsField):
    """A day up to today. The form says which day that is."""

    widget = DayWidget


def is_day_asked(query: QueryDict, name: str = "as_of") -> bool:
    """Whether the address names a day, good or bad."""
    return any(f"{name}{box}" in query for box in BOXES)


class AsOfForm(forms.Form):
    """The day as of which a page is shown; today where it is left out."""

    all_optional = True

    as_of = PastDayField(label="As it stood on", required=False, help_text="For example, 31 8 2019.")

    def __init__(self, query: QueryDict, *, today: dt.date):
        super().__init__(query if is_day_asked(query) else None)
        self.today = today

    def clean_as_of(self) -> dt.date | None:
        day = self.cleaned_data["as_of"]
        if day is not None and day > self.today:
            raise forms.ValidationError(TO_COME)
        return day

    @property
    def past_day(self) -> dt.date | None:
        """The past day that was asked for; None where it is today, or no good day."""
        day = self.cleaned_data["as_of"] if self.is_valid() else None
        return None if day == self.today else day


class ChangesForm(forms.Form):
    """Between which two days, and which of the changes."""

    kind = forms.ChoiceField(label="Change", choices=[("", "Any"), *Move.choices], required=False)
    theme = forms.ModelChoiceField(
        label="Theme", queryset=Theme.objects.all(), to_field_name="code", required=False, empty_label="Any"
    )
    place: "forms.ModelChoiceField[Footprint]" = forms.ModelChoiceField(
        label="Place", queryset=Footprint.objects.none(), to_field_name="code", required=False, empty_label="Any"
    )
    field_order = ("from", "to")
    all_optional = True

    def __init__(self, query: QueryDict, *, places: QuerySet[Footprint] | None, today: dt.date):
        data: dict[str, Any] = query.dict()
        for name, day in (("from", today - LOOK_BACK), ("to", today)):
            if not is_day_asked(query, name):
                data[name] = day.isoformat()
        super().__init__(data)
        self.today = today
        messages = {"required": "Enter a date"}
        self.fields["from"] = PastDayField(label="From", error_messages=messages, help_text="For example, 31 8 2019.")
        self.fields["to"] = PastDayField(label="To", error_messages=messages, help_text="For example, 30 9 2019.")
        self.order_fields(self.field_order)
        if places is None:
            del self.fields["place"]
        else:
            cast(forms.ModelChoiceField, self.fields["place"]).queryset = places

    def clean(self) -> None:
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if last is not None and last > self.today:
            self.add_error("to", TO_COME)
        elif first is not None and last is not None and first >= last:
            self.add_error("from", "The first date must be before the second")
