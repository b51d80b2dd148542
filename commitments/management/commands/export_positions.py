"""Write positions as CSV, with the sentence that explains each."""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping

from django.core.management import BaseCommand

from commitments.management.words import add_scope, day_from, path_from
from commitments.models import Delivery, Position
from commitments.recompute import verdicts
from commitments.rules import Verdict
from commitments.sentences import spoken
from ltp_portal.clock import today
from ltp_portal.exports import harmless
from ltp_portal.securitylog import record

COLUMNS = (
    "commitment",
    "footprint",
    "status",
    "reason",
    "sentence",
    "freshness",
    "contradiction",
    "headroom_days",
    "headroom_from",
    "expected_on",
    "milestones_finish_on",
    "metric_finish_on",
    "deadline_on",
    "next_milestone_on",
    "reported_on",
    "next_change_on",
)


class Command(BaseCommand):
    help = "Write positions as CSV: as they are stored, or as they would have been on another day."

    def add_arguments(self, parser):
        add_scope(parser)

    def handle(self, *args, **options):
        day = day_from(options["as_of"], today=today())
        inside = path_from(options["system"])
        found = stored(inside) if options["as_of"] is None else verdicts(day, inside=inside)
        writer = csv.writer(self.stdout)
        writer.writerow(COLUMNS)
        writer.writerows(rows(found, inside, day))
        record("positions_exported", system=options["system"] or "all", as_of=day.isoformat(), rows=len(found))


def stored(inside: str) -> Mapping[int, Position]:
    return Position.objects.filter(delivery__footprint__path__startswith=inside).in_bulk()


def rows(found: Mapping[int, Position | Verdict], inside: str, day: dt.date) -> Iterator[list]:
    """One row a delivery, in the order of codes, so that two exports can be compared line by line.

    A delivery that was not open on the day has no verdict, and no row.
    """
    deliveries = Delivery.objects.filter(footprint__path__startswith=inside, pk__in=found).order_by(
        "commitment__code", "footprint__code"
    )
    for delivery_id, commitment, footprint in deliveries.values_list("pk", "commitment__code", "footprint__code"):
        position = found[delivery_id]
        cells = (
            commitment,
            footprint,
            position.status,
            position.reason_code,
            spoken(position.sentence, position.since_on, day),
            position.freshness,
            spoken(position.contradiction, position.contradiction_since_on, day),
            position.headroom_days,
            position.headroom_from,
            position.expected_on,
            position.milestones_finish_on,
            position.metric_finish_on,
            position.deadline_on,
            position.next_milestone_on,
            position.reported_on,
            position.next_change_on,
        )
        yield [harmless(cell) for cell in cells]
