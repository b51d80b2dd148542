"""`manage.py send_letters`: what followers are told of the latest publications, now."""

from django.core.management import BaseCommand

from engagement import outbox
from ltp_portal.clock import today


class Command(BaseCommand):
    help = "Tells followers what changed in the latest publications; run again, it sends nothing twice."

    def handle(self, *args, **options):
        outbox.write_letters()
        self.stdout.write(f"Sent {outbox.send_waiting(today())} e-mails.")
