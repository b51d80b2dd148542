"""Maturity frameworks: what a system, a place or a primary care network can reach, and what is expected by when."""

import datetime as dt
from collections import defaultdict

import pgtrigger
from django.db import models
from django.db.models import F, Q

from systems.choices import FrameworkKind, Level, Verified
from systems.models.audit import audited
from systems.models.days import FIRST_DAY, LAST_DAY
from systems.models.footprints import Footprint

ASSESSED_LEVELS = (Level.SYSTEM, Level.PLACE, Level.PCN)
_ASSESSED_CHOICES = [(level.value, level.label) for level in ASSESSED_LEVELS]


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def current(self) -> "FrameworkQuerySet":
        """Frameworks that no later version has replaced."""
        return self.filter(replaced_by__isnull=True)

    def used_by(self, footprint: Footprint) -> "FrameworkQuerySet":
        """Frameworks by which this very footprint may be judged."""
        levels = Q(level=footprint.level)
        if footprint.level == Level.PLACE:
            levels |= Q(used_at_places=True)
        return self.filter(levels).filter(Q(footprint__isnull=True) | Q(footprint=footprint))


class Framework(models.Model):
    """One version of a maturity matrix or of a checklist. A later version replaces it; what was judged by it stays."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=FrameworkKind)
    # What it judges; a matrix for systems may also be used by their places, of which it then expects nothing.
    level = models.CharField(max_length=20, choices=_ASSESSED_CHOICES)
    used_at_places = models.BooleanField(default=False)
    # Whose own it is; anybody's where empty.
    footprint = models.ForeignKey(Footprint, models.PROTECT, null=True, blank=True, related_name="frameworks")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    ordinal = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=500)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FrameworkKind.values) & Q(level__in=ASSESSED_LEVELS),
                name="framework_words_are_known",
                violation_error_message="Choose a kind of framework, and system, place or primary care network.",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                name="framework_does_not_replace_itself",
                violation_error_message="A framework cannot replace itself.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.name}, {self.version}"

    @property
    def is_checklist(self) -> bool:
        return self.kind == FrameworkKind.CHECKLIST


class Domain(models.Model):
    """One side of maturity that a framework looks at by itself."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="domains")
    name = models.CharField(max_length=120)
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["framework", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "name"], name="domain_once_per_framework"),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class MaturityLevelQuerySet(models.QuerySet["MaturityLevel"]):
    def names(self) -> dict[int, dict[int, str]]:
        """The names of each framework's levels by their ordinals."""
        names: dict[int, dict[int, str]] = defaultdict(dict)
        for level in self:
            names[level.framework_id][level.ordinal] = level.name
        return names


class MaturityLevel(models.Model):
    """One rung of a framework's ladder; a checklist has a single one."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="rungs")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)

    objects = MaturityLevelQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "ordinal"], name="maturity_level_once_per_framework"),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """What must be so for a domain to have reached a level. Codes are ours, and carry on from version to version.

    Where a later version words a criterion anew, `replaces` says which one: what was found about that one still holds.
    """

    code = models.CharField(max_length=40, unique=True)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="criteria")
    level = models.ForeignKey(MaturityLevel, models.PROTECT, related_name="criteria")
    text = models.CharField(max_length=500)
    # The day the source prints beside this criterion; what is expected by when stands in Expectation.
    due_on = models.DateField(null=True, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    source = models.CharField(max_length=500)
    verified = models.CharField(max_length=10, choices=Verified)

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["domain__framework", "domain__ordinal", "level__ordinal", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                name="criterion_does_not_replace_itself",
                violation_error_message="A criterion cannot replace itself.",
            ),
        ]
        triggers = [
            *audited(),
            pgtrigger.Trigger(
                name="criterion_lies_in_one_framework",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT framework_id FROM systems_domain WHERE id = NEW.domain_id) IS DISTINCT FROM
                       (SELECT framework_id FROM systems_maturitylevel WHERE id = NEW.level_id) THEN
                        RAISE EXCEPTION 'The domain and the level of a criterion belong to one framework.'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    @property
    def is_draft_wording(self) -> bool:
        """Whether its source was not seen, so that the words may differ from those published."""
        return self.verified != Verified.YES


class ExpectationQuerySet(models.QuerySet["Expectation"]):
    def for_footprint(self, footprint: Footprint, today: dt.date) -> "ExpectationQuerySet":
        """What is expected of this footprint, nationally or locally, as known on this day."""
        above = Q(footprint__isnull=True) | Q(footprint__descendants__footprint=footprint)
        return self.filter(above, footprint_level=footprint.level, recorded_on__lte=today)


class Expectation(models.Model):
    """A level that footprints of one kind are expected to reach by a day, in one domain or in all; or one criterion.

    A criterion expected by itself says nothing about the rest of its level. Those from files are national and have a
    code; admins add local ones, for a footprint and all that lies in it.
    """

    code = models.CharField(max_length=40, null=True, blank=True, unique=True)
    level = models.ForeignKey(MaturityLevel, models.PROTECT, related_name="expectations")
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, blank=True, related_name="expectations")
    criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="expectations",
        verbose_name="only this criterion",
    )
    footprint_level = models.CharField("expected of each", max_length=20, choices=_ASSESSED_CHOICES)
    footprint = models.ForeignKey(
        Footprint, models.PROTECT, null=True, blank=True, related_name="expectations", verbose_name="only in"
    )
    due_on = models.DateField("by")
    source = models.CharField(max_length=500)
    recorded_on = models.DateField(default=FIRST_DAY)

    objects = ExpectationQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(footprint_level__in=ASSESSED_LEVELS),
                name="expectation_is_of_a_system_a_place_or_a_network",
                violation_error_message="Choose system, place or primary care network.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=FIRST_DAY, due_on__lte=LAST_DAY),
                name="expectation_is_due_in_the_years_of_a_plan",
                violation_error_message=f"The date must be between {FIRST_DAY.year} and {LAST_DAY.year}.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="expectation_names_its_source",
                violation_error_message="Say who expects this, and where it is written.",
            ),
            models.CheckConstraint(
                condition=Q(code__isnull=False) | Q(footprint__isnull=False),
                name="expectation_without_a_code_is_local",
                violation_error_message="Choose the footprint in which this is expected.",
            ),
        ]
        triggers = [
            *audited(),
            pgtrigger.Trigger(
                name="expectation_lies_in_one_framework",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.domain_id IS NOT NULL AND
                       (SELECT framework_id FROM systems_domain WHERE id = NEW.domain_id) IS DISTINCT FROM
                       (SELECT framework_id FROM systems_maturitylevel WHERE id = NEW.level_id) THEN
                        RAISE EXCEPTION 'The domain and the level of an expectation belong to one framework.'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.criterion_id IS NOT NULL AND NOT EXISTS
                       (SELECT FROM systems_criterion criterion
                         WHERE criterion.id = NEW.criterion_id AND criterion.domain_id = NEW.domain_id
                           AND criterion.level_id = NEW.level_id) THEN
                        RAISE EXCEPTION 'A criterion expected by itself is one of the domain and the level named.'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} by {self.due_on}"

    @property
    def what(self) -> str:
        """What is expected: a level by its name, or a criterion in its words."""
        return self.criterion.text if self.criterion else self.level.name
