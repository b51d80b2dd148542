"""A spreadsheet somebody filled in and sent: its rows as values, what was wrong with them, and what became of each."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from commitments.choices import Confidence, Outcome, Stage
from commitments.models.facts import Delivery
from commitments.models.reports import ReportingPeriod
from systems.models import Job, User
from systems.models.jobs import KEPT_FOR


class UploadQuerySet(models.QuerySet):
    def of(self, user: User) -> "UploadQuerySet":
        """One's own: nobody sees another's."""
        return self.filter(reading__asked_by=user).select_related("reading__asked_by", "writing")

    def outdated(self) -> "UploadQuerySet":
        return self.filter(sent_at__lt=Now() - KEPT_FOR)


class Upload(models.Model):
    """One file: read by a worker, shown to its sender, and written by a worker once they confirm it.

    The file itself is kept no longer than until it is read; its name is only ever shown.
    """

    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    sent_at = models.DateTimeField(db_default=Now())
    reading = models.OneToOneField(Job, models.PROTECT, related_name="+")
    writing = models.OneToOneField(Job, models.PROTECT, null=True, blank=True, related_name="+")
    # Rows in which nothing was filled in.
    empty_rows = models.PositiveIntegerField(default=0)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def job(self) -> Job:
        """What is being done with it, or was done last."""
        return self.writing or self.reading

    @property
    def came_to(self) -> str:
        """What came of it so far."""
        if self.job.error:
            return "Refused"
        if not self.job.finished_at:
            return self.job.get_kind_display()
        return "Saved" if self.writing else "Read, not saved"


class UploadedRow(models.Model):
    """What one row of the sheet says about one delivery, and on which report it was based."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("row")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="+")
    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="+")
    # The report that stood when the sheet was downloaded, by number and version; 0 where there was none.
    base_report = models.BigIntegerField()
    base_version = models.PositiveIntegerField()
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    narrative = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    path_to_green = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    is_ready = models.BooleanField("ready to submit")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    left_out_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="uploaded_row_once_per_number"),
            models.UniqueConstraint(
                fields=["upload", "delivery"],
                name="uploaded_row_once_per_delivery",
                violation_error_message="This delivery has two rows in the sheet.",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.LEFT_OUT) ^ Q(left_out_because=""), name="uploaded_row_left_out_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"


class CellProblem(models.Model):
    """Why a row cannot be taken: which cell, and what is wrong with it."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    cell = models.CharField(max_length=12)
    heading = models.CharField("column", max_length=60)
    message = models.CharField(max_length=300)

    class Meta:
        ordering = ["row", "id"]

    def __str__(self) -> str:
        return f"{self.cell}: {self.message}"
