"""The improvement plan: an action, and that it is done. And two days to compare."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.forms.models import ModelChoiceIterator
from django.utils.text import capfirst

from systems.forms.evidence import EvidenceForm
from systems.forms.fields import LineField, PlanDateField, VersionField, WordsField
from systems.models import Criterion, ImprovementAction, User


class _ByDomain(ModelChoiceIterator):
    """Criteria under the names of their domains; expects them in the order of frameworks and domains."""

    def __iter__(self) -> Iterator[tuple[str, list]]:  # type: ignore[override]
        for domain, criteria in groupby(self.queryset, key=attrgetter("domain")):
            yield f"{domain.name} ({domain.framework})", [self.choice(criterion) for criterion in criteria]


class CriteriaField(forms.ModelMultipleChoiceField):
    """Criteria to tick, domain by domain, each with its level."""

    widget = forms.CheckboxSelectMultiple
    iterator = _ByDomain

    def label_from_instance(self, criterion: Criterion) -> str:
        return f"{capfirst(criterion.level.name)}: {criterion.text}"


class ActionForm(forms.Form):
    """Who does what by when, and which criteria that will meet."""

    title = LineField("Action", limit=300, error_messages={"required": "Enter what will be done"})
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        label="Owner",
        queryset=User.objects.none(),
        empty_label="Choose an owner",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select an owner from the list"),
    )
    due_on = PlanDateField(
        "Due date", help_text="For example, 31 3 2020.", error_messages={"required": "Enter the date it is due"}
    )
    closes = CriteriaField(
        label="Criteria it will meet",
        queryset=Criterion.objects.none(),
        error_messages={
            "required": "Select at least one criterion",
            "invalid_choice": "Select criteria of a framework by which this footprint is judged",
            "invalid_pk_value": "Select criteria of a framework by which this footprint is judged",
        },
    )
    reason = WordsField(
        "Why the date moves",
        limit=1000,
        rows=3,
        help_text="Only needed if you change the due date. It stays in the plan, with your name.",
    )
    version = VersionField()

    field_order = ("title", "owner", "due_on", "reason", "closes", "version")

    def __init__(self, *args, owners, criteria, action: ImprovementAction | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.action = action
        if action is None:
            del self.fields["reason"]
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["closes"].queryset = criteria  # type: ignore[attr-defined]

    def clean(self) -> None:
        said = self.cleaned_data
        # Who read another version is told first what somebody else changed.
        if self.action is None or self.action.due_on is None or said.get("version") != self.action.version:
            return
        if said.get("due_on") not in (None, self.action.due_on) and said.get("reason") == "":
            self.add_error("reason", "Say why the date moves")

    def facts(self) -> dict[str, Any]:
        """What was sent, by the names of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class DoneForm(EvidenceForm):
    """When an action was done, and what shows it."""

    done_on = PlanDateField("Done on", error_messages={"required": "Enter the day it was done"})
    version = VersionField()

    field_order = ("done_on", "evidence", "evidence_url", "evidence_file", "version")

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].validators.append(MaxValueValidator(today, "Done on must be today or earlier"))

    def clean(self) -> None:
        if not self.errors and not any(self.shown().values()):
            self.add_error("evidence", "Say what shows that it is done, or give a link or a file")


class CompareForm(forms.Form):
    """Two days."""

    first = PlanDateField("First day", error_messages={"required": "Enter the first day"})
    second = PlanDateField("Second day", error_messages={"required": "Enter the second day"})

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            label = self.fields[name].label
            self.fields[name].validators.append(MaxValueValidator(today, f"{label} must be today or earlier"))

    def clean(self) -> None:
        first, second = self.cleaned_data.get("first"), self.cleaned_data.get("second")
        if first and second and first >= second:
            self.add_error("second", "The second day must be after the first")
