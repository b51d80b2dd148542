"""What the rules concluded. Written only by commitments/recompute.py; pages read it and never compute it."""

import datetime as dt
from collections.abc import Collection
from typing import ClassVar

import pgtrigger
from django.db import connection, models
from django.db.models import Count, ExpressionWrapper, F, Q, Value

from commitments.choices import (
    NO_REPORT_EXPECTED,
    OUTSTANDING,
    Ahead,
    Freshness,
    Method,
    NextMilestone,
    ReportState,
    Room,
    Status,
)
from commitments.measures import STALE_AFTER, TIGHT
from commitments.models.facts import Delivery, badness
from commitments.models.log import SIZE, PositionChangeQuerySet
from commitments.sentences import spoken
from systems.models import Footprint, User
from systems.models.due import DueQuerySet
from systems.models.footprints import under
from systems.permissions import Action

# From the latest report to the first day on which it is stale.
_STALE_AFTER_DAYS = Value(STALE_AFTER.days + 1, models.IntegerField())
_SOON = dt.timedelta(days=30)
_LATER = dt.timedelta(days=90)
_A_YEAR = dt.timedelta(days=365)
# What is counted beside the statuses: contradicted reports, how much headroom there is, when a milestone is due.
SIGNALS = ("contradicted", *Room.values, *NextMilestone.values)


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


class PositionQuerySet(DueQuerySet):
    def visible_to(self, user: User) -> "PositionQuerySet":
        """Positions this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "delivery__footprint__path"))

    def inside(self, footprint: Footprint) -> "PositionQuerySet":
        """Positions of deliveries in or below a footprint."""
        return self.filter(delivery__footprint__path__startswith=footprint.path)

    def failing(self) -> "PositionQuerySet":
        return self.filter(status__in=(Status.MISSED, Status.OFF_TRACK))

    def of_concern(self) -> "PositionQuerySet":
        """Failing, at risk, or spoken against by the evidence."""
        return self.filter(Q(status__in=(Status.MISSED, Status.OFF_TRACK, Status.AT_RISK)) | ~Q(contradiction=""))

    def contradicted(self) -> "PositionQuerySet":
        """Where the evidence speaks against a report that says green or delivered."""
        return self.exclude(contradiction="")

    def in_need_of_a_report(self) -> "PositionQuerySet":
        """Nothing recent was signed off though the work should be going on; the longest silence first."""
        return (
            self.filter(freshness__in=(Freshness.NEVER, Freshness.LAPSED, Freshness.STALE))
            .exclude(status__in=NO_REPORT_EXPECTED)
            .order_by(F("reported_on").asc(nulls_first=True), F("deadline_on").asc(nulls_last=True), "pk")
        )

    def coming_up(self, today: dt.date) -> "models.QuerySet":
        """What the next days bring, the nearest first: (delivery, what, on which day), each as a row."""
        outstanding = self.filter(status__in=OUTSTANDING).order_by()
        expected = outstanding.exclude(status__in=NO_REPORT_EXPECTED)
        # What waits for sign-off is done by its writer.
        stale = expected.exclude(delivery__reports__state=ReportState.SUBMITTED).annotate(
            on=ExpressionWrapper(F("reported_on") + _STALE_AFTER_DAYS, models.DateField())
        )
        found = (
            (Ahead.STALE, stale, _SOON),
            (Ahead.MILESTONE, outstanding.annotate(on=F("next_milestone_on")), _SOON),
            (Ahead.LOCAL, outstanding.annotate(on=F("delivery__local_deadline_on")), _LATER),
            (Ahead.NATIONAL, outstanding.annotate(on=F("deadline_on")), _LATER),
        )
        first, *others = (
            rows.filter(on__range=(today, today + within)).values_list(
                "delivery_id", Value(what, models.CharField()), "on"
            )
            for what, rows, within in found
        )
        return first.union(*others, all=True).order_by("on", "delivery_id")

    def worst_first(self) -> "PositionQuerySet":
        """The worst status first; among equals where most people live, then the nearest deadline."""
        return self.order_by(
            badness(),
            F("delivery__footprint__population").desc(nulls_last=True),
            F("deadline_on").asc(nulls_last=True),
            "pk",
        )

    def in_words(self) -> "PositionQuerySet":
        """With what it takes to say which commitment stands how, and where."""
        return self.select_related("delivery__commitment", "delivery__footprint")

    def fetched(self, *lists: "PositionQuerySet") -> list[list["Position"]]:
        """These lists in words: found by their keys alone, as whole rows take longer to sort, and fetched at once."""
        found = [list(some.values_list("pk", flat=True)) for some in lists]
        positions = self.in_words().in_bulk({pk for keys in found for pk in keys})
        return [[positions[pk] for pk in keys] for keys in found]

    def tallied(self) -> "models.QuerySet":
        """How many deliveries and people, by theme, place, status and freshness: one row for each that occurs."""
        by = ("delivery__commitment__theme_id", "delivery__footprint__place_id", "status", "freshness")
        return self.order_by().values_list(*by).annotate(**SIZE)

    def tallied_with_signals(self, today: dt.date) -> "models.QuerySet":
        """The same, and how many of them have each of `SIGNALS`."""
        rooms = [having_room(room) for room in Room]
        due = [next_milestone_is(word, today) for word in NextMilestone]
        found = zip(SIGNALS, (~Q(contradiction=""), *rooms, *due), strict=True)
        return self.tallied().annotate(**{name: Count("pk", filter=signal) for name, signal in found})

    def tallied_by_system(self) -> "models.QuerySet":
        """How many deliveries and people, by system and status."""
        return self.order_by().values_list("delivery__footprint__system_id", "status").annotate(**SIZE)

    def tallied_by_place(self) -> "models.QuerySet":
        """How many deliveries and people, by place and status."""
        return self.order_by().values_list("delivery__footprint__place_id", "status").annotate(**SIZE)

    def due_within_a_year(self, today: dt.date) -> "models.QuerySet":
        """Deadlines to come: how many deliveries and people, by commitment and status."""
        commitment = ("delivery__commitment__code", "delivery__commitment__title")
        return (
            self.filter(deadline_on__range=(today, today + _A_YEAR))
            .exclude(status=Status.NOT_APPLICABLE)
            .order_by()
            .values_list("deadline_on", *commitment, "status")
            .annotate(**SIZE)
        )


class Position(models.Model):
    """The computed verdict on a delivery, the sentence that explains it, and the day the verdict expires.

    `sentence` and `contradiction` may hold `{days}`: the days since `since_on`, filled in on the day of reading, so
    that "23 days overdue" stays true without being rewritten every night.
    """

    # A verdict means nothing without its delivery, and is born with it.
    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="position")
    status = models.CharField(max_length=20, choices=Status)
    reason_code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=600)
    since_on = models.DateField(null=True)
    freshness = models.CharField(max_length=10, choices=Freshness)
    headroom_days = models.IntegerField(null=True)
    headroom_from = models.CharField(max_length=20, choices=Method, blank=True)
    # The expected finish, side by side: as reported, and as the delivery's own record has it.
    expected_on = models.DateField(null=True)
    milestones_finish_on = models.DateField(null=True)
    metric_finish_on = models.DateField(null=True)
    contradiction = models.CharField(max_length=600, blank=True)
    contradiction_since_on = models.DateField(null=True)
    next_milestone_on = models.DateField(null=True)
    deadline_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    # The first day on which the same evidence gives another verdict. A position whose day has come is due.
    next_change_on = models.DateField(null=True)
    # The moment somebody marked it as due; none where the calendar did, or nobody.
    marked_due_at = models.DateTimeField(null=True)
    # The day the status last moved.
    moved_on = models.DateField()

    # A position is born with its delivery and decided in the same transaction.
    UNDECIDED: ClassVar = {
        "status": Status.NOT_STARTED,
        "reason_code": "",
        "sentence": "",
        "freshness": Freshness.NEVER,
        "headroom_from": "",
    }

    objects = PositionQuerySet.as_manager()

    class Meta:
        indexes = [
            # The one question asked every 30 seconds: which positions are due?
            models.Index(fields=["next_change_on"], name="position_due"),
            models.Index(fields=["status"], name="position_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values)
                & Q(freshness__in=Freshness.values)
                & Q(headroom_from__in=["", *Method.values]),
                name="position_words_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.get_status_display()}"

    def sentence_on(self, today: dt.date) -> str:
        """The sentence as it reads on this day."""
        return spoken(self.sentence, self.since_on, today)

    def contradiction_on(self, today: dt.date) -> str:
        """What speaks against the reported confidence, as it reads on this day; empty where nothing does."""
        return spoken(self.contradiction, self.contradiction_since_on, today)


class PositionChange(models.Model):
    """On which day a position moved from what to what, and why. Append-only."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="position_changes")
    changed_on = models.DateField()
    from_status = models.CharField(max_length=20, choices=Status, blank=True)
    from_reason_code = models.CharField(max_length=30, blank=True)
    to_status = models.CharField(max_length=20, choices=Status)
    to_reason_code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=600)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PositionChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_on", "-id"]
        indexes = [models.Index(fields=["delivery", "-changed_on", "-id"], name="position_change_history")]
        triggers = [
            pgtrigger.Protect(name="position_change_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.from_status or 'new'} to {self.to_status} on {self.changed_on}"


class PositionsVersionQuerySet(models.QuerySet):
    def number_of(self, system: Footprint) -> int:
        """The number to read before the data, so that a page kept under it is never older than it says."""
        return self.filter(system=system).values_list("number", flat=True).first() or 0

    def bump(self, systems: Collection[int | None]) -> None:
        """Tells every page about these systems that what it shows has changed. Always in the same order."""
        if systems:
            with connection.cursor() as cursor:
                cursor.execute(
                    """
                    INSERT INTO commitments_positionsversion (system_id, number)
                    SELECT id, 1 FROM unnest(%s::bigint[]) AS id
                        ON CONFLICT (system_id) DO UPDATE SET number = commitments_positionsversion.number + 1
                    """,
                    [sorted(system for system in systems if system is not None)],
                )

    def of_code(self, code: str) -> tuple[int, int, int | None] | None:
        """The system with this code, its number, and that of its maturity; none where nothing was ever written.

        A bare statement: an unchanged page is answered from it and little else.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_id, number, (SELECT number FROM systems_maturityversion maturity"
                " WHERE maturity.system_id = positions.system_id) FROM commitments_positionsversion positions"
                " WHERE system_id = (SELECT id FROM systems_footprint WHERE code = %s)",
                [code],
            )
            return cursor.fetchone()

    def bump_all(self) -> None:
        """Has the pages of every system drawn anew: the map or the catalogue they show has changed."""
        systems = Footprint.objects.systems()
        self.bulk_create([self.model(system=system, number=0) for system in systems], ignore_conflicts=True)
        self.update(number=models.F("number") + 1)


class PositionsVersion(models.Model):
    """Counts the writing transactions that touched a system: the cache key of every page about it."""

    system = models.OneToOneField("systems.Footprint", models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=1)

    objects = PositionsVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.system}: {self.number}"
