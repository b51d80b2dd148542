"""What a publication is compared with: what lay before the committee's last meeting."""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import Q

from commitments.choices import Status
from commitments.comparison import KINDS, Difference, Key, Moved, date_lines, differences, keys_by_kind, new_moves
from commitments.models import Publication, PublishedDateChange, PublishedPosition
from commitments.models.published import PublishedPositionQuerySet
from engagement.choices import MeetingStatus
from engagement.models import Meeting, Pack
from engagement.packs.facts import Changed, Compared, Standing
from systems.sentences import day_in_words

Describe = Callable[[PublishedPosition], Standing]


def compared(
    pack: Pack, publication: Publication, within: PublishedPositionQuerySet, describe: Describe
) -> Compared | None:
    """What differs from what was published before; nothing where it is the first."""
    found = _before(pack, publication)
    if found is None:
        return None
    earlier, because = found
    after = within.worst_first().stood()
    before = earlier.positions.stood()
    stood = ({key: stands for key, (_, stands) in rows.items()} for rows in (before, after))
    by_key = {difference.key: difference for difference in differences(*stood)}
    moves: dict[Key, list[Moved]] = defaultdict(list)
    for move in new_moves(_moves(earlier), _moves(publication)):
        if move.key in after:
            moves[move.key].append(move)
    keys = keys_by_kind(by_key.values(), moves)
    rows = PublishedPosition.objects.in_words().in_bulk({after[key][0] for kind in keys.values() for key in kind})
    return Compared(
        f"{earlier.month}, edition {earlier.edition}",
        earlier.as_at_on,
        because,
        {
            kind: tuple(
                _changed(rows[after[key][0]], by_key.get(key), moves.get(key, []), describe)
                for key in keys.get(kind, ())
            )
            for kind in KINDS
        },
    )


def _before(pack: Pack, publication: Publication) -> tuple[Publication, str] | None:
    """What lay before the last meeting in its pack, else the newest on that day, else the one before; and why."""
    months = Q(period__lt=publication.period_id) | Q(period=publication.period_id, edition__lt=publication.edition)
    earlier = Publication.objects.of(publication.system).filter(months).newest_first()
    if not earlier:
        return None
    last = _last_meeting(pack)
    if last is None:
        return earlier[0], "the one before it. No earlier meeting of the committee is recorded."
    day = day_in_words(last.held_on)
    if told := earlier.filter(packs__in=last.packs.made().newest_first()[:1]).first():
        return told, f"what the committee had before it at its last meeting, on {day}."
    if publication.as_at_on <= last.held_on:
        return earlier[0], f"the one before it. Nothing was published since the committee’s last meeting, on {day}."
    if newest := earlier.filter(as_at_on__lte=last.held_on).first():
        return newest, f"the newest on the day of the committee’s last meeting, {day}."
    return earlier[0], f"the one before it. Nothing had been published by the committee’s last meeting, on {day}."


def _last_meeting(pack: Pack) -> Meeting | None:
    meetings = Meeting.objects.filter(committee=pack.meeting.committee_id, held_on__lt=pack.meeting_on)
    return meetings.exclude(status=MeetingStatus.CANCELLED).order_by("-held_on").first()


def _moves(publication: Publication) -> list[Moved]:
    return PublishedDateChange.objects.filter(publication=publication).moved()


def _changed(
    position: PublishedPosition, difference: Difference[Key] | None, own: list[Moved], describe: Describe
) -> Changed:
    was = Status(difference.was) if difference and difference.was else None
    return Changed(describe(position), was, tuple(date_lines(difference, own, position.reason)))
