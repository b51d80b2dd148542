"""Say why a delivery has its status: the evidence, each rule tried, the verdict."""

from django.core.management import BaseCommand, CommandError

from commitments import evidence, rules
from commitments.choices import Freshness, Status
from commitments.management.words import add_day, day_from, delivery_from
from commitments.presenters.delivery import evidence_in_words, or_none_open, tried
from commitments.presenters.forecast import expected_finish, headroom_in_words
from commitments.sentences import day_in_words, spoken
from ltp_portal.clock import today


class Command(BaseCommand):
    help = "Print a delivery's evidence, each rule in turn, and the verdict."

    def add_arguments(self, parser):
        parser.add_argument("delivery", help="its number, or COMMITMENT/FOOTPRINT by their codes")
        add_day(parser)

    def handle(self, *args, **options):
        delivery = delivery_from(options["delivery"])
        day = day_from(options["as_of"], today=today())
        seen = evidence.of_delivery(delivery, day) if day == today() else evidence.of_delivery_then(delivery, day)
        if seen is None:
            raise CommandError(f"{delivery} was not open on {day_in_words(day)}.")
        self.stdout.write(f"{delivery.commitment}, {delivery.footprint}, on {day_in_words(day)}")
        self.print_section("Evidence", evidence_in_words(seen))
        self.print_section("Expected finish", expected_finish(seen, day))
        self.print_section("Rules", [(_rule(line), line.rule.when) for line in tried(seen, day)])
        self.print_section("Verdict", _verdict(rules.verdict(seen, day), day))
        # What is stored is today's, whichever day was asked about.
        self.print_section("Stored", [("Position", delivery.position.sentence_on(today()))])

    def print_section(self, title, lines):
        self.stdout.write(f"\n{title}")
        width = max(len(name) for name, _ in lines)
        for name, value in lines:
            self.stdout.write(f"  {name.ljust(width)}  {value}")


def _rule(line) -> str:
    answer = f"yes: {Status(line.rule.status).label}" if line.holds else "no"
    return f"{line.number:>2} {line.rule.code}: {answer}"


def _verdict(verdict, day):
    """The status and the signals beside it."""
    until = verdict.next_change_on
    return [
        ("Status", Status(verdict.status).label),
        ("Reason", verdict.reason_code),
        ("Sentence", spoken(verdict.sentence, verdict.since_on, day)),
        ("Latest report", Freshness(verdict.freshness).label),
        ("Headroom", headroom_in_words(verdict.headroom_days, verdict.headroom_from)),
        ("Evidence against the report", spoken(verdict.contradiction, verdict.contradiction_since_on, day) or "None"),
        ("Next open milestone", or_none_open(verdict.next_milestone_on)),
        ("Next change", f"{day_in_words(until)}, if nothing is reported before" if until else "None foreseen"),
    ]
