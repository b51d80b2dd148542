"""Local deadlines that somebody asked to move in the last weeks of the demonstration: agreed, refused, or waiting."""

import datetime as dt
from random import Random

from django.db.models import F, OuterRef, Subquery

from commitments.choices import Ask, DeadlineKind
from commitments.demo.people import Cast
from commitments.demo.phrases import Phrases, of_any, of_theme
from commitments.demo.timetable import LAST_DAY, end_of_month
from commitments.models import DeadlineChange, Delivery, PlanRevision, Report
from systems.models import Footprint

_DAY = dt.timedelta(days=1)
_A_YEAR = 365 * _DAY
# What becomes of each system's changes. The last one asked for is beyond the national deadline too.
_OUTCOMES = (Ask.AGREED, Ask.AGREED, Ask.AGREED, Ask.REFUSED, Ask.REFUSED, Ask.ASKED, Ask.ASKED, Ask.ASKED)
_SAID = {Ask.AGREED: "deadline agreed", Ask.REFUSED: "deadline refused"}


def move_deadlines(systems: list[Footprint], casts: dict[str, Cast], phrases: Phrases) -> None:
    """Writes the changes and moves the deadlines agreed; the caller recomputes afterwards."""
    changes = [change for system in systems for change in _changes_of(system, casts[system.code], phrases)]
    DeadlineChange.objects.bulk_create(changes)
    for change in changes:
        if change.state == Ask.AGREED:
            moved = Delivery.objects.filter(pk=change.delivery_id)
            moved.update(local_deadline_on=change.new_on, version=F("version") + 1)
            assert change.decided_on is not None
            PlanRevision.objects.record([change.delivery_id], today=change.decided_on, by=change.decided_by)


def _changes_of(system: Footprint, cast: Cast, phrases: Phrases) -> list[DeadlineChange]:
    dice = Random(f"2019:deadlines:{system.code}")  # noqa: S311 - a story, not a secret
    slipped = _slipped(system)
    chosen = dice.sample(slipped, min(len(_OUTCOMES), len(slipped)))
    return [
        _change(delivery, expected_on, state, cast, phrases, dice, is_last=n == len(_OUTCOMES))
        for n, ((delivery, expected_on), state) in enumerate(zip(chosen, _OUTCOMES, strict=False), start=1)
    ]


def _slipped(system: Footprint) -> list[tuple[Delivery, dt.date]]:
    """Deliveries by a national date, now expected (beside it) after their local deadline but not after that date."""
    signed_off = Report.objects.signed_off().filter(delivery=OuterRef("pk")).order_by("-period", "-pk")
    late = Delivery.objects.inside(system).annotate(expected_on=Subquery(signed_off.values("expected_on")[:1]))
    late = late.filter(
        commitment__deadline_kind=DeadlineKind.BY,
        commitment__deadline_on__gte=F("expected_on"),
        expected_on__gt=F("local_deadline_on"),
    )
    expected = dict(late.values_list("pk", "expected_on"))
    found = Delivery.objects.filter(pk__in=expected).select_related("commitment__theme", "footprint__place")
    return [(delivery, expected[delivery.pk]) for delivery in found.order_by("commitment__code", "footprint__code")]


def _change(
    delivery: Delivery, expected_on: dt.date, state: Ask, cast: Cast, phrases: Phrases, dice: Random, *, is_last: bool
) -> DeadlineChange:
    old_on, national_on = delivery.local_deadline_on, delivery.commitment.deadline_on
    assert old_on is not None and national_on is not None
    is_beyond = is_last or state == Ask.REFUSED
    new_on = end_of_month(national_on + _A_YEAR) if is_beyond else expected_on
    place = delivery.footprint.place
    is_decided = state != Ask.ASKED
    return DeadlineChange(
        delivery=delivery,
        old_on=old_on,
        new_on=new_on,
        reason=dice.choice(of_theme(phrases, delivery.commitment.theme.code)["trouble"])["reason"],
        asked_by=cast.reporter_of(place.code if place else None),
        asked_on=LAST_DAY - dice.randint(5, 12) * _DAY,
        state=state,
        decided_by=cast.approver if is_decided else None,
        decided_on=LAST_DAY - dice.randint(0, 3) * _DAY if is_decided else None,
        decision_note=dice.choice(of_any(phrases, _SAID[state])) if is_decided else "",
    )
