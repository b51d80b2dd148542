"""What people report, month by month. A signed-off report is never changed: a correction is a new one."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pgtrigger
from django.db import connection, models
from django.db.models import Count, F, Q
from django.db.models.functions import Now

from commitments.choices import (
    EDITABLE_REPORT_STATES,
    OPEN_REPORT_STATES,
    TOLD_REPORT_STATES,
    Confidence,
    ReportState,
    Stage,
)
from commitments.models.facts import Delivery, Milestone, came_back
from commitments.models.milestones import MilestoneChange
from commitments.models.periods import ReportingPeriod
from systems.models import Footprint, User, never_emptied
from systems.models.footprints import under
from systems.permissions import Action

# What a report cannot be submitted without, and how its writer is asked for it.
NEEDED = {
    "stage": "Select a stage",
    "confidence": "Select a delivery confidence",
    "narrative": "Enter what happened this month",
}
NEEDED_UNLESS_GREEN = {
    "expected_on": "Enter the date you now expect it to be delivered",
    "reason": "Enter why it is not green",
    "path_to_green": "Enter the path to green",
}
NOT_ONES_OWN = "Nobody signs off or returns their own report."
# The words of a report that its writer fills in, and what the database calls their types.
WORDS = {
    "stage": "text",
    "confidence": "text",
    "expected_on": "date",
    "narrative": "text",
    "next_steps": "text",
    "reason": "text",
    "path_to_green": "text",
    "evidence": "text",
}
_REWRITE = f"""
UPDATE commitments_report report
   SET {", ".join(f"{name} = written.{name}" for name in WORDS)},
       state = 'draft', submitted_on = NULL, decided_by_id = NULL, decided_on = NULL,
       author_id = %s, saved_at = statement_timestamp(), written_in = NULL, version = report.version + 1
  FROM unnest(%s::bigint[], %s::int[], {", ".join(f"%s::{kind}[]" for kind in WORDS.values())})
       AS written (id, version, {", ".join(WORDS)})
 WHERE report.id = written.id AND report.version = written.version AND report.state IN ('draft', 'returned')
RETURNING report.id
"""  # noqa: S608 - column names of our own model


def missing(words: Mapping[str, Any]) -> dict[str, str]:
    """What is still missing before these words can be submitted: how to ask for it, by field."""
    is_green = words.get("confidence") not in (Confidence.AMBER, Confidence.RED)
    needed = NEEDED if is_green else NEEDED | NEEDED_UNLESS_GREEN
    return {name: message for name, message in needed.items() if not words.get(name)}


class ReportQuerySet(models.QuerySet):
    def readable_by(self, user: User) -> "ReportQuerySet":
        """Those where this person may read working positions, drafts among them."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "delivery__footprint__path"))

    def awaiting_sign_off_by(self, user: User) -> "ReportQuerySet":
        """Submitted reports this person may decide: in their footprints and not their own."""
        paths = user.paths_for(Action.SIGN_OFF)
        return (
            self.filter(under(paths, "delivery__footprint__path"), state=ReportState.SUBMITTED)
            .exclude(author=user)
            .select_related("delivery__commitment__theme", "delivery__footprint", "period", "author")
            .order_by("submitted_on", "id")
        )

    def in_open_months(self, open_months: Mapping[int | None, Sequence[ReportingPeriod]]) -> "ReportQuerySet":
        """Those of months that still take reports; `open_months` by system."""
        is_open = Q(pk__in=())
        for system, months in open_months.items():
            is_open |= Q(delivery__footprint__system=system, period__in=months)
        return self.filter(is_open)

    def returned_to(self, user: User, deliveries: models.QuerySet) -> "ReportQuerySet":
        """Those sent back on these deliveries, and those this person wrote where they may still report.

        A draft that somebody began of one that was sent back is still to be sent again.
        """
        mine = Q(author=user) & under(user.paths_for(Action.REPORT), "delivery__footprint__path")
        returned = self.filter(mine | Q(delivery__in=deliveries), came_back())
        return returned.select_related(
            "delivery__commitment", "delivery__footprint", "period", "decided_by", "author"
        ).order_by("decided_on", "id")

    def signed_off(self) -> "ReportQuerySet":
        return self.filter(state=ReportState.SIGNED_OFF)

    def counted_by_period(self, system: Footprint, periods: Collection[ReportingPeriod]) -> dict:
        """By month, how many deliveries of a system have a report in which state, and how many were late."""
        counts = {
            "waiting": Q(state=ReportState.SUBMITTED),
            "signed_off": Q(state=ReportState.SIGNED_OFF),
            "unfinished": Q(state__in=EDITABLE_REPORT_STATES),
            "late": Q(state__in=TOLD_REPORT_STATES, submitted_on__gt=F("period__due_on")),
        }
        found = self.filter(delivery__footprint__path__startswith=system.path, period__in=periods).order_by()
        counted = {name: Count("delivery", filter=which, distinct=True) for name, which in counts.items()}
        return {row.pop("period"): row for row in found.values("period").annotate(**counted)}

    def current_of(self, deliveries: Collection[int]) -> "ReportQuerySet":
        """The report that counts for each of these deliveries and each month: the one still open, else the latest."""
        found = self.filter(delivery__in=deliveries).order_by("delivery_id", "period_id", "-pk")
        return found.distinct("delivery_id", "period_id").select_related("author", "decided_by")

    def still_open(self) -> "ReportQuerySet":
        return self.filter(state__in=OPEN_REPORT_STATES)

    def drafts_of(self, user: User) -> "ReportQuerySet":
        """Drafts this person may go on writing and submit: on applicable deliveries in their footprints."""
        paths = user.paths_for(Action.REPORT)
        return self.filter(
            under(paths, "delivery__footprint__path"), state=ReportState.DRAFT, delivery__is_applicable=True
        )

    def newest_of_each(self) -> "ReportQuerySet":
        """The latest report of each delivery: of the latest month, and there the one written last."""
        return self.order_by("delivery_id", "-period", "-id").distinct("delivery_id")

    def achieve_ticked(self, *, by: User, today: dt.date) -> list[int]:
        """Makes facts, dated today, of what is ticked in these reports, and leaves no tick in them.

        Returns the deliveries that got a milestone achieved: whoever submits recomputes them.
        """
        ticks = Report.ticked.through.objects.filter(report__in=self)
        achieved = list(Milestone.objects.standing().filter(pk__in=ticks.values("milestone"), achieved_on=None))
        for milestone in achieved:
            milestone.achieved_on, milestone.achieved_by = today, by
        Milestone.objects.bulk_update(achieved, ["achieved_on", "achieved_by"], batch_size=500)
        MilestoneChange.objects.record_achieved(achieved)
        ticks.delete()
        return sorted({milestone.delivery_id for milestone in achieved})

    def rewrite(self, written: Mapping[tuple[int, int], Mapping[str, Any]], *, by: User) -> set[int]:
        """Writes words over drafts, by (key, version as read); returns the keys of those that still had it."""
        columns = [[words[name] for words in written.values()] for name in WORDS]
        with connection.cursor() as cursor:
            cursor.execute(_REWRITE, [by.pk, [pk for pk, _ in written], [version for _, version in written], *columns])
            return {row[0] for row in cursor.fetchall()}


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
    # The last time somebody saved its words, and in which page: that page goes on from its own words even where the
    # portal's answer was lost on the way.
    saved_at = models.DateTimeField(db_default=Now(), editable=False)
    written_in = models.UUIDField(null=True, blank=True, editable=False)
    # Ticked in a draft. Submitting makes facts of them, so that what is sent has none left.
    ticked = models.ManyToManyField(Milestone, related_name="+", blank=True)

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
            never_emptied(),
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

    @property
    def came_back(self) -> bool:
        """Whether an approver sent it back and it was not submitted again since."""
        return self.is_editable and self.return_note != ""

    def is_late(self) -> bool:
        """Submitted after the day its period was due."""
        return self.submitted_on is not None and self.submitted_on > self.period.due_on
