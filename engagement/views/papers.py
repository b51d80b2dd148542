"""A paper before a meeting: read, written, and issued after a look at it as it will stand."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from engagement import actions
from engagement.choices import INFORMATION_ONLY
from engagement.forms.papers import IssueForm, PaperForm
from engagement.models import Paper
from engagement.presenters import committees as present_committees
from engagement.presenters import papers as present
from engagement.views.access import crumbs_to, leads, meeting_to_write, require_lead
from engagement.views.editing import Page, as_shown, both_texts, decided, read_again, write
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once

WORDS = (
    "item",
    "kind",
    "title",
    "report_by",
    "wards_affected",
    "purpose",
    "asked_to",
    "body",
    "equality_impact",
    "legal_comments",
    "finance_comments",
)


@login_required
@require_safe
def paper(request, pk: int):
    """A paper as it was issued; a draft for those who write it."""
    found = _seen(request, pk)
    meeting = found.item.meeting
    page = _as_page(found) | {
        "crumbs": crumbs_to(meeting.committee, meeting),
        "leads": leads(request.user, meeting.committee),
    }
    return render(request, "engagement/paper_detail.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def paper_add(request, pk: int):
    """Begins a paper for a meeting."""
    meeting = meeting_to_write(request, pk)
    first = {"wards_affected": "All", "version": 0, "item": request.GET.get("item")}
    page = Page(
        heading="Add a paper",
        caption=str(meeting),
        crumbs=crumbs_to(meeting.committee, meeting),
        form=lambda data, files: PaperForm(data, files, items=meeting.items.all(), initial=first),
        act=lambda form: _address(actions.add_paper(facts=form.facts())),
        beside=lambda: {"note": present_committees.papers_due(meeting, today())},
        button="Save as a draft",
        done="Draft saved. The committee reads it once it is issued.",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def paper_edit(request, pk: int):
    """Changes a draft, unless somebody else did since the page was read. What was issued is never edited."""
    found = _to_write(request, pk)
    meeting = found.item.meeting
    if not found.is_draft:
        return _already_issued(request, found)
    shown = as_shown(found, WORDS)

    def save(form: PaperForm) -> str:
        actions.edit_paper(paper=found, version=decided(form), facts=form.facts())
        return _address(found)

    page = Page(
        heading="Change the draft",
        caption=str(meeting),
        crumbs=[*crumbs_to(meeting.committee, meeting), (found.title, _address(found))],
        form=lambda data, files: PaperForm(data, files, items=meeting.items.all(), stored=shown, initial=shown),
        act=save,
        conflict=both_texts(found, WORDS),
        button="Save as a draft",
        done="Draft saved",
    )
    return write(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def paper_issue(request, pk: int):
    """Issues a paper after its writer has seen it whole, with what is missing or late."""
    found = _to_write(request, pk)
    meeting = found.item.meeting
    if not found.is_draft:
        return _already_issued(request, found)

    def issue(form: IssueForm) -> str:
        actions.issue_paper(paper=found, version=form.cleaned_data["version"], by=request.user, today=today())
        return _address(found)

    page = Page(
        heading="Issue this paper",
        caption=str(meeting),
        crumbs=[*crumbs_to(meeting.committee, meeting), (found.title, _address(found))],
        form=lambda data, files: IssueForm(data, files, paper=found, initial={"version": found.version}),
        act=issue,
        conflict=read_again(lambda: Paper.objects.get(pk=pk).version),
        template="engagement/paper_issue.html",
        beside=lambda: _as_page(_seen(request, pk)),
        button="Issue the paper",
        done="Paper issued",
    )
    return write(request, page)


def _seen(request, pk: int) -> Paper:
    seen = Paper.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("item__meeting__committee", "issued_by"), pk=pk)


def _to_write(request, pk: int) -> Paper:
    found = _seen(request, pk)
    require_lead(request.user, found.item.meeting.committee)
    return found


def _address(paper: Paper) -> str:
    return reverse("engagement:paper", args=[paper.pk])


def _as_page(paper: Paper) -> dict:
    meeting = paper.item.meeting
    return {
        "paper": paper,
        "cover": present.cover(paper, meeting),
        "sections": present.sections(paper),
        "banner": "" if paper.is_for_decision else INFORMATION_ONLY,
        "missing": present.missing(paper),
        "late": present_committees.late_words(paper, meeting, today()),
    }


def _already_issued(request, paper: Paper):
    """Whoever was about to change or issue it finds it issued, and what they had typed beside it."""
    meeting = paper.item.meeting
    page = _as_page(paper) | {"crumbs": crumbs_to(meeting.committee, meeting), "was_issued": True}
    if "title" in request.POST:
        page["typed"] = PaperForm(request.POST, items=meeting.items.all())
    return render(request, "engagement/paper_detail.html", page, status=409 if request.method == "POST" else 200)
