"""The rows of a publication: what was shown, in the words in which it was shown. They refer to no live row.

Inserted by `commitments.actions.freezing` in the transaction that publishes, and final from then on. What publishes
more with a system (its maturity, say) adds a table of this kind: a `PublishedRow` that is filled there too.
"""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from commitments.choices import (
    Confidence,
    DateKind,
    DeadlineKind,
    Direction,
    Freshness,
    Method,
    Stage,
    Status,
    ThemeClass,
)
from commitments.comparison import Key, Moved, Stood
from commitments.models.publications import Final, Publication, WrittenAtOnce
from commitments.models.standing import StandingQuerySet, size
from systems.choices import Level


class PublishedRow(models.Model):
    """A frozen row of one publication."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        triggers = [Final(), WrittenAtOnce()]


class PublishedTheme(PublishedRow):
    """A theme of the plan as it was called."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="themes")
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=120)
    theme_class = models.CharField("class", max_length=30, choices=ThemeClass)
    ordinal = models.PositiveSmallIntegerField()

    class Meta(PublishedRow.Meta):
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "code"], name="published_theme_once_per_publication"),
        ]

    def __str__(self) -> str:
        return self.name


class PublishedFootprintQuerySet(models.QuerySet["PublishedFootprint"]):
    def places(self) -> "PublishedFootprintQuerySet":
        return self.filter(level=Level.PLACE)


class PublishedFootprint(PublishedRow):
    """A piece of the system's map as it was called, with its population and its square on the tile map."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="footprints")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=200)
    level = models.CharField(max_length=20, choices=Level)
    place = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    population = models.PositiveIntegerField(null=True)
    population_basis = models.CharField(max_length=100, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True)
    tile_row = models.PositiveSmallIntegerField(null=True)

    objects = PublishedFootprintQuerySet.as_manager()

    class Meta(PublishedRow.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "code"], name="published_footprint_once_per_publication"),
        ]

    def __str__(self) -> str:
        return self.name


class PublishedCommitment(PublishedRow):
    """A commitment as the catalogue had it: what was promised, and the deadline as printed."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="commitments")
    theme = models.ForeignKey(PublishedTheme, models.PROTECT, related_name="commitments")
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    description = models.TextField()
    deadline_text = models.CharField("deadline as printed", max_length=100)
    deadline_on = models.DateField("deadline as we read it", null=True)
    deadline_kind = models.CharField(max_length=20, choices=DeadlineKind)
    source = models.TextField()

    class Meta(PublishedRow.Meta):
        ordering = ["theme__ordinal", "code"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "code"], name="published_commitment_once_per_publication"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PublishedPositionQuerySet(StandingQuerySet):
    def inside(self, footprint: PublishedFootprint) -> "PublishedPositionQuerySet":
        """Those of a place and of what lies in it; for the system itself, all."""
        return self.filter(footprint__place=footprint) if footprint.level == Level.PLACE else self

    def tallied_by_commitment(self) -> models.QuerySet:
        """How many deliveries and people, by commitment and status."""
        return self.order_by().values_list("commitment_id", "status").annotate(**size())

    def in_words(self) -> "PublishedPositionQuerySet":
        """With what it takes to say which commitment stands how, and where."""
        return self.select_related("commitment__theme", "footprint__place")

    def stood(self) -> dict[Key, tuple[int, Stood]]:
        """Each by the codes of its commitment and footprint, which any other publication knows too."""
        facts = ("commitment__code", "footprint__code", "pk", "status", "local_deadline_on", "expected_on")
        return {(code, place): (pk, Stood(*stands)) for code, place, pk, *stands in self.values_list(*facts)}


class PublishedPosition(PublishedRow):
    """How one commitment stood at one footprint, and what its owner said of it.

    `sentence` and `contradiction` read as on the publication's day. A contradiction found less than two working days
    before is left out: its owner hears of it first.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="positions")
    commitment = models.ForeignKey(PublishedCommitment, models.PROTECT, related_name="positions")
    footprint = models.ForeignKey(PublishedFootprint, models.PROTECT, related_name="positions")
    status = models.CharField(max_length=20, choices=Status)
    reason_code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=700)
    moved_on = models.DateField()
    freshness = models.CharField(max_length=10, choices=Freshness)
    reported_on = models.DateField(null=True)
    headroom_days = models.IntegerField(null=True)
    headroom_from = models.CharField(max_length=20, choices=Method, blank=True)
    contradiction = models.CharField(max_length=700, blank=True)
    # National, local and expected.
    deadline_on = models.DateField(null=True)
    local_deadline_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    milestones = models.PositiveSmallIntegerField()
    milestones_achieved = models.PositiveSmallIntegerField()
    next_milestone = models.CharField(max_length=200, blank=True)
    next_milestone_on = models.DateField(null=True)
    # The latest signed-off report, in its own words.
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    narrative = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    path_to_green = models.TextField(blank=True)

    objects = PublishedPositionQuerySet.as_manager()

    class Meta(PublishedRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "footprint"], name="published_position_once_per_commitment_and_footprint"
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values) & Q(freshness__in=Freshness.values),
                name="published_position_words_are_known",
            ),
            models.CheckConstraint(
                condition=~Q(sentence__contains="{days}") & ~Q(contradiction__contains="{days}"),
                name="published_sentence_counts_its_days",
            ),
            models.CheckConstraint(
                condition=Q(milestones_achieved__lte=models.F("milestones")),
                name="published_milestones_achieved_are_some_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}, {self.footprint}: {self.get_status_display()}"


class PublishedDateChangeQuerySet(models.QuerySet["PublishedDateChange"]):
    def moved(self) -> list[Moved]:
        """Each in a form in which those of two publications can be compared."""
        facts = ("kind", "what", "old_on", "new_on", "changed_on", "reason")
        rows = self.values_list("position__commitment__code", "position__footprint__code", *facts)
        return [Moved(*row) for row in rows]


class PublishedDateChange(PublishedRow):
    """A local deadline moved by agreement, or a milestone moved: from which day to which, when, and why."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="date_changes")
    position = models.ForeignKey(PublishedPosition, models.PROTECT, related_name="date_changes")
    kind = models.CharField(max_length=20, choices=DateKind)
    what = models.CharField(max_length=200, blank=True)
    old_on = models.DateField()
    new_on = models.DateField()
    changed_on = models.DateField()
    reason = models.TextField()

    objects = PublishedDateChangeQuerySet.as_manager()

    class Meta(PublishedRow.Meta):
        ordering = ["changed_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_on=models.F("new_on")), name="published_date_change_is_to_another_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.old_on} to {self.new_on}"


class PublishedCoverageQuerySet(models.QuerySet):
    def counted(self) -> models.QuerySet:
        """(footprint, status, deliveries, people) rows, for a tally."""
        return self.values_list("footprint_id", "status", "deliveries", "people")


class PublishedCoverage(PublishedRow):
    """How a commitment stood over the system or a place: one row a status. The headline is the row so marked.

    `counted` is the denominator: every area that delivers it, less where it does not apply.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="coverage")
    commitment = models.ForeignKey(PublishedCommitment, models.PROTECT, related_name="coverage")
    footprint = models.ForeignKey(PublishedFootprint, models.PROTECT, related_name="coverage")
    status = models.CharField(max_length=20, choices=Status)
    deliveries = models.PositiveIntegerField()
    people = models.PositiveBigIntegerField()
    counted = models.PositiveIntegerField()
    is_headline = models.BooleanField()

    objects = PublishedCoverageQuerySet.as_manager()

    class Meta(PublishedRow.Meta):
        verbose_name_plural = "published coverage"
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "footprint", "status"], name="published_coverage_one_row_a_status"
            ),
            models.UniqueConstraint(
                fields=["commitment", "footprint"],
                condition=Q(is_headline=True),
                name="published_coverage_has_one_headline",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.NOT_APPLICABLE) | Q(deliveries__lte=models.F("counted")),
                name="published_coverage_counts_a_part_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} over {self.footprint}: {self.deliveries} {self.get_status_display()}"


class PublishedMetricQuerySet(models.QuerySet):
    def at(self, positions: Iterable[PublishedPosition]) -> "PublishedMetricQuerySet":
        return self.filter(position__in=[position.pk for position in positions])

    def judged(self) -> "PublishedMetricQuerySet":
        """Those with enough values for icons."""
        return self.exclude(variation="")


class PublishedMetric(PublishedRow):
    """What a commitment was measured by at a footprint: all that was known by then, and what its signals were called.

    The days and values of the two lines stand side by side, enough to draw the chart again.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="metrics")
    position = models.OneToOneField(PublishedPosition, models.PROTECT, related_name="metric")
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=10, choices=Direction)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    observed_on = models.DateField()
    target = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    target_on = models.DateField(null=True)
    # The icons' names; empty where there are too few values, or no target to be judged against.
    variation = models.CharField(max_length=60, blank=True)
    assurance = models.CharField(max_length=60, blank=True)
    seen_on = ArrayField(models.DateField())
    seen = ArrayField(models.DecimalField(max_digits=16, decimal_places=4))
    expected_on = ArrayField(models.DateField())
    expected = ArrayField(models.DecimalField(max_digits=16, decimal_places=4))

    objects = PublishedMetricQuerySet.as_manager()

    class Meta(PublishedRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_on__len=models.F("seen__len")) & Q(expected_on__len=models.F("expected__len")),
                name="published_metric_has_a_value_for_each_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.position.footprint}: {self.value}"
