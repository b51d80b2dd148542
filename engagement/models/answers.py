"""What the NHS does about a recommendation, what shows it, and what the committee made of it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from engagement.choices import StepKind
from engagement.models.recommendations import Recommendation
from systems.models import User, audited
from systems.models.private_files import made_up_name, private_storage


class RecommendationAction(models.Model):
    """Something the NHS does about a recommendation, by a day."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="actions")
    title = models.CharField("action", max_length=300)
    owner = models.CharField("who does it", max_length=120)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(owner=""),
                name="action_has_a_title_and_an_owner",
                violation_error_message="An action says what is done, and by whom.",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("recorded_on")),
                name="action_is_done_after_it_was_recorded",
                violation_error_message="An action cannot be done before it was recorded.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.title

    def is_overdue(self, today) -> bool:
        return self.done_on is None and self.due_on < today


class RecommendationEvidence(models.Model):
    """A link or a file that shows what was done. Append-only."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    url = models.URLField("link", max_length=500, blank=True)
    file = models.FileField(storage=private_storage, upload_to=made_up_name, max_length=50, blank=True)
    # The file's own name, for people; it never becomes a path.
    file_name = models.CharField(max_length=200, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "recommendation evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") ^ Q(file=""),
                name="evidence_is_a_link_or_a_file",
                violation_error_message="Enter a link, or select a file, but not both.",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://"),
                name="evidence_link_is_https",
                violation_error_message="Enter a link that begins with https://",
            ),
            models.CheckConstraint(
                condition=Q(file="") ^ ~Q(file_name=""),
                name="evidence_file_has_a_name",
                violation_error_message="A file has a name.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="evidence_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title


class CommitteeStep(models.Model):
    """The committee closed a recommendation, or opened it again. Append-only."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    note = models.TextField(max_length=2000)
    # When it was opened again: the day by which the NHS answers once more.
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField()
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=StepKind.CLOSED, due_on__isnull=True)
                | Q(kind=StepKind.REOPENED, due_on__isnull=False),
                name="committee_step_reopened_names_another_day",
                violation_error_message="A recommendation opened again has a new day for the answer.",
            ),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="committee_step_has_a_note",
                violation_error_message="Say why.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="committee_step_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_kind_display()}"
