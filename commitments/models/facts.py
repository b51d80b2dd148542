"""What a system settles and measures: its local plan, milestones and levels. A measurement corrected is a new row."""

import datetime as dt
from collections.abc import Mapping, Sequence

import pgtrigger
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, Value, When

from commitments.choices import (
    EDITABLE_REPORT_STATES,
    LOCAL_LEVELS,
    NO_REPORT_EXPECTED,
    PARTS_OF_A_DELIVERY,
    TOLD_REPORT_STATES,
    Part,
    Status,
)
from commitments.duties import Month, Owing, owings
from commitments.models.catalogue import Commitment, Metric
from systems.models import Footprint, User, audited
from systems.models.footprints import under
from systems.permissions import Action


def badness(field: str = "status") -> Case:
    """Where a status stands from worst to best, for sorting: 0 is the worst."""
    return Case(*(When(**{field: status}, then=Value(place)) for place, status in enumerate(Status)))


class LocalLevel(models.Model):
    """A system's choice to deliver a commitment at a lower level than the catalogue says."""

    system = models.ForeignKey(Footprint, models.PROTECT, related_name="local_levels")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="local_levels")
    level = models.CharField(max_length=20, choices=[(level.value, level.label) for level in LOCAL_LEVELS])
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "commitment"],
                name="local_level_once_per_system_and_commitment",
                violation_error_message="This system has already chosen a level for this commitment.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in LOCAL_LEVELS]),
                name="local_level_lies_below_the_system",
                violation_error_message="Choose a level below the system.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.commitment} in {self.system} by {self.get_level_display()}"


def lacking(part: Part) -> Q:
    """The deliveries that lack this. Where the catalogue measures nothing, no measurement is lacking."""
    metric = Metric.objects.filter(commitment=OuterRef("commitment"), is_headline=True)
    observed = Observation.objects.filter(
        metric__commitment=OuterRef("commitment"), metric__is_headline=True, footprint=OuterRef("footprint")
    )
    return {
        Part.LEAD: Q(lead=None),
        Part.DEADLINE: Q(local_deadline_on=None),
        Part.MILESTONES: Q(~Exists(Milestone.objects.standing().filter(delivery=OuterRef("pk")))),
        Part.METRIC: Q(Exists(metric), ~Exists(observed)),
        Part.REPORT: Q(position__reported_on=None),
    }[part]


def came_back(to_report: str = "") -> Q:
    """Reports that an approver sent back and nobody submitted again since, saved anew or not."""
    note, state = f"{to_report}return_note", f"{to_report}state__in"
    return ~Q(**{note: ""}) & Q(**{state: EDITABLE_REPORT_STATES})


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "DeliveryQuerySet":
        """Deliveries whose signed-off position this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "footprint__path"))

    def reportable_by(self, user: User) -> "DeliveryQuerySet":
        """Deliveries this person may report on; those that do not apply have nothing to report."""
        return self.filter(under(user.paths_for(Action.REPORT), "footprint__path"), is_applicable=True)

    def inside(self, footprint: Footprint) -> "DeliveryQuerySet":
        """Deliveries in or below a footprint."""
        return self.filter(footprint__path__startswith=footprint.path)

    def systems(self) -> list[int]:
        """The keys of the systems they lie in."""
        inside = Footprint.objects.filter(pk__in=self.order_by().values("footprint__system"))
        return list(inside.values_list("pk", flat=True))

    def for_list(self) -> "DeliveryQuerySet":
        """With all that a row of the list shows."""
        return self.select_related("commitment__theme", "footprint__system", "position", "lead")

    def expecting_reports(self) -> "DeliveryQuerySet":
        """Those on which a report is expected each month, with the latest months `told` and `sent_back`."""
        return self.exclude(position__status__in=NO_REPORT_EXPECTED).annotate(
            told=Max("reports__period", filter=Q(reports__state__in=TOLD_REPORT_STATES)),
            sent_back=Max("reports__period", filter=came_back("reports__")),
        )

    def owing(self, open_months: Mapping[int | None, Sequence[Month]]) -> list[Owing]:
        """Those whose report is not in, the earliest due first; `open_months` by system."""
        facts = ("pk", "footprint__path", "footprint__system", "lead", "told", "sent_back")
        return owings(self.expecting_reports().values_list(*facts), open_months)

    def missing_in(self, system: Footprint, period: Month) -> list[Owing]:
        """Those of a system whose report on this month, or on a later one, is not in."""
        return self.inside(system).owing({system.pk: [period]})

    def counted_by_part(self) -> "models.QuerySet":
        """By commitment and kind of footprint: how many were opened, how many apply, one of these, and what they lack.

        Lacking is counted part by part, in the order of `PARTS_OF_A_DELIVERY`.
        """
        applies = Q(is_applicable=True)
        counts = {
            "opened": Count("pk"),
            "applying": Count("pk", filter=applies),
            "one_of_them": Min("pk", filter=applies),
            **{f"without_{part}": Count("pk", filter=applies & lacking(part)) for part in PARTS_OF_A_DELIVERY},
        }
        return self.order_by().values_list("commitment_id", "footprint__kind").annotate(**counts)

    def worst_first(self) -> "DeliveryQuerySet":
        """By status, the worst first, then by national deadline, then as they were opened: one index in its order."""
        decided = self.filter(position__isnull=False).annotate(severity=badness("position__status"))
        return decided.order_by("severity", "position__deadline_on", "position__delivery_id")


class Delivery(models.Model):
    """One commitment at one footprint, and the local plan for it. Catalogue text is never copied into it."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="deliveries")
    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="deliveries", db_index=False)
    lead = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="deliveries_led")
    planned_start_on = models.DateField("planned start", null=True, blank=True)
    local_deadline_on = models.DateField("local deadline", null=True, blank=True)
    is_applicable = models.BooleanField("applies here", default=True)
    not_applicable_reason = models.CharField("why it does not apply here", max_length=500, blank=True)
    source = models.CharField("source of this statement", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["commitment__theme__ordinal", "commitment__code", "footprint__name"]
        constraints = [
            # Also the way from a footprint to what is delivered there, without a look at the rows themselves.
            models.UniqueConstraint(
                fields=["footprint", "commitment"],
                include=["id"],
                name="delivery_once_per_commitment_and_footprint",
                violation_error_message="This commitment already has a delivery here.",
            ),
            models.CheckConstraint(
                condition=Q(is_applicable=True) ^ ~Q(not_applicable_reason=""),
                name="delivery_not_applicable_says_why",
                violation_error_message="Say why the commitment does not apply here, or leave the reason empty.",
            ),
            models.CheckConstraint(
                condition=Q(planned_start_on__isnull=True)
                | Q(local_deadline_on__isnull=True)
                | Q(local_deadline_on__gte=F("planned_start_on")),
                name="delivery_starts_before_its_local_deadline",
                violation_error_message="The local deadline cannot come before the planned start.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.commitment.title}, {self.footprint.name}"

    @property
    def path(self) -> str:
        """Where it lies, for the permission table."""
        return self.footprint.path


class MilestoneQuerySet(models.QuerySet):
    def standing(self) -> "MilestoneQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)


class Milestone(models.Model):
    """A dated step of a delivery, achieved or open. One that was withdrawn counts no more from that day on."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    achieved_on = models.DateField(null=True, blank=True)
    achieved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "title"],
                condition=Q(withdrawn_on=None),
                name="milestone_title_once_per_delivery",
                violation_error_message="This delivery already has a milestone with this title.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(achieved_on=None),
                name="milestone_withdrawn_was_not_achieved",
                violation_error_message="What was achieved is not withdrawn: open it again first.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.title


class ObservationQuerySet(models.QuerySet):
    def standing_on(self, day: dt.date) -> "ObservationQuerySet":
        """What was known by a day, in the order of the days measured; a value corrected counts as corrected."""
        series = ("metric_id", "footprint_id", "period_end_on")
        return self.filter(recorded_on__lte=day).order_by(*series, "-id").distinct(*series)


class Observation(models.Model):
    """A metric's value at a footprint at a period's end. Never edited: a revision is a new row."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="observations")
    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="observations")
    period_end_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    source = models.CharField(max_length=300)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end_on", "-id"]
        indexes = [
            # With what a trend reads of its latest values, so that it reads nothing else.
            models.Index(
                fields=["metric", "footprint", "-period_end_on", "-id"],
                include=["value", "recorded_on"],
                name="observation_latest",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end_on__lte=F("recorded_on")),
                name="observation_is_of_the_past",
                violation_error_message="A measurement cannot be of a day still to come.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="observation_has_a_source",
                violation_error_message="Say where the value comes from.",
            ),
        ]
        triggers = [
            *audited(),
            pgtrigger.Protect(name="observation_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.metric} at {self.footprint}, {self.period_end_on}: {self.value}"
