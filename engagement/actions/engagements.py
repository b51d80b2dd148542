"""Whom a system spoke with about a commitment: recorded, and withdrawn where it was a mistake."""

import datetime as dt
from typing import Any

from django.db import transaction

from commitments.actions import Conflict
from commitments.models import Commitment
from engagement.actions.writing import add
from engagement.models import Engagement, EngagementWithdrawal
from systems.models import Footprint, User


@transaction.atomic
def record_engagement(
    *, system: Footprint, commitment: Commitment, facts: dict[str, Any], by: User, today: dt.date
) -> Engagement:
    """Keeps whom the system spoke with about a commitment, and what it heard."""
    heard = Engagement(system=system, commitment=commitment, recorded_by=by, recorded_on=today, **facts)
    add(heard)
    return heard


@transaction.atomic
def withdraw_engagement(*, engagement: Engagement, reason: str, by: User, today: dt.date) -> None:
    """It was entered by mistake. A conflict where somebody withdrew it before."""
    stands = Engagement.objects.select_for_update().get(pk=engagement.pk)
    if EngagementWithdrawal.objects.filter(engagement=stands).exists():
        raise Conflict
    add(EngagementWithdrawal(engagement=stands, reason=reason, withdrawn_by=by, withdrawn_on=today))
