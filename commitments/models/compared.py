"""Two publications of a system read side by side: what differs, by the codes that both know."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from commitments.comparison import Difference, Key, Moved, Stood, differences, keys_by_kind, new_moves
from commitments.models.publications import Publication
from commitments.models.published import PublishedDateChange


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed: which position of the later publication it is, how it differs, which dates moved, and by kind."""

    rows: dict[Key, int]
    differences: dict[Key, Difference[Key]]
    moves: list[Moved]
    keys: dict[str, list[Key]]

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
    before, after = (one.positions.filter(**within).worst_first().stood() for one in (since, found))
    by_key = {difference.key: difference for difference in differences(_by_key(before), _by_key(after))}
    moves = [move for move in new_moves(_moves(since, within), _moves(found, within)) if move.key in after]
    keys = keys_by_kind(by_key.values(), dict.fromkeys(move.key for move in moves))
    return Comparison({key: pk for key, (pk, _) in after.items()}, by_key, moves, keys)


def _by_key(rows: dict[Key, tuple[int, Stood]]) -> dict[Key, Stood]:
    return {key: stood for key, (_, stood) in rows.items()}


def _moves(publication: Publication, within: dict[str, str]) -> list[Moved]:
    rows = PublishedDateChange.objects.filter(publication=publication)
    return rows.filter(**{f"position__{name}": code for name, code in within.items()}).moved()
