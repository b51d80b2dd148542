"""A committee's dashboard: what the systems it scrutinises published last, and nothing else about them."""

import datetime as dt
from collections import defaultdict

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.filters import PublishedFilter
from commitments.forms.publishing import since_word
from commitments.models import Publication
from commitments.models.compared import comparable
from commitments.presenters.links import LinksToSeveral
from commitments.views.published_pages import listed, positions_file
from commitments.views.several import Share, links_within, places_of, positions_of, together
from engagement.choices import MeetingStatus
from engagement.models import Committee, Opinion
from engagement.models.opinions import OpinionQuerySet
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
    opinions = _opinions(shares)
    counts = opinions.mark()

    def find():
        page = {
            **together(shares, "deliveries/"),
            "since": since_last_meeting(found, shares, today()),
            "opinions": opinion_lines(opinions.in_words()[:OPINIONS_SHOWN]),
            "opinion_counts": opinion_counts(*counts),
        }
        return "engagement/dashboard.html", frame | page

    return kept_publication(request, shares[0].publication, (_shown(shares), today(), counts, found.name), find)


@login_required
@require_safe
def dashboard_deliveries(request, slug: str):
    """The list behind the numbers: each delivery of all that the committee scrutinises, the worst first."""
    found = committee_for(request, slug)
    shares = shares_of(found, request.user)
    crumbs = [*crumbs_to(found), ("Dashboard", reverse("engagement:dashboard", args=[slug]))]
    frame = {"committee": found, "crumbs": crumbs, "unseen": _unseen(found, shares), "shares": shares}
    if not shares:
        return render(request, "engagement/dashboard_empty.html", frame)
    rows = positions_of(shares).worst_first().in_words().select_related("publication")
    publications = [share.publication for share in shares]
    filters = PublishedFilter(request.GET, rows, publications=publications, places=places_of(shares))
    if file := positions_file(request, filters, publications):
        return file
    links = LinksToSeveral({one.pk: links_within(one, is_alone=len(shares) == 1) for one in publications}, "")

    def find():
        return "engagement/dashboard_deliveries.html", frame | listed(request, filters, publications, links)

    others = (_shown(shares), _opinions(shares).mark(), found.name)
    return kept_publication(request, shares[0].publication, others, find, is_asked=True)


def _shown(shares: list[Share]) -> list[tuple]:
    """What decides which published rows a page shows."""
    return [(share.publication.pk, *sorted(share.places)) for share in shares]


def _opinions(shares: list[Share]) -> OpinionQuerySet:
    return Opinion.objects.told_with((share.publication, share.places) for share in shares)


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
