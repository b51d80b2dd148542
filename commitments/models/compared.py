"""Two publications of a system read side by side: what differs, by the codes that both know."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from commitments.comparison import Codes, Difference, Moved, Stood, differences, keys_by_kind, new_moves
from commitments.models.publications import Publication
from commitments.models.published import PublishedDateChange

_FACTS = ("commitment__code", "footprint__code", "pk", "status", "local_deadline_on", "expected_on")
_MOVE = ("kind", "what", "old_on", "new_on", "changed_on", "reason")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed: which position of the later publication it is, how it differs, which dates moved, and by kind."""

    rows: dict[Codes, int]
    differences: dict[Codes, Difference[Codes]]
    moves: list[Moved]
    keys: dict[str, list[Codes]]

    @property
    def total(self) -> int:
        """How many positions changed in any way."""
        return len({key for found in self.keys.values() for key in found})


def comparable(publication: Publication) -> QuerySet[Publication]:
    """What it can be compared with: earlier months as they stand corrected, and its own earlier editions."""
    before = Publication.objects.filter(system=publication.system_id).select_related("system").newest_first()
    months = Q(period__lt=publication.period_id, superseded_by__isnull=True)
    return before.filter(months | Q(period=publication.period_id, edition__lt=publication.edition))


def compare(since: Publication, found: Publication, **within: str) -> Comparison:
    """What changed from one publication to a later one, the worst first. `within` narrows both by the same codes."""
    before, after = _stood(since, within), _stood(found, within)
    by_key = {
        difference.key: difference
        for difference in differences({key: stood for key, (_, stood) in before.items()},
                                      {key: stood for key, (_, stood) in after.items()})
    }  # fmt: skip
    moves = [move for move in new_moves(_moves(since, within), _moves(found, within)) if move.key in after]
    keys = keys_by_kind(by_key.values(), dict.fromkeys(move.key for move in moves))
    return Comparison({key: pk for key, (pk, _) in after.items()}, by_key, moves, keys)


def _stood(publication: Publication, within: dict[str, str]) -> dict[Codes, tuple[int, Stood]]:
    rows = publication.positions.filter(**within).worst_first().values_list(*_FACTS)
    return {(code, footprint): (pk, Stood(*dates)) for code, footprint, pk, *dates in rows}


def _moves(publication: Publication, within: dict[str, str]) -> list[Moved]:
    rows = PublishedDateChange.objects.filter(
        publication=publication, **{f"position__{name}": code for name, code in within.items()}
    )
    found = rows.values_list("position__commitment__code", "position__footprint__code", *_MOVE)
    return [Moved(*row) for row in found]
