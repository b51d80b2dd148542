"""One row of the grid: a month's report, as far as it fits on a line."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from commitments.choices import Confidence, Stage
from commitments.forms.fields import FIRST_DAY, LAST_DAY, VersionField, WordsField
from commitments.models import Report

AS_TYPED = ("%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y")
_YEARS = f"Expected date must be between {FIRST_DAY.year} and {LAST_DAY.year}"
NOT_SET = ("", "Not set")


class RowForm(forms.Form):
    """What is written about one delivery. Each box comes with what it showed: only rows that were changed count.

    Where somebody else wrote meanwhile, `keep` says which of the two texts stays; it must then be answered.
    """

    THEIRS, MINE = "theirs", "mine"
    CELLS = ("confidence", "stage", "expected_on", "narrative")
    all_optional = True

    confidence = forms.ChoiceField(
        label="Confidence",
        choices=[NOT_SET, *Confidence.choices],
        required=False,
        show_hidden_initial=True,
        error_messages={"invalid_choice": "Select a delivery confidence from the list"},
    )
    stage = forms.ChoiceField(
        label="Stage",
        choices=[NOT_SET, *Stage.choices],
        required=False,
        show_hidden_initial=True,
        error_messages={"invalid_choice": "Select a stage from the list"},
    )
    expected_on = forms.DateField(
        label="Expected date",
        required=False,
        show_hidden_initial=True,
        input_formats=AS_TYPED,
        widget=forms.DateInput({"size": 10, "autocomplete": "off"}, format="%d/%m/%Y"),
        validators=[MinValueValidator(FIRST_DAY, _YEARS), MaxValueValidator(LAST_DAY, _YEARS)],
        error_messages={"invalid": "Enter a real date, such as 30/9/2019"},
    )
    narrative = WordsField("What happened this month", limit=4000, rows=2, show_hidden_initial=True)
    as_it_stands = forms.BooleanField(label="No change: save as it stands", required=False)
    version = VersionField()
    is_conflict = forms.BooleanField(required=False, widget=forms.HiddenInput)
    keep = forms.ChoiceField(
        label="Which text should stay?",
        choices=[(THEIRS, "What is stored"), (MINE, "What I typed")],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Select which text should stay"},
    )

    def __init__(self, *args, about: str, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (*self.CELLS, "as_it_stands"):
            field = self.fields[name]
            field.widget.attrs |= {"aria-label": f"{field.label}: {about}", "data-column": name}

    def clean(self) -> None:
        if self.cleaned_data.get("is_conflict") and not self.cleaned_data.get("keep") and "keep" not in self.errors:
            self.add_error("keep", "Somebody else changed this row. Select which text should stay")

    @property
    def is_touched(self) -> bool:
        """Whether there is anything to save: a box that was changed, or the tick that says nothing has."""
        if self["keep"].data:
            return self["keep"].data == self.MINE
        return bool(self["as_it_stands"].data) or any(name in self.changed_data for name in self.CELLS)

    def cells(self) -> dict[str, Any]:
        """What the row says, by the names of its boxes."""
        return {name: self.cleaned_data[name] for name in self.CELLS}

    def says_the_same_as(self, report: Report) -> bool:
        return all(getattr(report, name) == value for name, value in self.cells().items())
