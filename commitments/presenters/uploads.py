"""An uploaded sheet in words: what each row would change, whose change stands in its way, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commitments.choices import WRITTEN_FINDINGS, Confidence, Finding, Outcome, ReportState, Stage
from commitments.forms.reports import ReportForm
from commitments.models import Report, UploadedRow
from commitments.presenters.writing import in_words
from commitments.sentences import day_in_words
from commitments.sheets.comparing import Compared

_LABELS: dict[str, dict[Any, str]] = {"stage": dict(Stage.choices), "confidence": dict(Confidence.choices)}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it is stored and as the sheet has it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet as its sender checks it."""

    number: int
    delivery_id: int
    delivery: str
    finding: Finding
    what: str
    differences: tuple[Difference, ...]
    why: str = ""
    # Of a conflict: whose report it is, what they did and when, and the value that says "overwrite it".
    current: Report | None = None
    changed_by: str = ""
    overwrite: str = ""


def line(one: Compared) -> Line:
    row = one.row
    is_conflict = one.finding == Finding.CONFLICT and one.current is not None
    return Line(
        number=row.number,
        delivery_id=row.delivery_id,
        delivery=str(row.delivery),
        finding=one.finding,
        what=_what(one),
        differences=tuple(_difference(name, one.current, row) for name in one.differs),
        why=one.why,
        current=one.current,
        changed_by=_changed_by(one.current) if is_conflict and one.current else "",
        overwrite=f"{row.pk}-{one.stands_on[0]}-{one.stands_on[1]}",
    )


def _what(one: Compared) -> str:
    if one.finding not in WRITTEN_FINDINGS:
        return one.finding.label
    then = "submitted for sign-off" if one.row.is_ready else "kept as a draft"
    return f"{one.finding.label}, {then}"


def _difference(name: str, current: Report | None, row: UploadedRow) -> Difference:
    label = str(ReportForm.base_fields[name].label)
    return Difference(label, _shown(name, getattr(current, name, None)), _shown(name, getattr(row, name)))


def _shown(name: str, value: Any) -> str:
    return in_words(_LABELS.get(name, {}).get(value, value))


def _changed_by(report: Report) -> str:
    """Who did what, and on which day: the last thing that happened to the report."""
    if report.decided_by and report.decided_on:
        did = "signed it off" if report.state == ReportState.SIGNED_OFF else "returned it"
        return f"{report.decided_by.name} {did} on {day_in_words(report.decided_on)}; {report.author.name} wrote it"
    if report.submitted_on:
        return f"{report.author.name} wrote it and submitted it on {day_in_words(report.submitted_on)}"
    return f"{report.author.name} saved it as a draft"


def lines(found: Iterable[Compared], *findings: Finding) -> list[Line]:
    return [line(one) for one in found if one.finding in findings]


def counts(found: Iterable[Compared], *, empty: int, wrong: int) -> list[tuple[str, int]]:
    """How many rows of each kind, in the order in which they matter."""
    by_finding = Counter(one.finding for one in found)
    told = [(finding.label, by_finding[finding]) for finding in Finding if by_finding[finding]]
    more = [("Rows with errors", wrong), ("Rows left empty", empty)]
    return told + [(label, number) for label, number in more if number]


def outcomes(rows: Sequence[UploadedRow]) -> list[tuple[str, int]]:
    """How many rows became what."""
    by_outcome = Counter(row.outcome for row in rows)
    return [(outcome.label, by_outcome[outcome]) for outcome in Outcome if by_outcome[outcome]]
