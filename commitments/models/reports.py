"""What people report, month by month. A signed-off report is never changed: a correction is a new one."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commitments.choices import (
    EDITABLE_REPORT_STATES,
    OPEN_REPORT_STATES,
    Confidence,
    ReportState,
    Stage,
)
from commitments.models.facts import Delivery
from systems.models import Audited, User
from systems.models.footprints import under
from systems.permissions import Action

NOT_ONES_OWN = "Nobody signs off or returns their own report."


class ReportingPeriodQuerySet(models.QuerySet):
    def open_on(self, day: dt.date) -> "ReportingPeriodQuerySet":
        """The months reported on this day, from the day each opens to the day it closes."""
        return self.filter(opens_on__lte=day, closes_on__gte=day)


class ReportingPeriod(models.Model):
    """A month on which every delivery reports. A row, never computed from "today"."""

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
        triggers = [Audited()]

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"


class ReportQuerySet(models.QuerySet):
    def readable_by(self, user: User) -> "ReportQuerySet":
        """Signed-off reports wherever positions may be read; drafts and submissions where working papers may."""
        paths = user.paths_for(Action.READ_WORKING)
        return self.filter(
            under(paths, "delivery__footprint__path")
            | Q(state=ReportState.SIGNED_OFF)
            & under(user.paths_for(Action.READ_POSITIONS), "delivery__footprint__path")
        )

    def awaiting_sign_off_by(self, user: User) -> "ReportQuerySet":
        """Submitted reports this person may decide: in their footprints and not their own."""
        paths = user.paths_for(Action.SIGN_OFF)
        return (
            self.filter(under(paths, "delivery__footprint__path"), state=ReportState.SUBMITTED)
            .exclude(author=user)
            .select_related("delivery__commitment__theme", "delivery__footprint", "period", "author")
            .order_by("submitted_on", "id")
        )

    def signed_off(self) -> "ReportQuerySet":
        return self.filter(state=ReportState.SIGNED_OFF)

    def still_open(self) -> "ReportQuerySet":
        return self.filter(state__in=OPEN_REPORT_STATES)


class Report(models.Model):
    """One highlight report on a delivery in one reporting period.

    `draft > submitted > signed off`, or `returned` with a note. A signed-off report is never changed or deleted
    (the database refuses): a correction is a new report that supersedes it.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="reports")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports")
    state = models.CharField(max_length=20, choices=ReportState, default=ReportState.DRAFT)
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    confidence = models.CharField("delivery confidence", max_length=10, choices=Confidence, blank=True)
    expected_on = models.DateField("expected date", null=True, blank=True)
    narrative = models.TextField("what happened this month", max_length=4000, blank=True)
    next_steps = models.TextField(max_length=2000, blank=True)
    reason = models.TextField("why it is not green", max_length=2000, blank=True)
    path_to_green = models.TextField(max_length=2000, blank=True)
    evidence = models.TextField(max_length=2000, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="reports")
    submitted_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    return_note = models.TextField(max_length=2000, blank=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    version = models.PositiveIntegerField(default=1, editable=False)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-period__starts_on", "-id"]
        indexes = [
            models.Index(
                fields=["delivery", "-period", "-id"],
                condition=Q(state=ReportState.SIGNED_OFF),
                name="report_signed_off_latest",
            ),
            models.Index(
                fields=["submitted_on", "id"],
                condition=Q(state=ReportState.SUBMITTED),
                name="report_sign_off_queue",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "period"],
                condition=Q(state__in=OPEN_REPORT_STATES),
                name="report_one_open_per_delivery_and_period",
                violation_error_message="A report for this period is already open.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT)
                | Q(confidence=Confidence.GREEN)
                | (~Q(reason="") & ~Q(path_to_green="")),
                name="report_red_or_amber_has_reason_and_path_to_green",
                violation_error_message="Red or amber needs a reason and a path to green.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
                name="report_nobody_decides_their_own",
                violation_error_message=NOT_ONES_OWN,
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(submitted_on__isnull=False),
                name="report_past_draft_has_its_day_of_submission",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReportState.SIGNED_OFF, ReportState.RETURNED])
                | (Q(decided_by__isnull=False) & Q(decided_on__isnull=False)),
                name="report_decided_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RETURNED) | ~Q(return_note=""),
                name="report_returned_has_a_note",
                violation_error_message="Say why the report is returned.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT)
                | (
                    Q(state__in=ReportState.values)
                    & Q(stage__in=Stage.values)
                    & Q(confidence__in=Confidence.values)
                    & ~Q(narrative="")
                ),
                name="report_past_draft_is_complete",
                violation_error_message="A report needs a stage, a confidence and what happened this month.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_off_report_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ReportState.SIGNED_OFF),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}, {self.period}"

    @property
    def path(self) -> str:
        """Where it lies, for the permission table."""
        return self.delivery.footprint.path

    @property
    def is_editable(self) -> bool:
        """Whether its writer can still change it."""
        return self.state in EDITABLE_REPORT_STATES

    def is_late(self) -> bool:
        """Submitted after the day its period was due."""
        return self.submitted_on is not None and self.submitted_on > self.period.due_on
