"""An approver publishes a month of their system, or corrects what they published. What was published stays."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from commitments import coverage
from commitments.actions.freezing import freeze
from commitments.models import (
    Commitment,
    Position,
    PositionsVersion,
    PublicAccess,
    Publication,
    ReportingPeriod,
)
from commitments.recompute import lock_commitments
from systems.actions.conflict import Conflict
from systems.locks import lock_systems
from systems.models import Footprint, MaturityPosition, User


class NotReady(Exception):
    """Something has to be done first. Nothing was published."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands between a month and its publication."""

    is_open: bool
    # A later month that was published: how things stand now cannot be said of an earlier one.
    later: Publication | None
    # Positions whose day has come, those of maturity too, and roll-ups: a worker is at them.
    due: int
    # What a publication now would correct.
    corrects: Publication | None

    @property
    def may_publish(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.is_open or self.later or self.due)


def readiness(system: Footprint, period: ReportingPeriod, today: dt.date) -> Readiness:
    """How far a month is from being published, as things stand."""
    latest = Publication.objects.of(system).newest_first().first()
    return Readiness(
        is_open=period in ReportingPeriod.objects.open_for(system, today),
        later=latest if latest and latest.period_id > period.pk else None,
        due=_due(system, today),
        corrects=latest if latest and latest.period_id == period.pk else None,
    )


def _due(system: Footprint, today: dt.date) -> int:
    positions = Position.objects.inside(system).due(today)
    maturity = MaturityPosition.objects.inside(system).of_current_frameworks().due(today)
    return positions.count() + maturity.count() + len(coverage.expired_on(today))


@transaction.atomic
def publish(
    *,
    system: Footprint,
    period: ReportingPeriod,
    by: User,
    today: dt.date,
    corrects: Publication | None = None,
    reason: str = "",
) -> Publication:
    """Freezes how a system stands, for a closed month. The next edition of a month says what it `corrects`, and why.

    Conflict where somebody published meanwhile; NotReady where the month is open, older than what is published
    already, or some positions are not worked out yet.
    """
    # With the locks nobody moves a position or a fact, closes a month or publishes.
    Footprint.objects.select_for_update(no_key=True).get(pk=system.pk)
    lock_commitments(Commitment.objects.delivered_locally().values_list("pk", flat=True))
    lock_systems([system.pk])
    ready = readiness(system, period, today)
    if ready.corrects != corrects:
        raise Conflict
    if not ready.may_publish:
        raise NotReady
    publication = Publication.objects.create(
        system=system,
        period=period,
        edition=corrects.edition + 1 if corrects else 1,
        as_at_on=today,
        supersedes=corrects,
        reason=reason,
        published_by=by,
        system_name=system.name,
        system_short_name=system.short_name,
    )
    freeze(publication, system)
    PositionsVersion.objects.bump({system.pk})
    return publication


@transaction.atomic
def open_to_public(*, system: Footprint, is_public: bool, version: int, by: User, today: dt.date) -> None:
    """Shows what a system publishes to everybody, or to nobody but its readers. Conflict where it was just chosen."""
    Footprint.objects.select_for_update(no_key=True).get(pk=system.pk)
    chosen = PublicAccess.objects.filter(system=system).first() or PublicAccess(system=system, version=0)
    if chosen.version != version:
        raise Conflict
    chosen.is_public, chosen.chosen_by, chosen.chosen_on, chosen.version = is_public, by, today, version + 1
    chosen.save()
