"""One change to many deliveries: a form for each thing that can be changed."""

import datetime as dt

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator

from commitments.actions import NewDeadline, NewLead, OtherPeriod
from commitments.actions.bulk import Change
from commitments.forms.fields import ChosenRowsField, PlanDateField, WordsField
from commitments.models import ReportingPeriod
from systems.models import User

NOBODY = "nobody"


class ChangeForm(forms.Form):
    """What to change, and the deliveries to change it for: each with the version that was shown."""

    what = ""
    heading = ""
    row = ChosenRowsField(error_messages={"required": "Select at least one delivery"})

    def __init__(self, data=None, **kwargs):
        super().__init__(data, auto_id=f"id_{self.what}_%s", **kwargs)

    def change(self) -> Change:
        raise NotImplementedError


class _NobodyFirst(ModelChoiceIterator):
    def __iter__(self):
        undecided, *people = super().__iter__()
        yield from (undecided, (NOBODY, "No lead"), *people)


class LeadField(forms.ModelChoiceField):
    """One of these people; or nobody, chosen in so many words."""

    iterator = _NobodyFirst

    def clean(self, value):
        return None if value == NOBODY else super().clean(value)


class LeadForm(ChangeForm):
    """Another lead, or none."""

    what = "lead"
    heading = "The lead"
    lead = LeadField(
        label="New lead",
        queryset=User.objects.none(),
        empty_label="Select a lead",
        help_text="Without a lead a core foundation is off track.",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select a lead from the list"),
    )

    def __init__(self, *args, leads: QuerySet[User], today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = leads  # type: ignore[attr-defined]
        self.today = today

    def change(self) -> NewLead:
        lead = self.cleaned_data["lead"]
        return NewLead(lead.as_of(self.today) if lead else None)


class DeadlineForm(ChangeForm):
    """A local deadline. Where there is one already, another is asked for, and that takes a reason."""

    what = "deadline"
    heading = "The local deadline"
    new_on = PlanDateField(
        "New local deadline",
        help_text="For example, 31 3 2021.",
        error_messages={"required": "Enter the new local deadline"},
    )
    reason = WordsField(
        "Why another deadline is needed",
        limit=2000,
        rows=3,
        help_text="Needed where there is a local deadline already: an approver then decides about each. "
        "Councillors read it once it is agreed.",
    )

    def change(self) -> NewDeadline:
        return NewDeadline(self.cleaned_data["new_on"], self.cleaned_data["reason"])


class PeriodForm(ChangeForm):
    """Another month for what is not signed off yet."""

    what = "period"
    heading = "The month of the report"
    period: "forms.ModelChoiceField[ReportingPeriod]" = forms.ModelChoiceField(
        label="Move reports that are not signed off to",
        queryset=ReportingPeriod.objects.none(),
        empty_label="Select a month",
        help_text="For reports written under the wrong month. Only months that take reports today are listed.",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select a month from the list"),
    )

    def __init__(self, *args, periods: QuerySet[ReportingPeriod], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]

    def change(self) -> OtherPeriod:
        return OtherPeriod(self.cleaned_data["period"])
