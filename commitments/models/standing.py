"""What is asked of positions, live or published: which fail, which are contradicted, how many stand how."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import Case, Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.db.models.sql import Query

from commitments.choices import NO_REPORT_EXPECTED, Freshness, NextMilestone, Room, Status
from commitments.measures import TIGHT
from commitments.models.facts import badness

_SOON = dt.timedelta(days=30)
_A_YEAR = dt.timedelta(days=365)
# What is counted beside the statuses: contradicted reports, how much headroom there is, when a milestone is due.
SIGNALS = ("contradicted", *Room.values, *NextMilestone.values)


def size(prefix: str = "") -> dict[str, models.Aggregate]:
    """Deliveries and the people they serve, for a roll-up; `prefix` leads to what has a footprint."""
    return {"deliveries": Count("pk"), "people": Sum(Coalesce(f"{prefix}footprint__population", 0))}


def having_room(room: Room, prefix: str = "") -> Q:
    """Those with this much headroom; `prefix` leads to the position."""
    days = f"{prefix}headroom_days"
    return {
        Room.BEYOND: Q(**{f"{days}__lt": 0}),
        Room.TIGHT: Q(**{f"{days}__gte": 0, f"{days}__lt": TIGHT.days}),
        Room.AMPLE: Q(**{f"{days}__gte": TIGHT.days}),
        Room.UNKNOWN: Q(**{f"{days}__isnull": True}),
    }[room]


def next_milestone_is(due: NextMilestone, today: dt.date, prefix: str = "") -> Q:
    """Those whose oldest open milestone is due then; `prefix` leads to the position."""
    on = f"{prefix}next_milestone_on"
    return {
        NextMilestone.OVERDUE: Q(**{f"{on}__lt": today}),
        NextMilestone.SOON: Q(**{f"{on}__range": (today, today + _SOON)}),
        NextMilestone.LATER: Q(**{f"{on}__gt": today + _SOON}),
        NextMilestone.NONE: Q(**{f"{on}__isnull": True}),
    }[due]


FAILING = Q(status__in=(Status.MISSED, Status.OFF_TRACK))
# The evidence speaks against a report that says green or delivered.
CONTRADICTED = ~Q(contradiction="")
# Nothing recent was signed off though the work should be going on.
_SILENT = Q(freshness__in=(Freshness.NEVER, Freshness.LAPSED, Freshness.STALE)) & ~Q(status__in=NO_REPORT_EXPECTED)


class Counted(NamedTuple):
    """A row of `tallied()`, or of a glance: how things stand or stood, by theme and place."""

    theme_id: int
    place_id: int | None
    status: Status
    deliveries: int
    people: int


class CountedReports(NamedTuple):
    """A row of a glance: how recent reports are, and how many deliveries have each of `SIGNALS`."""

    status: Status
    freshness: Freshness
    deliveries: int
    signals: tuple[int, ...]

    @classmethod
    def of(cls, row: Sequence) -> "CountedReports":
        """A row as it comes from the database."""
        return cls._make((*row[:3], tuple(row[3:])))


class CountedDeadline(NamedTuple):
    """A row of a glance: a deadline to come."""

    deadline_on: dt.date
    code: str
    title: str
    status: Status
    deliveries: int
    people: int


class Glance(NamedTuple):
    """How positions stand, counted, and those that need an eye first."""

    counted: list[Counted]
    reports: list[CountedReports]
    due: list[CountedDeadline]
    # What is told of each; the worst first, as `worst_first` has them.
    failing: list
    contradicted: list
    # The longest silence first.
    silent: list


# Finding positions takes longer than counting them, as some thousands of rows lie apart from each other: so all of it
# is one statement over what was found. Keys of the first few, as whole rows take longer to sort.
_GLANCE = """
WITH seen AS MATERIALIZED ({{seen}})
SELECT (SELECT coalesce(json_agg(json_build_array(theme_id, place_id, status, deliveries, people)), '[]')
          FROM (SELECT theme_id, place_id, status, {size} FROM seen GROUP BY 1, 2, 3) counted),
       (SELECT coalesce(json_agg(json_build_array(status, freshness, deliveries, {signals})), '[]')
          FROM (SELECT status, freshness, {size}, {counted_signals} FROM seen GROUP BY 1, 2) counted),
       (SELECT coalesce(json_agg(json_build_array(deadline_on, code, title, status, deliveries, people)), '[]')
          FROM (SELECT deadline_on, code, title, status, {size} FROM seen WHERE {is_due} GROUP BY 1, 2, 3, 4) counted),
       ARRAY(SELECT position_id FROM seen WHERE {is_failing} ORDER BY {worst_first} LIMIT %s),
       ARRAY(SELECT position_id FROM seen WHERE {is_contradicted} ORDER BY {worst_first} LIMIT %s),
       ARRAY(SELECT position_id FROM seen WHERE {is_silent} ORDER BY {longest_silence_first} LIMIT %s)
"""
# The columns of a position that the statement knows by their own names.
_SEEN = ("status", "freshness", "contradiction", "headroom_days", "next_milestone_on", "deadline_on", "reported_on")


@lru_cache(maxsize=32)
def _glance(model: type[models.Model], today: dt.date) -> str:
    """The statement for today or a publication's day. Kept, because Django takes a while to word its conditions."""

    def said(expression: Q | Case) -> str:
        # In bare names of columns, as in a check constraint.
        query = Query(model, alias_cols=False)
        words, facts = query.get_compiler(connection=connection).compile(expression.resolve_expression(query))
        with connection.cursor() as cursor:
            return cursor.mogrify(words, facts).decode()

    rooms = [having_room(room) for room in Room]
    milestones = [next_milestone_is(word, today) for word in NextMilestone]
    signals = zip(SIGNALS, (CONTRADICTED, *rooms, *milestones), strict=True)
    return _GLANCE.format(
        size="count(*) AS deliveries, coalesce(sum(population), 0) AS people",
        signals=", ".join(SIGNALS),
        counted_signals=", ".join(f"count(*) FILTER (WHERE {said(signal)}) AS {name}" for name, signal in signals),
        is_due=said(Q(deadline_on__range=(today, today + _A_YEAR)) & ~Q(status=Status.NOT_APPLICABLE)),
        is_failing=said(FAILING),
        is_contradicted=said(CONTRADICTED),
        is_silent=said(_SILENT),
        worst_first=f"{said(badness())}, population DESC NULLS LAST, deadline_on NULLS LAST, position_id",
        longest_silence_first="reported_on NULLS FIRST, deadline_on NULLS LAST, position_id",
    )


class StandingQuerySet(models.QuerySet):
    """Positions; `to_delivery` leads from one to what has its commitment and its footprint."""

    to_delivery = ""

    def failing(self):
        return self.filter(FAILING)

    def contradicted(self):
        """Where the evidence speaks against a report that says green or delivered."""
        return self.filter(CONTRADICTED)

    def worst_first(self):
        """The worst status first; among equals where most people live, then the nearest deadline."""
        population = F(f"{self.to_delivery}footprint__population").desc(nulls_last=True)
        return self.order_by(badness(), population, F("deadline_on").asc(nulls_last=True), "pk")

    def in_words(self):
        """With what it takes to say which commitment stands how, and where."""
        return self.select_related(f"{self.to_delivery}commitment", f"{self.to_delivery}footprint")

    def told(self, keys: Collection[int]) -> dict[int, Any]:
        """What a list says of each of these, by its key."""
        return type(self)(self.model).in_words().in_bulk(keys)

    def at_a_glance(self, today: dt.date, size: int) -> Glance:
        """How they stand, what is due, and so many of each list of what needs an eye first."""
        commitment, footprint = f"{self.to_delivery}commitment__", f"{self.to_delivery}footprint__"
        seen = self.order_by().values(
            *_SEEN,
            position_id=F("pk"),
            theme_id=F(f"{commitment}theme_id"),
            code=F(f"{commitment}code"),
            title=F(f"{commitment}title"),
            place_id=F(f"{footprint}place_id"),
            population=F(f"{footprint}population"),
        )
        words, facts = seen.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(_glance(self.model, today).format(seen=words), (*facts, size, size, size))
            counted, reports, due, *lists = cursor.fetchone()
        told = self.told({pk for keys in lists for pk in keys})
        return Glance(
            [Counted._make(row) for row in counted],
            [CountedReports.of(row) for row in reports],
            [CountedDeadline(dt.date.fromisoformat(deadline_on), *row) for deadline_on, *row in due],
            *([told[pk] for pk in keys] for keys in lists),
        )

    def tallied(self) -> models.QuerySet:
        """How many deliveries and people, by theme, place and status: one row for each that occurs."""
        by = (f"{self.to_delivery}commitment__theme_id", f"{self.to_delivery}footprint__place_id")
        return self.order_by().values_list(*by, "status").annotate(**size(self.to_delivery))
