"""`manage.py demo_accounts`: who can sign in to the demonstration."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from commitments.demo.people import accounts_that_sign_in
from ltp_portal.clock import today


class Command(BaseCommand):
    help = "Lists the demonstration accounts and their password."

    def handle(self, *args, **options):
        if not settings.PORTAL_DEMO:
            raise CommandError("PORTAL_DEMO is off: there are no demonstration accounts.")
        accounts = accounts_that_sign_in(today())
        if not accounts:
            raise CommandError("There are no demonstration accounts yet: run manage.py load_demo first.")
        widths = [max(len(account[column]) for account in accounts) for column in range(2)]
        for role, where, email in accounts:
            self.stdout.write(f"  {role:{widths[0]}}  {where:{widths[1]}}  {email}")
        self.stdout.write(f"  Password: {settings.DEMO_PASSWORD or 'as load_demo printed it once'}")
