"""What a meeting's pack is made of."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django import forms

from commitments.forms.fields import LineField, WordsField
from commitments.models import Publication
from commitments.models.publications import PublicationQuerySet
from engagement.models import AgendaItem, Meeting

SUBJECT = "How the commitments of the NHS Long Term Plan stand"
PURPOSE = (
    "To tell the committee how the commitments stand, what has changed since its last meeting, and what is missed or "
    "off track."
)
ASKED_TO = "note how the commitments stand, and choose the exceptions about which it wants to hear more"
# Older months are no news to a meeting.
_MONTHS_BACK = dt.timedelta(days=365)


class PublicationsField(forms.ModelMultipleChoiceField):
    """Publications to tick, each by its system and month."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, publication: Publication) -> str:
        return str(publication)


class PackForm(forms.Form):
    """The words of the cover, and the publications told of."""

    item: "forms.ModelChoiceField[AgendaItem]" = forms.ModelChoiceField(
        label="Agenda item",
        queryset=AgendaItem.objects.none(),
        empty_label="Select an item",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select an item of this meeting’s agenda"),
    )
    publications = PublicationsField(
        label="Publications",
        queryset=Publication.objects.none(),
        help_text="One month of each system. What was published is told as it stood then.",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice", "invalid_pk_value", "invalid_list"), "Select at least one publication"
        ),
    )
    subject = LineField("Subject", limit=200, error_messages={"required": "Enter the subject"})
    report_by = LineField("Report by", limit=200, error_messages={"required": "Enter who reports"})
    wards_affected = LineField(
        "Wards affected",
        limit=200,
        help_text="All, or their names.",
        error_messages={"required": "Enter the wards affected, or All"},
    )
    purpose = WordsField(
        "Purpose", limit=2000, rows=3, required=True, error_messages={"required": "Enter what the pack is for"}
    )
    asked_to = WordsField(
        "The committee is asked to …",
        limit=2000,
        rows=3,
        required=True,
        help_text="A pack is for information. A paper for a decision stands beside it on the agenda.",
        error_messages={"required": "Enter what the committee is asked to do, such as note the report"},
    )

    def __init__(self, *args, meeting: Meeting, publications, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["item"]).queryset = meeting.items.all()
        cast(forms.ModelMultipleChoiceField, self.fields["publications"]).queryset = publications

    def clean_publications(self):
        chosen = list(self.cleaned_data["publications"])
        if len({publication.system_id for publication in chosen}) < len(chosen):
            raise forms.ValidationError("Select one month of each system", code="two_months")
        return chosen

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "publications"}


def to_choose_from(meeting: Meeting) -> PublicationQuerySet:
    """What the systems published that answer to the committee, newest first."""
    recent = Publication.objects.current().filter(period__gte=meeting.held_on - _MONTHS_BACK)
    return recent.filter(system__in=meeting.committee.systems()).newest_first()


def first_words(meeting: Meeting, publications: PublicationQuerySet) -> Mapping[str, Any]:
    """What the form holds at first: the newest of each system, and the words of the last pack."""
    words = {"subject": SUBJECT, "wards_affected": "All", "purpose": PURPOSE, "asked_to": ASKED_TO}
    last = meeting.packs.newest_first().first()
    if last:
        words |= {name: getattr(last, name) for name in (*words, "report_by")}
    return words | {
        "item": last.item if last else None,
        "publications": publications.filter(pk__in=publications.latest_of_each_system()),
    }
