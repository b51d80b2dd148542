"""The monthly report, and what an approver decides about it."""

import re
from typing import Any

from django import forms

from commitments.choices import CONFIDENCE_MEANING, Confidence, Stage
from commitments.forms.fields import OUT_OF_DATE, PlanDateField, VersionField, WordsField
from commitments.models import Report

CONFIDENCES = [(confidence.value, f"{confidence.label}. {CONFIDENCE_MEANING[confidence]}") for confidence in Confidence]


class ReportForm(forms.Form):
    """One month's highlight report. A draft may be unfinished; what is submitted may not."""

    # What must be filled in depends on what is sent: the hints say it, not a mark beside the label.
    all_optional = True
    needed = {
        "stage": "Select a stage",
        "confidence": "Select a delivery confidence",
        "narrative": "Enter what happened this month",
    }
    needed_unless_green = {
        "expected_on": "Enter the date you now expect it to be delivered",
        "reason": "Enter why it is not green",
        "path_to_green": "Enter the path to green",
    }

    stage = forms.ChoiceField(
        label="Stage",
        choices=Stage,
        required=False,
        widget=forms.RadioSelect,
        help_text="How far the work itself has got.",
        error_messages={"invalid_choice": "Select a stage from the list"},
    )
    confidence = forms.ChoiceField(
        label="Delivery confidence",
        choices=CONFIDENCES,
        required=False,
        widget=forms.RadioSelect,
        help_text="Your own judgement. The status is worked out from this and from the other evidence.",
        error_messages={"invalid_choice": "Select a delivery confidence from the list"},
    )
    expected_on = PlanDateField(
        "Expected date",
        required=False,
        help_text="When you now expect it to be delivered, for example 31 3 2021. Needed unless green.",
    )
    narrative = WordsField("What happened this month", limit=4000, rows=8)
    next_steps = WordsField("Next steps", limit=2000, help_text="You may leave this empty.")
    reason = WordsField("Why it is not green", limit=2000, help_text="Needed unless green.")
    path_to_green = WordsField(
        "Path to green",
        limit=2000,
        help_text="What will bring it back on track, who does it and by when. Needed unless green.",
    )
    evidence = WordsField(
        "Evidence", limit=2000, rows=3, help_text="Where a reader can check this. You may leave it empty."
    )
    version = VersionField()
    period = forms.DateField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), OUT_OF_DATE)
    )

    WORDS = (
        "stage", "confidence", "expected_on", "narrative", "next_steps", "reason", "path_to_green", "evidence",
    )  # fmt: skip

    @property
    def is_submission(self) -> bool:
        return self.data.get("then") == "submit"

    def clean(self) -> None:
        if not self.is_submission:
            return
        needed = dict(self.needed)
        if self.cleaned_data.get("confidence") in (Confidence.AMBER, Confidence.RED):
            needed |= self.needed_unless_green
        for name, message in needed.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, message)

    def words(self) -> dict[str, Any]:
        """What the report says, by the names of its fields."""
        return {name: self.cleaned_data[name] for name in self.WORDS}

    def typed(self) -> list[tuple[str, str]]:
        """The texts as they were typed, to give back where they cannot be saved."""
        texts = (self[name] for name in self.WORDS if isinstance(self.fields[name], WordsField))
        return [(str(text.label), text.value()) for text in texts if text.value()]

    def says_the_same_as(self, report: Report) -> bool:
        return all(getattr(report, name) == value for name, value in self.words().items())


class DecisionForm(forms.Form):
    """What an approver decides about a report: sign it off, or return it with a note."""

    SIGN_OFF, RETURN = "sign_off", "return"
    all_optional = True

    note = WordsField(
        "What needs to change",
        limit=2000,
        help_text="Only needed to return the report. Its writer reads this.",
    )
    version = VersionField()
    decision = forms.ChoiceField(
        choices=[(SIGN_OFF, "Sign off"), (RETURN, "Return")],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select whether to sign off or return the report"),
    )

    def clean(self) -> None:
        if self.cleaned_data.get("decision") == self.RETURN and not self.cleaned_data.get("note", "unreadable"):
            self.add_error("note", "Enter what needs to change")


class ChosenReportsField(forms.Field):
    """Ticked reports, each with the version that was read: "12-3"."""

    widget = forms.MultipleHiddenInput
    # What one person reads on one page before they decide.
    most = 50
    default_error_messages = {"required": "Select at least one report", "most": f"Select {most} reports or fewer"}

    def to_python(self, value) -> dict[int, int]:
        found = (re.fullmatch(r"([0-9]{1,15})-([0-9]{1,9})", chosen) for chosen in value or ())
        return {int(match[1]): int(match[2]) for match in found if match}

    def validate(self, value) -> None:
        if not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(value) > self.most:
            raise forms.ValidationError(self.error_messages["most"], code="most")


class ChosenReportsForm(forms.Form):
    """Several reports to sign off at once. Those decided meanwhile are not counted against their reader."""

    report = ChosenReportsField()
