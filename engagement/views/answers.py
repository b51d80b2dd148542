"""The part of the NHS: answers, the commitments they are about, what is done, and what shows it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from engagement import actions
from engagement.forms.answers import ActionForm, AnswerForm, CommitmentsForm, DoneForm, EvidenceForm
from engagement.models import Recommendation
from engagement.views.access import crumbs_to_ask, recommendation_for, to_answer
from engagement.views.editing import Page, read_again, write
from engagement.views.recommendations import beside
from ltp_portal.clock import today
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def answer(request, pk: int):
    """The system answers, or answers once more."""
    found = to_answer(request, pk)

    def act(form: AnswerForm) -> None:
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        actions.answer(recommendation=found, version=version, facts=facts, by=request.user, today=today())

    def form(data, files):
        return AnswerForm(data, files, initial={"version": found.version})

    return _write(request, found, form, act, "Answer the committee", "Send the answer", "Answer sent to the committee")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def commitments(request, pk: int):
    """Says which commitments it is about."""
    found = to_answer(request, pk)
    codes = "\n".join(found.commitments.order_by("code").values_list("code", flat=True))

    def act(form: CommitmentsForm) -> None:
        about, version = form.cleaned_data["codes"], form.cleaned_data["version"]
        actions.link_commitments(recommendation=found, version=version, commitments=about)

    def form(data, files):
        return CommitmentsForm(data, files, initial={"version": found.version, "codes": codes})

    return _write(request, found, form, act, "Which commitments is it about?", "Save", "Commitments saved")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def action_add(request, pk: int):
    """Adds something that will be done."""
    found = to_answer(request, pk)

    def act(form: ActionForm) -> None:
        actions.add_action(recommendation=found, facts=form.cleaned_data, by=request.user, today=today())

    return _write(request, found, ActionForm, act, "Add an action", "Add the action", "Action added")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def action_done(request, pk: int, action_pk: int):
    """Ticks an action of this very recommendation as done."""
    found = to_answer(request, pk)
    action = get_object_or_404(found.actions.select_related("recommendation"), pk=action_pk)

    def act(form: DoneForm) -> None:
        actions.finish_action(action=action, today=today())

    heading = f"Done: {action.title}"
    return _write(request, found, DoneForm, act, heading, "Mark as done", f"Done: {action.title}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def evidence_add(request, pk: int):
    """Adds a link or a file that shows what was done."""
    found = to_answer(request, pk)

    def act(form: EvidenceForm) -> None:
        actions.add_evidence(recommendation=found, **form.facts(), by=request.user, today=today())

    return _write(request, found, EvidenceForm, act, "Add evidence", "Add the evidence", "Evidence added")


@login_required
@require_safe
def evidence(request, pk: int, evidence_pk: int):
    """A file that shows what was done: handed over to be saved, never shown in the browser."""
    found = recommendation_for(request, pk)
    shown = get_object_or_404(found.evidence.exclude(file=""), pk=evidence_pk)
    try:
        content = shown.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record("evidence_downloaded", request=request, recommendation=pk, evidence=evidence_pk)
    return FileResponse(content, as_attachment=True, filename=shown.file_name)


def _write(
    request,
    found: Recommendation,
    form: Callable[..., Any],
    act: Callable[[Any], None],
    heading: str,
    button: str,
    done: str,
) -> HttpResponse:
    """The page of one of these forms. Where the committee closed it meanwhile, it says so and keeps what was typed."""

    def written(sent: Any) -> str:
        act(sent)
        return reverse("engagement:recommendation", args=[found.pk])

    page = Page(
        heading=heading,
        caption=str(found),
        crumbs=crumbs_to_ask(found),
        form=form,
        act=written,
        conflict=read_again(lambda: Recommendation.objects.get(pk=found.pk).version),
        template="engagement/recommendation_form.html",
        beside=lambda: beside(request, found.pk, is_of_closed=False),
        button=button,
        done=done,
    )
    return write(request, page)
