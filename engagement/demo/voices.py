"""Those who speak for a body, what they make of what was published, and what people follow."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from commitments.models import Publication, PublishedPosition
from engagement import actions
from engagement.choices import FollowKind
from engagement.demo.loading import INVENTED
from engagement.models import Committee, CommitteeMembership, Follow
from systems.choices import Role
from systems.models import Footprint, Organisation, Representative, User

Words = dict[str, Any]
# Before the year that is played: so they hear of what was published last.
FOLLOWED_AT = dt.datetime(2019, 1, 7, tzinfo=dt.UTC)


@transaction.atomic
def load(folder: Path) -> int:
    """Writes who represents whom, opinions with replies, and follows. Returns how many opinions; none where it ran."""
    if Representative.objects.exists():
        return 0
    told = json.loads((folder / "voices.json").read_text(encoding="utf-8"))
    for row in told["representatives"]:
        body = Organisation.objects.get(code=row["organisation"])
        Representative.objects.create(user=_person(row), organisation=body, starts_on=row["starts_on"])
    for row in told["seats"]:
        CommitteeMembership.objects.create(
            committee=Committee.objects.get(slug=row["committee"]),
            user=_person(row),
            council=Organisation.objects.get(code=row["council"]),
            role=row["role"],
            starts_on=row["starts_on"],
            source=INVENTED,
        )
    for row in told["follows"]:
        system = Footprint.objects.get(code=row["system"])
        actions.follow(system=system, kind=FollowKind(row["kind"]), code=row["code"], by=_person(row))
    Follow.objects.update(followed_at=FOLLOWED_AT)
    return sum(_lodge(row) for row in told["opinions"])


def _lodge(row: Words) -> int:
    """One opinion, on the first position of this status there; none where the system published nothing."""
    latest = Publication.objects.filter(system__code=row["system"]).latest_of_each_system()
    standing = PublishedPosition.objects.filter(
        publication__in=latest, footprint__place__code=row["place"], status=row["published"]
    )
    position = standing.order_by("footprint__level", "commitment__code", "footprint__code").last()
    if position is None:
        return 0
    voice: Committee | Organisation = (
        Committee.objects.get(slug=row["committee"])
        if "committee" in row
        else Organisation.objects.get(code=row["organisation"])
    )
    facts = {name: row.get(name, "") for name in ("rating", "reasons", "evidence", "url")}
    opinion = actions.lodge_opinion(
        position=position, voice=voice, facts=facts, by=_person(row), today=dt.date.fromisoformat(row["lodged_on"])
    )
    if reply := row.get("reply"):
        manager = User.objects.filter(
            memberships__role=Role.PROGRAMME_MANAGER, memberships__footprint__code=row["system"]
        ).earliest("pk")
        replied_on = dt.date.fromisoformat(reply["replied_on"])
        actions.reply_to_opinion(opinion=opinion, words=reply["words"], by=manager, today=replied_on)
    return 1


def _person(row: Words) -> User:
    return User.objects.get(email=row["email"])
