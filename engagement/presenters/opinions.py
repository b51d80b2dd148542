"""A published position and what others make of it, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from commitments.choices import Status
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
