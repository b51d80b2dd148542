"""The NHS map: a tree of footprints that open, close and merge."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from systems.choices import FootprintKind, Level, Verified
from systems.models.audit import audited
from systems.permissions import EVERYWHERE, Action


def under(paths: tuple[str, ...], field: str = "path") -> Q:
    """A condition that holds for whatever lies in or below the footprints named by these paths."""
    if EVERYWHERE in paths:
        # Not the empty Q(), which `|` would drop.
        return ~Q(pk__in=[])
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def existing_on(day) -> Q:
    """A condition that holds for whatever had opened and not yet closed on this day."""
    opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
    return opened & (Q(closed_on__isnull=True) | Q(closed_on__gte=day))


class FootprintQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FootprintQuerySet":
        """Footprints whose positions this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS)))

    def systems(self) -> "FootprintQuerySet":
        return self.filter(level=Level.SYSTEM)

    def places(self) -> "FootprintQuerySet":
        return self.filter(level=Level.PLACE)

    def open_on(self, day) -> "FootprintQuerySet":
        """Footprints that existed on this day."""
        return self.filter(existing_on(day))

    def inside(self, footprint: "Footprint") -> "FootprintQuerySet":
        """The footprint itself and everything below it."""
        return self.filter(path__startswith=footprint.path)


class Footprint(models.Model):
    """A piece of the NHS map.

    `path` holds the codes from England down to this footprint, each followed by a slash; whatever lies below
    begins with it. `system` and `place` name the system and the place a footprint lies in (itself included).
    The three are derived from `parent` by `systems.actions.rebuild_tree` and by nothing else.
    """

    code = models.CharField(max_length=60, unique=True)
    ons_code = models.CharField("ONS code", max_length=9, blank=True)
    name = models.CharField(max_length=200)
    label = models.CharField("short name", max_length=40, blank=True)
    partnership_name = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20, choices=Level)
    kind = models.CharField(max_length=30, choices=FootprintKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=300, unique=True)
    system = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    population = models.PositiveIntegerField(null=True, blank=True)
    population_basis = models.CharField(max_length=100, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    verified = models.CharField(max_length=10, choices=Verified)
    source = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = FootprintQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            # Everything below a footprint: the scope of a person, a page, a roll-up.
            models.Index(fields=["path"], name="footprint_path_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["level", "system"], name="footprint_level_system"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=Level.ENGLAND) ^ Q(parent__isnull=False),
                name="footprint_has_a_parent_unless_it_is_england",
                violation_error_message="Every footprint except England lies in another footprint.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values),
                name="footprint_level_is_known",
                violation_error_message="Choose a level of the NHS map.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="footprint_closes_after_it_opens",
                violation_error_message="A footprint cannot close before it opens.",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(closed_on__isnull=False),
                name="footprint_with_a_successor_has_closed",
                violation_error_message="A footprint that has a successor needs the day it closed.",
            ),
            models.CheckConstraint(
                # Codes stand in addresses and, with a slash after each, in paths.
                condition=Q(code__regex=r"^[A-Za-z0-9_-]+$")
                | Q(code__regex=r"^[A-Za-z0-9:_-]+$", level=Level.NEIGHBOURHOOD),
                name="footprint_code_is_letters_digits_and_a_few_marks",
                violation_error_message=(
                    "A footprint's code has only letters, digits, hyphen and underscore; a neighbourhood's, colon too."
                ),
            ),
            models.CheckConstraint(
                condition=Q(path__endswith=Concat(F("code"), Value("/"))),
                name="footprint_path_ends_with_its_code",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        return self.label or self.name


class FootprintAncestor(models.Model):
    """A footprint and each footprint it lies in, itself included: derived from `parent` by `rebuild_tree`."""

    # Derived rows mean nothing without their footprints.
    footprint = models.ForeignKey(Footprint, models.CASCADE, related_name="ancestors")
    ancestor = models.ForeignKey(Footprint, models.CASCADE, related_name="descendants")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["footprint", "ancestor"], name="footprint_lies_in_an_ancestor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.footprint} in {self.ancestor}"


class FootprintShare(models.Model):
    """How much of a place lies in a system: 14 councils span two or more. The main one is its parent."""

    place = models.ForeignKey(Footprint, models.CASCADE, related_name="shares")
    system = models.ForeignKey(Footprint, models.CASCADE, related_name="place_shares")
    population = models.PositiveIntegerField()
    share = models.DecimalField(max_digits=7, decimal_places=6)
    is_main = models.BooleanField()
    verified = models.CharField(max_length=10, choices=Verified)
    source = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "system"], name="footprint_share_once_per_place_and_system"),
            models.UniqueConstraint(
                fields=["place"], condition=Q(is_main=True), name="footprint_share_one_main_system_per_place"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0) & Q(share__lte=1), name="footprint_share_is_a_fraction_above_zero"
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.place} in {self.system}"


class Boundary(models.Model):
    """A footprint's simplified outline for maps: GeoJSON geometry in WGS 84."""

    # An outline says nothing without its footprint.
    footprint = models.OneToOneField(Footprint, models.CASCADE, primary_key=True, related_name="boundary")
    geometry = models.JSONField()
    is_verified = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "boundaries"

    def __str__(self) -> str:
        return f"Boundary of {self.footprint}"


class Tile(models.Model):
    """One square of a tile map: every area the same size, roughly where it lies."""

    grid = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    column = models.PositiveSmallIntegerField()
    row = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=40)

    class Meta:
        ordering = ["grid", "row", "column"]
        constraints = [
            models.UniqueConstraint(fields=["grid", "code"], name="tile_area_once_per_grid"),
            models.UniqueConstraint(fields=["grid", "column", "row"], name="tile_square_holds_one_area"),
        ]

    def __str__(self) -> str:
        return f"{self.grid}: {self.label}"
