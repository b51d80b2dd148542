"""What has a day on which it must be worked out again, and how long it has waited for a worker."""

import datetime as dt

from django.db import models
from django.db.models import Min, Q
from django.db.models.functions import Coalesce, Now


class DueQuerySet(models.QuerySet):
    """Rows with `next_change_on`, and with `marked_due_at` where somebody marked them rather than the calendar."""

    def due(self, today: dt.date) -> "DueQuerySet":
        """Those whose day has come: a worker recomputes them."""
        return self.filter(next_change_on__lte=today)

    def mark_due(self, today: dt.date) -> None:
        """Makes all of them due now. The caller holds their commitments' locks."""
        self.update(next_change_on=today, marked_due_at=Coalesce("marked_due_at", Now()))

    def waiting_since(self, today: dt.date) -> tuple[dt.datetime | None, dt.date | None]:
        """Of the due ones: the first moment one was marked, and the first day that made one due by itself."""
        first = self.due(today).aggregate(
            marked_at=Min("marked_due_at"), turned_on=Min("next_change_on", filter=Q(marked_due_at__isnull=True))
        )
        return first["marked_at"], first["turned_on"]
