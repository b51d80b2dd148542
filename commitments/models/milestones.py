"""What became of each milestone: moved, achieved with evidence, open again, or withdrawn. A row each time."""

import datetime as dt
from collections.abc import Iterable

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commitments.choices import StepKind
from commitments.models.facts import Milestone
from systems.models import User, never_emptied
from systems.models.private_files import made_up_name, private_storage


class MilestoneChangeQuerySet(models.QuerySet["MilestoneChange"]):
    def record_achieved(self, milestones: Iterable[Milestone]) -> None:
        """Keeps that these milestones, open until then, were ticked on the day they say. Whoever ticks calls it."""
        self.bulk_create(
            (
                self.model(
                    milestone=milestone,
                    kind=StepKind.ACHIEVED,
                    was_due_on=milestone.due_on,
                    due_on=milestone.due_on,
                    achieved_on=milestone.achieved_on,
                    recorded_on=milestone.achieved_on,
                    recorded_by_id=milestone.achieved_by_id,
                )
                for milestone in milestones
            ),
            batch_size=1000,
        )

    def first_after(self, day: dt.date) -> "dict[int, MilestoneChange]":
        """The first change of each milestone after a day, which says what it was on that day."""
        later = self.filter(recorded_on__gt=day).order_by("milestone_id", "id").distinct("milestone_id")
        return {change.milestone_id: change for change in later}


class MilestoneChange(models.Model):
    """A milestone before and after somebody moved it, achieved it, took a tick back or withdrew it. Append-only."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=StepKind)
    was_due_on = models.DateField()
    due_on = models.DateField()
    was_achieved_on = models.DateField(null=True, blank=True)
    achieved_on = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    evidence_url = models.URLField("link to the evidence", max_length=500, blank=True)
    evidence_file = models.FileField(storage=private_storage, upload_to=made_up_name, max_length=50, blank=True)
    # The file's own name, for people; it never becomes a path.
    evidence_name = models.CharField(max_length=200, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MilestoneChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ~Q(was_due_on=F("due_on")),
                    kind=StepKind.MOVED,
                    was_achieved_on__isnull=True,
                    achieved_on__isnull=True,
                )
                | Q(
                    kind=StepKind.ACHIEVED,
                    was_due_on=F("due_on"),
                    was_achieved_on__isnull=True,
                    achieved_on__isnull=False,
                )
                | Q(
                    kind=StepKind.REOPENED,
                    was_due_on=F("due_on"),
                    was_achieved_on__isnull=False,
                    achieved_on__isnull=True,
                )
                | Q(
                    kind=StepKind.WITHDRAWN,
                    was_due_on=F("due_on"),
                    was_achieved_on__isnull=True,
                    achieved_on__isnull=True,
                ),
                name="milestone_change_changes_one_thing",
                violation_error_message="A milestone is moved, achieved, opened again or withdrawn, one at a time.",
            ),
            models.CheckConstraint(
                condition=Q(kind=StepKind.ACHIEVED) | ~Q(reason=""),
                name="milestone_change_moved_or_reopened_says_why",
                violation_error_message="Say why.",
            ),
            models.CheckConstraint(
                condition=Q(achieved_on__isnull=True) | Q(achieved_on__lte=F("recorded_on")),
                name="milestone_change_achieved_in_the_past",
                violation_error_message="A milestone cannot be achieved on a day still to come.",
            ),
            models.CheckConstraint(
                condition=Q(kind=StepKind.ACHIEVED) | Q(evidence_url="", evidence_file=""),
                name="milestone_change_evidence_is_of_what_was_achieved",
                violation_error_message="Evidence belongs to a milestone that is achieved.",
            ),
            models.CheckConstraint(
                condition=Q(evidence_url="") | Q(evidence_url__startswith="https://"),
                name="milestone_change_evidence_link_is_https",
                violation_error_message="Enter a link that begins with https://",
            ),
            models.CheckConstraint(
                condition=Q(evidence_file="") ^ ~Q(evidence_name=""),
                name="milestone_change_evidence_file_has_a_name",
                violation_error_message="A file has a name.",
            ),
        ]
        triggers = [
            never_emptied(),
            pgtrigger.Protect(name="milestone_change_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.get_kind_display()}"
