"""How a local deadline moves: somebody asks, an approver decides. National deadlines are never moved by a system."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commitments.choices import DECIDED_ASKS, Ask
from commitments.models.facts import Delivery
from systems.models import User, never_emptied
from systems.models.footprints import under
from systems.permissions import Action

NOT_ONES_OWN_ASK = "Nobody decides about a deadline change they asked for."


class DeadlineChangeQuerySet(models.QuerySet):
    def readable_by(self, user: User) -> "DeadlineChangeQuerySet":
        """Those where this person may read working positions."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "delivery__footprint__path"))

    def awaiting_decision_by(self, user: User) -> "DeadlineChangeQuerySet":
        """Those this person may decide: in their footprints and not their own. The oldest first."""
        paths = user.paths_for(Action.SIGN_OFF)
        return (
            self.filter(under(paths, "delivery__footprint__path"), state=Ask.ASKED)
            .exclude(asked_by=user)
            .select_related("delivery__commitment__theme", "delivery__footprint", "asked_by")
            .order_by("asked_on", "id")
        )

    def undecided(self) -> "DeadlineChangeQuerySet":
        return self.filter(state=Ask.ASKED)


class DeadlineChange(models.Model):
    """Another local deadline for a delivery: asked for with a reason, then agreed or refused by somebody else.

    What was asked is never edited, and what was decided never changed or deleted: the database refuses both.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="deadline_changes")
    old_on = models.DateField("deadline so far")
    new_on = models.DateField("deadline asked for")
    reason = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    state = models.CharField(max_length=10, choices=Ask, default=Ask.ASKED)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decision_note = models.TextField(max_length=2000, blank=True)

    objects = DeadlineChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-id"]
        indexes = [
            models.Index(fields=["asked_on", "id"], condition=Q(state=Ask.ASKED), name="deadline_change_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(state=Ask.ASKED),
                name="deadline_change_one_open_per_delivery",
                violation_error_message="Another deadline has been asked for already and is not decided yet.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="deadline_change_nobody_decides_their_own",
                violation_error_message=NOT_ONES_OWN_ASK,
            ),
            models.CheckConstraint(
                condition=~Q(new_on=F("old_on")),
                name="deadline_change_asks_for_another_day",
                violation_error_message="The deadline asked for must differ from the deadline so far.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="deadline_change_has_a_reason",
                violation_error_message="Say why another deadline is needed.",
            ),
            models.CheckConstraint(
                condition=Q(state=Ask.ASKED, decided_by__isnull=True, decided_on__isnull=True)
                | Q(state__in=DECIDED_ASKS, decided_by__isnull=False, decided_on__isnull=False),
                name="deadline_change_decided_names_who_and_when",
                violation_error_message="A decision names who decided and when.",
            ),
            models.CheckConstraint(
                condition=~Q(state=Ask.REFUSED) | ~Q(decision_note=""),
                name="deadline_change_refused_says_why",
                violation_error_message="Say why the deadline change is refused.",
            ),
        ]
        triggers = [
            never_emptied(),
            pgtrigger.ReadOnly(
                name="what_was_asked_stays",
                fields=["delivery", "old_on", "new_on", "reason", "asked_by", "asked_on"],
            ),
            pgtrigger.Protect(
                name="decided_deadline_change_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=DECIDED_ASKS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}, {self.old_on} to {self.new_on}"

    @property
    def path(self) -> str:
        """Where it lies, for the permission table."""
        return self.delivery.footprint.path

    @property
    def happened_on(self) -> dt.date:
        """The day it was last heard of."""
        return self.decided_on or self.asked_on
