"""What the log of changes answers: where things stood on a day, and what changed between two days."""

import datetime as dt

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery

from commitments.choices import Move, Status
from commitments.models.facts import DeliveryQuerySet, badness
from commitments.models.standing import size
from commitments.signals import move
from systems.models import Footprint, User
from systems.models.footprints import under
from systems.permissions import Action

_LATEST_FIRST = ("delivery_id", "-changed_on", "-id")


class PositionChangeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PositionChangeQuerySet":
        """Changes of the positions this person may read."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "delivery__footprint__path"))

    def inside(self, footprint: Footprint) -> "PositionChangeQuerySet":
        """Changes of deliveries in or below a footprint."""
        return self.filter(delivery__footprint__path__startswith=footprint.path)

    def standing_on(self, day: dt.date) -> "PositionChangeQuerySet":
        """Where each delivery stood on this day: its latest change up to it. Not there: not open yet."""
        return self._latest_of(self.filter(changed_on__lte=day))

    def between(self, first: dt.date, last: dt.date) -> "PositionChangeQuerySet":
        """Each delivery whose status on `last` is another than on `first`: its latest change, with what it `was`.

        What went away and came back did not change. A delivery opened meanwhile was nothing: an empty text.
        """
        since = self.model._default_manager.filter(delivery=OuterRef("delivery"), changed_on__gt=first)
        was = Subquery(since.order_by("changed_on", "id").values("from_status")[:1])
        changed = self._latest_of(self.filter(changed_on__gt=first, changed_on__lte=last))
        return changed.annotate(was=was).exclude(was=F("to_status"))

    def _latest_of(self, changes: "PositionChangeQuerySet") -> "PositionChangeQuerySet":
        latest = changes.order_by(*_LATEST_FIRST).distinct("delivery_id")
        return self.filter(pk__in=latest.values("pk"))

    def that_are(self, kind: Move) -> "PositionChangeQuerySet":
        """Those of one kind. Expects `between`."""
        found = Q(pk__in=())
        for now in Status:
            was = [status for status in ("", *Status) if status != now and move(status, now) == kind]
            found |= Q(to_status=now, was__in=was)
        return self.filter(found)

    def counted_by_move(self) -> "models.QuerySet":
        """How many went from what to what. Expects `between`."""
        return self.order_by().values_list("was", "to_status").annotate(Count("pk"))

    def tallied(self) -> "models.QuerySet":
        """How many deliveries and people, by theme, place and status: one row for each that occurs."""
        by = ("delivery__commitment__theme_id", "delivery__footprint__place_id", "to_status")
        return self.order_by().values_list(*by).annotate(**size("delivery__"))

    def failing(self) -> "PositionChangeQuerySet":
        return self.filter(to_status__in=(Status.MISSED, Status.OFF_TRACK))

    def worst_first(self) -> "PositionChangeQuerySet":
        """The worst status first; among equals where most people live."""
        return self.order_by(badness("to_status"), F("delivery__footprint__population").desc(nulls_last=True), "pk")

    def in_words(self) -> "PositionChangeQuerySet":
        """With what it takes to say which commitment, and where."""
        return self.select_related("delivery__commitment", "delivery__footprint__system")

    def onto(self, deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
        """These deliveries as these changes left them: `then_status`, `then_sentence` and `then_on`, the worst first.

        Expects `standing_on`; a delivery without such a change is left out.
        """
        stood = deliveries.filter(position_changes__in=self.values("pk"))
        columns = {"then_status": "to_status", "then_sentence": "sentence", "then_on": "changed_on"}
        stood = stood.annotate(**{name: F(f"position_changes__{column}") for name, column in columns.items()})
        return stood.annotate(severity=badness("then_status")).order_by(
            "severity", "commitment__deadline_on", "commitment__code", "footprint__name", "pk"
        )
