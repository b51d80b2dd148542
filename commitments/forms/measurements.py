"""What was measured, and the path a footprint gives its own metric."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from commitments.forms.fields import LineField, PlanDateField, VersionField

NUMBER_MESSAGES = {
    "invalid": "Enter a number without commas or signs, such as 1250 or 62.5",
    "max_digits": "The number must have 16 digits or fewer",
    "max_whole_digits": "The number must have 12 digits or fewer before the decimal point",
    "max_decimal_places": "The number must have 4 decimal places or fewer",
}


class AmountField(forms.DecimalField):
    """A metric's value, as the database keeps it."""

    def __init__(self, label: str, **more):
        messages = NUMBER_MESSAGES | more.pop("error_messages", {})
        box = forms.TextInput({"inputmode": "decimal", "class": "nhsuk-input--width-10"})
        super().__init__(label=label, max_digits=16, decimal_places=4, widget=box, error_messages=messages, **more)


class ObservationForm(forms.Form):
    """A metric's value at the end of a period, and where it comes from."""

    value = AmountField("Value", error_messages={"required": "Enter the value"})
    period_end_on = PlanDateField(
        "Last day of the period it measures",
        help_text="For example, 30 9 2019.",
        error_messages={"required": "Enter the last day of the period"},
    )
    source = LineField(
        "Source",
        limit=300,
        help_text="Where the value comes from, such as the name of a return and its date.",
        error_messages={"required": "Enter where the value comes from"},
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_period_end_on(self) -> dt.date:
        measured_to = self.cleaned_data["period_end_on"]
        if measured_to > self.today:
            raise forms.ValidationError("The last day of the period must be today or in the past")
        return measured_to


class PointRow(NamedTuple):
    """One line of the page: a point of the trajectory."""

    number: int
    due_on: BoundField
    value: BoundField


class TrajectoryForm(forms.Form):
    """A footprint's whole path for its metric: up to 12 points, from where it stands to where it means to be."""

    # The page says how many points are needed; no single one is.
    all_optional = True
    POINTS = 12
    AT_LEAST = 2

    source = LineField(
        "Source",
        limit=300,
        help_text="Where this was agreed, such as the five-year plan and its page.",
        error_messages={"required": "Enter where the trajectory was agreed"},
    )
    # The trajectory that its writer had before them; 0 where there was none.
    version = VersionField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, self.POINTS + 1):
            self.fields[f"due_on_{number}"] = PlanDateField(f"Point {number}: day", required=False)
            self.fields[f"value_{number}"] = AmountField(f"Point {number}: value", required=False)

    def rows(self) -> Iterator[PointRow]:
        for number in range(1, self.POINTS + 1):
            yield PointRow(number, self[f"due_on_{number}"], self[f"value_{number}"])

    @staticmethod
    def starting_from(points: list[tuple[dt.date, Decimal]]) -> dict[str, dt.date | Decimal]:
        """What the page shows first: the points in force."""
        first: dict[str, dt.date | Decimal] = {}
        for number, (due_on, value) in enumerate(points[: TrajectoryForm.POINTS], start=1):
            first |= {f"due_on_{number}": due_on, f"value_{number}": value}
        return first

    def clean(self) -> None:
        for number in range(1, self.POINTS + 1):
            self._check_both(number)
        if self.errors:
            return
        points = self._numbered_points()
        if len(points) < self.AT_LEAST:
            self.add_error("due_on_1", f"Enter at least {self.AT_LEAST} points")
        for (earlier, due_on, _), (later, next_due_on, _) in pairwise(points):
            if next_due_on <= due_on:
                self.add_error(f"due_on_{later}", f"The day of point {later} must be after the day of point {earlier}")

    def _check_both(self, number: int) -> None:
        due_on, value = f"due_on_{number}", f"value_{number}"
        if due_on in self.errors or value in self.errors:
            return
        if self.cleaned_data[due_on] is not None and self.cleaned_data[value] is None:
            self.add_error(value, f"Enter the value of point {number}")
        if self.cleaned_data[due_on] is None and self.cleaned_data[value] is not None:
            self.add_error(due_on, f"Enter the day of point {number}")

    def _numbered_points(self) -> list[tuple[int, dt.date, Decimal]]:
        rows = (
            (number, self.cleaned_data[f"due_on_{number}"], self.cleaned_data[f"value_{number}"])
            for number in range(1, self.POINTS + 1)
        )
        return [row for row in rows if row[1] is not None]

    def points(self) -> dict[dt.date, Decimal]:
        """The trajectory as it was entered."""
        return {due_on: value for _number, due_on, value in self._numbered_points()}
