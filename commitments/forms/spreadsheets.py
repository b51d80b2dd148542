"""The month's reports as a spreadsheet: what to download, the file that comes back, and what of it is confirmed."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from django import forms

from commitments.models import Delivery, ReportingPeriod
from commitments.models.facts import DeliveryQuerySet
from commitments.sheets.columns import MAX_MEGABYTES, MAX_ROWS
from commitments.sheets.opening import EMPTY, looked_through
from systems.jobs import Refused
from systems.models import Footprint, User

LED, ALL = "led", "all"
MOST_OVERWRITTEN = re.compile(r"([0-9]{1,15})-([0-9]{1,15})-([0-9]{1,9})", re.ASCII)


class SheetForm(forms.Form):
    """Which deliveries and which month."""

    which = forms.ChoiceField(
        label="Deliveries",
        choices=[(LED, "Those I lead"), (ALL, "All I may report on")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select which deliveries you want"),
    )
    place: "forms.ModelChoiceField[Footprint]" = forms.ModelChoiceField(
        label="Place",
        queryset=Footprint.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="Any",
        help_text="With all that lies in it.",
        error_messages={"invalid_choice": "Select a place that is listed"},
    )
    month = forms.ChoiceField(
        label="Month",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select a month that takes reports now"),
    )

    def __init__(self, *args, user: User, open_months: Mapping[int | None, Sequence[ReportingPeriod]], **kwargs):
        """`open_months` are those that take reports now, by system."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.open_months = open_months
        months = {month.pk: month for months in open_months.values() for month in months}
        self.months = {str(pk): months[pk] for pk in sorted(months, reverse=True)}
        cast(forms.ChoiceField, self.fields["month"]).choices = [(pk, str(month)) for pk, month in self.months.items()]
        cast(forms.ModelChoiceField, self.fields["place"]).queryset = Footprint.objects.visible_to(user).places()
        self.initial.setdefault("month", next(iter(self.months), None))

    @property
    def period(self) -> ReportingPeriod:
        return self.months[self.cleaned_data["month"]]

    def deliveries(self) -> DeliveryQuerySet:
        """Those asked for that take reports for the month and may be reported on by this person."""
        systems = [system for system, months in self.open_months.items() if self.period in months]
        found = Delivery.objects.reportable_by(self.user).filter(footprint__system__in=systems)
        if self.cleaned_data["which"] == LED:
            found = found.filter(lead=self.user)
        if self.cleaned_data["place"]:
            found = found.filter(footprint__place=self.cleaned_data["place"])
        return found

    def clean(self) -> None:
        if self.errors:
            return
        number = self.deliveries().count()
        if not number:
            self.add_error("which", "No delivery matches. Select others")
        elif number > MAX_ROWS:
            self.add_error("place", f"{number:,} deliveries match, and a sheet holds {MAX_ROWS:,}. Select a place")


class UploadForm(forms.Form):
    """A sheet that was filled in. What the browser says it is counts for nothing: the file is looked through."""

    file = forms.FileField(
        label="Upload the sheet you filled in",
        max_length=200,
        help_text=f"An XLSX of this portal, smaller than {MAX_MEGABYTES}MB, with no more than {MAX_ROWS:,} rows, "
        "no macros, no formulas and no password.",
        error_messages={
            "required": "Select the sheet you filled in",
            "invalid": "Select the sheet you filled in",
            "empty": EMPTY,
            "max_length": "The name of the selected file must be 200 characters or fewer",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            self.rows = looked_through(file, file.name, file.size)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        file.seek(0)
        return file

    @property
    def shown_name(self) -> str:
        """The file's name as it can be shown: nothing invisible in it."""
        return "".join(letter for letter in self.cleaned_data["file"].name if letter.isprintable())


class OverwriteField(forms.Field):
    """Ticked rows, each with the report and its version that was read: "7-12-3"."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value) -> dict[int, tuple[int, int]]:
        found = (MOST_OVERWRITTEN.fullmatch(chosen) for chosen in value or ())
        return {int(match[1]): (int(match[2]), int(match[3])) for match in found if match}


class ConfirmForm(forms.Form):
    """What is saved of a sheet. Rows with errors are left out only knowingly."""

    overwrite = OverwriteField(required=False)
    leave_out = forms.BooleanField(
        label="Leave these rows out and save the others",
        help_text="Or correct the sheet and upload it again: nothing has been saved.",
        error_messages={"required": "Select whether to leave out the rows with errors"},
    )

    def __init__(self, *args, has_errors: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_errors:
            del self.fields["leave_out"]
