"""What the rules concluded. Written only by commitments/recompute.py; pages read it and never compute it."""

import datetime as dt
from collections.abc import Collection
from typing import ClassVar, NamedTuple

import pgtrigger
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from commitments.choices import (
    NO_REPORT_EXPECTED,
    OUTSTANDING,
    Ahead,
    Freshness,
    Method,
    ReportState,
    Status,
)
from commitments.measures import STALE_AFTER
from commitments.models.facts import Delivery, badness
from commitments.models.log import PositionChangeQuerySet
from commitments.models.standing import CONTRADICTED, FAILING, StandingQuerySet, size
from commitments.sentences import spoken
from systems.models import Footprint, User, never_emptied
from systems.models.due import DueQuerySet
from systems.models.footprints import under
from systems.permissions import Action

# From the latest report to the first day on which it is stale.
_STALE_AFTER_DAYS = Value(STALE_AFTER.days + 1, models.IntegerField())
_SOON = dt.timedelta(days=30)
_LATER = dt.timedelta(days=90)


class Told(NamedTuple):
    """What a list says of a position: narrow, as a page names dozens."""

    delivery_id: int
    status: Status
    sentence: str
    since_on: dt.date | None
    contradiction: str
    contradiction_since_on: dt.date | None
    reported_on: dt.date | None
    code: str
    title: str
    place: str


class PositionQuerySet(StandingQuerySet, DueQuerySet):  # type: ignore[override] # managers of either
    to_delivery = "delivery__"

    def visible_to(self, user: User) -> "PositionQuerySet":
        """Positions this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "delivery__footprint__path"))

    def inside(self, footprint: Footprint) -> "PositionQuerySet":
        """Positions of deliveries in or below a footprint."""
        return self.filter(delivery__footprint__path__startswith=footprint.path)

    def told(self, keys: Collection[int]) -> dict[int, Told]:
        place = Coalesce(NullIf("delivery__footprint__label", Value("")), "delivery__footprint__name")
        commitment = ("delivery__commitment__code", "delivery__commitment__title")
        rows = Position.objects.filter(pk__in=keys).values_list(*Told._fields[:-3], *commitment, place)
        return {row[0]: Told(*row) for row in rows}

    def of_concern(self) -> "PositionQuerySet":
        """Failing, at risk, or spoken against by the evidence."""
        return self.filter(FAILING | Q(status=Status.AT_RISK) | CONTRADICTED)

    def coming_up(self, today: dt.date) -> "models.QuerySet":
        """What the next days bring, the nearest first: (delivery, what, on which day), each as a row."""
        outstanding = self.filter(status__in=OUTSTANDING).order_by()
        expected = outstanding.exclude(status__in=NO_REPORT_EXPECTED)
        # What waits for sign-off is done by its writer.
        stale = expected.exclude(delivery__reports__state=ReportState.SUBMITTED).annotate(
            on=ExpressionWrapper(F("reported_on") + _STALE_AFTER_DAYS, models.DateField())
        )
        found = (
            (Ahead.STALE, stale, _SOON),
            (Ahead.MILESTONE, outstanding.annotate(on=F("next_milestone_on")), _SOON),
            (Ahead.LOCAL, outstanding.annotate(on=F("delivery__local_deadline_on")), _LATER),
            (Ahead.NATIONAL, outstanding.annotate(on=F("deadline_on")), _LATER),
        )
        first, *others = (
            rows.filter(on__range=(today, today + within)).values_list(
                "delivery_id", Value(what, models.CharField()), "on"
            )
            for what, rows, within in found
        )
        return first.union(*others, all=True).order_by("on", "delivery_id")

    def tallied_by_system(self) -> "models.QuerySet":
        """How many deliveries and people, by system and status."""
        return self._tallied_by("system")

    def tallied_by_place(self) -> "models.QuerySet":
        """How many deliveries and people, by place and status."""
        return self._tallied_by("place")

    def _tallied_by(self, area: str) -> "models.QuerySet":
        by = f"delivery__footprint__{area}_id"
        return self.order_by().values_list(by, "status").annotate(**size(self.to_delivery))


class Position(models.Model):
    """The computed verdict on a delivery, the sentence that explains it, and the day the verdict expires.

    `sentence` and `contradiction` may hold `{days}`: the days since `since_on`, filled in on the day of reading, so
    that "23 days overdue" stays true without being rewritten every night.
    """

    # A verdict means nothing without its delivery, and is born with it.
    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="position")
    status = models.CharField(max_length=20, choices=Status)
    reason_code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=600)
    since_on = models.DateField(null=True)
    freshness = models.CharField(max_length=10, choices=Freshness)
    headroom_days = models.IntegerField(null=True)
    headroom_from = models.CharField(max_length=20, choices=Method, blank=True)
    # The expected finish, side by side: as reported, and as the delivery's own record has it.
    expected_on = models.DateField(null=True)
    milestones_finish_on = models.DateField(null=True)
    metric_finish_on = models.DateField(null=True)
    contradiction = models.CharField(max_length=600, blank=True)
    contradiction_since_on = models.DateField(null=True)
    next_milestone_on = models.DateField(null=True)
    deadline_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    # The first day on which the same evidence gives another verdict. A position whose day has come is due.
    next_change_on = models.DateField(null=True)
    # The moment somebody marked it as due; none where the calendar did, or nobody.
    marked_due_at = models.DateTimeField(null=True)
    # The day the status last moved, and the day since which the evidence has spoken against the report.
    moved_on = models.DateField()
    contradicted_on = models.DateField(null=True)

    # A position is born with its delivery and decided in the same transaction.
    UNDECIDED: ClassVar = {
        "status": Status.NOT_STARTED,
        "reason_code": "",
        "sentence": "",
        "freshness": Freshness.NEVER,
        "headroom_from": "",
    }

    objects = PositionQuerySet.as_manager()

    class Meta:
        indexes = [
            # The one question asked every 30 seconds: which positions are due?
            models.Index(fields=["next_change_on"], name="position_due"),
            models.Index(fields=["status"], name="position_status"),
            # The first page of any list: the worst, and of these the nearest deadline.
            models.Index(badness(), "deadline_on", "delivery", name="position_worst_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values)
                & Q(freshness__in=Freshness.values)
                & Q(headroom_from__in=["", *Method.values]),
                name="position_words_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.get_status_display()}"

    def sentence_on(self, today: dt.date) -> str:
        """The sentence as it reads on this day."""
        return spoken(self.sentence, self.since_on, today)

    def contradiction_on(self, today: dt.date) -> str:
        """What speaks against the reported confidence, as it reads on this day; empty where nothing does."""
        return spoken(self.contradiction, self.contradiction_since_on, today)


class PositionChange(models.Model):
    """On which day a position moved from what to what, and why. Append-only."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="position_changes")
    changed_on = models.DateField()
    from_status = models.CharField(max_length=20, choices=Status, blank=True)
    from_reason_code = models.CharField(max_length=30, blank=True)
    to_status = models.CharField(max_length=20, choices=Status)
    to_reason_code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=600)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PositionChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_on", "-id"]
        indexes = [models.Index(fields=["delivery", "-changed_on", "-id"], name="position_change_history")]
        triggers = [
            never_emptied(),
            pgtrigger.Protect(name="position_change_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.from_status or 'new'} to {self.to_status} on {self.changed_on}"
