"""Where the pages of one app lead into another that theirs does not know. The shell knows all of them."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from engagement.models import Committee, Recommendation
from systems.models import User


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


def answers_owed(user: User, today: dt.date) -> AnswersOwed:
    awaiting = Recommendation.objects.addressed_to(user).awaiting()
    return AnswersOwed(awaiting.count(), awaiting.overdue(today).count())
