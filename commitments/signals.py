"""The signals beside a status, never mixed into it: freshness, headroom, and what speaks against a report."""

import datetime as dt

from commitments.choices import Confidence, Freshness
from commitments.measures import (
    BEHIND,
    LAPSED_AFTER,
    STALE_AFTER,
    Evidence,
    behind_by,
    borne_out,
    claimed_delivered,
    overdue_by,
    report_due_from,
    report_older_than,
)
from commitments.sentences import Said, against_delivered, children_red, metric_behind, milestones_overdue


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


def headroom_days(e: Evidence) -> int | None:
    """Days between the expected date, else the local deadline, and the national deadline; negative when beyond."""
    aimed_at = e.expected_on or e.local_deadline_on
    if e.must_be_done_by is None or aimed_at is None:
        return None
    return (e.must_be_done_by - aimed_at).days


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
