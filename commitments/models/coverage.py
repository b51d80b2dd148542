"""Roll-ups: how a commitment stands over every footprint above those that deliver it."""

from django.db import models
from django.db.models import Q, Sum

from commitments.choices import Status
from commitments.models.catalogue import Commitment
from systems.models import Footprint
from systems.models.due import DueQuerySet


class CoverageQuerySet(models.QuerySet):
    def of(self, commitment: Commitment) -> "CoverageQuerySet":
        return self.filter(commitment=commitment)

    def counted(self):
        """(footprint, status, deliveries, people) rows, for a tally."""
        return self.values_list("footprint_id", "status", "deliveries", "people")

    def summed_by(self, name: str):
        """The same rows summed over commitments, by a footprint or by a theme."""
        return self.order_by().values_list(name, "status").annotate(Sum("deliveries"), Sum("people"))


class Coverage(models.Model):
    """How a commitment stands over a footprint: how many of those who deliver it have a status, and their people.

    One row a status that occurs. Counted are all open footprints of the level that delivers it, with a delivery or not.
    Written only by commitments/coverage.py, in the transaction that writes the positions.
    """

    # A roll-up means nothing without what it rolls up.
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="coverage")
    footprint = models.ForeignKey(Footprint, models.CASCADE, related_name="coverage")
    status = models.CharField(max_length=20, choices=Status)
    deliveries = models.PositiveIntegerField()
    people = models.PositiveBigIntegerField()

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "coverage"
        indexes = [models.Index(fields=["footprint", "commitment"], name="coverage_of_a_footprint")]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "footprint", "status"], name="coverage_one_row_a_status"),
            models.CheckConstraint(condition=Q(deliveries__gt=0), name="coverage_counts_something"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} over {self.footprint}: {self.deliveries} {self.get_status_display()}"


class CoverageExpiryQuerySet(DueQuerySet):
    def counted(self) -> "CoverageExpiryQuerySet":
        """Those of commitments that have coverage at all: the catalogue may have made one national since."""
        return self.filter(commitment__in=Commitment.objects.delivered_locally())


class CoverageExpiry(models.Model):
    """The first day on which a commitment's coverage counts other footprints: one opens, or one has closed."""

    commitment = models.OneToOneField(Commitment, models.CASCADE, primary_key=True, related_name="coverage_expiry")
    next_change_on = models.DateField(null=True)
    # The moment somebody marked it as due; none where the calendar did.
    marked_due_at = models.DateTimeField(null=True)

    objects = CoverageExpiryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.commitment}: {self.next_change_on or 'never'}"
