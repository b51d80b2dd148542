"""The signals beside a status, never mixed into it: freshness, headroom, and what speaks against a report."""

import datetime as dt
from typing import NamedTuple

from commitments.choices import Confidence, Direction, Freshness, Method, Move, Status
from commitments.forecast import Forecast
from commitments.measures import (
    BEHIND,
    LAPSED_AFTER,
    STALE_AFTER,
    Evidence,
    behind_by,
    borne_out,
    claimed_delivered,
    first_day_beyond,
    overdue_by,
    report_due_from,
    report_older_than,
)
from commitments.sentences import Said, against_delivered, children_red, metric_behind, milestones_overdue
from commitments.spc import Better

# Which way a metric improves.
BETTER: dict[str, Better] = {
    Direction.REACH: Better.HIGH,
    Direction.INCREASE: Better.HIGH,
    Direction.DECREASE: Better.LOW,
    Direction.MAINTAIN: Better.NEITHER,
}


def freshness(e: Evidence, today: dt.date) -> Freshness:
    """How recent the latest signed-off report is; `due` while the report of the month open now is not in."""
    if e.reported_on is None:
        return Freshness.NEVER
    if report_older_than(e, today, LAPSED_AFTER):
        return Freshness.LAPSED
    if report_older_than(e, today, STALE_AFTER):
        return Freshness.STALE
    due_from = report_due_from(e)
    return Freshness.DUE if due_from is not None and due_from <= today else Freshness.FRESH


def freshness_turns_on(e: Evidence, fresh: Freshness) -> dt.date | None:
    """The first day on which the same report is no longer as recent as it is now."""
    if e.reported_on is None or fresh is Freshness.LAPSED:
        return None
    if fresh is Freshness.STALE:
        return first_day_beyond(e.reported_on, LAPSED_AFTER)
    stale_from = first_day_beyond(e.reported_on, STALE_AFTER)
    due_from = report_due_from(e) if fresh is Freshness.FRESH else None
    return min((day for day in (due_from, stale_from) if day is not None), default=None)


class Headroom(NamedTuple):
    """Days between the date aimed at and the national deadline, negative when beyond; and whose date that is."""

    days: int | None = None
    method: Method | None = None


def headroom(e: Evidence, by_milestones: Forecast, by_metric: Forecast) -> Headroom:
    """A person's expected date goes before what the record tells, and that before what was once planned."""
    deadline = e.must_be_done_by
    if deadline is None:
        return Headroom()
    aims = (
        (Method.EXPECTED, e.expected_on),
        (Method.MILESTONES, by_milestones.finish_on),
        (Method.METRIC, by_metric.finish_on),
        (Method.LOCAL_DEADLINE, e.local_deadline_on),
    )
    return next((Headroom((deadline - day).days, method) for method, day in aims if day is not None), Headroom())


def contradiction(e: Evidence, today: dt.date) -> Said:
    """What speaks against a report that says green or delivered; empty where nothing does."""
    if not e.is_applicable:
        return Said("")
    if claimed_delivered(e):
        return _but("Reported as delivered", None if borne_out(e) else Said(against_delivered(e)), e)
    if e.confidence == Confidence.GREEN:
        return _but("Reported green", _against_green(e, today), e)
    return Said("")


def _against_green(e: Evidence, today: dt.date) -> Said | None:
    if overdue_by(e, today):
        return milestones_overdue(e, today)
    return metric_behind(e, today) if behind_by(e, BEHIND) else None


def _but(claim: str, against: Said | None, e: Evidence) -> Said:
    """The claim with what speaks against it: the delivery's own facts first, else the deliveries below it."""
    if against is None and e.children_red:
        against = Said(children_red(e))
    return Said("") if against is None else Said(f"{claim}, but {against.text}.", against.since_on)


def move(was: str, now: str) -> Move:
    """What became of a status between two days; `was` is empty where there was nothing yet. They differ."""
    if not was:
        return Move.OPENED
    if now == Status.MISSED:
        return Move.MISSED
    if now == Status.DELIVERED:
        return Move.DELIVERED
    if Status.NOT_APPLICABLE in (was, now):
        return Move.SCOPE
    if was == Status.NOT_REPORTED:
        return Move.REPORTED
    worst_first = list(Status)
    return Move.BETTER if worst_first.index(Status(now)) > worst_first.index(Status(was)) else Move.WORSE
