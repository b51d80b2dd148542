"""A pack is asked for; a worker makes it."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q

from commitments.models import Publication
from engagement.actions.writing import add
from engagement.models import Meeting, Pack, PackPublication
from engagement.packs.making import STEPS
from engagement.tasks import make_pack
from systems.choices import JobKind
from systems.models import Job, User

BEING_MADE = "A pack for this meeting is being made. Wait until it is done"


@transaction.atomic
def ask_for_pack(*, meeting: Meeting, facts: dict[str, Any], publications: Collection[Publication], by: User) -> Pack:
    """The next edition of a meeting's pack. Raises ValidationError while another is being made."""
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if meeting.packs.being_made().exists():
        raise ValidationError(BEING_MADE)
    # Another meeting of the committee may have had this day, and its packs keep their addresses.
    same_address = Q(meeting__committee=meeting.committee_id, meeting_on=meeting.held_on)
    made = Pack.objects.made().filter(Q(meeting=meeting) | same_address)
    pack = Pack(
        meeting=meeting,
        meeting_on=meeting.held_on,
        edition=(made.aggregate(last=Max("edition"))["last"] or 0) + 1,
        job=Job.objects.create(kind=JobKind.MAKE_PACK, asked_by=by, total=STEPS),
        made_by=by,
        **facts,
    )
    add(pack)
    PackPublication.objects.bulk_create(PackPublication(pack=pack, publication=one) for one in publications)
    make_pack.delay_on_commit(pack.job_id)
    return pack
