"""One change to many deliveries: what would become of each row, then all of them in one transaction.

A preview and its confirmation ask the same question, `planned`, so that nothing is written that was not shown. What
somebody else changed in between is left as it stands, and named.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from commitments.choices import Trigger
from commitments.locks import lock_commitments
from commitments.models import DeadlineChange, Delivery, PlanRevision, Report, ReportingPeriod
from commitments.recompute import set_due
from commitments.tasks import recompute_due
from systems.models import User
from systems.permissions import Action, may

NO_REASON = "It has a local deadline already, and nobody said why another is needed"
NO_LEAD = "No lead"


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of one delivery: from `old` to `new`, unless it is `skipped` for a reason.

    `version` is that of what would be written: the delivery's, or its report's.
    """

    delivery: Delivery
    version: int
    old: Any
    new: Any
    skipped: str = ""
    is_deadline: bool = False
    report: Report | None = None

    @property
    def asks(self) -> bool:
        """Whether it is only asked for, because a local deadline there is already moves by two people."""
        return self.is_deadline and self.old is not None


@dataclass(frozen=True, slots=True)
class Done:
    """What was written, what somebody else had changed meanwhile, and what was left alone for a reason."""

    changed: Sequence[Planned]
    contested: Sequence[Planned]
    skipped: Sequence[Planned]


class Change(ABC):
    """One change to many deliveries."""

    @abstractmethod
    def planned(self, deliveries: Sequence[Delivery], by: User) -> list[Planned]:
        """What would become of each of these."""

    @abstractmethod
    def write(self, rows: Sequence[Planned], *, by: User, today: dt.date) -> None:
        """Writes them. The caller holds their commitments' locks."""


@transaction.atomic
def change_many(*, change: Change, versions: Mapping[int, int], by: User, today: dt.date) -> Done:
    """Makes a change to the deliveries named by `versions`, each unless it is no longer the version that was shown."""
    chosen = Delivery.objects.visible_to(by).filter(pk__in=versions)
    lock_commitments(chosen.order_by().values_list("commitment_id", flat=True))
    planned = change.planned(list(chosen.for_list().select_for_update(of=("self",))), by)
    open_rows = [row for row in planned if not row.skipped]
    done = Done(
        changed=[row for row in open_rows if row.version == versions[row.delivery.pk]],
        contested=[row for row in open_rows if row.version != versions[row.delivery.pk]],
        skipped=[row for row in planned if row.skipped],
    )
    if done.changed:
        change.write(done.changed, by=by, today=today)
    return done


def _set_plans(rows: Sequence[Planned], plan: dict[str, Any], *, by: User, today: dt.date) -> None:
    deliveries = [row.delivery.pk for row in rows]
    Delivery.objects.filter(pk__in=deliveries).update(**plan, version=F("version") + 1)
    PlanRevision.objects.record(deliveries, today=today, by=by)
    set_due(deliveries, today)
    recompute_due.delay_on_commit(Trigger.BULK_CHANGE)


@dataclass(frozen=True, slots=True)
class NewLead(Change):
    """Somebody else leads: anybody who reads working papers there on the day their grants were asked for. Or nobody."""

    lead: User | None

    def planned(self, deliveries: Sequence[Delivery], by: User) -> list[Planned]:
        new = self.lead or NO_LEAD
        return [
            Planned(delivery, delivery.version, delivery.lead or NO_LEAD, new, self._why_not(delivery, by))
            for delivery in deliveries
        ]

    def _why_not(self, delivery: Delivery, by: User) -> str:
        if not may(by, Action.SET_LOCAL_PLAN, delivery):
            return "You may not set the local plan here"
        if delivery.lead == self.lead:
            return "Leads it already" if self.lead else "It has no lead already"
        if self.lead and not may(self.lead, Action.READ_POSITIONS, delivery):
            return f"{self.lead.name} has no role here"
        return ""

    def write(self, rows: Sequence[Planned], *, by: User, today: dt.date) -> None:
        _set_plans(rows, {"lead": self.lead}, by=by, today=today)


@dataclass(frozen=True, slots=True)
class NewDeadline(Change):
    """A local deadline: set where there is none yet, and asked for, with the reason, where there is one."""

    new_on: dt.date
    reason: str

    def planned(self, deliveries: Sequence[Delivery], by: User) -> list[Planned]:
        asked = DeadlineChange.objects.undecided().filter(delivery__in=deliveries)
        asked_of = set(asked.values_list("delivery_id", flat=True))
        return [
            Planned(
                delivery,
                delivery.version,
                delivery.local_deadline_on,
                self.new_on,
                self._why_not(delivery, by, is_asked=delivery.pk in asked_of),
                is_deadline=True,
            )
            for delivery in deliveries
        ]

    def _why_not(self, delivery: Delivery, by: User, *, is_asked: bool) -> str:
        is_first = delivery.local_deadline_on is None
        if not may(by, Action.SET_LOCAL_PLAN if is_first else Action.ASK_DEADLINE, delivery):
            return "You may not set the first local deadline here" if is_first else "You may not ask for it here"
        if not delivery.is_applicable:
            return "The commitment does not apply here"
        if delivery.local_deadline_on == self.new_on:
            return "It is the local deadline already"
        if is_asked:
            return "Another deadline has been asked for already and is not decided yet"
        if not is_first and not self.reason:
            return NO_REASON
        if delivery.planned_start_on and self.new_on < delivery.planned_start_on:
            return "It comes before the planned start"
        return ""

    def write(self, rows: Sequence[Planned], *, by: User, today: dt.date) -> None:
        first = [row for row in rows if not row.asks]
        if first:
            _set_plans(first, {"local_deadline_on": self.new_on}, by=by, today=today)
        DeadlineChange.objects.bulk_create(
            DeadlineChange(
                delivery=row.delivery,
                old_on=row.old,
                new_on=self.new_on,
                reason=self.reason,
                asked_by=by,
                asked_on=today,
            )
            for row in rows
            if row.asks
        )


@dataclass(frozen=True, slots=True)
class OtherPeriod(Change):
    """Reports written under the wrong month: what is not signed off yet moves to another month that is open."""

    period: ReportingPeriod

    def planned(self, deliveries: Sequence[Delivery], by: User) -> list[Planned]:
        reports = Report.objects.filter(delivery__in=deliveries).select_related("period", "author")
        taken = set(reports.filter(period=self.period).values_list("delivery_id", flat=True))
        elsewhere = reports.exclude(period=self.period).still_open().newest_of_each()
        newest = {report.delivery_id: report for report in elsewhere}
        return [
            self._plan(delivery, newest.get(delivery.pk), by, is_taken=delivery.pk in taken) for delivery in deliveries
        ]

    def _plan(self, delivery: Delivery, report: Report | None, by: User, *, is_taken: bool) -> Planned:
        skipped = ""
        if not may(by, Action.REPORT, delivery):
            skipped = "You may not report here"
        elif is_taken:
            skipped = f"It has a report for {self.period} already"
        elif report is None:
            skipped = "It has no report that could be moved"
        elif report.supersedes_id:
            skipped = "Its report corrects one that is signed off"
        old = report.period if report else None
        return Planned(delivery, report.version if report else 0, old, self.period, skipped, report=report)

    def write(self, rows: Sequence[Planned], *, by: User, today: dt.date) -> None:
        moved = [row.report.pk for row in rows if row.report]
        Report.objects.still_open().filter(pk__in=moved).update(period=self.period, version=F("version") + 1)
