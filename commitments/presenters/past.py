"""How things stood on a past day, as the log has it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.choices import Status
from commitments.models import PositionChange


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """One delivery and the sentence that was recorded of it."""

    delivery_id: int
    title: str
    code: str
    where: str
    status: Status
    sentence: str
    changed_on: dt.date


def logged_lines(changes: Iterable[PositionChange]) -> list[LoggedLine]:
    """Each delivery with the sentence that was recorded of it."""
    return [_line(change) for change in changes]


def _line(change: PositionChange) -> LoggedLine:
    commitment, footprint = change.delivery.commitment, change.delivery.footprint
    return LoggedLine(
        change.delivery_id,
        commitment.title,
        commitment.code,
        footprint.short_name,
        Status(change.to_status),
        change.sentence,
        change.changed_on,
    )
