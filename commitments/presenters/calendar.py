"""The days a person should have in their own calendar: deadlines, milestones, and the days reports are due."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from icalendar import Calendar, Event

from commitments.models import Delivery, Milestone, ReportingPeriod

# What has passed stays so long, for whoever was away.
KEPT = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day with a name of its own (`key`), by which a calendar knows it again when it has moved."""

    key: str
    on: dt.date
    title: str
    href: str


def days_of(
    deliveries: Iterable[Delivery], milestones: Iterable[Milestone], months: Iterable[ReportingPeriod], today: dt.date
) -> list[Day]:
    """Every day ahead, and those just passed, in order."""
    found = (*_deadlines(deliveries), *_milestones(milestones), *_months(months))
    return sorted((day for day in found if day.on >= today - KEPT), key=lambda day: (day.on, day.key))


def _deadlines(deliveries: Iterable[Delivery]) -> Iterator[Day]:
    for delivery in deliveries:
        kinds = (
            ("local", "Local deadline", delivery.local_deadline_on),
            ("national", "National deadline", delivery.position.deadline_on),
        )
        for key, words, on in kinds:
            if on is not None:
                yield Day(f"{key}-{delivery.pk}", on, f"{words}: {delivery}", _page_of(delivery.pk))


def _milestones(milestones: Iterable[Milestone]) -> Iterator[Day]:
    for milestone in milestones:
        title = f"Milestone: {milestone.title} ({milestone.delivery})"
        yield Day(f"milestone-{milestone.pk}", milestone.due_on, title, _page_of(milestone.delivery_id))


def _months(months: Iterable[ReportingPeriod]) -> Iterator[Day]:
    for month in months:
        yield Day(f"reports-{month.pk}", month.due_on, f"Reports for {month} are due", reverse("commitments:my_work"))


def _page_of(delivery: int) -> str:
    return reverse("commitments:delivery", args=[delivery])


def as_ics(days: Iterable[Day], *, name: str, site_url: str, today: dt.date) -> bytes:
    """The days as a calendar that other programs subscribe to."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{name}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    drawn_at = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
    host = urlsplit(site_url).hostname
    for day in days:
        event = Event()
        event.add("uid", f"{day.key}@{host}")
        event.add("dtstamp", drawn_at)
        event.add("dtstart", day.on)
        event.add("summary", day.title)
        event.add("url", f"{site_url}{day.href}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
