"""The boxes for what shows that something is so: words, a link, a file. The same wherever maturity asks for it."""

from typing import Any

from django import forms
from django.core.validators import URLValidator

from systems.forms.fields import LineField, WordsField
from systems.forms.uploads import KINDS, MAX_MEGABYTES, EvidenceFileField, plain_name


class EvidenceForm(forms.Form):
    """What shows it. Which of the boxes must be filled in is for whoever judges the whole."""

    all_optional = True

    evidence = WordsField("What shows this", limit=2000, rows=3)
    evidence_url = LineField(
        "Link to the evidence",
        limit=500,
        required=False,
        validators=[URLValidator(schemes=["https"], message="Enter a link that begins with https://")],
    )
    evidence_file = EvidenceFileField(
        label="Evidence as a file", required=False, help_text=f"{KINDS}, smaller than {MAX_MEGABYTES}MB."
    )

    EVIDENCE: tuple[str, ...] = ("evidence", "evidence_url")

    def shown(self) -> dict[str, Any]:
        """What was sent of it, by the names of the model; a file only where one was sent."""
        file = self.cleaned_data.get("evidence_file")
        words = {name: self.cleaned_data[name] for name in self.EVIDENCE if name in self.cleaned_data}
        return words | ({"evidence_file": file, "evidence_name": plain_name(file.name)} if file else {})
