"""What a published dashboard and a published borough both show: counts, and what needs a reader's eye first."""

import datetime as dt
from typing import Any

from commitments.choices import Status
from commitments.models import PublishedFootprint
from commitments.models.published import PublishedPositionQuerySet
from commitments.presenters import published as present
from commitments.presenters import standing
from commitments.presenters.links import AnyLinks
from commitments.presenters.tallies import Counted, CountedDeadline, tally

# What a page names before it points to the list of all.
SHOWN = 10


def population_in_words(footprint: PublishedFootprint) -> str:
    """How many people, and who was counted."""
    if footprint.population is None:
        return "Population not known"
    return f"{footprint.population:,} {footprint.population_basis or 'people'}"


def counted(themes, rows: list[Counted], links: AnyLinks, **area: str) -> dict[str, Any]:
    """How many stand how, and the lists behind the numbers."""
    whole = tally(rows)
    failing = [Status.MISSED, Status.OFF_TRACK]
    contradicted = standing.signals(rows)["contradicted"]
    return {
        "summary": standing.summary(whole),
        "classes": standing.by_class(themes, rows, links.positions, **area),
        "reports": standing.reports(rows, links.positions, **area),
        "report_ages": standing.REPORT_AGES,
        "all_failing": standing.listed(
            whole.number(*failing), "missed or off track", links.positions, **area, status=failing
        ),
        "all_contradicted": standing.listed(contradicted, "contradicted", links.positions, **area, contradiction="1"),
    }


def first_to_look_at(positions: PublishedPositionQuerySet, links: AnyLinks, day: dt.date) -> dict[str, Any]:
    """Off track and missed first; what the evidence contradicts; what nobody reported for long; what is due."""
    failing, contradicted, silent = positions.first_to_look_at(SHOWN)
    due = [CountedDeadline(*row) for row in positions.due_within_a_year(day)]
    return {
        "failing": present.lines(failing, links),
        "contradictions": present.lines(contradicted, links),
        "silent": present.lines(silent, links),
        "deadlines": standing.deadlines(due, links.positions),
    }
