"""Months closed and published as the year goes by, through the same action that approvers use."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from commitments.actions import open_to_public, publish
from commitments.choices import PeriodStep
from commitments.demo.people import Cast
from commitments.demo.timetable import CORRECTED, FIRST_PUBLISHED, LEFT_OPEN, OPEN_TO_ALL, Month
from commitments.models import PeriodAct, Publication, ReportingPeriod
from systems.models import Footprint

_WHY_CORRECTED = "Two reports were signed off after the first edition. (Invented for the demonstration.)"


def close_months(systems: Collection[Footprint], casts: Mapping[str, Cast], months: Iterable[Month]) -> None:
    """Each month on its usual day; but one system still waits for what is missing from its last one."""
    PeriodAct.objects.bulk_create(
        PeriodAct(
            system=system,
            period_id=month.starts_on,
            step=PeriodStep.CLOSED,
            done_by=casts[system.code].approver,
            done_on=month.closes_on,
        )
        for system in systems
        for month in months
        if (system.code, month.starts_on) != LEFT_OPEN
    )


def publish_newest(systems: Collection[Footprint], casts: Mapping[str, Cast], day: dt.date) -> None:
    """The newest closed month of each system, where it is not published yet; one of them is corrected at once."""
    for system in systems:
        closed = PeriodAct.objects.filter(system=system, step=PeriodStep.CLOSED, period__gte=FIRST_PUBLISHED)
        period = ReportingPeriod.objects.filter(acts__in=closed).order_by("starts_on").last()
        if period and not Publication.objects.filter(system=system, period=period).exists():
            approver = casts[system.code].approver
            first = publish(system=system, period=period, by=approver, today=day)
            if (system.code, period.pk) == CORRECTED:
                publish(system=system, period=period, by=approver, today=day, corrects=first, reason=_WHY_CORRECTED)


def open_one_to_all(systems: Collection[Footprint], casts: Mapping[str, Cast], day: dt.date) -> None:
    """One system shows what it publishes to everybody."""
    for system in systems:
        if system.code == OPEN_TO_ALL:
            open_to_public(system=system, is_public=True, version=0, by=casts[system.code].approver, today=day)
