"""Another rating of what was published, and the system's reply to it."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.validators import URLValidator

from commitments.forms.fields import LineField, WordsField
from engagement.models import Committee
from engagement.models.opinions import RATINGS, Voice
from systems.forms.uploads import KINDS, MAX_MEGABYTES, EvidenceFileField, plain_name

SHOWN_TO_READERS = "Everybody who may read what was published reads this."


def word_of(voice: Voice) -> str:
    """A body as the form names it."""
    return f"{'committee' if isinstance(voice, Committee) else 'organisation'}-{voice.pk}"


class OpinionForm(forms.Form):
    """How a body rates a published position, and why. It is never edited."""

    voice = forms.ChoiceField(
        label="For whom do you lodge it?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select for whom you lodge it"),
    )
    rating = forms.ChoiceField(
        label="How do you rate it?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select how you rate it"),
    )
    reasons = WordsField(
        "Why",
        limit=3000,
        required=True,
        help_text=SHOWN_TO_READERS,
        error_messages={"required": "Enter why you rate it so"},
    )
    evidence = WordsField(
        "Evidence",
        limit=3000,
        help_text="What you saw, heard or counted, where and when. Name nobody who did not agree to it.",
    )
    url = LineField(
        "Link to evidence",
        limit=500,
        required=False,
        validators=[URLValidator(schemes=["https"], message="Enter a link that begins with https://")],
        help_text="For example, https://www.example.org/visits-to-the-hubs.",
    )
    file = EvidenceFileField(
        label="File", required=False, help_text=f"{KINDS}, smaller than {MAX_MEGABYTES}MB. {SHOWN_TO_READERS}"
    )

    def __init__(self, *args, voices: Iterable[Voice], published: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.voices = {word_of(voice): voice for voice in voices}
        if len(self.voices) == 1:
            # The page says for whom: there is nothing to choose.
            del self.fields["voice"]
        else:
            chosen = cast(forms.ChoiceField, self.fields["voice"])
            chosen.choices = [(word, str(voice)) for word, voice in self.voices.items()]
        rating = cast(forms.ChoiceField, self.fields["rating"])
        rating.choices = [(value, label) for value, label in RATINGS if value != published]

    def clean(self) -> None:
        facts = self.cleaned_data
        unread = {"evidence", "url", "file"} & self.errors.keys()
        if not unread and not (facts.get("evidence") or facts.get("url") or facts.get("file")):
            self.add_error("evidence", "Show evidence: in words, by a link or as a file")

    def whose(self) -> Voice:
        chosen = self.cleaned_data.get("voice")
        return self.voices[chosen] if chosen else next(iter(self.voices.values()))

    def facts(self) -> dict[str, Any]:
        """A file comes with its own name, in plain letters."""
        said = {name: self.cleaned_data[name] for name in ("rating", "reasons", "evidence", "url", "file")}
        return said | {"file_name": plain_name(said["file"].name) if said["file"] else ""}


class ReplyForm(forms.Form):
    """What the system says to an opinion: once."""

    words = WordsField(
        "Reply",
        limit=3000,
        required=True,
        help_text=f"You reply once. {SHOWN_TO_READERS}",
        error_messages={"required": "Enter your reply"},
    )
