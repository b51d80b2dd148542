"""What committees asked: the list, one with all that came of it, and the committee's part in it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from engagement import actions
from engagement.choices import AskState
from engagement.duties import answer_due
from engagement.filters import RecommendationFilter
from engagement.forms.recommendations import AskForm, CloseForm, ReopenForm
from engagement.models import Recommendation
from engagement.presenters import recommendations as present
from engagement.tables import RecommendationTable
from engagement.tables.recommendations import times_in_words
from engagement.views.access import (
    address_of,
    crumbs_to,
    crumbs_to_ask,
    may_answer,
    may_close,
    meeting_to_write,
    recommendation_for,
    to_close,
)
from engagement.views.editing import Page, read_again, write
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from ltp_portal.sent_once import sent_once
from systems.choices import OrganisationKind
from systems.models import Organisation

# Whom a committee can ask by name.
NHS_BODIES = (OrganisationKind.CCG, OrganisationKind.TRUST, OrganisationKind.FOUNDATION_TRUST)


@login_required
@require_safe
def recommendations(request):
    """All that this person's committees asked, or that their system was asked; what awaits an answer first."""
    day = today()
    seen = Recommendation.objects.visible_to(request.user).for_list().due_first()
    found = RecommendationFilter(request.GET, seen, request=request, today=day)
    table = RecommendationTable(found.qs if found.is_valid() else seen.none(), today=day).as_asked(request.GET)
    page = {"filter": found, "table": table, "crumbs": crumbs_to()}
    return render_list(request, "engagement/recommendation_list.html", page)


@login_required
@require_safe
def recommendation(request, pk: int):
    """One recommendation: what was asked, the answers, what is done, and how the committee closed it."""
    found = recommendation_for(request, pk)
    page = {
        "crumbs": crumbs_to_ask(),
        "may_answer": may_answer(request.user, found) and found.state != AskState.CLOSED,
        "may_close": may_close(request.user, found),
        **in_full(found),
    }
    return render(request, "engagement/recommendation_detail.html", page)


def in_full(found: Recommendation) -> dict[str, Any]:
    """A recommendation as its pages show it."""
    day = today()
    same = Recommendation.objects.same_asked(found).select_related("meeting__committee")
    return {
        "ask": found,
        "meeting_address": address_of(found.meeting),
        "facts": present.facts(found, day),
        "is_overdue": found.is_overdue(day),
        "is_closed": found.state == AskState.CLOSED,
        "times": times_in_words(found.times_asked),  # type: ignore[attr-defined]
        "same": present.asked_rows(same),
        "history": present.history(
            found.responses.select_related("answered_by"), found.steps.select_related("done_by")
        ),
        "commitments": found.commitments.order_by("code"),
        "actions": present.action_rows(found.actions.all(), day),
        "evidence": present.evidence_rows(found.evidence.all()),
    }


def beside(request, pk: int, *, is_of_closed: bool) -> dict[str, Any]:
    """What stands around a form about it, read afresh; `is_possible` where it can still be taken."""
    found = recommendation_for(request, pk)
    return in_full(found) | {"is_possible": (found.state == AskState.CLOSED) is is_of_closed}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def recommendation_add(request, pk: int):
    """Records what a meeting asked."""
    meeting = meeting_to_write(request, pk)
    systems = meeting.committee.systems()
    bodies = Organisation.objects.filter(system__in=systems, kind__in=NHS_BODIES).open_on(meeting.held_on)
    earlier = Recommendation.objects.filter(
        meeting__committee=meeting.committee, repeats=None, meeting__held_on__lt=meeting.held_on
    ).select_related("meeting")
    around: dict[str, Any] = {
        "meeting": meeting,
        "systems": systems,
        "bodies": bodies,
        "earlier": earlier,
        "answer_days": settings.ANSWER_DAYS,
        "initial": {"due_on": answer_due(meeting.held_on, settings.ANSWER_DAYS), "system": systems.first()},
    }

    def record(form: AskForm) -> str:
        actions.record_recommendation(meeting=meeting, facts=form.cleaned_data, by=request.user, today=today())
        return address_of(meeting)

    page = Page(
        heading="Record a recommendation or a question",
        caption=str(meeting),
        crumbs=crumbs_to(meeting.committee, meeting),
        form=lambda data, files: AskForm(data, files, **around),
        act=record,
        refused_at="reference",
        button="Record it",
        done="Recorded. The system it is addressed to finds it on its work list.",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def recommendation_close(request, pk: int):
    """The committee closes what it asked, with a note."""
    found = to_close(request, pk)

    def close(form: CloseForm) -> str:
        actions.close(recommendation=found, **form.cleaned_data, by=request.user, today=today())
        return reverse("engagement:recommendation", args=[pk])

    page = Page(
        heading="Close this",
        caption=str(found),
        crumbs=crumbs_to_ask(found),
        form=lambda data, files: CloseForm(data, files, initial={"version": found.version}),
        act=close,
        conflict=read_again(lambda: Recommendation.objects.get(pk=pk).version),
        template="engagement/recommendation_form.html",
        beside=lambda: beside(request, pk, is_of_closed=False),
        button="Close it",
        done="Closed by the committee",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def recommendation_reopen(request, pk: int):
    """The committee opens again what it closed, and says by when it wants an answer."""
    found = to_close(request, pk)
    day = today()
    first = {"version": found.version, "due_on": answer_due(day, settings.ANSWER_DAYS)}

    def reopen(form: ReopenForm) -> str:
        actions.reopen(recommendation=found, **form.cleaned_data, by=request.user, today=day)
        return reverse("engagement:recommendation", args=[pk])

    page = Page(
        heading="Open this again",
        caption=str(found),
        crumbs=crumbs_to_ask(found),
        form=lambda data, files: ReopenForm(data, files, today=day, initial=first),
        act=reopen,
        conflict=read_again(lambda: Recommendation.objects.get(pk=pk).version),
        template="engagement/recommendation_form.html",
        beside=lambda: beside(request, pk, is_of_closed=True),
        button="Open it again",
        done="Opened again",
    )
    return write(request, page)
