"""What stands around the forms of the delivery loop: the facts a writer needs, and two texts side by side."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from commitments.choices import Status
from commitments.forms.reports import Judged, ReportForm, UnchangedForm
from commitments.measures import Evidence, with_achieved, with_report
from commitments.models import Delivery, Report
from commitments.presenters.delivery import Facts, MilestoneRow, plan_facts, signals
from commitments.rules import verdict
from commitments.sentences import day_in_words, number, spoken

NOTHING = "Not provided"
REPORT_LABELS = {name: str(ReportForm.base_fields[name].label) for name in (*ReportForm.WORDS, "ticked")}


def in_words(value: Any) -> str:
    """A value of a form as a person reads it."""
    if isinstance(value, dt.date):
        return day_in_words(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value) if value not in (None, "") else NOTHING


def facts(delivery: Delivery, today: dt.date) -> Facts:
    """What a writer should have before their eyes: the status now, the deadlines, the plan."""
    status = ("Status now", delivery.position.sentence_on(today))
    return [status, *signals(delivery, delivery.position, today), *plan_facts(delivery)]


def words_of(report: Report) -> dict[str, Any]:
    """A report's words by the names of the form's fields, to start a new one from."""
    return {name: getattr(report, name) for name in ReportForm.WORDS}


def report_words(report: Report) -> dict[str, str]:
    """A report in full, as a person reads it, by the names of the form's fields."""
    shown = words_of(report) | {
        "stage": report.get_stage_display(),
        "confidence": report.get_confidence_display(),
    }
    return {name: in_words(value) for name, value in shown.items()}


def report_facts(report: Report) -> Facts:
    """A report in full, under the form's labels."""
    return [(REPORT_LABELS[name], words) for name, words in report_words(report).items()]


def carried(form: UnchangedForm) -> Facts:
    """The words taken over from the month before, as they will be sent."""
    words = {name: form[name].value() for name in form.WORDS if name not in form.ASKED}
    return [(REPORT_LABELS[name], said) for name, said in report_words(Report(**words)).items() if name in words]


# --- The milestones to tick -------------------------------------------------------------------------------


def to_tick(milestones: Sequence[MilestoneRow]) -> dict[str, Any]:
    """What the report form needs to know of the milestones."""
    return {
        "milestones": [
            (
                row.milestone.pk,
                f"{row.milestone.title}, due {day_in_words(row.milestone.due_on)}: {row.standing.lower()}",
            )
            for row in milestones
            if row.is_open
        ],
        "achieved": [row.milestone.pk for row in milestones if not row.is_open],
    }


def titles(milestones: Sequence[MilestoneRow], ticked: Sequence[int]) -> str:
    """The ticked milestones by their titles."""
    return in_words("\n".join(row.milestone.title for row in milestones if row.milestone.pk in ticked))


# --- What the status would become -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """The status with a report that nobody has signed off yet, by the same rules; `mark` tells two verdicts apart."""

    status: str
    because: str
    contradiction: str
    mark: str


def preview(
    e: Evidence,
    judged: Judged,
    period: dt.date,
    milestones: Sequence[MilestoneRow],
    ticked: Sequence[int],
    today: dt.date,
) -> Preview:
    """What the rules would say once this report, with these milestones ticked, is signed off today."""
    left = [row.milestone for row in milestones if row.is_open]
    achieved = [m.due_on for m in left if m.pk in ticked]
    still_open = [(m.due_on, m.title) for m in left if m.pk not in ticked]
    foreseen = with_report(e, **judged._asdict(), period=period, reported_on=today)
    concluded = verdict(with_achieved(foreseen, achieved, still_open, today), today)
    sentence = spoken(concluded.sentence, concluded.since_on, today)
    because = sentence.removeprefix(f"{Status(concluded.status).label}: ")
    return Preview(
        status=concluded.status,
        because=f"it is {because}" if because.startswith("reported") else because,
        contradiction=spoken(concluded.contradiction, concluded.contradiction_since_on, today),
        mark=f"{concluded.status}/{concluded.reason_code}",
    )


# --- Two texts side by side -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One field of two texts, and which of them was chosen; `is_settled` where only what is stored can hold."""

    name: str
    label: str
    stored: str
    sent: str
    chosen: str = ""
    is_settled: bool = False

    @property
    def differs(self) -> bool:
        return self.stored != self.sent


def side_by_side(
    labels: Mapping[str, str],
    stored: Mapping[str, str],
    sent: Mapping[str, str],
    *,
    chosen: Mapping[str, str] = MappingProxyType({}),
    settled: str = "",
) -> list[Row]:
    """Field by field: what is stored and what was sent."""
    return [
        Row(name, labels[name], stored.get(name, NOTHING), words, chosen.get(name, ""), name == settled)
        for name, words in sent.items()
    ]


def as_read(report: Report) -> Facts:
    """A report's words as its page carries them along, to show later what has changed since they were read."""
    return [(f"read_{name}", words) for name, words in report_words(report).items()]


def since_read(report: Report, sent: Mapping[str, str]) -> list[Row]:
    """What has changed since the page was read from which this was sent."""
    now = report_words(report)
    read = {name: sent.get(f"read_{name}", words).replace("\r\n", "\n") for name, words in now.items()}
    return [row for row in side_by_side(REPORT_LABELS, read, now) if row.differs]


def points_side_by_side(stored: Mapping[dt.date, Decimal], sent: Mapping[dt.date, Decimal]) -> list[Row]:
    """The same for two trajectories, day by day."""
    days = {str(day): in_words(day) for day in sorted({*stored, *sent})}
    theirs, yours = (
        {name: _amount(points.get(dt.date.fromisoformat(name))) for name in days} for points in (stored, sent)
    )
    return side_by_side(days, theirs, yours)


def _amount(value: Decimal | None) -> str:
    return NOTHING if value is None else number(value)
