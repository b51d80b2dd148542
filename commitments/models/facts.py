"""What people told us about delivery. Append-only where history matters: a correction is a new row."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, When

from commitments.choices import (
    EDITABLE_REPORT_STATES,
    LOCAL_LEVELS,
    OPEN_REPORT_STATES,
    Confidence,
    ReportState,
    Stage,
    Status,
)
from commitments.models.catalogue import Commitment, Metric
from systems.models import Footprint, User
from systems.models.footprints import under
from systems.permissions import Action


class ReportingPeriod(models.Model):
    """A month on which every delivery reports. A row, never computed from "today"."""

    # The month's first day is its key, so that a report's period says which report is the later one.
    starts_on = models.DateField(primary_key=True)
    ends_on = models.DateField()
    opens_on = models.DateField(unique=True)
    due_on = models.DateField()
    closes_on = models.DateField()

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

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"


class LocalLevel(models.Model):
    """A system's choice to deliver a commitment at a lower level than the catalogue says."""

    system = models.ForeignKey(Footprint, models.PROTECT, related_name="local_levels")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="local_levels")
    level = models.CharField(max_length=20, choices=[(level.value, level.label) for level in LOCAL_LEVELS])
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "commitment"],
                name="local_level_once_per_system_and_commitment",
                violation_error_message="This system has already chosen a level for this commitment.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in LOCAL_LEVELS]),
                name="local_level_lies_below_the_system",
                violation_error_message="Choose a level below the system.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} in {self.system} by {self.get_level_display()}"


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "DeliveryQuerySet":
        """Deliveries whose signed-off position this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "footprint__path"))

    def reportable_by(self, user: User) -> "DeliveryQuerySet":
        """Deliveries this person may report on."""
        return self.filter(under(user.paths_for(Action.REPORT), "footprint__path"))

    def inside(self, footprint: Footprint) -> "DeliveryQuerySet":
        """Deliveries in or below a footprint."""
        return self.filter(footprint__path__startswith=footprint.path)

    def for_list(self) -> "DeliveryQuerySet":
        """With all that a row of the list shows."""
        return self.select_related("commitment__theme", "footprint__system", "position", "lead")

    def worst_first(self) -> "DeliveryQuerySet":
        """By status, the worst first, then by national deadline; in one order, so that pages do not overlap."""
        ranks = [When(position__status=status, then=rank) for rank, status in enumerate(Status)]
        return self.annotate(severity=Case(*ranks, output_field=models.PositiveSmallIntegerField())).order_by(
            "severity", "position__deadline_on", "commitment__code", "footprint__name", "pk"
        )


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Delivery(models.Model):
    """One commitment at one footprint, and the local plan for it. Catalogue text is never copied into it."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="deliveries")
    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="deliveries")
    lead = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="deliveries_led")
    planned_start_on = models.DateField("planned start", null=True, blank=True)
    local_deadline_on = models.DateField("local deadline", null=True, blank=True)
    is_applicable = models.BooleanField("applies here", default=True)
    not_applicable_reason = models.CharField("why it does not apply here", max_length=500, blank=True)
    source = models.CharField("source of this statement", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["commitment__theme__ordinal", "commitment__code", "footprint__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "footprint"],
                name="delivery_once_per_commitment_and_footprint",
                violation_error_message="This commitment already has a delivery here.",
            ),
            models.CheckConstraint(
                condition=Q(is_applicable=True) ^ ~Q(not_applicable_reason=""),
                name="delivery_not_applicable_says_why",
                violation_error_message="Say why the commitment does not apply here, or leave the reason empty.",
            ),
            models.CheckConstraint(
                condition=Q(planned_start_on__isnull=True)
                | Q(local_deadline_on__isnull=True)
                | Q(local_deadline_on__gte=F("planned_start_on")),
                name="delivery_starts_before_its_local_deadline",
                violation_error_message="The local deadline cannot come before the planned start.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.title}, {self.footprint.name}"

    @property
    def path(self) -> str:
        """Where it lies, for the permission table."""
        return self.footprint.path


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Milestone(models.Model):
    """A dated step of a delivery, achieved or open."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    achieved_on = models.DateField(null=True, blank=True)
    achieved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_on = models.DateField()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "title"],
                name="milestone_title_once_per_delivery",
                violation_error_message="This delivery already has a milestone with this title.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


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
                violation_error_message="Nobody signs off or returns their own report.",
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
        return self.state in EDITABLE_REPORT_STATES

    def is_late(self) -> bool:
        """Submitted after the day its period was due."""
        return self.submitted_on is not None and self.submitted_on > self.period.due_on


class Observation(models.Model):
    """A metric's value at a footprint at a period's end. Never edited: a revision is a new row."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="observations")
    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="observations")
    period_end_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    source = models.CharField(max_length=300)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-period_end_on", "-id"]
        indexes = [
            models.Index(fields=["metric", "footprint", "-period_end_on", "-id"], name="observation_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end_on__lte=F("recorded_on")),
                name="observation_is_of_the_past",
                violation_error_message="A measurement cannot be of a day still to come.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="observation_has_a_source",
                violation_error_message="Say where the value comes from.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="observation_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.metric} at {self.footprint}, {self.period_end_on}: {self.value}"
