"""The pack before a meeting: its editions and how far the next one is, the form to make one, and the very bytes."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from engagement import actions
from engagement.choices import PackFormat
from engagement.forms.packs import PackForm, first_words, to_choose_from
from engagement.models import Meeting, Pack, PackDocument
from engagement.presenters import packs as present
from engagement.views.access import crumbs_to, leads, meeting_to_write
from engagement.views.editing import Page, write
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once

TYPES = {
    PackFormat.HTML: "text/html; charset=utf-8",
    PackFormat.STYLE: "text/css; charset=utf-8",
    PackFormat.PDF: "application/pdf",
    PackFormat.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# What belongs to a page is not a file to be saved.
SHOWN_IN_PLACE = (PackFormat.HTML, PackFormat.STYLE)


@login_required
@require_safe
def pack(request, slug: str, held_on: dt.date):
    """Every edition of a meeting's pack, and how far the one is that is being made."""
    seen = Meeting.objects.visible_to(request.user).select_related("committee")
    found = get_object_or_404(seen, committee__slug=slug, held_on=held_on)
    newest = found.packs.newest_first().select_related("job", "made_by")
    running = newest.being_made().first()
    if request.htmx:
        if running is None:
            return HttpResponseClientRefresh()
        return render(request, "_components/job_progress.html", _progress(running))
    documents = Prefetch("documents", PackDocument.objects.without_content())
    made = newest.made().prefetch_related("publications", documents, "meeting__committee")
    last = newest.first()
    page = {
        "meeting": found,
        "crumbs": crumbs_to(found.committee, found),
        "editions": present.editions(made),
        "leads": leads(request.user, found.committee),
        "running": running,
        "failed": last.job if last and last.job.error else None,
        **(_progress(running) if running else {}),
    }
    return render(request, "engagement/pack_detail.html", page)


def _progress(running: Pack) -> dict:
    return {"job": running.job, "unit": "step"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def pack_make(request, pk: int):
    """Asks for the next edition."""
    meeting = meeting_to_write(request, pk)
    publications = to_choose_from(meeting)
    address = reverse("engagement:pack", args=[meeting.committee.slug, meeting.held_on])

    def ask(form: PackForm) -> str:
        asked = actions.ask_for_pack(
            meeting=meeting, facts=form.facts(), publications=form.cleaned_data["publications"], by=request.user
        )
        record("pack_asked_for", request=request, pack=asked.pk)
        return address

    page = Page(
        heading="Make a pack",
        caption=str(meeting),
        crumbs=[*crumbs_to(meeting.committee, meeting), ("Pack", address)],
        form=lambda data, files: PackForm(
            data, files, meeting=meeting, publications=publications, initial=first_words(meeting, publications)
        ),
        act=ask,
        button="Make the pack",
        done="The pack is being made",
    )
    return write(request, page)


@login_required
@require_safe
def pack_file(request, slug: str, held_on: dt.date, writing: PackFormat):
    """The bytes that were written when the pack was made: of the latest edition, or of the one asked for."""
    found = _edition(request, slug, held_on)
    document = found.documents.without_content().filter(format=writing).first()
    if document is None:
        page = {"pack": found, "why": present.NO_PDF, "crumbs": crumbs_to(found.meeting.committee, found.meeting)}
        return render(request, "engagement/pack_without_pdf.html", page, status=404)
    tag = f'"{document.sha256}"'
    if unchanged := get_conditional_response(request, etag=tag):
        return unchanged
    if writing not in SHOWN_IN_PLACE:
        record("pack_downloaded", request=request, pack=found.pk, format=writing.value)
    response = HttpResponse(bytes(document.content), content_type=TYPES[writing], headers={"ETag": tag})
    if writing not in SHOWN_IN_PLACE:
        name = f"pack-{slug}-{held_on}-edition-{found.edition}.{writing.value}"
        response["Content-Disposition"] = (
            f'{"inline" if writing == PackFormat.PDF else "attachment"}; filename="{name}"'
        )
    return response


def _edition(request, slug: str, held_on: dt.date) -> Pack:
    """The edition that this address names, where this person sees the committee."""
    seen = Pack.objects.visible_to(request.user).made().at(slug, held_on)
    if asked := request.GET.get("edition"):
        if not asked.isdecimal() or len(asked) > 4:
            raise Http404
        seen = seen.filter(edition=asked)
    found = seen.select_related("meeting__committee").newest_first().first()
    if found is None:
        raise Http404
    return found
