"""The highlight report: one page about a delivery or a theme, drawn from what was reported, planned and decided."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten

from commitments.choices import Confidence, Move, Status, StepKind
from commitments.models import DeadlineChange, Delivery, Milestone, MilestoneChange, Position, Report
from commitments.presenters.delivery import Facts, or_not_set
from commitments.sentences import day_in_words, days_in_words

# A month of milestones, behind and ahead.
A_PERIOD = dt.timedelta(days=31)
# How much of each text, and how many lines of each kind, leave the page one page.
LONG, SHORT = 700, 160
NAMED = 5
NEEDS_A_DECISION = (Status.MISSED, Status.OFF_TRACK)


@dataclass(slots=True)
class Section:
    """A quarter of the page: lines of a name and a text, or what to say where there are none."""

    title: str
    nothing: str
    lines: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, text: str, limit: int = LONG) -> None:
        """A line, cut to its limit at a word's end; an empty text is none."""
        if text:
            self.lines.append((name, shorten(text, limit, placeholder=" …")))

    def add_first(self, lines: Sequence[tuple[str, str]], limit: int = SHORT) -> None:
        """The first of these lines, and how many more there are."""
        for name, text in lines[:NAMED]:
            self.add(name, text, limit)
        if len(lines) > NAMED:
            self.add("And", f"{len(lines) - NAMED:,} more")


def _sections() -> tuple[Section, Section, Section, Section]:
    return (
        Section("This period", "Nothing was reported."),
        Section("Next period", "Nothing is planned for the next month."),
        Section("Risks", "None that was reported, and no milestone is overdue."),
        Section("Decisions needed", "None."),
    )


# --- One delivery -----------------------------------------------------------------------------------------


def about_delivery(
    delivery: Delivery,
    report: Report | None,
    milestones: Iterable[Milestone],
    steps: Iterable[MilestoneChange],
    asked: Iterable[DeadlineChange],
    today: dt.date,
) -> list[Section]:
    """A delivery's page: `report` is the latest signed off, `steps` what became of milestones since a period ago."""
    done, ahead, risks, decisions = _sections()
    planned = list(milestones)
    if report:
        done.add(str(report.period), report.narrative)
        ahead.add("Next steps", report.next_steps)
        risks.add("Why it is not green", report.reason)
        risks.add("Path to green", report.path_to_green)
    risks.add("Evidence against the report", delivery.position.contradiction_on(today))
    done.add_first([_step(step) for step in steps])
    ahead.add_first([_due(milestone) for milestone in planned if _is_ahead(milestone, today)])
    risks.add_first([_overdue(milestone, today) for milestone in planned if _is_overdue(milestone, today)])
    decisions.add_first([_asked(change) for change in asked])
    if report and report.confidence == Confidence.RED:
        decisions.add("Reported red", "It needs a decision above its lead.")
    if delivery.position.status in NEEDS_A_DECISION:
        decisions.add(Status(delivery.position.status).label, "Whether and how the national deadline can still be met.")
    return [done, ahead, risks, decisions]


def delivery_facts(delivery: Delivery) -> Facts:
    """What stands above a delivery's page."""
    commitment = delivery.commitment
    return [
        ("Lead", delivery.lead.name if delivery.lead else "No lead"),
        ("National deadline", day_in_words(commitment.deadline_on) if commitment.deadline_on else "No date"),
        ("Local deadline", or_not_set(delivery.local_deadline_on)),
    ]


def _step(step: MilestoneChange) -> tuple[str, str]:
    what = f"Milestone {step.get_kind_display()}"
    when = step.achieved_on or step.recorded_on
    to = f" to {day_in_words(step.due_on)}" if step.kind == StepKind.MOVED else ""
    return f"{what}{to}", f"{step.milestone.title}, {day_in_words(when)}. {step.reason}".strip()


def _is_ahead(milestone: Milestone, today: dt.date) -> bool:
    return milestone.achieved_on is None and today <= milestone.due_on <= today + A_PERIOD


def _is_overdue(milestone: Milestone, today: dt.date) -> bool:
    return milestone.achieved_on is None and milestone.due_on < today


def _due(milestone: Milestone) -> tuple[str, str]:
    return f"Due {day_in_words(milestone.due_on)}", milestone.title


def _overdue(milestone: Milestone, today: dt.date) -> tuple[str, str]:
    days = days_in_words((today - milestone.due_on).days)
    return f"{days} overdue", f"{milestone.title}, due {day_in_words(milestone.due_on)}"


def _asked(change: DeadlineChange) -> tuple[str, str]:
    days = f"from {day_in_words(change.old_on)} to {day_in_words(change.new_on)}"
    return f"Another local deadline, {days}", f"{change.reason} Asked for by {change.asked_by.name}."


# --- One theme --------------------------------------------------------------------------------------------


def about_theme(
    moves: Mapping[Move, int],
    steps: Iterable[MilestoneChange],
    milestones: Iterable[Milestone],
    worst: Iterable[Position],
    reports: Mapping[int, Report],
    asked: Iterable[DeadlineChange],
    today: dt.date,
) -> list[Section]:
    """A theme's page: `reports` are the latest signed off, by delivery; `milestones` those due in a period."""
    done, ahead, risks, decisions = _sections()
    changed = [f"{count:,} {move.label.lower()}" for move, count in moves.items() if count]
    done.add("Status in the last month", f"{', '.join(changed)}." if changed else "No change.")
    done.add_first([(name, f"{_where(s.milestone.delivery)}: {text}") for s in steps for name, text in [_step(s)]])
    ahead.add_first([(name, f"{text}. {_where(m.delivery)}") for m in milestones for name, text in [_due(m)]])
    positions = list(worst)
    risks.add_first([_risk(position, reports.get(position.pk), today) for position in positions], 2 * SHORT)
    decisions.add_first([(name, f"{_where(c.delivery)}. {text}") for c in asked for name, text in [_asked(c)]])
    red = [report for report in reports.values() if report.confidence == Confidence.RED]
    decisions.add_first([("Reported red", _where(report.delivery)) for report in red])
    return [done, ahead, risks, decisions]


def _where(delivery: Delivery) -> str:
    return f"{delivery.commitment.title}, {delivery.footprint.short_name}"


def _risk(position: Position, report: Report | None, today: dt.date) -> tuple[str, str]:
    said = position.sentence_on(today).partition(": ")[2] or position.sentence_on(today)
    against = position.contradiction_on(today)
    path = f" Path to green: {report.path_to_green}" if report and report.path_to_green else ""
    status = Status(position.status).label
    return f"{status}: {_where(position.delivery)}", f"{said[:1].upper()}{said[1:]}{against and ' ' + against}{path}"
