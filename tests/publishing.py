"""How tests publish: as an approver does at the end of a month, with everything worked out that is due."""

import datetime as dt

from commitments import actions
from commitments.models import Position, Publication
from commitments.recompute import recompute
from systems.choices import Role
from systems.models import Footprint, User
from systems.recompute import recompute as recompute_maturity
from tests.factories import TODAY, PeriodActFactory, PeriodFactory, person

JULY, AUGUST, SEPTEMBER = (dt.date(2019, month, 1) for month in (7, 8, 9))


def publish(
    system: Footprint, month: dt.date = AUGUST, today: dt.date = TODAY, *, by: User | None = None, **facts
) -> Publication:
    """Closes a month of a system, works out how all stands, and publishes."""
    period = PeriodFactory(starts_on=month)
    PeriodActFactory(system=system, period=period, done_on=today)
    Position.objects.update(next_change_on=today)
    recompute(today)
    recompute_maturity(today, everything=True)
    by = by or person(Role.APPROVER, system)
    return actions.publish(system=system, period=period, by=by, today=today, **facts)
