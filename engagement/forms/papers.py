"""A paper before a meeting: written as a draft, then issued."""

from typing import Any, cast

from django import forms

from commitments.forms.choosing import ChoosingForm
from commitments.forms.fields import LineField, VersionField, WordsField
from engagement.choices import PaperKind
from engagement.models import AgendaItem, Paper

ONLY_FOR_A_DECISION = "Only for a decision. It cannot be issued without."
MISSING = {
    "equality_impact": "Enter the equality impact: a paper for a decision cannot be issued without it",
    "legal_comments": "Enter the legal comments: a paper for a decision cannot be issued without them",
    "finance_comments": "Enter the finance comments: a paper for a decision cannot be issued without them",
}


class PaperForm(ChoosingForm):
    """What a paper says. The comments may follow later, but before it is issued."""

    item: "forms.ModelChoiceField[AgendaItem]" = forms.ModelChoiceField(
        label="Agenda item",
        queryset=AgendaItem.objects.none(),
        empty_label="Select an item",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select an item of this meeting’s agenda"),
    )
    kind = forms.ChoiceField(
        label="What is it for?",
        choices=PaperKind.choices,
        widget=forms.RadioSelect,
        help_text="A paper for information says on each page that it needs no equality, legal or finance comments.",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Select whether the paper is for information or for a decision"
        ),
    )
    title = LineField("Subject", limit=200, error_messages={"required": "Enter the subject"})
    report_by = LineField("Report by", limit=200, error_messages={"required": "Enter who reports"})
    wards_affected = LineField(
        "Wards affected",
        limit=200,
        help_text="All, or their names.",
        error_messages={"required": "Enter the wards affected, or All"},
    )
    purpose = WordsField(
        "Purpose", limit=2000, rows=3, required=True, error_messages={"required": "Enter what the paper is for"}
    )
    asked_to = WordsField(
        "The committee is asked to …",
        limit=2000,
        rows=3,
        help_text="Needed for a decision. For example, note the report.",
    )
    body = WordsField(
        "Report", limit=50_000, rows=12, help_text="An empty line begins a new paragraph. Paragraphs are numbered."
    )
    equality_impact = WordsField("Equality impact", limit=5000, rows=3, help_text=ONLY_FOR_A_DECISION)
    legal_comments = WordsField("Legal comments", limit=5000, rows=3, help_text=ONLY_FOR_A_DECISION)
    finance_comments = WordsField("Finance comments", limit=5000, rows=3, help_text=ONLY_FOR_A_DECISION)
    version = VersionField()

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["item"]).queryset = items

    def clean(self) -> None:
        facts = self.cleaned_data
        if facts.get("kind") == PaperKind.DECISION and not facts.get("asked_to", "unreadable"):
            self.add_error("asked_to", "Enter what the committee is asked to decide")

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class IssueForm(forms.Form):
    """Issues a paper as it was read."""

    version = VersionField()

    def __init__(self, *args, paper: Paper, **kwargs):
        super().__init__(*args, **kwargs)
        self.paper = paper

    def clean(self) -> None:
        for name in self.paper.missing_comments():
            self.add_error(None, MISSING[name])
