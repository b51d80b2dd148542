"""The editions of a meeting's pack, and what each was written as."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from engagement.choices import PackFormat
from engagement.models import Pack, PackDocument
from engagement.packs.pdf import PACKAGES

NO_PDF = (
    f"There is no PDF of this edition, because Pango was missing on the portal’s server when it was made. Whoever runs "
    f"the server installs it ({PACKAGES}); then make a new edition. The web page and the Word document say the same."
)
_NAMES = {PackFormat.HTML: "pack_html", PackFormat.PDF: "pack_pdf", PackFormat.WORD: "pack_word"}


@dataclass(frozen=True, slots=True)
class Written:
    """One writing of an edition; without a size where it could not be written, and the link says why."""

    name: str
    href: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with all it was written as."""

    pack: Pack
    publications: list[str]
    written: list[Written]


def editions(packs: Iterable[Pack]) -> list[Edition]:
    """Expects them with their publications, and with their documents without content."""
    return [Edition(pack, [str(one) for one in pack.publications.all()], _written(pack)) for pack in packs]


def _written(pack: Pack) -> list[Written]:
    documents: dict[str, PackDocument] = {document.format: document for document in pack.documents.all()}
    return [
        Written(
            form.label,
            address_of(pack, form),
            filesizeformat(documents[form].size) if form in documents else "",
            documents[form].sha256 if form in documents else "",
        )
        for form in _NAMES
    ]


def address_of(pack: Pack, form: PackFormat) -> str:
    """Where an edition is read, for good."""
    address = reverse(f"engagement:{_NAMES[form]}", args=[pack.meeting.committee.slug, pack.meeting_on])
    return f"{address}?edition={pack.edition}"
