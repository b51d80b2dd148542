"""How things stood on a past day, as the log has it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.choices import Status
from commitments.models import Milestone, PositionChange
from commitments.presenters.delivery import MilestoneRow, milestone_rows


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


def milestones_then(milestones: Iterable[Milestone], day: dt.date) -> list[MilestoneRow]:
    """The milestones known on this day: what was achieved later was still open."""
    known = [milestone for milestone in milestones if milestone.recorded_on <= day]
    for milestone in known:
        if milestone.achieved_on and milestone.achieved_on > day:
            milestone.achieved_on = None
    return milestone_rows(known, day)
