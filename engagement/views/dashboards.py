"""A committee's dashboard: what the systems it scrutinises published last, and nothing else about them."""

import datetime as dt
from collections import defaultdict

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.forms.publishing import since_word
from commitments.models import Publication
from commitments.models.compared import comparable
from commitments.views.several import Share, together
from engagement.choices import MeetingStatus
from engagement.models import Committee, Opinion
from engagement.presenters.dashboards import Since, opinion_counts
from engagement.presenters.opinions import opinion_lines
from engagement.views.access import committee_for, crumbs_to
from ltp_portal.clock import today
from ltp_portal.kept import kept_publication
from systems.models import User

OPINIONS_SHOWN = 5


@login_required
@require_safe
def dashboard(request, slug: str):
    """How what the committee scrutinises stood when it was last published, each with its day."""
    found = committee_for(request, slug)
    shares = shares_of(found, request.user)
    frame = {"committee": found, "crumbs": crumbs_to(found), "unseen": _unseen(found, shares)}
    if not shares:
        return render(request, "engagement/dashboard_empty.html", frame)
    opinions = Opinion.objects.told_with((share.publication, share.places) for share in shares)

    counts = opinions.mark()

    def find():
        page = {
            **together(shares),
            "since": since_last_meeting(found, shares, today()),
            "opinions": opinion_lines(opinions.in_words()[:OPINIONS_SHOWN]),
            "opinion_counts": opinion_counts(*counts),
        }
        return "engagement/dashboard.html", frame | page

    shown = [(share.publication.pk, *sorted(share.places)) for share in shares]
    return kept_publication(request, shares[0].publication, (shown, today(), counts, found.name), find)


def shares_of(committee: Committee, user: User) -> list[Share]:
    """What the committee scrutinises of the latest publication of each system, where this person may read it."""
    places: dict[int, set[str]] = defaultdict(set)
    whole = set()
    for footprint in committee.footprints.all():
        if footprint.pk == footprint.system_id:
            whole.add(footprint.pk)
        elif footprint.system_id:
            places[footprint.system_id].add(footprint.code)
    readable = Publication.objects.visible_to(user).filter(system__in={*whole, *places})
    latest = readable.latest_of_each_system().select_related("system").order_by("system_name")
    return [Share(one, frozenset() if one.system_id in whole else frozenset(places[one.system_id])) for one in latest]


def _unseen(committee: Committee, shares: list[Share]) -> list[str]:
    """The systems of which there is nothing to show."""
    shown = {share.publication.system_id for share in shares}
    return [system.name for system in committee.systems() if system.pk not in shown]


def since_last_meeting(committee: Committee, shares: list[Share], day: dt.date) -> list[Since]:
    """What was current at the committee's last meeting beside what is latest now, system by system."""
    meeting = committee.meetings.past(day).filter(status=MeetingStatus.HELD).first()
    return [_since(share, meeting.held_on) for share in shares] if meeting else []


def _since(share: Share, held_on: dt.date) -> Since:
    latest = share.publication
    name = latest.system_short_name
    current = Publication.objects.of(latest.system).filter(as_at_on__lte=held_on).newest_first().first()
    if current is None:
        return Since(name, held_on, latest, None, "")
    # A month that was corrected since is compared as it stands now.
    before = current if current == latest else comparable(latest).filter(period__lte=current.period_id).first()
    address = reverse("commitments:published_changes", args=[latest.system.code, latest.slug, latest.edition])
    place = next(iter(share.places)) if len(share.places) == 1 else ""
    asked = f"?since={since_word(before)}{f'&place={place}' if place else ''}" if before else ""
    return Since(name, held_on, latest, before, address + asked)
