"""Recompute positions, or say what recomputing them would change."""

import datetime as dt
import time

from django.core.management import BaseCommand, CommandError

from commitments.choices import Trigger
from commitments.management.words import add_scope, day_from, path_from
from commitments.models import Delivery
from commitments.recompute import Drift, audit, audit_coverage
from commitments.rules import Verdict
from commitments.runs import run
from commitments.sentences import day_in_words
from ltp_portal.clock import today
from systems import recompute as maturity

VERDICT = Verdict._fields


class Command(BaseCommand):
    help = (
        "Recompute the positions that are due. Another day than today is only computed and compared: "
        "it is never stored over today's positions."
    )

    def add_arguments(self, parser):
        add_scope(parser)
        parser.add_argument("--all", action="store_true", help="take every position as due")
        parser.add_argument(
            "--hands", type=int, choices=range(1, 9), default=1, help="how many connections share the work (1 to 8)"
        )
        parser.add_argument(
            "--audit", action="store_true", help="compute everything, write nothing, exit 1 where anything differs"
        )

    def handle(self, *args, **options):
        day = day_from(options["as_of"], today=today())
        inside = path_from(options["system"])
        scope = f"{options['system'] or 'England'} on {day_in_words(day)}"
        started = time.monotonic()
        if options["audit"] or day != today():
            differing = self.print_differences(day, inside)
            self.stdout.write(
                f"{scope}: {differing:,} positions differ, nothing written, {time.monotonic() - started:.2f} seconds."
            )
            if options["audit"]:
                self.judge(differing, day, inside)
            return
        everything, hands = options["all"], options["hands"]
        outcome = run(day, trigger=Trigger.COMMAND, inside=inside, everything=everything, hands=hands)
        which = "every position" if everything else "positions due"
        self.stdout.write(
            f"{scope}, {which}: {outcome.examined:,} examined, {outcome.changed:,} changed, "
            f"{outcome.covered:,} rows of coverage changed, {time.monotonic() - started:.2f} seconds."
        )
        started = time.monotonic()
        matured = maturity.recompute(day, inside=inside, everything=everything, hands=hands)
        self.stdout.write(
            f"Maturity: {matured.examined:,} examined, {matured.changed:,} changed, "
            f"{time.monotonic() - started:.2f} seconds."
        )

    def judge(self, differing: int, day: dt.date, inside: str) -> None:
        """Fails where a position is not what its evidence says, or a roll-up not what it rolls up."""
        unripe = sum(1 for _ in maturity.audit(day, inside=inside))
        self.stdout.write(f"{unripe:,} maturity positions differ.")
        if unripe:
            raise CommandError(f"{unripe:,} maturity positions are not what their evidence says.")
        if differing:
            raise CommandError(f"{differing:,} stored positions are not what their evidence says.")
        rows = sum(number for _, number in audit_coverage(day))
        self.stdout.write(f"{rows:,} rows of coverage differ.")
        if rows:
            raise CommandError(f"{rows:,} rows of coverage are not what they roll up.")

    def print_differences(self, day: dt.date, inside: str) -> int:
        drifts = list(audit(day, inside=inside, past=day != today()))
        deliveries = Delivery.objects.select_related("commitment", "footprint").in_bulk(d.delivery_id for d in drifts)
        for drift in drifts:
            delivery = deliveries[drift.delivery_id]
            self.stdout.write(f"{delivery.commitment.code}/{delivery.footprint.code}: {differences(drift)}")
        return len(drifts)


def differences(drift: Drift) -> str:
    """Each field that differs: what is stored, and what was computed."""
    return "; ".join(
        f"{name} {_shown(stored)} -> {_shown(computed)}"
        for name, stored, computed in zip(VERDICT, drift.stored, drift.computed, strict=True)
        if stored != computed
    )


def _shown(value: object) -> str:
    return "none" if value in (None, "") else str(value)
