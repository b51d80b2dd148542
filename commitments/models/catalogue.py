"""The catalogue: what was promised, by when, and how it is measured. Loaded from files, never typed in."""

from django.db import models
from django.db.models import F, Q

from commitments.choices import (
    FOOTPRINT_LEVEL,
    DeadlineKind,
    DeliveryLevel,
    Direction,
    LifeStage,
    Scope,
    ThemeClass,
)
from systems.choices import Level, Verified
from systems.models import Footprint, audited


class Plan(models.Model):
    """A national plan that makes commitments, such as the NHS Long Term Plan."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    published_on = models.DateField()
    # From this day a core foundation without lead, local deadline or milestone is off track.
    final_submission_on = models.DateField("systems' final plans due")
    source = models.CharField(max_length=500)

    class Meta:
        ordering = ["published_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(final_submission_on__gte=F("published_on")),
                name="plan_is_published_before_systems_answer_it",
                violation_error_message="Systems cannot answer a plan before it is published.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A part of a plan: 8 core foundations, 12 prioritised commitments, 5 enablers."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="themes")
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    theme_class = models.CharField("class", max_length=30, choices=ThemeClass)
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "ordinal"], name="theme_order_is_unique_in_a_plan"),
            models.CheckConstraint(condition=Q(theme_class__in=ThemeClass.values), name="theme_class_is_known"),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class CommitmentQuerySet(models.QuerySet):
    def delivered_locally(self) -> "CommitmentQuerySet":
        """Those that systems deliver; the national ones are shown for context."""
        return self.exclude(delivery_level=DeliveryLevel.NATIONAL)


class Commitment(models.Model):
    """One promise of the plan: its deadline as printed, as we read it, and who delivers it."""

    code = models.CharField(max_length=30, unique=True)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="commitments")
    title = models.CharField(max_length=200)
    description = models.TextField()
    chapter = models.PositiveSmallIntegerField("chapter of the plan")
    life_stage = models.CharField(max_length=20, choices=LifeStage)
    delivery_level = models.CharField("delivered by", max_length=20, choices=DeliveryLevel)
    deadline_text = models.CharField("deadline as printed", max_length=100)
    deadline_on = models.DateField("deadline as we read it", null=True, blank=True)
    deadline_kind = models.CharField(max_length=20, choices=DeadlineKind)
    source = models.TextField()
    verified = models.CharField(max_length=10, choices=Verified)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["theme__ordinal", "code"]
        constraints = [
            models.CheckConstraint(
                # Codes stand in addresses.
                condition=Q(code__regex=r"^[A-Za-z0-9-]+$"),
                name="commitment_code_is_letters_digits_and_hyphens",
                violation_error_message="A commitment's code has only letters, digits and hyphens.",
            ),
            models.CheckConstraint(
                condition=~Q(deadline_kind=DeadlineKind.BY) | Q(deadline_on__isnull=False),
                name="commitment_due_by_a_date_has_the_date",
                violation_error_message="A commitment due by a date needs the date.",
            ),
            models.CheckConstraint(
                condition=~Q(deadline_kind=DeadlineKind.NONE) | Q(deadline_on__isnull=True),
                name="commitment_not_dated_has_no_date",
                violation_error_message="A commitment that is not dated cannot have a date.",
            ),
            models.CheckConstraint(
                condition=Q(delivery_level__in=DeliveryLevel.values),
                name="commitment_delivery_level_is_known",
                violation_error_message="Choose who delivers the commitment.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def footprint_level(self) -> Level | None:
        """The level at which deliveries are kept unless a system chose a lower one; None for a national one."""
        return FOOTPRINT_LEVEL.get(DeliveryLevel(self.delivery_level))


class NationalMilestone(models.Model):
    """A dated national step towards a commitment."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="national_milestones")
    title = models.CharField(max_length=300)
    due_on = models.DateField()
    target_value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    source = models.TextField()
    verified = models.CharField(max_length=10, choices=Verified)

    class Meta:
        ordering = ["due_on", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "title", "due_on"], name="national_milestone_once_per_commitment_and_day"
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.title


class Metric(models.Model):
    """What a commitment is measured by. Only the headline metric is looked at by the rules."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="metrics")
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    is_headline = models.BooleanField()
    scope = models.CharField(max_length=10, choices=Scope)
    direction = models.CharField(max_length=10, choices=Direction)
    baseline = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    source = models.TextField()
    verified = models.CharField(max_length=10, choices=Verified)

    class Meta:
        ordering = ["commitment", "-is_headline", "name"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "name", "unit"], name="metric_once_per_commitment"),
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(is_headline=True), name="metric_one_headline_per_commitment"
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) ^ Q(baseline_on__isnull=False),
                name="metric_baseline_has_its_date",
                violation_error_message="A baseline needs its date.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class Trajectory(models.Model):
    """The path a metric should take: nationally published (no footprint) or set by a footprint for itself.

    Never edited: a new trajectory replaces the one before it, and the old one stays readable.
    """

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="trajectories")
    footprint = models.ForeignKey(Footprint, models.PROTECT, null=True, blank=True, related_name="trajectories")
    basis = models.CharField(max_length=200, blank=True)
    source = models.TextField()
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey("systems.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "trajectories"
        ordering = ["metric", "recorded_on", "id"]
        indexes = [models.Index(fields=["metric", "footprint", "-id"], name="trajectory_in_force")]
        constraints = [
            models.UniqueConstraint(
                fields=["metric"],
                condition=Q(footprint__isnull=True),
                name="trajectory_one_published_per_metric",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.metric}: {self.footprint or 'England'}"


class TrajectoryPoint(models.Model):
    """The value a trajectory expects on a day (for a financial year: its last day, 31 March)."""

    trajectory = models.ForeignKey(Trajectory, models.CASCADE, related_name="points")
    due_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    source = models.TextField(blank=True)
    verified = models.CharField(max_length=10, choices=Verified, default=Verified.YES)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "due_on"],
                name="trajectory_has_one_value_a_day",
                violation_error_message="A trajectory can have only one value on a day.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.value} on {self.due_on}"
