"""What a publication is compared with: what lay before the committee's last meeting."""

from collections.abc import Callable, Iterator

from django.db.models import Q

from commitments.choices import Status
from commitments.comparison import KINDS, Difference, Key, Moved, date_lines
from commitments.models import Publication, PublishedPosition
from commitments.models.compared import compare, compare_maturity
from engagement.choices import MeetingStatus
from engagement.models import Meeting, Pack
from engagement.packs.facts import Changed, Compared, LevelChanged, Standing
from systems.choices import MaturityStatus
from systems.sentences import day_in_words

Describe = Callable[[PublishedPosition], Standing]


def compared(pack: Pack, publication: Publication, within: Q, areas: Q, describe: Describe) -> Compared | None:
    """What differs from what was published before; nothing where it is the first.

    `within` narrows the deliveries, `areas` the footprints whose maturity counts.
    """
    before = _before(pack, publication)
    if before is None:
        return None
    earlier, because = before
    found = compare(earlier, publication, within)
    changed = {found.rows[key] for kind in found.keys.values() for key in kind}
    rows = PublishedPosition.objects.in_words().in_bulk(changed)
    return Compared(
        f"{earlier.month}, edition {earlier.edition}",
        earlier.as_at_on,
        because,
        {
            kind: tuple(
                _changed(rows[found.rows[key]], found.differences.get(key), found.moves.get(key, []), describe)
                for key in found.keys.get(kind, ())
            )
            for kind in KINDS
        },
        tuple(_levels(earlier, publication, areas)),
    )


def _levels(earlier: Publication, publication: Publication, areas: Q) -> Iterator[LevelChanged]:
    compared = compare_maturity(earlier, publication, areas)
    if compared is None:
        return
    for moved in compared.moved:
        row = compared.rows[moved.key]
        where, status = row.footprint.short_name, MaturityStatus(row.status)
        yield LevelChanged(row.framework.name, row.domain, where, status, moved.in_words, row.sentence)


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


def _changed(
    position: PublishedPosition, difference: Difference[Key] | None, own: list[Moved], describe: Describe
) -> Changed:
    was = Status(difference.was) if difference and difference.was else None
    return Changed(describe(position), was, tuple(date_lines(difference, own, position.reason)))
