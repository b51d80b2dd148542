"""An assessment: begun, answered criterion by criterion, submitted and decided."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict

from systems.actions import Answer
from systems.choices import Level, Partner, Rater, Result
from systems.forms.evidence import EvidenceForm
from systems.forms.fields import LineField, PlanDateField, VersionField, WordsField
from systems.models import Criterion, Finding, Footprint, Framework


class BeginForm(forms.Form):
    """By which framework, and who judges."""

    framework: "forms.ModelChoiceField[Framework]" = forms.ModelChoiceField(
        label="Framework",
        queryset=Framework.objects.none(),
        empty_label="Choose a framework",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select a framework from the list"),
    )
    rater = forms.ChoiceField(
        label="Who judges",
        choices=Rater,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select who judges"),
    )
    partner = forms.ChoiceField(
        label="Which partner judges alone",
        choices=[("", "None: all partners together"), *Partner.choices],
        required=False,
        help_text="Only where a place’s partners assess it separately. Disagreement is shown, never averaged.",
        error_messages={"invalid_choice": "Select a partner from the list"},
    )

    def __init__(self, *args, footprint: Footprint, frameworks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["framework"].queryset = frameworks  # type: ignore[attr-defined]
        if footprint.level != Level.PLACE:
            del self.fields["partner"]

    def clean(self) -> None:
        if self.cleaned_data.get("partner") and self.cleaned_data.get("rater") not in (None, Rater.SELF):
            self.add_error("partner", "Only a self-assessment is one partner’s")


class FindingForm(EvidenceForm):
    """What is found about one criterion. Everything can be left for later."""

    result = forms.ChoiceField(
        label="What you found",
        choices=Result,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Select what you found from the list"},
    )
    evidence_page = LineField("Page", limit=40, required=False)
    version = VersionField()

    EVIDENCE = (*EvidenceForm.EVIDENCE, "evidence_page")
    field_order = ("result", "evidence", "evidence_url", "evidence_page", "evidence_file", "version")

    def __init__(self, data=None, files=None, *, criterion: Criterion, stored: Finding | None):
        said = {name: getattr(stored, name) for name in ("result", "version", *self.EVIDENCE)} if stored else {}
        super().__init__(data, files, prefix=f"c{criterion.pk}", initial={"version": 0} | said)
        self.criterion, self.stored = criterion, stored
        # Whose answer was found where one's own would have been written.
        self.overtaken_by = ""

    def answer(self) -> Answer:
        """What was sent, as far as it can be read: what cannot is not written."""
        words: dict[str, Any] = self.shown()
        if "result" in self.cleaned_data:
            words["result"] = self.cleaned_data["result"]
        # A version that cannot be read is nobody's: what is stored stays.
        return Answer(self.cleaned_data.get("version", -1), words)

    @property
    def is_empty(self) -> bool:
        return self.stored is None and not any(self.answer().words.values())

    def go_on_from(self, stored: Finding | None) -> None:
        """Takes somebody else's answer as read, so that sending this form again replaces it knowingly."""
        self.data = cast(QueryDict, self.data).copy()
        self.data[self.add_prefix("version")] = str(stored.version if stored else 0)
        self.stored, self.overtaken_by = stored, stored.written_by.name if stored else ""


class SubmitForm(forms.Form):
    """The day for which it was judged."""

    assessed_on = PlanDateField(
        "As it stood on",
        help_text="For example, 30 9 2019.",
        error_messages={"required": "Enter the day for which it was judged"},
    )
    version = VersionField()

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assessed_on"].validators.append(MaxValueValidator(today, "The day must be today or earlier"))


class DecideForm(forms.Form):
    """Signed off as it stands, or returned with a note."""

    note = WordsField("What must change", limit=2000, rows=3, help_text="Only needed if you return it.")
    version = VersionField()

    @property
    def is_return(self) -> bool:
        return self.data.get("decision") == "return"

    def clean(self) -> None:
        if self.is_return and not self.cleaned_data.get("note"):
            self.add_error("note", "Say what must change")
