"""Plays whom the demonstration's systems spoke with, through the actions that people use."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from commitments.models import Commitment
from engagement import actions
from engagement.demo.people import INVENTED, somebody
from engagement.models import Engagement
from systems.choices import Role
from systems.models import Footprint

# How long after a conversation it is recorded.
_A_DAY = dt.timedelta(days=1)
Words = dict[str, Any]


@transaction.atomic
def load(folder: Path) -> int:
    """Records what is told in engagement.json. Returns how much; none where there is some."""
    if Engagement.objects.exists():
        return 0
    for told in json.loads((folder / "engagement.json").read_text(encoding="utf-8")):
        _play(told)
    return Engagement.objects.count()


def _play(told: Words) -> None:
    system = Footprint.objects.systems().get(code=told["system"])
    manager = somebody(Role.PROGRAMME_MANAGER, system)
    happened_on = dt.date.fromisoformat(told["happened_on"])
    recorded = actions.record_engagement(
        system=system,
        commitment=Commitment.objects.get(code=told["commitment"]),
        facts={
            "happened_on": happened_on,
            "with_whom": told["with_whom"],
            "what_was_heard": f"{told['what_was_heard']} ({INVENTED})",
            "link": told.get("link", ""),
        },
        by=manager,
        today=happened_on + _A_DAY,
    )
    if mistake := told.get("withdrawn"):
        actions.withdraw_engagement(
            engagement=recorded,
            reason=mistake["reason"],
            by=somebody(Role.APPROVER, system),
            today=dt.date.fromisoformat(mistake["on"]),
        )
