"""The months on which every delivery reports, and what each system's approvers did with theirs."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commitments.choices import PeriodStep
from systems.models import Footprint, User, audited, never_emptied


class ReportingPeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def open_in(self, systems: Collection[int | None], day: dt.date) -> dict[int | None, list["ReportingPeriod"]]:
        """The months that take reports on this day, in order, by system.

        A month opens on its day, or sooner where an approver says so, and takes reports until an approver closes it.
        """
        periods = list(self.order_by("starts_on"))
        steps = PeriodAct.objects.latest_steps(systems)
        return {
            system: [
                period
                for period in periods
                if steps[system].get(period.pk, PeriodStep.OPENED if period.opens_on <= day else PeriodStep.CLOSED)
                == PeriodStep.OPENED
            ]
            for system in systems
        }

    def systems_reporting(
        self, period: "ReportingPeriod", systems: Collection[int | None], day: dt.date
    ) -> set[int | None]:
        """Those of these systems in which a month takes reports on this day."""
        return {system for system, months in self.open_in(systems, day).items() if period in months}

    def open_for(self, system: Footprint | None, day: dt.date) -> list["ReportingPeriod"]:
        """The months that take reports in one system on this day, in order."""
        return self.open_in([system.pk], day)[system.pk] if system else []


class ReportingPeriod(models.Model):
    """A month on which every delivery reports. A row, never computed from "today".

    `closes_on` is the day on which systems usually close it; each system's approver does (`PeriodAct`).
    """

    # The month's first day is its key, so that a report's period says which report is the later one.
    starts_on = models.DateField(primary_key=True)
    ends_on = models.DateField()
    opens_on = models.DateField(unique=True)
    due_on = models.DateField()
    closes_on = models.DateField()

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"))
                & Q(opens_on__gt=F("starts_on"))
                & Q(due_on__gt=F("opens_on"))
                & Q(closes_on__gte=F("due_on")),
                name="reporting_period_opens_is_due_and_closes_in_that_order",
                violation_error_message="A reporting period opens, is due, and closes, in that order.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"


class PeriodActQuerySet(models.QuerySet):
    def latest_steps(self, systems: Collection[int | None]) -> dict[int | None, dict[dt.date, str]]:
        """By system and month, whether it was last opened or closed; nothing where nobody did either."""
        steps: dict[int | None, dict[dt.date, str]] = defaultdict(dict)
        moved = self.filter(system__in=systems).exclude(step=PeriodStep.NUDGED)
        latest = moved.order_by("system_id", "period_id", "-id").distinct("system_id", "period_id")
        for system, period, step in latest.values_list("system_id", "period_id", "step"):
            steps[system][period] = step
        return steps

    def nudged_on(self, day: dt.date, system: Footprint, period: "ReportingPeriod") -> bool:
        """Whether reminders were sent for this month on this day already."""
        return self.filter(system=system, period=period, step=PeriodStep.NUDGED, done_on=day).exists()


class PeriodAct(models.Model):
    """An approver opened, nudged or closed a month of their system. Append-only: what holds is the latest."""

    system = models.ForeignKey(Footprint, models.PROTECT, related_name="period_acts")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="acts")
    step = models.CharField(max_length=10, choices=PeriodStep)
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PeriodActQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["system", "period", "-id"], name="period_act_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=PeriodStep.values), name="period_act_step_is_known"),
            models.UniqueConstraint(
                fields=["system", "period", "done_on"],
                condition=Q(step=PeriodStep.NUDGED),
                name="period_nudged_once_a_day",
                violation_error_message="Reminders for this month were sent today already.",
            ),
        ]
        triggers = [
            never_emptied(),
            pgtrigger.Protect(name="period_act_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.system}, {self.period}: {self.get_step_display().lower()}"
