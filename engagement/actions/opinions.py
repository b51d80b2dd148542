"""A second opinion is lodged, and the system replies to it: each once."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from commitments.models import PublishedPosition
from engagement.actions.writing import add
from engagement.models import Committee, Opinion, OpinionReply
from engagement.models.opinions import Voice
from systems.models import User

NOT_ANOTHER = "This is what was published. A second opinion is another status."


@transaction.atomic
def lodge_opinion(
    *, position: PublishedPosition, voice: Voice, facts: dict[str, Any], by: User, today: dt.date
) -> Opinion:
    """A body rates a published position otherwise. It does so once; its next opinion is of a later publication."""
    # One at a time for each body, so that the second of two clicks is told that it has been lodged.
    type(voice).objects.select_for_update(no_key=True).get(pk=voice.pk)
    whose = {"committee": voice} if isinstance(voice, Committee) else {"organisation": voice}
    about = {"position": position, "publication": position.publication, **whose}
    opinion = Opinion(**about, lodged_by=by, lodged_on=today, **facts)
    if opinion.rating == position.status:
        raise ValidationError({"rating": NOT_ANOTHER})
    opinion.full_clean()
    try:
        opinion.save()
    except BaseException:
        # What is not written leaves no file behind.
        opinion.file.delete(save=False)
        raise
    return opinion


@transaction.atomic
def reply_to_opinion(*, opinion: Opinion, words: str, by: User, today: dt.date) -> OpinionReply:
    """The system answers an opinion, once."""
    Opinion.objects.select_for_update(no_key=True).get(pk=opinion.pk)
    reply = OpinionReply(opinion=opinion, words=words, replied_by=by, replied_on=today)
    add(reply)
    return reply
