"""Reports: saved, submitted, signed off or returned."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from commitments.choices import ReportState, Trigger
from commitments.locks import lock_commitments
from commitments.models import (
    Delivery,
    Milestone,
    Report,
    ReportingPeriod,
)
from commitments.models.reports import NOT_ONES_OWN
from commitments.recompute import recompute_deliveries, set_due
from commitments.tasks import recompute_due
from systems.actions.conflict import Conflict
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
    page: uuid.UUID | None = None,
    ticked: Collection[int] | None = None,
) -> Report:
    """Saves the open report on a delivery for a period, as a draft or submitted; `version` 0 starts a new one.

    A report on a period that has a signed-off one supersedes it once it is signed off itself. A month closed meanwhile
    takes none. The `page` that wrote last may write again, whatever version it knows. `ticked` milestones stay ticks in
    a draft (None leaves those that are there); submitting achieves them.
    """
    lock_commitments([delivery.commitment_id])
    if period not in ReportingPeriod.objects.open_for(delivery.footprint.system, today):
        raise Conflict
    report = Report.objects.still_open().filter(delivery=delivery, period=period).first()
    if report is None and version == 0:
        superseded = Report.objects.signed_off().filter(delivery=delivery, period=period).order_by("-pk").first()
        report = Report(delivery=delivery, period=period, supersedes=superseded)
    elif report is None or not report.is_editable or not _goes_on(report, version, page):
        raise Conflict
    else:
        report.version += 1
    for name, value in words.items():
        setattr(report, name, value)
    report.author, report.saved_at = by, Now()
    report.decided_by = report.decided_on = None
    report.state = ReportState.SUBMITTED if submit else ReportState.DRAFT
    report.submitted_on = today if submit else None
    report.written_in = page
    report.save()
    _tick(report, ticked, by=by, today=today)
    return report


def _goes_on(report: Report, version: int, page: uuid.UUID | None) -> bool:
    return report.version == version or (page is not None and report.written_in == page)


def _tick(report: Report, ticked: Collection[int] | None, *, by: User, today: dt.date) -> None:
    """Keeps a draft's ticks; of a submitted report they become facts, dated today."""
    if ticked is not None:
        milestones = Milestone.objects.standing().filter(delivery=report.delivery_id, achieved_on=None)
        report.ticked.set(milestones.filter(pk__in=ticked))
    if report.state == ReportState.DRAFT:
        return
    if touched := Report.objects.filter(pk=report.pk).achieve_ticked(by=by, today=today):
        recompute_deliveries(touched, today)


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
    # A page that is still open somewhere goes on from its own words no more.
    decided = {"decided_by": by, "decided_on": today, "version": F("version") + 1, "written_in": None}
    if not reports.exclude(author=by).filter(state=ReportState.SUBMITTED).update(**decided, **decision):
        if reports.filter(author=by).exists():
            raise PermissionDenied(NOT_ONES_OWN)
        raise Conflict
