"""Work that a person asked for and a worker does: how far it is, and how it ended."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from systems.choices import JobKind, JobState
from systems.models.people import User

KEPT_FOR = dt.timedelta(days=30)


class JobQuerySet(models.QuerySet):
    def unfinished(self) -> "JobQuerySet":
        return self.filter(finished_at__isnull=True)

    def outdated(self) -> "JobQuerySet":
        """Jobs nobody will ask about any more, by the database's clock, which also wrote when they were asked for."""
        return self.filter(asked_at__lt=Now() - KEPT_FOR)


class Job(models.Model):
    """One piece of work. The row is the message: what a killed worker left unfinished, the next one takes up.

    Whoever does it acts with the rights of the person who asked, as they are when it is done.
    """

    kind = models.CharField(max_length=30, choices=JobKind)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="jobs")
    asked_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # In words for the person who asked; empty where it went well.
    error = models.CharField(max_length=500, blank=True)
    # Where that person finds what came of it.
    result = models.CharField(max_length=200, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="job_unfinished"),
            models.Index(fields=["asked_by", "-asked_at"], name="job_of_a_person_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=JobKind.values), name="job_kind_is_known"),
            models.CheckConstraint(
                condition=Q(error="") | Q(finished_at__isnull=False), name="job_that_failed_has_finished"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_does_no_more_than_there_is_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.asked_by}"

    @property
    def state(self) -> JobState:
        if self.error:
            return JobState.FAILED
        if self.finished_at:
            return JobState.FINISHED
        return JobState.RUNNING if self.started_at else JobState.WAITING
