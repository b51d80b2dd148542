"""A meeting with its agenda, papers and what it asked; and the writing of meetings and agendas."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from engagement import actions
from engagement.forms.meetings import ItemForm, MeetingForm
from engagement.models import Meeting, Paper, Recommendation
from engagement.presenters import committees as present
from engagement.tables import RecommendationTable
from engagement.views.access import address_of, committee_for, crumbs_to, leads, meeting_to_write, require_lead
from engagement.views.editing import Page, as_shown, both_texts, decided, write
from ltp_portal.clock import today
from ltp_portal.exports import render_list
from ltp_portal.sent_once import sent_once

MEETING = ("held_on", "starts_at", "place", "status")
ITEM = ("number", "title")


@login_required
@require_safe
def meeting(request, slug: str, held_on: dt.date):
    """The agenda with its papers, and what the meeting asked."""
    seen = Meeting.objects.visible_to(request.user).select_related("committee")
    found = get_object_or_404(seen, committee__slug=slug, held_on=held_on)
    day = today()
    papers = Paper.objects.visible_to(request.user).filter(item__meeting=found)
    asked = Recommendation.objects.filter(meeting=found).for_list().order_by("reference", "pk")
    page = {
        "meeting": found,
        "crumbs": crumbs_to(found.committee),
        "papers_due": present.papers_due(found, day) if found.held_on >= day else "",
        "items": present.agenda(found.items.all(), papers, found, day),
        "asked": present.ask_rows(asked, day),
        "leads": leads(request.user, found.committee),
    }
    files = {"asked": lambda: RecommendationTable(asked, today=day)}
    return render_list(request, "engagement/meeting_detail.html", page, tables=(), drawn=files)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def meeting_add(request, slug: str):
    """Calls a meeting."""
    committee = committee_for(request, slug)
    require_lead(request.user, committee)
    page = Page(
        heading="Add a meeting",
        caption=committee.name,
        crumbs=crumbs_to(committee),
        form=lambda data, files: MeetingForm(data, files, today=today(), initial={"status": "planned", "version": 0}),
        act=lambda form: address_of(actions.add_meeting(committee=committee, facts=form.facts())),
        refused_at="held_on",
        button="Add the meeting",
        done="Meeting added",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def meeting_edit(request, pk: int):
    """Changes a meeting's day, place or status, unless somebody else did since the page was read."""
    found = meeting_to_write(request, pk)
    shown = as_shown(found, MEETING)

    def save(form: MeetingForm) -> str:
        actions.edit_meeting(meeting=found, version=decided(form), facts=form.facts())
        return address_of(found)

    page = Page(
        heading="Change the meeting",
        caption=str(found),
        crumbs=crumbs_to(found.committee, found),
        form=lambda data, files: MeetingForm(data, files, today=today(), stored=shown, initial=shown),
        act=save,
        refused_at="held_on",
        conflict=both_texts(found, MEETING),
        done="Meeting saved",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def item_add(request, pk: int):
    """Adds an item to the agenda, after the last one unless told otherwise."""
    found = meeting_to_write(request, pk)
    last = found.items.order_by("-number").values_list("number", flat=True).first() or 0

    def save(form: ItemForm) -> str:
        actions.add_item(meeting=found, facts=form.facts())
        return address_of(found)

    page = Page(
        heading="Add an agenda item",
        caption=str(found),
        crumbs=crumbs_to(found.committee, found),
        form=lambda data, files: ItemForm(data, files, initial={"number": last + 1, "version": 0}),
        act=save,
        refused_at="number",
        button="Add the item",
        done="Agenda item added",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def item_edit(request, pk: int, item_pk: int):
    """Changes an item of this very meeting."""
    found = meeting_to_write(request, pk)
    item = get_object_or_404(found.items.all(), pk=item_pk)
    shown = as_shown(item, ITEM)

    def save(form: ItemForm) -> str:
        actions.edit_item(item=item, version=decided(form), facts=form.facts())
        return address_of(found)

    page = Page(
        heading="Change an agenda item",
        caption=str(found),
        crumbs=crumbs_to(found.committee, found),
        form=lambda data, files: ItemForm(data, files, stored=shown, initial=shown),
        act=save,
        refused_at="number",
        conflict=both_texts(item, ITEM),
        done="Agenda item saved",
    )
    return write(request, page)
