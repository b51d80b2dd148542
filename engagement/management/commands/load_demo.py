"""`manage.py load_demo`: invented plans, reports and people for three systems, their committees and engagement."""

import secrets

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from commitments.demo.loading import AlreadyThere, NoReference, load
from commitments.demo.people import give_password
from engagement.demo import engagements, voices
from engagement.demo import loading as committees
from ltp_portal.securitylog import record


class Command(BaseCommand):
    help = "Loads the demonstration: invented plans, reports, measurements and people for three systems."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="where there are deliveries already, say nothing and change nothing"
        )

    def handle(self, *args, if_empty, **options):
        if not settings.PORTAL_DEMO:
            raise CommandError("PORTAL_DEMO is off: invented data and people belong only in a demonstration.")
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(12)
        folder = settings.BASE_DIR / "fixtures" / "demo"
        try:
            with transaction.atomic():
                counts = load(folder, password)
                meetings = committees.load(folder)
                opinions = voices.load(folder)
                heard = engagements.load(folder)
        except AlreadyThere:
            if settings.DEMO_PASSWORD:
                give_password(settings.DEMO_PASSWORD)
            if not if_empty:
                self.stdout.write("There are deliveries already; nothing was changed.")
            return
        except NoReference:
            raise CommandError("The catalogue or the map is missing: run manage.py load_reference first.") from None
        record("demonstration_loaded", deliveries=counts.deliveries, reports=counts.reports)
        self.stdout.write(
            f"Loaded {counts.deliveries:,} deliveries, {counts.reports:,} reports and "
            f"{counts.observations:,} observations, all invented; {meetings} meetings of committees, {opinions} second "
            f"opinions and {heard} conversations with patients and the public."
        )
        if not settings.DEMO_PASSWORD:
            self.stdout.write(f"The demonstration accounts' password, shown only now: {password}")
