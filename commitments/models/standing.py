"""What is asked of positions, live or published: which fail, which are contradicted, how many stand how."""

import datetime as dt

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

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
_LONGEST_SILENCE_FIRST = (F("reported_on").asc(nulls_first=True), F("deadline_on").asc(nulls_last=True), "pk")


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
        return self.order_by(*self._worst_first())

    def _worst_first(self):
        return (
            badness(),
            F(f"{self.to_delivery}footprint__population").desc(nulls_last=True),
            F("deadline_on").asc(nulls_last=True),
            "pk",
        )

    def in_words(self):
        """With what it takes to say which commitment stands how, and where."""
        return self.select_related(f"{self.to_delivery}commitment", f"{self.to_delivery}footprint")

    def first_to_look_at(self, size: int) -> list[list]:
        """So many failing and so many contradicted, the worst first, and so many silent, the longest silence first.

        Their keys are found in one pass, as whole rows take longer to sort, and fetched at once.
        """
        found = self.order_by().aggregate(
            failing=ArrayAgg("pk", filter=FAILING, order_by=self._worst_first()),
            contradicted=ArrayAgg("pk", filter=CONTRADICTED, order_by=self._worst_first()),
            silent=ArrayAgg("pk", filter=_SILENT, order_by=_LONGEST_SILENCE_FIRST),
        )
        lists = [(keys or [])[:size] for keys in found.values()]
        positions = self.in_words().in_bulk({pk for keys in lists for pk in keys})
        return [[positions[pk] for pk in keys] for keys in lists]

    def tallied(self) -> models.QuerySet:
        """How many deliveries and people, by theme, place, status and freshness: one row for each that occurs."""
        by = (f"{self.to_delivery}commitment__theme_id", f"{self.to_delivery}footprint__place_id")
        return self.order_by().values_list(*by, "status", "freshness").annotate(**size(self.to_delivery))

    def tallied_with_signals(self, today: dt.date) -> models.QuerySet:
        """The same, and how many of them have each of `SIGNALS`."""
        rooms = [having_room(room) for room in Room]
        due = [next_milestone_is(word, today) for word in NextMilestone]
        found = zip(SIGNALS, (CONTRADICTED, *rooms, *due), strict=True)
        return self.tallied().annotate(**{name: Count("pk", filter=signal) for name, signal in found})

    def due_within_a_year(self, today: dt.date) -> models.QuerySet:
        """Deadlines to come: how many deliveries and people, by commitment and status."""
        commitment = (f"{self.to_delivery}commitment__code", f"{self.to_delivery}commitment__title")
        return (
            self.filter(deadline_on__range=(today, today + _A_YEAR))
            .exclude(status=Status.NOT_APPLICABLE)
            .order_by()
            .values_list("deadline_on", *commitment, "status")
            .annotate(**size(self.to_delivery))
        )
