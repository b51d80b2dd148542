"""Each run of the recompute: what began it, what it did, and whether it came to its end."""

import datetime as dt

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now

from commitments.choices import RunState, Trigger

# No run takes this long: one that began earlier and never said that it ended was killed.
RUN_ENDS_WITHIN = dt.timedelta(minutes=20)
KEPT_FOR = dt.timedelta(days=90)


class RunQuerySet(models.QuerySet):
    def with_state(self) -> "RunQuerySet":
        """With how far each got, by the database's clock, which also wrote when it began."""
        return self.annotate(
            state=Case(
                When(~Q(error=""), then=Value(RunState.FAILED)),
                When(finished_at__isnull=False, then=Value(RunState.FINISHED)),
                When(started_at__lt=Now() - RUN_ENDS_WITHIN, then=Value(RunState.UNFINISHED)),
                default=Value(RunState.RUNNING),
                output_field=models.CharField(),
            )
        )

    def outdated(self) -> "RunQuerySet":
        """Runs nobody will ask about any more."""
        return self.filter(started_at__lt=Now() - KEPT_FOR)


class Run(models.Model):
    """One run of the recompute. Written outside its transactions, so that a run that is killed leaves its row."""

    scope = models.CharField(max_length=60)
    trigger = models.CharField(max_length=20, choices=Trigger)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    examined = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["-started_at", "-id"], name="run_newest_first")]
        constraints = [
            models.CheckConstraint(condition=Q(trigger__in=Trigger.values), name="run_trigger_is_known"),
            models.CheckConstraint(
                condition=Q(error="") | Q(finished_at__isnull=False), name="run_that_failed_has_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}, {self.get_trigger_display().lower()}"

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it has not ended."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None
