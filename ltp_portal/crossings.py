"""Where the pages of one app lead into another that theirs does not know. The shell knows all of them."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from engagement.models import Committee, Engagement, Opinion, Recommendation
from systems.models import Footprint, User


def committee_home(user: User) -> str | None:
    """Where the work of a member of committees begins: their one committee, else the list; None who sits on none."""
    slugs = list(Committee.objects.of_member(user).values_list("slug", flat=True)[:2])
    if not slugs:
        return None
    return reverse("engagement:committee", args=slugs) if len(slugs) == 1 else reverse("engagement:committees")


@dataclass(frozen=True, slots=True)
class AnswersOwed:
    """How many answers to committees await this person, and how many of them are overdue."""

    awaiting: int
    overdue: int
    # Second opinions of what their system published that have no reply.
    opinions: int


def answers_owed(user: User, today: dt.date) -> AnswersOwed:
    awaiting = Recommendation.objects.addressed_to(user).awaiting()
    opinions = Opinion.objects.repliable_by(user).unanswered()
    return AnswersOwed(awaiting.count(), awaiting.overdue(today).count(), opinions.count())


@dataclass(frozen=True, slots=True)
class Engaged:
    """How often a system heard people about a commitment, when last, and how often committees asked about it."""

    times: int = 0
    last_on: dt.date | None = None
    asked: int = 0
    awaiting: int = 0


def engaged_by_commitment(user: User, system: Footprint) -> dict[int, Engaged]:
    """By commitment, what this person may know of it in this system; in two queries, however many there are."""
    recorded = Engagement.objects.visible_to(user).standing().filter(system=system)
    heard = {pk: (times, last_on) for pk, times, last_on in recorded.counted_by_commitment()}
    asks = Recommendation.objects.visible_to(user).filter(system=system)
    asked = {pk: (times, awaiting) for pk, times, awaiting in asks.counted_by_commitment()}
    return {pk: Engaged(*heard.get(pk, (0, None)), *asked.get(pk, (0, 0))) for pk in heard.keys() | asked.keys()}
