"""The committees in sight, and the first page of one."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.views.decorators.http import require_safe

from engagement.choices import OPEN_STATES
from engagement.models import Committee, Recommendation
from engagement.presenters import committees as present
from engagement.tables import CommitteeTable, MemberTable, RecommendationTable
from engagement.views.access import committee_for, crumbs_to, leads
from engagement.views.dashboards import shares_of, since_last_meeting
from ltp_portal.clock import today
from ltp_portal.exports import render_list

PAST_SHOWN = 12


@login_required
@require_safe
def committees(request):
    """The committees this person sits on or answers to, with what they wait for."""
    seen = Committee.objects.visible_to(request.user).for_list(request.user)
    page = {"table": CommitteeTable(seen).as_asked(request.GET)}
    return render_list(request, "engagement/committee_list.html", page)


@login_required
@require_safe
def committee(request, slug: str):
    """What is next, which answers are overdue, what the committee asked, who sits on it, and its past meetings."""
    found = committee_for(request, slug)
    day = today()
    page = {
        "committee": found,
        "crumbs": crumbs_to(),
        "facts": present.facts(found),
        "leads": leads(request.user, found),
        "systems": found.systems(),
        "members": present.members_by_council(found.seats.current(day).in_order()),
        "past": found.meetings.past(day)[:PAST_SHOWN],
        "since": since_last_meeting(found, shares_of(found, request.user), day),
        **_meetings_ahead(found, day),
        **_asked(found, day),
    }
    seats, asked = found.seats.current(day).in_order(), Recommendation.objects.filter(meeting__committee=found)
    files = {
        "members": lambda: MemberTable(seats),
        "asked": lambda: RecommendationTable(asked.for_list().due_first(), today=day),
    }
    return render_list(request, "engagement/committee_detail.html", page, tables=(), drawn=files)


def _meetings_ahead(committee: Committee, day: dt.date) -> dict[str, Any]:
    ahead = list(committee.meetings.to_come(day))
    return {"next": ahead[0], "papers_due": present.papers_due(ahead[0], day), "later": ahead[1:]} if ahead else {}


def _asked(committee: Committee, day: dt.date) -> dict[str, Any]:
    asked = Recommendation.objects.filter(meeting__committee=committee)
    counts = dict(asked.order_by().values_list("state").annotate(Count("pk")))
    rows = present.ask_rows(asked.filter(state__in=OPEN_STATES).for_list().due_first(), day)
    return {
        "counts": present.state_counts(counts),
        "overdue": [row for row in rows if row.is_overdue],
        "open": [row for row in rows if not row.is_overdue],
    }
