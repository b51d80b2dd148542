"""What a published dashboard and a published borough both show: counts, and what needs a reader's eye first."""

from collections.abc import Iterable
from typing import Any

from commitments.models import PublishedFootprint, PublishedTheme
from commitments.models.standing import Glance
from commitments.presenters import published as present
from commitments.presenters import standing
from commitments.presenters.links import AnyLinks

# What a page names before it points to the list of all.
SHOWN = 10


def population_in_words(footprint: PublishedFootprint) -> str:
    """How many people, and who was counted."""
    if footprint.population is None:
        return "Population not known"
    return f"{footprint.population:,} {footprint.population_basis or 'people'}"


def glance_parts(seen: Glance, themes: Iterable[PublishedTheme], links: AnyLinks, **area: str) -> dict[str, Any]:
    """Off track and missed first; what the evidence contradicts; what nobody reported for long; what is due."""
    return {
        **standing.counts(seen, themes, links.positions, **area),
        "failing": present.lines(seen.failing, links),
        "contradictions": present.lines(seen.contradicted, links),
        "silent": present.lines(seen.silent, links),
        "deadlines": standing.deadlines(seen.due, links.positions),
    }
