"""An assessment: begun, answered domain by domain, submitted whole, and decided by somebody else."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ltp_portal import unsent
from ltp_portal.clock import now, today
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once
from systems import actions
from systems.choices import AssessmentState
from systems.forms.assessments import BeginForm, DecideForm, FindingForm, SubmitForm
from systems.models import Assessment, Criterion, Domain, Finding, Framework
from systems.permissions import Action, may
from systems.presenters import assessing
from systems.presenters.maturity import footprint_href, maturity_href
from systems.views.found import Place, assessment_for, crumbs, place_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def begin(request, code: str, footprint_code: str):
    """Begins an assessment of a footprint."""
    place = place_for(request, code, footprint_code, Action.REPORT)
    frameworks = Framework.objects.current().used_by(place.footprint)
    sent = request.POST if request.method == "POST" else None
    form = BeginForm(sent, footprint=place.footprint, frameworks=frameworks)
    if form.is_valid():
        try:
            begun = actions.begin_assessment(
                footprint=place.footprint, **form.cleaned_data, by=request.user, today=today()
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect(_address(place, begun))
    open_ones = Assessment.objects.readable_by(request.user).of(place.footprint).still_open()
    page = {
        **place._asdict(),
        "form": form,
        "open_ones": open_ones.select_related("framework"),
        "crumbs": crumbs(request, place),
    }
    return render(request, "systems/assessment_begin.html", page)


def _address(place: Place, assessment: Assessment) -> str:
    return footprint_href("assessment", place.footprint, assessment.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def assessment(request, code: str, footprint_code: str, pk: int):
    """An assessment: how far it is and who may do what next. Submitting it, signing it off and returning it."""
    place = place_for(request, code, footprint_code)
    found = assessment_for(request, place, pk)
    sent = unsent.sent(request)
    if request.method != "POST":
        return _show(request, place, found, sent=sent)
    if found.is_draft:
        return _submit(request, place, found, sent)
    if found.state != AssessmentState.SUBMITTED:
        return _show(request, place, found, sent=sent, status=409)
    return _decide(request, place, found, sent)


def _submit(request, place: Place, found: Assessment, sent):
    if not may(request.user, Action.REPORT, place.footprint):
        raise PermissionDenied
    form = SubmitForm(sent, today=today())
    if form.is_valid():
        try:
            actions.submit_assessment(assessment=found, **form.cleaned_data, by=request.user, today=today())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        except actions.Conflict:
            return _show(request, place, found, is_overtaken=True, status=409)
        else:
            messages.success(request, "Assessment submitted for sign-off")
            return redirect(_address(place, found))
    return _show(request, place, found, form=form)


def _decide(request, place: Place, found: Assessment, sent):
    if not may(request.user, Action.SIGN_OFF, place.footprint):
        raise PermissionDenied
    form = DecideForm(sent)
    if form.is_valid():
        facts = {"assessment": found, "version": form.cleaned_data["version"], "by": request.user, "today": today()}
        try:
            if form.is_return:
                actions.return_assessment(**facts, note=form.cleaned_data["note"])
            else:
                actions.sign_off_assessment(**facts)
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
            return _show(request, place, found, form=form, status=403)
        except actions.Conflict:
            stands = assessment_for(request, place, found.pk)
            return _show(request, place, stands, sent=sent, is_overtaken=True, status=409)
        messages.success(request, "Assessment returned" if form.is_return else "Assessment signed off")
        return redirect(maturity_href(place.footprint))
    return _show(request, place, found, form=form)


def _show(
    request, place: Place, found: Assessment, *, form=None, sent=None, is_overtaken: bool = False, status: int = 200
):
    criteria = Criterion.objects.filter(domain__framework=found.framework_id).select_related("domain", "level")
    findings = list(found.findings.in_words())
    steps = assessing.progress(criteria, findings)
    writes = found.is_draft and may(request.user, Action.REPORT, place.footprint)
    decides = found.state == AssessmentState.SUBMITTED and may(request.user, Action.SIGN_OFF, place.footprint)
    own = decides and actions.wrote_in(found, request.user)
    note = sent.get("note", "") if sent else ""
    if form is None and writes:
        form = SubmitForm(sent, today=today(), initial={"assessed_on": today(), "version": found.version})
    if form is None and decides:
        # Unlike a note, a decision is made anew about what is read now.
        form = DecideForm(initial={"version": found.version, "note": note})
    for finding in findings:
        finding.assessment = found
    page = {
        **place._asdict(),
        "assessment": found,
        "history": assessing.history_of(found),
        "steps": steps,
        "progress": assessing.progress_in_words(steps),
        "domains": [] if found.is_draft else assessing.domain_lines(criteria, findings, {}),
        "form": form,
        "writes": writes,
        "decides": decides and not own,
        "own": own,
        "unsent_note": "" if decides and not own else note,
        "is_overtaken": is_overtaken,
        "may": {"read_working": may(request.user, Action.READ_POSITIONS, place.footprint)},
        "crumbs": crumbs(request, place),
    }
    return render(request, "systems/assessment_detail.html", page, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def domain(request, code: str, footprint_code: str, pk: int, domain_pk: int):
    """The criteria of one domain, to answer. What others answered meanwhile is shown, never overwritten unseen."""
    place = place_for(request, code, footprint_code, Action.REPORT)
    draft = assessment_for(request, place, pk)
    if not draft.is_draft:
        late = request.method == "POST"
        return _show(request, place, draft, is_overtaken=late, status=409 if late else 200)
    asked = get_object_or_404(Domain, framework=draft.framework_id, pk=domain_pk)
    sent = unsent.sent(request)
    forms = _forms(draft, asked, sent, request.FILES if request.method == "POST" else None)
    if request.method == "POST" and all([form.is_valid() for form in forms]):
        try:
            overtaken = _save(request, draft, forms)
        except actions.Conflict:
            return _show(request, place, assessment_for(request, place, pk), is_overtaken=True, status=409)
        if not overtaken:
            messages.success(request, f"Answers saved: {asked.name}")
            return redirect(_next_step(request, place, draft, asked))
        return _show_domain(request, place, draft, asked, forms, overtaken=overtaken)
    return _show_domain(request, place, draft, asked, forms)


def _forms(draft: Assessment, asked: Domain, sent, files=None) -> list[FindingForm]:
    criteria = asked.criteria.select_related("level").order_by("level__ordinal", "code")
    stored = {finding.criterion_id: finding for finding in draft.findings.filter(criterion__domain=asked).in_words()}
    return [FindingForm(sent, files, criterion=one, stored=stored.get(one.pk)) for one in criteria]


def _save(request, draft: Assessment, forms: list[FindingForm]) -> set[int]:
    """Saves what was answered; the forms of what somebody else answered meanwhile go on from that."""
    answers = {form.criterion.pk: form.answer() for form in forms if not form.is_empty}
    overtaken = actions.save_findings(assessment=draft, answers=answers, by=request.user)
    stored = {finding.criterion_id: finding for finding in draft.findings.filter(criterion__in=answers).in_words()}
    for form in forms:
        if form.criterion.pk in overtaken:
            form.go_on_from(stored.get(form.criterion.pk))
        elif overtaken and form.criterion.pk in stored:
            form.go_on_from(stored[form.criterion.pk])
            form.overtaken_by = ""
    return overtaken


def _next_step(request, place: Place, draft: Assessment, asked: Domain) -> str:
    """The next domain where that was asked for, else the assessment's own page."""
    following = Domain.objects.filter(framework=draft.framework_id, ordinal__gt=asked.ordinal).order_by("ordinal")
    if request.POST.get("then") == "next" and (domain := following.first()):
        return footprint_href("assessment_domain", place.footprint, draft.pk, domain.pk)
    return _address(place, draft)


def _show_domain(request, place: Place, draft: Assessment, asked: Domain, forms, *, overtaken=()):
    page = {
        **place._asdict(),
        "assessment": draft,
        "domain": asked,
        "forms": forms,
        "problems": [form for form in forms if form.errors],
        "overtaken": bool(overtaken),
        "is_last": not draft.framework.domains.filter(ordinal__gt=asked.ordinal).exists(),
        "crumbs": [*crumbs(request, place), (str(draft), _address(place, draft))],
    }
    return render(request, "systems/assessment_domain.html", page, status=409 if overtaken else 200)


@login_required
@require_POST
def finding(request, code: str, footprint_code: str, pk: int, criterion_pk: int):
    """Saves one answer while its writer goes on: whatever can be stored as it is. Answers with a line for the page."""
    place = place_for(request, code, footprint_code, Action.REPORT)
    draft = assessment_for(request, place, pk)
    in_framework = Criterion.objects.filter(domain__framework=draft.framework_id)
    criterion = get_object_or_404(in_framework, pk=criterion_pk)
    stored = draft.findings.filter(criterion=criterion).in_words().first()
    form = FindingForm(request.POST, criterion=criterion, stored=stored)
    form.is_valid()
    try:
        overtaken = bool(
            actions.save_findings(assessment=draft, answers={criterion.pk: form.answer()}, by=request.user)
        )
    except actions.Conflict:
        overtaken = True
    stored = draft.findings.filter(criterion=criterion).in_words().first()
    page = {"form": form, "stored": stored, "overtaken": overtaken, "saved_at": now()}
    return render(request, "systems/_finding_saved.html", page, status=409 if overtaken else 200)


@login_required
@require_safe
def evidence(request, code: str, footprint_code: str, pk: int):
    """A file that shows what was found: handed over to be saved, never shown in the browser."""
    place = place_for(request, code, footprint_code, Action.READ_POSITIONS)
    mine = Finding.objects.filter(assessment__footprint=place.footprint).exclude(evidence_file="")
    found = get_object_or_404(mine, pk=pk)
    try:
        content = found.evidence_file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record("evidence_downloaded", request=request, assessment=found.assessment_id, evidence=pk)
    return FileResponse(content, as_attachment=True, filename=found.evidence_name)
