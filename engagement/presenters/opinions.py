"""A published position and what others make of it, side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from commitments.choices import Status
from commitments.models import PublishedPosition
from commitments.presenters.published import OtherRating
from engagement.models import Opinion
from systems.sentences import day_in_words


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """What the system published, what a body says instead, and what the system replied."""

    href: str
    position_href: str
    title: str
    code: str
    where: str
    published: Status
    sentence: str
    publication: str
    as_at: str
    whose: str
    rating: Status
    reasons: str
    evidence: str
    url: str
    file_href: str
    file_name: str
    lodged: str
    reply: str
    replied: str


def opinion_lines(opinions: Iterable[Opinion]) -> list[OpinionLine]:
    """Each opinion in words, in the order given. Expects what `in_words` brings."""
    return [_line(opinion) for opinion in opinions]


def other_ratings(opinions: Iterable[Opinion], positions: Iterable[PublishedPosition]) -> dict[int, list[OtherRating]]:
    """By position what bodies rate it as, each by its latest word; who came to agree with what is published is silent.

    Expects opinions as `in_words` brings them, the latest first, and positions in words with their publications.
    """
    latest: dict[tuple, dict[str, Opinion]] = defaultdict(dict)
    for opinion in opinions:
        key = (opinion.publication.system_id, opinion.position.commitment.code, opinion.position.footprint.code)
        latest[key].setdefault(opinion.whose, opinion)
    found = {}
    for position in positions:
        key = (position.publication.system_id, position.commitment.code, position.footprint.code)
        said = latest.get(key, {}).values()
        found[position.pk] = [_other(one, position) for one in said if one.rating != position.status]
    return found


def _other(opinion: Opinion, position: PublishedPosition) -> OtherRating:
    is_earlier = opinion.publication_id != position.publication_id
    month, edition = opinion.publication.month, opinion.publication.edition
    return OtherRating(
        opinion.whose,
        Status(opinion.rating),
        reverse("engagement:opinion", args=[opinion.pk]),
        f"{month}{f', edition {edition}' if edition > 1 else ''}" if is_earlier else "",
    )


def _line(opinion: Opinion) -> OpinionLine:
    position = opinion.position
    commitment, publication = position.commitment, opinion.publication
    edition = [publication.system.code, publication.slug, publication.edition]
    reply = getattr(opinion, "reply", None)
    return OpinionLine(
        href=reverse("engagement:opinion", args=[opinion.pk]),
        position_href=reverse("commitments:published_commitment", args=[*edition, commitment.code]),
        title=commitment.title,
        code=commitment.code,
        where=position.footprint.short_name,
        published=Status(position.status),
        sentence=position.sentence,
        publication=str(publication),
        as_at=day_in_words(publication.as_at_on),
        whose=opinion.whose,
        rating=Status(opinion.rating),
        reasons=opinion.reasons,
        evidence=opinion.evidence,
        url=opinion.url,
        file_href=reverse("engagement:opinion_file", args=[opinion.pk]) if opinion.file else "",
        file_name=opinion.file_name,
        lodged=day_in_words(opinion.lodged_on),
        reply=reply.words if reply else "",
        replied=day_in_words(reply.replied_on) if reply else "",
    )
