"""The monthly report, and what an approver decides about it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from django import forms

from commitments.choices import CONFIDENCE_MEANING, Confidence, Stage
from commitments.forms.choosing import ChoosingForm
from commitments.forms.fields import OUT_OF_DATE, ChosenRowsField, PlanDateField, VersionField, WordsField
from commitments.models import Report
from commitments.models.reports import NEEDED_UNLESS_GREEN, WORDS, missing

CONFIDENCES = [(confidence.value, f"{confidence.label}. {CONFIDENCE_MEANING[confidence]}") for confidence in Confidence]


class Judged(NamedTuple):
    """What the rules look at in a report."""

    stage: str
    confidence: str
    expected_on: dt.date | None


class ReportForm(ChoosingForm):
    """One month's highlight report. A draft may be unfinished; what is submitted may not."""

    # What must be filled in depends on what is sent: the hints say it, not a mark beside the label.
    all_optional = True

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
    ticked = forms.TypedMultipleChoiceField(
        label="Milestones achieved",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick those met since the last report. They count from the day you submit, before any sign-off.",
        error_messages={"invalid_choice": "Select a milestone from the list"},
    )
    narrative = WordsField("What happened this month", limit=4000, rows=6)
    next_steps = WordsField("Next steps", limit=2000, rows=3, help_text="You may leave this empty.")
    reason = WordsField("Why it is not green", limit=2000, rows=3, help_text="Needed unless green.")
    path_to_green = WordsField(
        "Path to green",
        limit=2000,
        rows=3,
        help_text="What will bring it back on track, who does it and by when. Needed unless green.",
    )
    evidence = WordsField(
        "Evidence", limit=2000, rows=3, help_text="Where a reader can check this. You may leave it empty."
    )
    version = VersionField()
    period = forms.DateField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), OUT_OF_DATE)
    )

    WORDS = tuple(WORDS)

    # The page it is written in, and the status that page foresaw.
    page = forms.UUIDField(widget=forms.HiddenInput, required=False, error_messages={"invalid": OUT_OF_DATE})
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, *args, milestones: Sequence[tuple[int, str]] = (), achieved: Sequence[int] = (), **kwargs):
        """`milestones` are open, with their words; those `achieved` meanwhile may still be sent, and change nothing."""
        super().__init__(*args, **kwargs)
        ticks = cast(forms.TypedMultipleChoiceField, self.fields["ticked"])
        ticks.choices = [*milestones, *((pk, "") for pk in achieved)]
        ticks.widget.choices = milestones
        if not ticks.choices:
            del self.fields["ticked"]
        self.initial.setdefault("page", uuid.uuid4())

    @property
    def then(self) -> str:
        return self.data.get("then", "")

    @property
    def is_submission(self) -> bool:
        return self.then == "submit"

    def clean(self) -> None:
        if not self.is_submission:
            return
        for name, message in (missing(self.cleaned_data) | self._also_missing()).items():
            if name not in self.errors:
                self.add_error(name, message)

    def _also_missing(self) -> dict[str, str]:
        """What this form asks for beyond what every report needs."""
        return {}

    @property
    def _said(self) -> Mapping[str, Any]:
        """What stands on the form, as far as it can be read."""
        if not self.is_bound:
            return self.initial
        self.is_valid()
        return self.cleaned_data

    @property
    def judged(self) -> Judged | None:
        """What the rules will look at; None before stage and confidence are chosen."""
        said = self._said
        if not said.get("stage") or not said.get("confidence"):
            return None
        return Judged(said["stage"], said["confidence"], said.get("expected_on"))

    @property
    def ticks(self) -> list[int]:
        return self._said.get("ticked") or []

    def readable_words(self) -> dict[str, Any]:
        """Of what the report says, whatever can be stored as it is."""
        return {name: self.cleaned_data[name] for name in self.WORDS if name not in self.errors}

    def words(self) -> dict[str, Any]:
        """What the report says, by the names of its fields."""
        return {name: self.cleaned_data[name] for name in self.WORDS}

    def typed(self) -> list[tuple[str, str]]:
        """The texts as they were typed, to give back where they cannot be saved."""
        texts = (self[name] for name in self.WORDS if isinstance(self.fields[name], WordsField))
        return [(str(text.label), text.value()) for text in texts if text.value()]

    def says_the_same_as(self, report: Report) -> bool:
        return all(getattr(report, name) == value for name, value in self.words().items())


class UnchangedForm(ReportForm):
    """Last month's words once more. How sure one is, and of which day, is said anew."""

    ASKED = ("confidence", "expected_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("ticked", None)
        self.fields["expected_on"].help_text = "When you now expect it to be delivered, for example 31 3 2021."
        for name in self.WORDS:
            if name not in self.ASKED:
                self.fields[name].widget = forms.HiddenInput()

    def _also_missing(self) -> dict[str, str]:
        return {} if self.cleaned_data.get("expected_on") else {"expected_on": NEEDED_UNLESS_GREEN["expected_on"]}

    @property
    def asks_for_more(self) -> bool:
        """Whether something is amiss with the words themselves, which only the whole form can put right."""
        return bool(self.errors.keys() - set(self.ASKED))


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


class ChosenReportsForm(forms.Form):
    """Several reports at once. Those decided or changed meanwhile are not counted against their reader."""

    report = ChosenRowsField(error_messages={"required": "Select at least one report"})


class ReportsToSignOffForm(ChosenReportsForm):
    """As many as one person reads on one page before they decide."""

    report = ChosenRowsField(
        most=50, error_messages={"required": "Select at least one report", "most": "Select 50 reports or fewer"}
    )
