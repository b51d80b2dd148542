"""What somebody follows, by its name as it was last published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from commitments.models import Publication
from engagement.choices import FollowKind
from engagement.models import Follow

_PAGES = {
    FollowKind.COMMITMENT: "commitments:published_commitment",
    FollowKind.THEME: "commitments:published_theme",
    FollowKind.PLACE: "commitments:published_place",
}


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing, where it is read, and where following it is taken back."""

    name: str
    kind: str
    system: str
    href: str
    change: str


def page_of(publication: Publication, kind: str, code: str) -> str:
    """The page of what is followed, in a publication. Expects it with its system."""
    edition = [publication.system.code, publication.slug, publication.edition]
    return reverse(_PAGES[FollowKind(kind)], args=[*edition, code])


def followed(
    follows: Iterable[Follow], latest: Mapping[int, Publication], names: Mapping[tuple[int, str, str], str]
) -> list[Followed]:
    """Each in the order given. What is no longer published keeps its code and leads nowhere."""
    found = []
    for follow in follows:
        publication = latest.get(follow.system_id)
        name = names.get((follow.system_id, follow.kind, follow.code))
        found.append(
            Followed(
                name or follow.code,
                follow.get_kind_display(),
                follow.system.short_name,
                page_of(publication, follow.kind, follow.code) if publication and name else "",
                reverse("engagement:follow", args=[follow.system.code, follow.kind, follow.code]),
            )
        )
    return found
