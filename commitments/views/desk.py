"""A writer's desk: the delivery, the month, what is written on it so far, and the report they start from."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from commitments import evidence
from commitments.choices import ReportState
from commitments.forms.reports import ReportForm
from commitments.measures import Evidence
from commitments.models import Delivery, Report, ReportingPeriod
from commitments.presenters import writing
from commitments.presenters.delivery import MilestoneRow, milestone_rows
from commitments.views.access import delivery_for, month_for
from ltp_portal.clock import now, today
from systems.permissions import Action

UNCHANGED = "No change since {}. {}"
_UNCHANGED_BEFORE = re.compile(r"No change since \w+ \d{4}\. ")


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a page about one report needs to know."""

    delivery: Delivery
    day: dt.date
    now: dt.datetime
    # The months that take reports today, the one that is written about, and the newest report on it.
    months: list[ReportingPeriod]
    period: ReportingPeriod | None
    this_month: Report | None
    last: Report | None
    milestones: list[MilestoneRow]

    @property
    def is_open(self) -> bool:
        return self.period is not None and self.delivery.is_applicable

    @property
    def month(self) -> ReportingPeriod:
        """The month that is written about, where the desk is open."""
        assert self.period is not None
        return self.period

    @property
    def address(self) -> str:
        """Where this month's report on this delivery is written."""
        return f"{reverse('commitments:report', args=[self.delivery.pk])}?month={self.month.pk}"

    @property
    def current(self) -> Report | None:
        """The report on this month that is not signed off yet."""
        return self.this_month if self.this_month and self.this_month.state != ReportState.SIGNED_OFF else None

    @property
    def waiting(self) -> Report | None:
        """This month's report while it awaits sign-off: nobody can write on it."""
        return self.current if self.current and not self.current.is_editable else None

    @property
    def version(self) -> int:
        return self.current.version if self.current else 0

    @property
    def start(self) -> Report | None:
        """The report whose words the form starts from."""
        return self.this_month or self.last

    @property
    def can_repeat(self) -> bool:
        """Whether "no change since last month" can be said: nobody has begun this month's report."""
        return self.this_month is None and self.last is not None

    def form(self, data=None, kind: type[ReportForm] = ReportForm, **first: Any) -> ReportForm:
        """The form as it was sent; else with the words it starts from."""
        milestones = writing.to_tick(self.milestones)
        if data is not None:
            return kind(data, stored=self._stored(), **milestones)
        begun = self._stored() | (writing.words_of(self.start) if self.start else {})
        return kind(initial=begun | {"period": self.month.pk} | first, **milestones)

    def _stored(self) -> dict[str, Any]:
        """What a writer can choose to keep, by the names of the fields."""
        words = writing.words_of(self.this_month) if self.this_month else {}
        ticked = [milestone.pk for milestone in self.current.ticked.all()] if self.current else []
        return words | {"ticked": ticked, "version": self.version}

    def unchanged_words(self) -> dict[str, Any]:
        """What is asked anew stays empty; what happened says since when nothing has changed."""
        assert self.last is not None
        said = self.last.narrative
        narrative = said if _UNCHANGED_BEFORE.match(said) else UNCHANGED.format(self.last.period, said)
        return {"confidence": "", "expected_on": None, "narrative": narrative}

    def evidence(self) -> Evidence:
        return evidence.of_delivery(self.delivery, self.day)

    def preview(self, form: ReportForm, seen: Evidence) -> writing.Preview | None:
        """What the status would become with what stands on the form; None before it says enough."""
        if form.judged is None:
            return None
        return writing.preview(seen, form.judged, self.month.pk, self.milestones, form.ticks, self.day)


def desk_for(request, pk: int) -> Desk:
    """The desk of somebody who may report on this delivery."""
    delivery = delivery_for(request, pk, Action.REPORT)
    day = today()
    months = ReportingPeriod.objects.open_for(delivery.footprint.system, day)
    period = month_for(request, delivery, months)
    related = Report.objects.filter(delivery=delivery).select_related("author", "decided_by", "period")
    return Desk(
        delivery=delivery,
        day=day,
        now=now(),
        months=months,
        period=period,
        this_month=related.filter(period=period).prefetch_related("ticked").first() if period else None,
        last=related.filter(period__lt=period).exclude(state=ReportState.DRAFT).first() if period else None,
        milestones=milestone_rows(delivery.milestones.standing(), day),
    )
