"""The words of the catalogue, of reporting, and of the computed status. Each is explained where it is defined."""

from django.db import models

from systems.choices import Level


class ThemeClass(models.TextChoices):
    """How the Implementation Framework of June 2019 sorts the commitments."""

    CORE_FOUNDATION = "core_foundation", "Core foundation"
    PRIORITISED = "prioritised_commitment", "Prioritised commitment"
    ENABLER = "enabler", "Enabler"


THEME_CLASS_MEANING = {
    ThemeClass.CORE_FOUNDATION: "A system must have a clear plan for it now.",
    ThemeClass.PRIORITISED: "A system may phase it to local need, but the national deadline must still be met.",
    ThemeClass.ENABLER: "What makes the other commitments possible: workforce, money, digital, estates.",
}


class LifeStage(models.TextChoices):
    """The stage of life a commitment is about."""

    ALL = "all", "All ages"
    START_WELL = "start_well", "Start well"
    LIVE_WELL = "live_well", "Live well"
    AGE_WELL = "age_well", "Age well"


class DeliveryLevel(models.TextChoices):
    """Who delivers a commitment, as the catalogue says."""

    NATIONAL = "national", "National"
    SYSTEM = "system", "System"
    PROVIDER = "provider", "Provider"
    PLACE = "place", "Place"
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood"


# The footprint level at which deliveries are kept. A provider's commitment is delivered at system level here; a
# neighbourhood's by its primary care network (see docs/decisions.md); a national one has no deliveries.
FOOTPRINT_LEVEL = {
    DeliveryLevel.SYSTEM: Level.SYSTEM,
    DeliveryLevel.PROVIDER: Level.SYSTEM,
    DeliveryLevel.PLACE: Level.PLACE,
    DeliveryLevel.NEIGHBOURHOOD: Level.PCN,
}

# The levels a system may choose instead, where they lie below the catalogue's.
LOCAL_LEVELS = (Level.PLACE, Level.NEIGHBOURHOOD, Level.PCN)


class DeadlineKind(models.TextChoices):
    """What the printed words ask for."""

    BY = "by", "By a date"
    FROM = "from", "From a date"
    CONTINUOUS = "continuous", "Every year"
    NONE = "none", "Not dated"


class Scope(models.TextChoices):
    """Whose target a metric's figure is. An England total is never an ICS's own target."""

    PER_ICS = "per_ics", "Each integrated care system"
    ENGLAND = "england", "England in total"


class Direction(models.TextChoices):
    """Which way a metric should move."""

    REACH = "reach", "Reach"
    INCREASE = "increase", "Increase"
    DECREASE = "decrease", "Decrease"
    MAINTAIN = "maintain", "Maintain"


class Stage(models.TextChoices):
    """How far the work itself has got, as reported."""

    NOT_STARTED = "not_started", "Not started"
    PLANNING = "planning", "Planning"
    UNDER_WAY = "under_way", "Under way"
    DELIVERED = "delivered", "Delivered"


class Confidence(models.TextChoices):
    """The reporter's own judgement of delivery by the deadline."""

    GREEN = "green", "Green"
    AMBER = "amber", "Amber"
    RED = "red", "Red"


CONFIDENCE_MEANING = {
    Confidence.GREEN: "On track: nothing stands in the way of the date.",
    Confidence.AMBER: "At risk, and managed here: there is a problem and a path to green.",
    Confidence.RED: "Off track: it needs a decision above you.",
}


class ReportState(models.TextChoices):
    """A report goes from draft to submitted; an approver signs it off or returns it with a note."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Awaiting sign-off"
    RETURNED = "returned", "Returned"
    SIGNED_OFF = "signed_off", "Signed off"


OPEN_REPORT_STATES = (ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED)
# Those its writer can still change.
EDITABLE_REPORT_STATES = (ReportState.DRAFT, ReportState.RETURNED)
# Those whose writer has done their part.
TOLD_REPORT_STATES = (ReportState.SUBMITTED, ReportState.SIGNED_OFF)


class PeriodStep(models.TextChoices):
    """What an approver does with a month of their system."""

    OPENED = "opened", "Opened"
    NUDGED = "nudged", "Nudged"
    CLOSED = "closed", "Closed"


class ReminderKind(models.TextChoices):
    """What a reminder is sent for."""

    FIRST = "first", "10 working days before"
    SECOND = "second", "3 working days before"
    DUE_DAY = "due_day", "On the day"
    LATE = "late", "Late, to whoever is above"
    NUDGE = "nudge", "Nudge by an approver"


class ReminderState(models.TextChoices):
    """A reminder waits in the outbox, is handed over, and is then sent, or has failed, or was not needed any more."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "Not needed any more"


class Ahead(models.TextChoices):
    """What a day ahead brings to a delivery."""

    STALE = "stale", "The report goes stale"
    MILESTONE = "milestone", "A milestone is due"
    LOCAL = "local", "Local deadline"
    NATIONAL = "national", "National deadline"


class Ask(models.TextChoices):
    """A local deadline change is asked for, then agreed or refused."""

    ASKED = "asked", "Asked for"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused"


DECIDED_ASKS = (Ask.AGREED, Ask.REFUSED)


class Part(models.TextChoices):
    """What every commitment should have before a system can say that it delivers the whole plan."""

    LEAD = "lead", "Lead"
    DEADLINE = "deadline", "Local deadline"
    MILESTONES = "milestones", "Milestones"
    METRIC = "metric", "Measurement"
    REPORT = "report", "Signed-off report"
    ENGAGEMENT = "engagement", "Engagement"


# What each delivery has or lacks by itself. Engagement is recorded once for a commitment in a system.
PARTS_OF_A_DELIVERY = tuple(part for part in Part if part != Part.ENGAGEMENT)


class StepKind(models.TextChoices):
    """What became of a milestone after it was added."""

    MOVED = "moved", "moved"
    ACHIEVED = "achieved", "achieved"
    REOPENED = "reopened", "not achieved after all"
    WITHDRAWN = "withdrawn", "withdrawn"


class DateKind(models.TextChoices):
    """A date of a system's own that can move."""

    LOCAL_DEADLINE = "local_deadline", "Local deadline"
    EXPECTED = "expected", "Expected date"
    MILESTONE = "milestone", "Milestone"


class Status(models.TextChoices):
    """The computed verdict on a delivery, worst first. The word is always shown beside the colour."""

    MISSED = "missed", "Missed"
    OFF_TRACK = "off_track", "Off track"
    NOT_REPORTED = "not_reported", "Not reported"
    AT_RISK = "at_risk", "At risk"
    NOT_STARTED = "not_started", "Not started"
    ON_TRACK = "on_track", "On track"
    DELIVERED = "delivered", "Delivered"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


STATUS_MEANING = {
    Status.MISSED: "The national deadline has passed and the commitment is not delivered.",
    Status.OFF_TRACK: "On present evidence the national deadline will not be met, or there is no plan to meet it.",
    Status.NOT_REPORTED: "Nobody has reported for so long that nothing can be said.",
    Status.AT_RISK: "Something has slipped or is in doubt; the national deadline can still be met.",
    Status.NOT_STARTED: "Not due to start yet, or not yet phased by the system.",
    Status.ON_TRACK: "Reported lately, and nothing in the evidence speaks against it.",
    Status.DELIVERED: "Reported as delivered, and milestones and metric bear it out.",
    Status.NOT_APPLICABLE: "Does not apply here, for the reason given. Left out of every count.",
}

# Fill and ink of each status: the colours of its tag.
STATUS_COLOURS = {
    Status.MISSED: ("#6b140e", "#ffffff"),
    Status.OFF_TRACK: ("#d5281b", "#ffffff"),
    Status.NOT_REPORTED: ("#d8dde0", "#212b32"),
    Status.AT_RISK: ("#ffb81c", "#212b32"),
    Status.NOT_STARTED: ("#ffffff", "#212b32"),
    Status.ON_TRACK: ("#cce5d8", "#004b23"),
    Status.DELIVERED: ("#ccdff1", "#003d78"),
}


# All that is neither done nor struck out.
OUTSTANDING = tuple(status for status in Status if status not in (Status.DELIVERED, Status.NOT_APPLICABLE))


class Move(models.TextChoices):
    """What became of a status between two days, in the order in which a reader wants to hear of it."""

    MISSED = "missed", "Newly missed"
    WORSE = "worse", "Worse"
    BETTER = "better", "Better"
    REPORTED = "reported", "Newly reported"
    DELIVERED = "delivered", "Delivered"
    SCOPE = "scope", "Applies now, or no longer"
    OPENED = "opened", "Opened since"


# Nobody waits for a report on these: work has not begun, is done, or is not due here.
NO_REPORT_EXPECTED = (Status.NOT_STARTED, Status.DELIVERED, Status.NOT_APPLICABLE)


class Method(models.TextChoices):
    """What a date aimed at is drawn from: the first of these that gives one counts for the headroom."""

    EXPECTED = "expected", "Expected date in the latest report"
    MILESTONES = "milestones", "Milestones met so far"
    METRIC = "metric", "Trend of the metric"
    LOCAL_DEADLINE = "local_deadline", "Local deadline"


class Room(models.TextChoices):
    """How much headroom there is."""

    BEYOND = "beyond", "After the national deadline"
    TIGHT = "tight", "Under 30 days"
    AMPLE = "ample", "30 days or more"
    UNKNOWN = "unknown", "Not known"


class NextMilestone(models.TextChoices):
    """When the oldest open milestone is due."""

    OVERDUE = "overdue", "Overdue"
    SOON = "soon", "Due within 30 days"
    LATER = "later", "Due later"
    NONE = "none", "None open"


class Freshness(models.TextChoices):
    """How recent the latest signed-off report is."""

    FRESH = "fresh", "Up to date"
    DUE = "due", "Report due"
    STALE = "stale", "Stale"
    LAPSED = "lapsed", "Lapsed"
    NEVER = "never", "Never reported"


class Trigger(models.TextChoices):
    """What made a run of the recompute begin."""

    SWEEP = "sweep", "The sweep"
    SIGN_OFF = "sign_off", "Reports signed off"
    OBSERVATION = "observation", "A value recorded"
    BULK_CHANGE = "bulk_change", "Several local plans changed"
    LOAD = "load", "Reference data loaded"
    COMMAND = "command", "A command"


class RunState(models.TextChoices):
    """How far a run got. One that was killed can say nothing itself: time tells."""

    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"
    UNFINISHED = "unfinished", "Did not finish"


class Finding(models.TextChoices):
    """What a row of an uploaded spreadsheet is against what is stored."""

    NEW = "new", "New report"
    CHANGED = "changed", "Changed report"
    CORRECTION = "correction", "Correction of a signed-off report"
    CONFLICT = "conflict", "Changed since the download"
    FIXED = "fixed", "Cannot be changed now"
    SAME = "same", "No change"


# Those that are written once they are confirmed.
WRITTEN_FINDINGS = (Finding.NEW, Finding.CHANGED, Finding.CORRECTION)


class Outcome(models.TextChoices):
    """What became of a row of an uploaded spreadsheet."""

    DRAFT = "draft", "Saved as a draft"
    SUBMITTED = "submitted", "Submitted for sign-off"
    SAME = "same", "No change"
    LEFT_OUT = "left_out", "Left out"
