"""A person's own work, row by row: what is owed, what came back, what is contradicted, what comes next."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commitments.choices import Ahead
from commitments.duties import Month, Owing
from commitments.models import Delivery, Position, Report
from commitments.sentences import day_in_words, days_left


@dataclass(frozen=True, slots=True)
class DueRow:
    """A report to write, and how the delivery stands."""

    delivery: Delivery
    month: Month
    left: str
    is_overdue: bool
    has_draft: bool
    sentence: str


def due_rows(
    owed: Iterable[Owing], deliveries: Mapping[int, Delivery], drafts: set[tuple[int, dt.date]], today: dt.date
) -> list[DueRow]:
    """Each report that is owed with its delivery; `drafts` by delivery and month."""
    return [
        DueRow(
            delivery=deliveries[owing.delivery_id],
            month=owing.month,
            left=days_left(owing.month.due_on, today),
            is_overdue=owing.month.due_on < today,
            has_draft=(owing.delivery_id, owing.month.starts_on) in drafts,
            sentence=deliveries[owing.delivery_id].position.sentence_on(today),
        )
        for owing in owed
    ]


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A report that came back, and how long there is to send it again."""

    report: Report
    left: str


def returned_rows(reports: Iterable[Report], today: dt.date) -> list[ReturnedRow]:
    return [ReturnedRow(report, days_left(report.period.due_on, today)) for report in reports]


def contradicted_rows(positions: Iterable[Position], today: dt.date) -> list[tuple[Position, str]]:
    """Each position with what speaks against its report."""
    return [(position, position.contradiction_on(today)) for position in positions]


@dataclass(frozen=True, slots=True)
class AheadRow:
    """A day ahead, and what it brings to which delivery."""

    delivery: Delivery
    what: str
    on: str
    left: str


def ahead_rows(
    coming: Iterable[tuple[int, str, dt.date]], deliveries: Mapping[int, Delivery], today: dt.date
) -> list[AheadRow]:
    return [
        AheadRow(deliveries[pk], Ahead(what).label, day_in_words(on), days_left(on, today)) for pk, what, on in coming
    ]
