"""`manage.py load_reference`: the NHS map, the catalogue and the committees from fixtures/reference/."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from engagement.loading import load_reference
from ltp_portal.clock import today
from ltp_portal.securitylog import record
from systems.loading import Outcome, Refused


class Command(BaseCommand):
    help = "Loads the NHS map, the catalogue and the committees. Everything or nothing; a second run changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from",
            dest="folder",
            type=Path,
            default=settings.BASE_DIR / "fixtures" / "reference",
            metavar="DIR",
            help="the folder of files to load (default: fixtures/reference)",
        )

    def handle(self, *, folder: Path, **options):
        began = time.monotonic()
        try:
            outcomes = load_reference(folder, today=today())
        except Refused as refused:
            record("reference_refused", folder=str(folder))
            raise CommandError(f"Nothing was loaded.\n{refused}") from refused
        new, changed = sum(outcome.new for outcome in outcomes), sum(outcome.changed for outcome in outcomes)
        record("reference_loaded", folder=str(folder), new=new, changed=changed)
        for outcome in outcomes:
            self.stdout.write(_line(outcome))
        self.stdout.write(f"Loaded in {time.monotonic() - began:.1f} seconds.")


def _line(outcome: Outcome) -> str:
    counts = f"{outcome.new:>7,} new {outcome.changed:>7,} changed {outcome.same:>7,} the same"
    kept = f" {outcome.unlisted:>7,} only in the database" if outcome.unlisted else ""
    return f"{outcome.file:<28}{counts}{kept}"
