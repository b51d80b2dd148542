"""What a publication shows of maturity, in the words in which it was shown: frozen rows, as in `published`."""

from django.db import models
from django.db.models import Case, F, Q, Value, When

from commitments.models.publications import Publication
from commitments.models.published import PublishedFootprint, PublishedRow
from systems.choices import IN_NEED, MaturityStatus


class PublishedFramework(PublishedRow):
    """A maturity framework as it was called."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="frameworks")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=60)
    ordinal = models.PositiveSmallIntegerField()

    class Meta(PublishedRow.Meta):
        ordering = ["ordinal", "code"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "code"], name="published_framework_once_per_publication"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.version}"


class PublishedMaturityQuerySet(models.QuerySet["PublishedMaturity"]):
    def with_a_gap(self) -> "PublishedMaturityQuerySet":
        """Where something stood between a footprint and what was expected of it."""
        return self.filter(status__in=IN_NEED)

    def worst_first(self) -> "PublishedMaturityQuerySet":
        severity = Case(*(When(status=status, then=Value(place)) for place, status in enumerate(MaturityStatus)))
        return self.order_by(severity, F("gap").desc(), F("next_on").asc(nulls_last=True), "footprint__name", "ordinal")

    def in_order(self) -> "PublishedMaturityQuerySet":
        """Framework by framework, domain by domain."""
        return self.order_by("framework__ordinal", "framework__code", "ordinal", "domain")

    def in_words(self) -> "PublishedMaturityQuerySet":
        return self.select_related("framework", "footprint")


class PublishedMaturity(PublishedRow):
    """How one domain stood at a system or a place: what was reached, expected then and next, as the ladder named it.

    `reached` and `gap` are by ordinals, so that two publications can be compared.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="maturity")
    framework = models.ForeignKey(PublishedFramework, models.PROTECT, related_name="positions")
    footprint = models.ForeignKey(PublishedFootprint, models.PROTECT, related_name="maturity")
    domain = models.CharField(max_length=120)
    ordinal = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=MaturityStatus)
    sentence = models.CharField(max_length=400)
    reached = models.SmallIntegerField(null=True)
    reached_level = models.CharField(max_length=60)
    expected_level = models.CharField(max_length=60)
    expected_on = models.DateField(null=True)
    next_level = models.CharField(max_length=60)
    next_on = models.DateField(null=True)
    time_left = models.CharField(max_length=30, blank=True)
    gap = models.PositiveSmallIntegerField()
    # What raters see who do not agree; empty where they do.
    spread = models.CharField(max_length=140, blank=True)

    objects = PublishedMaturityQuerySet.as_manager()

    class Meta(PublishedRow.Meta):
        verbose_name_plural = "published maturity"
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "footprint", "domain"], name="published_maturity_once_per_domain_and_footprint"
            ),
            models.CheckConstraint(
                condition=Q(status__in=MaturityStatus.values), name="published_maturity_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) ^ ~Q(time_left=""), name="published_maturity_says_how_long_is_left"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain}, {self.footprint}: {self.get_status_display()}"


class PublishedCriterion(PublishedRow):
    """A criterion that stood in the way, as worded then; whether an action took it up in time."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="criteria")
    position = models.ForeignKey(PublishedMaturity, models.PROTECT, related_name="criteria")
    ordinal = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    is_taken_up = models.BooleanField()
    is_draft_wording = models.BooleanField()

    class Meta(PublishedRow.Meta):
        verbose_name_plural = "published criteria"
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["position", "ordinal"], name="published_criterion_has_its_own_place"),
        ]

    def __str__(self) -> str:
        return self.text


class PublishedNetworks(PublishedRow):
    """How far the primary care networks of a system or a place were by one framework, in one sentence."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="networks")
    framework = models.ForeignKey(PublishedFramework, models.PROTECT, related_name="networks")
    footprint = models.ForeignKey(PublishedFootprint, models.PROTECT, related_name="networks")
    sentence = models.CharField(max_length=200)
    networks = models.PositiveIntegerField()
    people = models.PositiveBigIntegerField()
    of_networks = models.PositiveIntegerField()
    of_people = models.PositiveBigIntegerField()
    assessed = models.PositiveIntegerField()

    class Meta(PublishedRow.Meta):
        verbose_name_plural = "published networks"
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "footprint"], name="published_networks_once_per_framework_and_footprint"
            ),
            models.CheckConstraint(
                condition=Q(networks__lte=F("of_networks"), people__lte=F("of_people"), assessed__lte=F("of_networks")),
                name="published_networks_are_some_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework}, {self.footprint}: {self.sentence}"

    @property
    def in_words(self) -> str:
        """How far they were, and how many of them anybody had judged."""
        return f"{self.sentence}; {self.assessed:,} of {self.of_networks:,} assessed"
