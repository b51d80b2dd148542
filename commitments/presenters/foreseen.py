"""What would follow from reports that are not signed off yet, by the same rules."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commitments.measures import Evidence, with_report
from commitments.models import Report
from commitments.rules import verdict
from commitments.sentences import spoken


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A report, how its delivery stands, and how it would stand with it."""

    report: Report
    sentence_now: str
    status: str
    sentence: str
    contradiction: str

    @property
    def moves(self) -> bool:
        return self.status != self.report.delivery.position.status


def foreseen(reports: Iterable[Report], seen: Mapping[int, Evidence], today: dt.date) -> list[Foreseen]:
    """Each report with the verdict it would bring; `seen` is the evidence by delivery."""
    return [_foreseen(report, seen[report.delivery_id], today) for report in reports]


def _foreseen(report: Report, seen: Evidence, today: dt.date) -> Foreseen:
    assert report.submitted_on is not None
    told = with_report(
        seen,
        stage=report.stage,
        confidence=report.confidence,
        expected_on=report.expected_on,
        period=report.period_id,
        reported_on=report.submitted_on,
    )
    then = verdict(told, today)
    return Foreseen(
        report=report,
        sentence_now=report.delivery.position.sentence_on(today),
        status=then.status,
        sentence=spoken(then.sentence, then.since_on, today),
        contradiction=spoken(then.contradiction, then.contradiction_since_on, today),
    )
