"""The bodies that deliver, advise and scrutinise."""

from django.db import models
from django.db.models import F, Q

from systems.choices import OrganisationKind, Verified
from systems.models.audit import audited
from systems.models.footprints import Footprint, existing_on


class OrganisationQuerySet(models.QuerySet):
    def serving(self, footprint: Footprint) -> "OrganisationQuerySet":
        """The bodies tied to this very footprint."""
        return self.filter(footprints=footprint)

    def open_on(self, day) -> "OrganisationQuerySet":
        """Bodies that existed on this day."""
        return self.filter(existing_on(day))


class Organisation(models.Model):
    """A body such as a CCG, trust, council, Healthwatch or committee, tied to the footprints it serves."""

    code = models.CharField(max_length=120, unique=True)
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    ons_code = models.CharField("ONS code", max_length=9, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=OrganisationKind)
    roles = models.CharField("kinds of service", max_length=100, blank=True)
    system = models.ForeignKey(Footprint, models.PROTECT, related_name="organisations")
    footprints = models.ManyToManyField(Footprint, through="OrganisationFootprint", related_name="bodies")
    population = models.PositiveIntegerField(null=True, blank=True)
    population_basis = models.CharField(max_length=100, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    verified = models.CharField(max_length=10, choices=Verified)
    source = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values),
                name="organisation_kind_is_known",
                violation_error_message="Choose a kind of organisation.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="organisation_closes_after_it_opens",
                violation_error_message="An organisation cannot close before it opens.",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(closed_on__isnull=False),
                name="organisation_with_a_successor_has_closed",
                violation_error_message="An organisation that has a successor needs the day it closed.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class OrganisationFootprint(models.Model):
    """A footprint an organisation serves; for a CCG, with the share of its residents who live there."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    footprint = models.ForeignKey(Footprint, models.PROTECT)
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    verified = models.CharField(max_length=10, choices=Verified)
    source = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share__isnull=True) | (Q(share__gt=0) & Q(share__lte=1)),
                name="organisation_share_is_a_fraction_above_zero",
                violation_error_message="A share lies above 0 and is at most 1.",
            ),
            models.UniqueConstraint(fields=["organisation", "footprint"], name="organisation_serves_a_footprint_once"),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.organisation} in {self.footprint}"
