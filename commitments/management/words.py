"""The words that several commands take: a day, a system, a delivery. A wrong one is answered in one line."""

import datetime as dt

from django.core.management import CommandError

from commitments.models import Delivery
from systems.models import Footprint
from systems.permissions import EVERYWHERE


def add_day(parser) -> None:
    parser.add_argument("--as-of", metavar="DATE", help="another day than today, such as 2019-09-30")


def add_scope(parser) -> None:
    add_day(parser)
    parser.add_argument("--system", metavar="CODE", help="one system only, such as QKK")


def day_from(text: str | None, *, today: dt.date) -> dt.date:
    if text is None:
        return today
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a date: write it as 2019-09-30.") from error


def path_from(code: str | None) -> str:
    """The path below which to look: a system's, or everywhere."""
    if code is None:
        return EVERYWHERE
    path = Footprint.objects.systems().filter(code=code).values_list("path", flat=True).first()
    if path is None:
        raise CommandError(f"There is no system with the code {code!r}.")
    return path


def delivery_from(name: str) -> Delivery:
    """A delivery by its number, or by its commitment and footprint: LTP3-MH-13/E09000004."""
    commitment, slash, footprint = name.partition("/")
    deliveries = Delivery.objects.for_list()
    if slash:
        found = deliveries.filter(commitment__code=commitment, footprint__code=footprint).first()
    else:
        found = deliveries.filter(pk=int(name)).first() if name.isdecimal() else None
    if found is None:
        raise CommandError(f"There is no delivery {name!r}: give its number, or COMMITMENT/FOOTPRINT by their codes.")
    return found
