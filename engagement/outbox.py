"""What changed in what people follow: one letter a publication and person, written first and sent once."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, F, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse

from commitments.choices import Move, Status
from commitments.comparison import DATES, KINDS, Key, date_lines
from commitments.models import Publication, PublishedMaturity, PublishedPosition
from commitments.models.compared import comparable, compare, compare_maturity
from commitments.outbox import send_once
from engagement.choices import FollowKind
from engagement.models import Follow, FollowLetter
from engagement.models.committees import SEATS_AS_ROLES
from systems.models import User
from systems.sentences import day_in_words

# What a letter tells of, in this order.
TOLD_OF = (Move.MISSED, Move.WORSE, DATES, Move.BETTER, Move.DELIVERED, Move.REPORTED)
# So many of each kind are told in one letter; the page has the rest.
TOLD = 10


def write_letters() -> None:
    """Writes a letter about each publication to each who followed its system by then. Again, it writes nothing."""
    told = FollowLetter.objects.filter(person=OuterRef("person"), publication=OuterRef("system__publications"))
    followed = Follow.objects.filter(~Exists(told), followed_at__lte=F("system__publications__published_at"))
    due = followed.order_by().values_list("person", "system__publications").distinct()
    FollowLetter.objects.bulk_create(
        (FollowLetter(person_id=person, publication_id=publication) for person, publication in due),
        ignore_conflicts=True,
        batch_size=1000,
    )


def send_waiting(today: dt.date) -> int:
    """Sends what waits in the outbox. Returns how many were sent."""
    FollowLetter.objects.give_up_cut_short()
    waiting = FollowLetter.objects.to_send().select_related("person", "publication__system")
    letters = list(waiting.order_by("publication", "person"))
    if not letters:
        return 0
    sent = 0
    with get_connection() as mailer:
        for publication, own in groupby(letters, lambda letter: letter.publication):
            news = News(publication, today)
            for letter in own:
                one = FollowLetter.objects.filter(pk=letter.pk)
                sent += send_once(one, news.mail_to(letter.person), mailer, "news")
    return sent


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery that is not what it was."""

    title: str
    where: str
    was: str
    now: str
    sentence: str
    dates: list[str]


@dataclass(frozen=True, slots=True)
class ToldLevel:
    """One domain of a maturity framework that is not where it was."""

    row: PublishedMaturity
    in_words: str


class News:
    """What changed from one publication to the next, for whoever follows a part of it."""

    def __init__(self, publication: Publication, today: dt.date) -> None:
        self.publication, self.today = publication, today
        self.since = comparable(publication).first()
        self.compared = compare(self.since, publication) if self.since else None
        self.maturity = compare_maturity(self.since, publication) if self.since else None

    def mail_to(self, person: User) -> EmailMessage | None:
        """The letter; None where nothing changed for this person, or they may not read it any more."""
        if self.compared is None or not person.is_active:
            return None
        # With what their seats on committees give them, as when they sign in.
        reader = User.objects.signed_in(person.pk, also=SEATS_AS_ROLES)
        assert reader is not None
        follows = Follow.objects.of(reader.as_of(self.today)).filter(system=self.publication.system_id)
        followed = self.publication.positions.filter(follows.positions())
        own = set(followed.values_list("commitment__code", "footprint__code"))
        keys = {kind: [key for key in self.compared.keys[kind] if key in own] for kind in TOLD_OF}
        levels = self._levels(follows.codes(FollowKind.PLACE))
        return self._letter(person, keys, levels) if levels or any(keys.values()) else None

    def _levels(self, places: set[str]) -> list[ToldLevel]:
        """The domains that moved in these places."""
        if self.maturity is None:
            return []
        moved = ((self.maturity.rows[level.key], level.in_words) for level in self.maturity.moved)
        return [ToldLevel(row, in_words) for row, in_words in moved if row.footprint.code in places]

    def _letter(self, person: User, keys: dict[str, list[Key]], levels: list[ToldLevel]) -> EmailMessage:
        assert self.compared is not None
        told = {self.compared.rows[key] for found in keys.values() for key in found[:TOLD]}
        positions = PublishedPosition.objects.in_words().in_bulk(told)
        address = [self.publication.system.code, self.publication.slug, self.publication.edition]
        said = {
            "name": person.name,
            "publication": self.publication,
            "since": self.since,
            "groups": [
                (
                    KINDS[kind],
                    len(found),
                    [self._told(key, positions[self.compared.rows[key]]) for key in found[:TOLD]],
                    len(found[TOLD:]),
                )
                for kind, found in keys.items()
                if found
            ],
            "levels": levels,
            "total": len({key for found in keys.values() for key in found}),
            "changes_url": settings.SITE_URL + reverse("commitments:published_changes", args=address),
            "following_url": settings.SITE_URL + reverse("engagement:following"),
            "stop_url": settings.SITE_URL + reverse("engagement:following_stop"),
            "service_name": settings.SERVICE_NAME,
        }
        subject, _, body = render_to_string("engagement/email/news.txt", said).partition("\n")
        return EmailMessage(subject, body.lstrip(), to=[person.email])

    def _told(self, key: Key, position: PublishedPosition) -> Told:
        assert self.compared is not None
        difference = self.compared.differences.get(key)
        was = difference.was if difference and difference.move else ""
        return Told(
            position.commitment.title,
            position.footprint.short_name,
            Status(was).label if was else "",
            Status(position.status).label,
            position.sentence,
            self._dates(key),
        )

    def _dates(self, key: Key) -> list[str]:
        assert self.compared is not None
        own = self.compared.moves.get(key, [])
        return [
            f"{date.what}: from {day_in_words(date.old_on)} to {day_in_words(date.new_on)}"
            for date in date_lines(self.compared.differences.get(key), own, "")
        ]
