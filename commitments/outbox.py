"""Reminders: who should get one today, and one digest a person of whatever they owe when it is sent.

The row is the outbox and the log. It is written before anything is sent; it is taken (`sending`) in a transaction of
its own before the mail is handed over, and marked afterwards. So two workers send nothing twice, a worker killed before
taking it loses nothing, and one killed in between leaves a row that says that the mail may have arrived.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string

from commitments.choices import ReminderKind, ReminderState
from commitments.duties import Due, Owing, People, Person, reminders_due
from commitments.models import Delivery, Reminder, ReportingPeriod
from commitments.models.outgoing import TRIES, OutgoingQuerySet
from commitments.sentences import days_left
from systems.choices import Role
from systems.models import Footprint, Membership, User
from systems.permissions import Grant

# So many lines of each kind are told in one mail; the page has the rest.
TOLD = 20


def write_reminders(today: dt.date) -> None:
    """Writes today's reminders into the outbox; running it again writes nothing. What is a year old goes."""
    Reminder.objects.outdated().delete()
    write(reminders_due(owed_on(today), people_on(today), today))


def write(due: Iterable[Due]) -> None:
    """Writes reminders into the outbox. One that is there already stays as it is."""
    Reminder.objects.bulk_create(
        [Reminder(person_id=d.person_id, period_id=d.month, kind=d.kind, falls_on=d.falls_on) for d in due],
        ignore_conflicts=True,
        batch_size=1000,
    )


def missing_by_writer(system: Footprint, period: ReportingPeriod, today: dt.date) -> Counter[int]:
    """Of a system's reports on a month that are not in: how many each person would be reminded of."""
    people = people_on(today)
    missing = Delivery.objects.missing_in(system, period)
    return Counter(pk for owing in missing for pk in people.writers_of(owing))


def nudges(system: Footprint, period: ReportingPeriod, today: dt.date) -> set[Due]:
    """Who is reminded of this system's reports on this month that are not in."""
    writers = missing_by_writer(system, period, today)
    return {Due(pk, period.pk, ReminderKind.NUDGE, today) for pk in writers}


def owed_on(today: dt.date) -> list[Owing]:
    """Every report that is owed on this day, the earliest due first."""
    systems = list(Footprint.objects.systems().values_list("pk", flat=True))
    return Delivery.objects.owing(ReportingPeriod.objects.open_in(systems, today))


def people_on(today: dt.date) -> People:
    """Everybody with an account in use and a role on this day."""
    held: dict[int, list[Grant]] = defaultdict(list)
    current = Membership.objects.current(today).filter(user__is_active=True)
    for pk, role, path in current.values_list("user_id", "role", "footprint__path"):
        held[pk].append(Grant(role=Role(role), path=path))
    managers = dict(User.objects.filter(pk__in=held).order_by().values_list("pk", "manager_id"))
    return People(Person(pk, managers[pk], tuple(grants)) for pk, grants in held.items())


# --- Sending ----------------------------------------------------------------------------------------------


def send_waiting(today: dt.date) -> int:
    """Sends what waits in the outbox, one digest a person. Returns how many were sent."""
    Reminder.objects.give_up_cut_short()
    people = set(Reminder.objects.to_send().order_by().values_list("person_id", flat=True))
    if not people:
        return 0
    digests = Digests(today, people)
    with get_connection() as mailer:
        return sum(
            send_once(Reminder.objects.filter(person=pk), digests.mail_to(pk), mailer, "reminder")
            for pk in sorted(people)
        )


def send_once(letters: OutgoingQuerySet, mail: EmailMessage | None, mailer, called: str) -> int:
    """Sends what waits among these letters to one person as one mail, or drops it where there is nothing to say."""
    keys = _take(letters)
    taken = letters.model._default_manager.filter(pk__in=keys)
    if mail is None or not keys:
        taken.update(state=ReminderState.DROPPED)
        return 0
    # The same for the same letters: where one is sent again, the receiver can tell.
    mail.extra_headers["Message-ID"] = f"<{called}-{min(keys)}@{urlsplit(settings.SITE_URL).hostname}>"
    try:
        sent = mailer.send_messages([mail])
    except OSError as error:
        mailer.close()
        _not_taken(taken, error)
        return 0
    taken.update(state=ReminderState.SENT, sent_at=Now(), error="")
    return sent


@transaction.atomic
def _take(letters: OutgoingQuerySet) -> list[int]:
    """Those of them that wait, now in this worker's hands and in nobody else's."""
    waiting = letters.to_send().select_for_update(skip_locked=True)
    taken = list(waiting.values_list("pk", flat=True))
    letters.model._default_manager.filter(pk__in=taken).update(
        state=ReminderState.SENDING, tried_at=Now(), tries=F("tries") + 1
    )
    return taken


def _not_taken(letters: OutgoingQuerySet, error: OSError) -> None:
    """The mail server refused or was away: again later, so many times."""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    letters.filter(tries__lt=TRIES).update(state=ReminderState.WAITING, error=said)
    letters.filter(state=ReminderState.SENDING).update(state=ReminderState.FAILED, error=said)


# --- What a digest says -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One report that is owed."""

    title: str
    month: str
    when: str


class Digests:
    """What each of these people owes on this day, and what is late below them."""

    def __init__(self, today: dt.date, people: Collection[int]) -> None:
        self.today = today
        self._people = User.objects.filter(is_active=True).in_bulk(people)
        self._own: dict[int, list[Owing]] = defaultdict(list)
        self._late: dict[int, list[Owing]] = defaultdict(list)
        here = people_on(today)
        for owing in owed_on(today):
            for pk in here.writers_of(owing):
                self._own[pk].append(owing)
            for pk in here.above(owing) if today > owing.month.due_on else ():
                self._late[pk].append(owing)

    @cached_property
    def _titles(self) -> dict[int, str]:
        told = {
            owing.delivery_id
            for pk in self._people
            for owed in (self._own[pk], self._late[pk])
            for owing in owed[:TOLD]
        }
        found = Delivery.objects.filter(pk__in=told).select_related("commitment", "footprint")
        return {delivery.pk: str(delivery) for delivery in found}

    def mail_to(self, pk: int) -> EmailMessage | None:
        """The digest as it reads now; None where nothing is left to say, or the person has left."""
        person, own, late = self._people.get(pk), self._own[pk], self._late[pk]
        if person is None or not (own or late):
            return None
        said = {
            "name": person.name,
            "own": [self._line(owing) for owing in own[:TOLD]],
            "own_more": len(own[TOLD:]),
            "late": [self._line(owing) for owing in late[:TOLD]],
            "late_more": len(late[TOLD:]),
            "own_count": len(own),
            "late_count": len(late),
            "service_name": settings.SERVICE_NAME,
            "site_url": settings.SITE_URL,
        }
        subject, _, body = render_to_string("commitments/email/digest.txt", said).partition("\n")
        return EmailMessage(subject, body.lstrip(), to=[person.email])

    def _line(self, owing: Owing) -> Line:
        return Line(self._titles[owing.delivery_id], str(owing.month), days_left(owing.month.due_on, self.today))
