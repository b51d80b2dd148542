"""Two publications of a system read side by side: what differs, by the codes that both know."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from commitments.comparison import (
    Difference,
    DomainKey,
    Key,
    LevelMoved,
    Moved,
    Rung,
    Stood,
    differences,
    keys_by_kind,
    levels_moved,
    new_moves,
)
from commitments.models.publications import Publication
from commitments.models.published import PublishedDateChange, PublishedRow
from commitments.models.published_maturity import PublishedMaturity


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed: which position of the later publication it is, how it differs, which dates moved, and by kind."""

    rows: dict[Key, int]
    differences: dict[Key, Difference[Key]]
    moves: dict[Key, list[Moved]]
    keys: dict[str, list[Key]]

    @property
    def total(self) -> int:
        """How many positions changed in any way."""
        return len({key for found in self.keys.values() for key in found})


def once_each(model: type[PublishedRow], publications: Iterable[Publication]) -> QuerySet:
    """What publications call by a code (themes, commitments), each code once, in its own order; the latest's words."""
    rows = model._default_manager.filter(publication__in=publications)
    return rows.filter(pk__in=rows.order_by("code", "-publication").distinct("code").values("pk"))


def comparable(publication: Publication) -> QuerySet[Publication]:
    """What it can be compared with: earlier months as they stand corrected, and its own earlier editions."""
    before = Publication.objects.filter(system=publication.system_id).select_related("system").newest_first()
    months = Q(period__lt=publication.period_id, superseded_by__isnull=True)
    return before.filter(months | Q(period=publication.period_id, edition__lt=publication.edition))


def compare(since: Publication, found: Publication, within: Q = Q()) -> Comparison:  # noqa: B008 - never changed
    """What changed from one publication to a later one, the worst first. `within` narrows the positions of both."""
    before, after = (one.positions.filter(within).worst_first().stood() for one in (since, found))
    by_key = {difference.key: difference for difference in differences(_by_key(before), _by_key(after))}
    moves: dict[Key, list[Moved]] = defaultdict(list)
    for move in new_moves(_moves(since), _moves(found)):
        if move.key in after:
            moves[move.key].append(move)
    keys = keys_by_kind(by_key.values(), moves)
    return Comparison({key: pk for key, (pk, _) in after.items()}, by_key, dict(moves), keys)


def _by_key(rows: dict[Key, tuple[int, Stood]]) -> dict[Key, Stood]:
    return {key: stood for key, (_, stood) in rows.items()}


def _moves(publication: Publication) -> list[Moved]:
    return PublishedDateChange.objects.filter(publication=publication).moved()


# --- Maturity ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MaturityComparison:
    """Which domains stand otherwise than they did, the worst first, and all rows of the later publication."""

    moved: list[LevelMoved]
    rows: dict[DomainKey, PublishedMaturity]


def compare_maturity(since: Publication, found: Publication, within: Q = Q()) -> MaturityComparison | None:  # noqa: B008
    """What moved, in the areas that `within` narrows both to. None where one of them tells nothing of maturity."""
    before, after = (_maturity(publication, within) for publication in (since, found))
    if not before or not after:
        return None
    return MaturityComparison(list(levels_moved(_rungs(before), _rungs(after))), after)


def _maturity(publication: Publication, within: Q) -> dict[DomainKey, PublishedMaturity]:
    rows = publication.maturity.filter(within).worst_first().in_words()
    return {(row.framework.code, row.domain, row.footprint.code): row for row in rows}


def _rungs(rows: dict[DomainKey, PublishedMaturity]) -> dict[DomainKey, Rung]:
    return {key: Rung(row.status, row.reached, row.reached_level) for key, row in rows.items()}
