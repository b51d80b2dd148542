"""What the rules concluded about maturity. Written only by systems/recompute.py; pages read it and never compute it."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Case, F, Q, Value, When

from systems.choices import IN_NEED, MaturityStatus
from systems.models.audit import never_emptied
from systems.models.due import DueQuerySet
from systems.models.footprints import Footprint, existing_on, under
from systems.models.maturity import Domain
from systems.models.people import User
from systems.permissions import Action
from systems.sentences import expected_in_words, level_in_words, spread_in_words, time_left

_COVERED = """
SELECT worst.framework_id, worst.place_id, level.ordinal, count(*) FILTER (WHERE worst.reached >= level.ordinal),
       coalesce(sum(worst.people) FILTER (WHERE worst.reached >= level.ordinal), 0), count(*),
       coalesce(sum(worst.people), 0), count(*) FILTER (WHERE worst.is_judged)
  FROM (SELECT domain.framework_id, footprint.place_id, footprint.population AS people,
               CASE WHEN bool_and(position.reached IS NOT NULL) THEN min(position.reached) END AS reached,
               bool_or(position.status <> 'not_assessed') AS is_judged
          FROM systems_maturityposition position
          JOIN systems_domain domain ON domain.id = position.domain_id
          JOIN systems_footprint footprint ON footprint.id = position.footprint_id
         WHERE footprint.path LIKE %(inside)s AND footprint.level = %(level)s
           AND (footprint.opened_on IS NULL OR footprint.opened_on <= %(today)s)
           AND (footprint.closed_on IS NULL OR footprint.closed_on >= %(today)s)
         GROUP BY domain.framework_id, footprint.id) worst
  JOIN systems_maturitylevel level ON level.framework_id = worst.framework_id
 GROUP BY worst.framework_id, worst.place_id, level.ordinal
 ORDER BY worst.framework_id, level.ordinal
"""


class MaturityPositionQuerySet(DueQuerySet):
    def visible_to(self, user: User) -> "MaturityPositionQuerySet":
        """Positions this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "footprint__path"))

    def of_current_frameworks(self) -> "MaturityPositionQuerySet":
        return self.filter(domain__framework__replaced_by__isnull=True)

    def inside(self, footprint: Footprint) -> "MaturityPositionQuerySet":
        """Positions of a footprint and of all that lies in it."""
        return self.filter(footprint__path__startswith=footprint.path)

    def open_on(self, today: dt.date) -> "MaturityPositionQuerySet":
        """Positions of footprints that exist on this day."""
        return self.filter(footprint__in=Footprint.objects.filter(existing_on(today)).order_by())

    def with_a_gap(self) -> "MaturityPositionQuerySet":
        """Where something stands between a footprint and what is expected of it."""
        return self.filter(status__in=IN_NEED)

    def worst_first(self) -> "MaturityPositionQuerySet":
        severity = Case(*(When(status=status, then=Value(place)) for place, status in enumerate(MaturityStatus)))
        return self.order_by(
            severity, F("gap").desc(), F("next_on").asc(nulls_last=True), "footprint__name", "domain__ordinal", "pk"
        )

    def in_words(self) -> "MaturityPositionQuerySet":
        return self.select_related("domain__framework", "footprint__system")

    def covered(self, footprint: Footprint, level: str, today: dt.date) -> list[tuple]:
        """How many footprints of this level inside, and their people, reached each rung in all domains of a framework.

        A row for each framework, place (None outside all) and rung: how many, their people, of how many, of how many
        people, and how many of them anybody judged.
        """
        with connection.cursor() as cursor:
            cursor.execute(_COVERED, {"inside": f"{footprint.path}%", "level": level, "today": today})
            return cursor.fetchall()

    def tallied(self) -> "models.QuerySet":
        """How many domains, by framework and status."""
        return self.order_by().values_list("domain__framework_id", "status").annotate(models.Count("pk"))


class LadderWords(NamedTuple):
    """A domain's ladder in words: what is reached, expected now and next, how long is left, and what raters see."""

    reached: str
    expected: str
    next_level: str
    time_left: str
    spread: str


class MaturityPosition(models.Model):
    """How one domain stands at one footprint against what is expected of it, and the day on which that expires.

    Levels are given by their ordinal; a day without a level is that of single criteria. `reached` is what all raters
    agree on; `lowest` and `highest` are what the strictest and the kindest of them see alone.
    """

    # A verdict means nothing without what it is about.
    footprint = models.ForeignKey(Footprint, models.CASCADE, related_name="maturity_positions")
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="positions")
    status = models.CharField(max_length=20, choices=MaturityStatus, default=MaturityStatus.NOT_ASSESSED)
    reached = models.SmallIntegerField(null=True)
    lowest = models.SmallIntegerField(null=True)
    highest = models.SmallIntegerField(null=True)
    expected = models.SmallIntegerField(null=True)
    expected_on = models.DateField(null=True)
    next_level = models.SmallIntegerField(null=True)
    next_on = models.DateField(null=True)
    gap = models.PositiveSmallIntegerField(default=0)
    # Criteria by their keys: between here and the level expected; of these, without an action in time; disputed.
    in_the_way = ArrayField(models.BigIntegerField(), default=list)
    uncovered = ArrayField(models.BigIntegerField(), default=list)
    split = ArrayField(models.BigIntegerField(), default=list)
    assessed_on = models.DateField(null=True)
    sentence = models.CharField(max_length=400, blank=True)
    # The first day on which the same evidence gives another verdict.
    next_change_on = models.DateField(null=True)
    marked_due_at = models.DateTimeField(null=True)
    # The day the status last moved.
    moved_on = models.DateField()

    objects = MaturityPositionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_change_on"], name="maturity_position_due")]
        constraints = [
            models.UniqueConstraint(fields=["footprint", "domain"], name="maturity_position_once_per_domain"),
            models.CheckConstraint(
                condition=Q(status__in=MaturityStatus.values), name="maturity_position_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.footprint}, {self.domain}: {self.get_status_display()}"

    def ladder_in_words(self, rungs: Mapping[int, str], today: dt.date) -> LadderWords:
        """How it stands, with the names that its framework gives to its levels."""
        is_judged = self.status != MaturityStatus.NOT_ASSESSED
        is_split = self.lowest != self.highest or bool(self.split)
        return LadderWords(
            reached=level_in_words(rungs, self.reached) if is_judged else "Not assessed",
            expected=expected_in_words(rungs, self.expected, self.expected_on, nothing="Nothing yet"),
            next_level=expected_in_words(rungs, self.next_level, self.next_on, nothing="Nothing"),
            time_left=time_left(self.next_on, today),
            spread=spread_in_words(rungs, self.lowest, self.highest) if is_split else "",
        )


class MaturityChangeQuerySet(models.QuerySet["MaturityChange"]):
    def about(self, footprint: Footprint) -> "MaturityChangeQuerySet":
        return self.filter(footprint=footprint).select_related("domain__framework")


class MaturityChange(models.Model):
    """On which day a maturity position moved from what to what, and why. Append-only."""

    footprint = models.ForeignKey(Footprint, models.CASCADE, related_name="maturity_changes")
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="changes")
    changed_on = models.DateField()
    from_status = models.CharField(max_length=20, choices=MaturityStatus, blank=True)
    from_reached = models.SmallIntegerField(null=True)
    to_status = models.CharField(max_length=20, choices=MaturityStatus)
    to_reached = models.SmallIntegerField(null=True)
    sentence = models.CharField(max_length=400)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = MaturityChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_on", "-id"]
        indexes = [models.Index(fields=["footprint", "-changed_on", "-id"], name="maturity_change_history")]
        triggers = [
            never_emptied(),
            pgtrigger.Protect(name="maturity_change_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.footprint}, {self.domain}: {self.from_status or 'new'} to {self.to_status} on {self.changed_on}"


class MaturityVersionQuerySet(models.QuerySet["MaturityVersion"]):
    def bump(self, systems: Collection[int | None]) -> None:
        """Tells every page about these systems that what it shows has changed. Always in the same order."""
        known = sorted({system for system in systems if system is not None})
        if known:
            with connection.cursor() as cursor:
                cursor.execute(
                    """
                    INSERT INTO systems_maturityversion (system_id, number)
                    SELECT id, 1 FROM unnest(%s::bigint[]) AS id
                        ON CONFLICT (system_id) DO UPDATE SET number = systems_maturityversion.number + 1
                    """,
                    [known],
                )


class MaturityVersion(models.Model):
    """Counts the transactions that changed something about the maturity of a system: part of its pages' cache key."""

    system = models.OneToOneField(Footprint, models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=1)

    objects = MaturityVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.system}: {self.number}"
