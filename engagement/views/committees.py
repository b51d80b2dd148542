"""The committees in sight, and the first page of one."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.choices import OPEN_STATES, AskState
from engagement.models import Committee, Recommendation
from engagement.presenters import committees as present
from engagement.views.access import committee_for, crumbs_to, leads
from ltp_portal.clock import today

PAST_SHOWN = 12


@login_required
@require_safe
def committees(request):
    """The committees this person sits on or answers to, with what they wait for."""
    day = today()
    waiting = Q(meetings__recommendations__state=AskState.AWAITING)
    seen = Committee.objects.visible_to(request.user).annotate(
        awaiting=Count("meetings__recommendations", filter=waiting),
        overdue=Count("meetings__recommendations", filter=waiting & Q(meetings__recommendations__due_on__lt=day)),
    )
    own = set(Committee.objects.of_member(request.user).values_list("pk", flat=True))
    # One's own first.
    rows = sorted(seen, key=lambda committee: committee.pk not in own)
    return render(request, "engagement/committee_list.html", {"committees": rows, "own": own, "today": day})


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
        "members": present.members_by_council(found.seats.current(day).in_order()),
        "past": found.meetings.past(day)[:PAST_SHOWN],
        **_meetings_ahead(found, day),
        **_asked(found, day),
    }
    return render(request, "engagement/committee_detail.html", page)


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
