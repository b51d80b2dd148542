"""`manage.py send_reminders`: today's reminders, written and sent now instead of at seven in the morning."""

from django.core.management import BaseCommand

from commitments.outbox import send_waiting, write_reminders
from ltp_portal.clock import today


class Command(BaseCommand):
    help = "Writes today's reminders into the outbox and sends what waits there; run again, it sends nothing twice."

    def handle(self, *args, **options):
        day = today()
        write_reminders(day)
        self.stdout.write(f"Sent {send_waiting(day)} e-mails.")
