"""The improvement plan: who does what by when, and which criteria that will meet."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q

from systems.models.audit import audited, never_emptied
from systems.models.days import FIRST_DAY, LAST_DAY
from systems.models.footprints import Footprint, under
from systems.models.maturity import Criterion
from systems.models.people import User
from systems.models.private_files import made_up_name, private_storage
from systems.permissions import Action


class ImprovementActionQuerySet(models.QuerySet["ImprovementAction"]):
    def visible_to(self, user: User) -> "ImprovementActionQuerySet":
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "footprint__path"))

    def still_open(self) -> "ImprovementActionQuerySet":
        return self.filter(done_on__isnull=True)

    def nearest_first(self) -> "ImprovementActionQuerySet":
        """Open ones by when they are due, those without a date last; then what is done, the latest first."""
        return self.order_by(
            models.F("done_on").desc(nulls_first=True), models.F("due_on").asc(nulls_last=True), "title", "pk"
        )


class ImprovementAction(models.Model):
    """One step of a footprint's improvement plan. Without an owner and a due day only where its source gives none."""

    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="improvement_actions")
    title = models.CharField("action", max_length=300)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="improvement_actions")
    due_on = models.DateField(null=True, blank=True)
    closes = models.ManyToManyField(Criterion, related_name="actions", blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.TextField(max_length=2000, blank=True)
    evidence_url = models.URLField("link to the evidence", max_length=500, blank=True)
    evidence_file = models.FileField(storage=private_storage, upload_to=made_up_name, max_length=50, blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=500, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ImprovementActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["footprint", "title"],
                name="improvement_action_once_per_footprint_and_title",
                violation_error_message="The plan already has an action with these words.",
            ),
            models.CheckConstraint(
                condition=~Q(source="") | (Q(owner__isnull=False) & Q(due_on__isnull=False)),
                name="improvement_action_has_an_owner_and_a_due_day_or_a_source",
                violation_error_message="An action needs an owner and a date, unless its source gives none.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=FIRST_DAY, due_on__lte=LAST_DAY),
                name="improvement_action_is_due_in_the_years_of_a_plan",
                violation_error_message=f"The date must be between {FIRST_DAY.year} and {LAST_DAY.year}.",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True)
                | (Q(done_by__isnull=False) & (~Q(evidence="") | ~Q(evidence_url="") | ~Q(evidence_file=""))),
                name="improvement_action_is_done_with_evidence",
                violation_error_message="Say what shows that it is done.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        """Where it lies, for the permission table."""
        return self.footprint.path

    def is_overdue(self, today: dt.date) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < today


class ActionMove(models.Model):
    """The due date of an action before and after somebody changed it, and why. Append-only."""

    action = models.ForeignKey(ImprovementAction, models.PROTECT, related_name="moves")
    # Empty where the source of the action gave none.
    was_due_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    reason = models.TextField(max_length=1000, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-recorded_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(was_due_on__isnull=True) | ~Q(was_due_on=F("due_on")),
                name="action_move_is_to_another_day",
                violation_error_message="The action is due on that day already.",
            ),
            models.CheckConstraint(
                condition=Q(was_due_on__isnull=True) | ~Q(reason=""),
                name="action_move_has_a_reason",
                violation_error_message="Say why the date moves.",
            ),
        ]
        triggers = [
            never_emptied(),
            pgtrigger.Protect(name="action_move_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.was_due_on or 'no date'} to {self.due_on}"
