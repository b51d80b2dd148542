"""Maturity in a pack: how each framework stood over the system and its boroughs, and what stood in the way. Pure."""

from collections.abc import Iterator

from engagement.packs.document import Block, Subheading, Table
from engagement.packs.facts import Gap, PublishedSystem
from systems.sentences import day_in_words

# What stood in the way is named up to here; the publication's own page has the rest.
GAPS_NAMED = 25
HOW_JUDGED = (
    "A level is reached when all its criteria, and those of every level below, are met by the latest word of everybody "
    "who judged them. What they disagree on counts as not met."
)


def standing(system: PublishedSystem, *, is_one_of_several: bool) -> Iterator[str | Block]:
    """Each framework over the system and each borough, then each gap with the criteria in the way."""
    if is_one_of_several:
        yield Subheading(system.name)
    if not system.ladders:
        yield f"Nothing was published about the maturity of {system.name}."
        return
    yield HOW_JUDGED
    yield Table(
        f"Maturity in {system.name}, as at {day_in_words(system.as_at_on)}",
        ("Framework", "Where", "How it stood"),
        tuple(
            (ladder.framework, ladder.where, ". ".join(filter(None, (ladder.in_words, ladder.networks))))
            for ladder in system.ladders
        ),
        (30, 20, 50),
    )
    if not system.gaps:
        yield f"No gap to what was expected was known in {system.name}."
        return
    yield Table(
        f"Gaps in {system.name}: {len(system.gaps):,}",
        ("Area", "Where and status", "Why", "Criteria in the way"),
        tuple(
            (f"{gap.domain}, {gap.framework}", f"{gap.where}: {gap.status.label}", gap.sentence, _in_the_way(gap))
            for gap in system.gaps[:GAPS_NAMED]
        ),
        (24, 16, 26, 34),
    )
    if len(system.gaps) > GAPS_NAMED:
        yield f"The {GAPS_NAMED} worst of {len(system.gaps):,} gaps are named here. All are in the publication."


def _in_the_way(gap: Gap) -> str:
    return "; ".join(text.rstrip(".") for text in gap.criteria) or "None is recorded"
