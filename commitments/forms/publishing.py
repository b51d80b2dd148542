"""What an approver says when they publish, and which two publications a reader compares."""

from collections.abc import Iterable, Mapping
from typing import cast

from django import forms
from django.http import QueryDict

from commitments.forms.fields import OUT_OF_DATE, VersionField, WordsField
from commitments.models import Publication

ANY = "Any"


class PublishForm(forms.Form):
    """Confirms a publication. `corrects` is the edition its approver had before them; a correction says why."""

    corrects = forms.IntegerField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": OUT_OF_DATE}, min_value=0
    )

    def __init__(self, *args, correction: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if correction:
            self.fields["reason"] = WordsField(
                "Why is it corrected?",
                limit=1000,
                rows=3,
                required=True,
                help_text="Councillors read this beside both editions.",
                error_messages={"required": "Enter why it is corrected"},
            )


class PublicAccessForm(forms.Form):
    """Who may read what a system publishes."""

    YES, NO = "yes", "no"

    is_public = forms.TypedChoiceField(
        label="Who may read what is published?",
        choices=[
            (YES, "Everybody, without signing in"),
            (NO, "Members of its scrutiny committees, and whoever works in a system"),
        ],
        coerce=lambda answer: answer == PublicAccessForm.YES,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select who may read what is published"),
    )
    version = VersionField()


class CompareForm(forms.Form):
    """Since which publication, and which of the changes. What the address leaves out is what `start` says."""

    since = forms.ChoiceField(label="Since", error_messages={"invalid_choice": "Select a publication that is listed"})
    kind = forms.ChoiceField(
        label="Change", required=False, error_messages={"invalid_choice": "Change: select one that is listed"}
    )
    theme: "forms.ModelChoiceField" = forms.ModelChoiceField(
        label="Theme", queryset=None, to_field_name="code", required=False, empty_label=ANY,
        error_messages={"invalid_choice": "Theme: select one that is listed"},
    )  # fmt: skip
    place: "forms.ModelChoiceField" = forms.ModelChoiceField(
        label="Borough or place", queryset=None, to_field_name="code", required=False, empty_label=ANY,
        error_messages={"invalid_choice": "Borough or place: select one that is listed"},
    )  # fmt: skip
    all_optional = True

    def __init__(
        self, query: QueryDict, *, publication: Publication, earlier: Iterable[Publication], kinds: Mapping[str, str]
    ):
        known = {since_word(one): in_words(one) for one in earlier}
        super().__init__({"since": next(iter(known), "")} | query.dict())
        cast(forms.ChoiceField, self.fields["since"]).choices = list(known.items())
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", ANY), *kinds.items()]
        cast(forms.ModelChoiceField, self.fields["theme"]).queryset = publication.themes.all()
        cast(forms.ModelChoiceField, self.fields["place"]).queryset = publication.footprints.places()


def in_words(publication: Publication) -> str:
    """A publication as a list of them names it: July 2019, edition 2."""
    return f"{publication.month}, edition {publication.edition}" if publication.edition > 1 else publication.month


def since_word(publication: Publication) -> str:
    """A publication as the address of a comparison names it: 2019-07-1."""
    return f"{publication.slug}-{publication.edition}"
