"""What a committee's pack costs: a system of six boroughs, from the published rows to the bytes that stay."""

from collections.abc import Iterator

from commitments.actions import close_period, publish
from commitments.models import Publication, ReportingPeriod
from engagement.actions import ask_for_pack
from engagement.choices import Seat
from engagement.models import AgendaItem, Committee, Meeting, Pack
from engagement.tasks import WORK
from systems import jobs
from systems.models import Footprint
from tests.bench.engine import everything, spoil
from tests.bench.england import FIRST_DAY, TODAY, person
from tests.bench.table import Line
from tests.bench.timing import seconds

# South East London, whose paper it is.
SYSTEM, COMMITTEE = "QKK", "south-east-london-jhosc"
WORDS = {
    "subject": "How the commitments stand",
    "report_by": "The benchmark",
    "wards_affected": "All",
    "purpose": "To measure what a pack costs.",
    "asked_to": "note it.",
}


def costs() -> Iterator[Line]:
    """Publishing a month, and making the pack of a meeting that compares it with the month before."""
    system = Footprint.objects.get(code=SYSTEM)
    month, before = ReportingPeriod.objects.filter(due_on__lte=TODAY).order_by("-starts_on")[:2]
    spoil()
    _publish(system, before)
    everything()
    yield Line("publishing a month of a system of six boroughs", seconds(lambda: _publish(system, month)), "s")
    pack = _ask(Publication.objects.get(system=system, period=month))
    took = seconds(lambda: jobs.run(pack.job_id, WORK, TODAY))
    forms = pack.documents.without_content().count()
    yield Line("a committee pack of it, with PDF and Word", took, "s", 30, f"{forms} documents")


def _publish(system: Footprint, period: ReportingPeriod) -> None:
    approver = person("approver")
    close_period(system=system, period=period, by=approver, today=TODAY)
    publish(system=system, period=period, by=approver, today=TODAY)


def _ask(publication: Publication) -> Pack:
    committee = Committee.objects.get(slug=COMMITTEE)
    committee.seats.create(user=person("author"), role=Seat.OFFICER, starts_on=FIRST_DAY)
    meeting = Meeting.objects.create(committee=committee, held_on=TODAY)
    item = AgendaItem.objects.create(meeting=meeting, number=1, title="The plan")
    facts = {"item": item, **WORDS}
    return ask_for_pack(meeting=meeting, facts=facts, publications=[publication], by=person("author"))
