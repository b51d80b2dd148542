"""An England of full size: the real catalogue and map, with invented plans, reports and measurements."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from commitments.models import Delivery, Milestone, Observation, Report, ReportingPeriod
from systems.choices import Level, Role
from systems.models import Footprint, Membership, User

# All twelve months of reports were due by this day.
TODAY = dt.date(2019, 10, 14)
FIRST_DAY = dt.date(2018, 10, 1)
SEED = 2019
# With the catalogue's own levels England has 54,700 deliveries; so many more commitments are delivered lower down.
BY_NETWORK = 18
BY_PLACE = 9
MONTHS_MEASURED = 32
# Shares of England that are measured on the way to the whole.
STEPS = (0.25, 0.5, 1.0)

_SQL = Path(__file__).with_name("england.sql")


def prepare() -> None:
    """The reference data and three people, in an empty database."""
    call_command("load_reference", stdout=io.StringIO())
    england = Footprint.objects.get(level=Level.ENGLAND)
    for email, role in (("author", Role.PROGRAMME_MANAGER), ("approver", Role.APPROVER), ("viewer", Role.VIEWER)):
        user = User.objects.create_user(f"{email}@bench.example.org", name=email.capitalize())
        Membership.objects.create(user=user, footprint=england, role=role, starts_on=FIRST_DAY)
    assert ReportingPeriod.objects.filter(starts_on__gte=FIRST_DAY, due_on__lte=TODAY).count() == 12


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@bench.example.org").as_of(TODAY)


def steps(scale: float) -> Iterator[tuple[float, list[int]]]:
    """The share of England reached by each step, and the systems that have to be added for it."""
    networks = Footprint.objects.filter(level=Level.PCN)
    systems = list(Footprint.objects.systems().order_by("name").values_list("pk", flat=True))
    size = {pk: networks.filter(system=pk).count() for pk in systems}
    total, reached, adding, added = sum(size.values()), 0, [], []
    ahead = [step * scale for step in STEPS]
    for pk in systems:
        adding.append(pk)
        reached += size[pk]
        if reached >= ahead[0] * total - 0.5:
            added.append((STEPS[-len(ahead)], adding))
            adding = []
            while ahead and reached >= ahead[0] * total - 0.5:
                ahead.pop(0)
            if not ahead:
                break
    yield from added


@transaction.atomic
def grow(systems: Sequence[int]) -> None:
    """Adds the deliveries of these systems, with all that is known about them. Nothing is decided yet."""
    values = {
        "systems": list(systems),
        "today": TODAY,
        "first_day": FIRST_DAY,
        "seed": SEED,
        "author": person("author").pk,
        "approver": person("approver").pk,
        "by_network": BY_NETWORK,
        "by_place": BY_PLACE,
        "months": MONTHS_MEASURED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.read_text(encoding="utf-8"), values)


def tidy() -> None:
    """What the server's own housekeeping would have done by the next morning."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def counts() -> dict[str, int]:
    return {
        model._meta.verbose_name_plural: model.objects.count() for model in (Delivery, Milestone, Report, Observation)
    }
