"""The local plan as it stood on any day: a row each time it was settled, so that a past day can be worked out again."""

import datetime as dt
from collections.abc import Collection

import pgtrigger
from django.db import connection, models

from commitments.models.facts import Delivery
from systems.models import User, never_emptied

# The columns of a delivery that are its local plan.
PLAN = ("lead_id", "planned_start_on", "local_deadline_on", "is_applicable", "not_applicable_reason")
_COLUMNS = ", ".join(PLAN)
_RECORD = f"""
INSERT INTO commitments_planrevision (delivery_id, recorded_on, recorded_by_id, {_COLUMNS})
SELECT id, %s, %s, {_COLUMNS} FROM commitments_delivery WHERE id = ANY(%s) ORDER BY id
"""  # noqa: S608 - column names of our own model


class PlanRevisionQuerySet(models.QuerySet):
    def record(self, deliveries: Collection[int], *, today: dt.date, by: User | None = None) -> None:
        """Keeps the local plans of these deliveries as they stand now. Whoever writes a plan calls it afterwards."""
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, [today, by.pk if by else None, list(deliveries)])

    def in_force_on(self, day: dt.date) -> "PlanRevisionQuerySet":
        """The plan of each delivery that was open on this day: the latest recorded up to it."""
        known = self.filter(recorded_on__lte=day)
        return known.order_by("delivery_id", "-recorded_on", "-id").distinct("delivery_id")


class PlanRevision(models.Model):
    """The local plan of a delivery from a day on. The first one is recorded when the delivery is opened."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="plan_revisions")
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    planned_start_on = models.DateField(null=True, blank=True)
    local_deadline_on = models.DateField(null=True, blank=True)
    is_applicable = models.BooleanField()
    not_applicable_reason = models.CharField(max_length=500, blank=True)

    objects = PlanRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_on", "-id"]
        indexes = [models.Index(fields=["delivery", "-recorded_on", "-id"], name="plan_revision_in_force")]
        triggers = [
            never_emptied(),
            pgtrigger.Protect(name="plan_revision_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: plan of {self.recorded_on}"
