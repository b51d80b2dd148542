"""What the NHS says and does about what a committee asked."""

from typing import Any

from django import forms
from django.core.validators import URLValidator

from commitments.forms.fields import LineField, PlanDateField, VersionField, WordsField
from commitments.models import Commitment
from engagement.choices import NEEDS_A_REASON, Reply
from engagement.forms.recommendations import KNOWN_TO_ALL
from systems.forms.uploads import KINDS, MAX_MEGABYTES, EvidenceFileField, plain_name


class AnswerForm(forms.Form):
    """An answer. It is never edited: what is to be added is another answer."""

    reply = forms.ChoiceField(
        label="How do you answer?",
        choices=Reply.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select how you answer"),
    )
    words = WordsField(
        "Answer", limit=5000, required=True, help_text=KNOWN_TO_ALL, error_messages={"required": "Enter your answer"}
    )
    reason = WordsField(
        "Reason", limit=2000, rows=3, help_text="Needed if it is not accepted, or accepted only in part."
    )
    owner = LineField(
        "Who sees to it", limit=120, help_text="A name or a post.", error_messages={"required": "Enter who sees to it"}
    )
    done_by_on = PlanDateField("To be done by", required=False, help_text="For example, 31 12 2019.")
    version = VersionField()

    def clean(self) -> None:
        facts = self.cleaned_data
        if facts.get("reply") in NEEDS_A_REASON and not facts.get("reason", "unreadable"):
            self.add_error("reason", "Enter why it is not accepted, or only in part")


class CommitmentsForm(forms.Form):
    """The commitments of the catalogue that it is about: all of them, each time."""

    codes = WordsField(
        "Codes of the commitments",
        limit=1000,
        help_text="One on each line, such as LTP1-PERS-03. What is not named here is no longer linked.",
    )
    version = VersionField()

    def clean_codes(self) -> list[Commitment]:
        named = {code.strip(",;").upper() for code in self.cleaned_data["codes"].split()}
        found = list(Commitment.objects.filter(code__in=named))
        if unknown := sorted(named - {commitment.code for commitment in found}):
            raise forms.ValidationError(f"There is no commitment {', '.join(unknown)}")
        return found


class ActionForm(forms.Form):
    """Something to be done, by whom and by when."""

    title = LineField("What will be done", limit=300, error_messages={"required": "Enter what will be done"})
    owner = LineField("Who does it", limit=120, error_messages={"required": "Enter who does it"})
    due_on = PlanDateField(
        "Due", help_text="For example, 31 12 2019.", error_messages={"required": "Enter the day it is due"}
    )


class EvidenceForm(forms.Form):
    """A link or a file that shows what was done."""

    title = LineField("What it is", limit=200, error_messages={"required": "Enter what it is"})
    url = LineField(
        "Link",
        limit=500,
        required=False,
        validators=[URLValidator(schemes=["https"], message="Enter a link that begins with https://")],
        help_text="For example, https://www.example.nhs.uk/board-papers.",
    )
    file = EvidenceFileField(
        label="Or a file", required=False, help_text=f"{KINDS}, smaller than {MAX_MEGABYTES}MB. {KNOWN_TO_ALL}"
    )

    def clean(self) -> None:
        sent = [name for name in ("url", "file") if self.cleaned_data.get(name)]
        if len(sent) != 1 and not {"url", "file"} & self.errors.keys():
            self.add_error(
                "url", "Enter a link, or select a file, but not both" if sent else "Enter a link, or select a file"
            )

    def facts(self) -> dict[str, Any]:
        """A file comes with its own name, in plain letters."""
        file = self.cleaned_data["file"]
        return self.cleaned_data | {"file_name": plain_name(file.name) if file else ""}


class DoneForm(forms.Form):
    """Nothing is asked: an action is done today."""
