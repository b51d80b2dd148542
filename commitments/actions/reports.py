"""Reports: saved, submitted, signed off or returned."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet

from commitments.actions.conflict import Conflict
from commitments.choices import ReportState, Trigger
from commitments.models import (
    Delivery,
    Report,
    ReportingPeriod,
)
from commitments.models.reports import NOT_ONES_OWN
from commitments.recompute import lock_commitments, recompute_deliveries, set_due
from commitments.tasks import recompute_due
from systems.models import User


@transaction.atomic
def save_report(
    *,
    delivery: Delivery,
    period: ReportingPeriod,
    words: dict[str, Any],
    version: int,
    submit: bool,
    by: User,
    today: dt.date,
) -> Report:
    """Saves the open report on a delivery for a period, as a draft or submitted; `version` 0 starts a new one.

    A report on a period that has a signed-off one supersedes it once it is signed off itself.
    """
    lock_commitments([delivery.commitment_id])
    report = Report.objects.still_open().filter(delivery=delivery, period=period).first()
    if report is None and version == 0:
        superseded = Report.objects.signed_off().filter(delivery=delivery, period=period).order_by("-pk").first()
        report = Report(delivery=delivery, period=period, supersedes=superseded)
    elif report is None or report.version != version or not report.is_editable:
        raise Conflict
    else:
        report.version += 1
    for name, value in words.items():
        setattr(report, name, value)
    report.author = by
    report.decided_by = report.decided_on = None
    report.state = ReportState.SUBMITTED if submit else ReportState.DRAFT
    report.submitted_on = today if submit else None
    report.save()
    return report


@transaction.atomic
def sign_off(*, report: Report, version: int, by: User, today: dt.date) -> None:
    """Signs a submitted report off as it was read (`version`), and recomputes its position in the same transaction."""
    lock_commitments([report.delivery.commitment_id])
    _decide(Report.objects.filter(pk=report.pk, version=version), by=by, today=today, state=ReportState.SIGNED_OFF)
    recompute_deliveries([report.delivery_id], today)


@transaction.atomic
def return_report(*, report: Report, version: int, note: str, by: User, today: dt.date) -> None:
    """Returns a submitted report, as it was read, to its writer with a note."""
    lock_commitments([report.delivery.commitment_id])
    _decide(
        Report.objects.filter(pk=report.pk, version=version),
        by=by,
        today=today,
        state=ReportState.RETURNED,
        return_note=note,
    )


@transaction.atomic
def sign_off_many(*, reports: Mapping[int, int], by: User, today: dt.date) -> int:
    """Signs several submitted reports off, each as it was read (its version by its key); a worker recomputes them.

    Returns how many were signed off; those decided or written anew meanwhile are left as they are.
    """
    lock_commitments(Report.objects.filter(pk__in=reports).order_by().values_list("delivery__commitment_id", flat=True))
    chosen = Report.objects.awaiting_sign_off_by(by).filter(pk__in=reports).order_by()
    deliveries = {
        pk: delivery_id
        for pk, version, delivery_id in chosen.values_list("pk", "version", "delivery_id")
        if version == reports[pk]
    }
    signed = Report.objects.filter(pk__in=deliveries).update(
        state=ReportState.SIGNED_OFF, decided_by=by, decided_on=today, version=F("version") + 1
    )
    set_due(deliveries.values(), today)
    recompute_due.delay_on_commit(Trigger.SIGN_OFF)
    return signed


def _decide(reports: QuerySet[Report], *, by: User, today: dt.date, **decision: Any) -> None:
    if reports.filter(author=by).exists():
        raise PermissionDenied(NOT_ONES_OWN)
    decided = reports.filter(state=ReportState.SUBMITTED).update(
        decided_by=by, decided_on=today, version=F("version") + 1, **decision
    )
    if not decided:
        raise Conflict
