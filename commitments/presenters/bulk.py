"""A change to many deliveries, row by row: what each is now, what it would become, and what is left alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commitments.actions.bulk import Planned
from commitments.models import Delivery, PlanRevision
from commitments.presenters.deadlines import beyond_national
from commitments.presenters.writing import in_words
from commitments.sentences import day_in_words

APPROVED_BY_ANOTHER = "Asked for: it counts once an approver agrees."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the preview. `chosen` is what ticking it sends; `who` changed it last, where that matters."""

    delivery: Delivery
    chosen: str
    old: str
    new: str
    notes: tuple[str, ...]
    who: str = ""


def lines(rows: Iterable[Planned], revisions: Mapping[int, PlanRevision] | None = None) -> list[Line]:
    """The rows in words; with `revisions`, who changed each of them last."""
    return [
        Line(
            delivery=row.delivery,
            chosen=f"{row.delivery.pk}-{row.version}",
            old=in_words(row.old),
            new=in_words(row.new),
            notes=tuple(note for note in _notes(row) if note),
            who="" if revisions is None else _who(row, revisions.get(row.delivery.pk)),
        )
        for row in rows
    ]


def _notes(row: Planned) -> tuple[str, ...]:
    if row.skipped:
        return (row.skipped,)
    warning = beyond_national(row.delivery.commitment, row.new) if row.is_deadline else ""
    return (APPROVED_BY_ANOTHER if row.asks else "", warning)


def _who(row: Planned, revision: PlanRevision | None) -> str:
    if row.report:
        return f"{row.report.author.name}, whose report it is"
    if revision is None:
        return ""
    by = revision.recorded_by.name if revision.recorded_by else "The portal"
    return f"{by} on {day_in_words(revision.recorded_on)}"
