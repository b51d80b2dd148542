"""Second opinions: the list, one of them, lodging one, and the system's reply."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import PublishedPosition
from commitments.models.publications import read_by
from commitments.views.access import pages_of
from commitments.views.published import public
from engagement import actions
from engagement.forms.opinions import OpinionForm, ReplyForm
from engagement.models import Committee, Opinion
from engagement.models.opinions import Voice, is_concerned, voices_of
from engagement.presenters.opinions import opinion_lines
from engagement.views.editing import Page, write
from ltp_portal.clock import today
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once


@require_safe
def opinions(request):
    """All that this person may read, the latest first; those that await this person's reply by themselves."""
    seen = Opinion.objects.visible_to(request.user)
    to_reply = seen.repliable_by(request.user).unanswered()
    is_narrowed = "to-reply" in request.GET
    pages = pages_of(request, (to_reply if is_narrowed else seen).in_words(), "page")
    page = {
        "pages": pages,
        "lines": opinion_lines(pages["page"]),
        "is_narrowed": is_narrowed,
        "to_reply": to_reply.count(),
    }
    return render(request, "engagement/opinion_list.html", page)


def _opinion_for(request, pk: int) -> Opinion:
    return get_object_or_404(Opinion.objects.visible_to(request.user).in_words(), pk=pk)


@public
@require_safe
def opinion(request, pk: int):
    """What was published and what a body says instead, side by side."""
    found = _opinion_for(request, pk)
    [line] = opinion_lines([found])
    may_reply = Opinion.objects.repliable_by(request.user).unanswered().filter(pk=pk).exists()
    page = {"line": line, "opinion": found, "may_reply": may_reply, "crumbs": _crumbs()}
    return render(request, "engagement/opinion_detail.html", page)


@public
@require_safe
def opinion_file(request, pk: int):
    """A file lodged as evidence: handed over to be saved, never shown in the browser."""
    found = _opinion_for(request, pk)
    if not found.file:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record("evidence_downloaded", request=request, opinion=pk)
    return FileResponse(content, as_attachment=True, filename=found.file_name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def opinion_lodge(request, pk: int):
    """Lodges an opinion on a published position, for a body that it concerns."""
    readable = PublishedPosition.objects.in_words().select_related("publication__system")
    position = get_object_or_404(readable.filter(read_by(request.user, "publication__system")), pk=pk)
    system = position.publication.system
    voices = [voice for voice in voices_of(request.user) if is_concerned(voice, position, system)]
    if not voices:
        raise PermissionDenied
    voices = _not_heard_yet(voices, position)
    page = Page(
        heading="Lodge a second opinion",
        caption=f"{position.commitment.code}, {position.footprint.short_name}",
        crumbs=_crumbs(),
        form=lambda data, files: OpinionForm(data, files, voices=voices, published=position.status),
        act=lambda form: _lodged(request, position, form),
        button="Lodge the opinion",
        template="engagement/opinion_form.html",
        beside=lambda: {"position": position, "voices": voices},
        done="Opinion lodged. It stands beside what was published.",
    )
    return write(request, page)


def _not_heard_yet(voices: list[Voice], position: PublishedPosition) -> list[Voice]:
    """Those bodies that have lodged nothing on this very position."""
    heard = set(Opinion.objects.filter(position=position).values_list("committee_id", "organisation_id"))
    keys = {voice: (voice.pk, None) if isinstance(voice, Committee) else (None, voice.pk) for voice in voices}
    return [voice for voice, key in keys.items() if key not in heard]


def _lodged(request, position: PublishedPosition, form: OpinionForm) -> str:
    lodged = actions.lodge_opinion(
        position=position, voice=form.whose(), facts=form.facts(), by=request.user, today=today()
    )
    return reverse("engagement:opinion", args=[lodged.pk])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def opinion_reply(request, pk: int):
    """The system replies, once."""
    found = _opinion_for(request, pk)
    if not Opinion.objects.repliable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    address = reverse("engagement:opinion", args=[pk])
    if request.method != "POST" and getattr(found, "reply", None):
        return redirect(address)

    def reply(form: ReplyForm) -> str:
        actions.reply_to_opinion(opinion=found, **form.cleaned_data, by=request.user, today=today())
        return address

    page = Page(
        heading="Reply to this opinion",
        caption=found.whose,
        crumbs=[*_crumbs(), (str(found), address)],
        form=ReplyForm,
        act=reply,
        button="Send the reply",
        template="engagement/opinion_form.html",
        beside=lambda: {"line": opinion_lines([_opinion_for(request, pk)])[0]},
        done="Reply sent. It stands beside the opinion.",
    )
    return write(request, page)


def _crumbs() -> list[tuple[str, str]]:
    return [("Second opinions", reverse("engagement:opinions"))]
