"""What stands around the forms of the delivery loop: the facts a writer needs, and two texts side by side."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from commitments.forms.reports import ReportForm
from commitments.models import Delivery, Report
from commitments.presenters.delivery import Facts, plan_facts, signals
from commitments.sentences import day_in_words, number

NOTHING = "Not provided"


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


def report_rows(report: Report) -> Facts:
    """A report in full."""
    shown = words_of(report) | {
        "stage": report.get_stage_display(),
        "confidence": report.get_confidence_display(),
    }
    return [(str(ReportForm.base_fields[name].label), in_words(value)) for name, value in shown.items()]


def side_by_side(theirs: Facts, yours: Facts) -> list[tuple[str, str, str, bool]]:
    """Field by field: what is stored, what was sent, and whether they differ."""
    stored = dict(theirs)
    return [(label, stored.get(label, NOTHING), sent, stored.get(label, NOTHING) != sent) for label, sent in yours]


def points_side_by_side(stored: Mapping[dt.date, Decimal], sent: Mapping[dt.date, Decimal]) -> list:
    """The same for two trajectories, day by day."""
    days = sorted({*stored, *sent})
    theirs, yours = ([(in_words(day), _amount(points.get(day))) for day in days] for points in (stored, sent))
    return side_by_side(theirs, yours)


def _amount(value: Decimal | None) -> str:
    return NOTHING if value is None else number(value)
