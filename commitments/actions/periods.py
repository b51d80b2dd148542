"""Months of a system: opened, nudged and closed by its approver. Each step is kept, with who took it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from commitments import outbox
from commitments.choices import PeriodStep
from commitments.locks import lock_commitments
from commitments.models import Commitment, PeriodAct, ReportingPeriod
from commitments.tasks import send_reminders
from systems.actions.conflict import Conflict
from systems.models import Footprint, User


@transaction.atomic
def open_period(*, system: Footprint, period: ReportingPeriod, by: User, today: dt.date) -> None:
    """Has a month take reports: before its day, or once more after it was closed."""
    if period in _open_months(system, today):
        raise Conflict
    _record(system, [period], PeriodStep.OPENED, by, today)


@transaction.atomic
def close_period(*, system: Footprint, period: ReportingPeriod, by: User, today: dt.date) -> None:
    """Ends reporting on a month, and on each earlier one still open."""
    still_open = _open_months(system, today)
    if period not in still_open:
        raise Conflict
    _record(system, [p for p in still_open if p.starts_on <= period.starts_on], PeriodStep.CLOSED, by, today)


@transaction.atomic
def nudge_period(*, system: Footprint, period: ReportingPeriod, by: User, today: dt.date) -> int:
    """Reminds everybody whose report on this month is missing, at most once a day. Returns how many people."""
    if period not in _open_months(system, today) or PeriodAct.objects.nudged_on(today, system, period):
        raise Conflict
    _record(system, [period], PeriodStep.NUDGED, by, today)
    reminders = outbox.nudges(system, period, today)
    outbox.write(reminders)
    send_reminders.delay_on_commit()
    return len(reminders)


def _open_months(system: Footprint, today: dt.date) -> list[ReportingPeriod]:
    """The months that take reports. With system and commitments locked, nobody saves a report or takes another step."""
    Footprint.objects.select_for_update(no_key=True).get(pk=system.pk)
    lock_commitments(Commitment.objects.delivered_locally().values_list("pk", flat=True))
    return ReportingPeriod.objects.open_for(system, today)


def _record(system: Footprint, periods: Iterable[ReportingPeriod], step: PeriodStep, by: User, today: dt.date) -> None:
    PeriodAct.objects.bulk_create(
        PeriodAct(system=system, period=period, step=step, done_by=by, done_on=today) for period in periods
    )
