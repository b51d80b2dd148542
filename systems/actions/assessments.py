"""Assessments: begun, written by several people over days, submitted whole, and decided by another."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from systems.actions.conflict import Conflict
from systems.choices import AssessmentState, Level, Result
from systems.locks import lock_systems
from systems.models import Assessment, Criterion, Finding, Footprint, Framework, User
from systems.models.assessments import NOT_ONES_OWN
from systems.recompute import recompute_footprint

OTHER_FRAMEWORK = "This criterion belongs to another framework. Open the assessment again."
_COPIED = ("criterion_id", "result", "evidence", "evidence_url", "evidence_page", "evidence_file", "evidence_name",
           "written_by_id")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """All that one person says about one criterion, and the version they had before them; 0 where there was none."""

    version: int
    words: Mapping[str, Any]


@transaction.atomic
def begin_assessment(
    *, framework: Framework, footprint: Footprint, rater: str, partner: str = "", by: User, today: dt.date
) -> Assessment:
    """Begins a draft. Where this rater's last one was returned, it starts from what that one said."""
    if not Framework.objects.current().used_by(footprint).filter(pk=framework.pk).exists():
        raise ValidationError({"framework": "This framework is not for such a footprint. Choose another."})
    if partner and footprint.level != Level.PLACE:
        raise ValidationError({"partner": "Only a place is assessed by one of its partners alone."})
    facts = {"framework": framework, "footprint": footprint, "rater": rater, "partner": partner}
    lock_systems([footprint.system_id])
    last = Assessment.objects.filter(**facts).order_by("-pk").first()
    assessment = Assessment(begun_by=by, begun_on=today, **facts)
    assessment.full_clean()
    assessment.save()
    if last is not None and last.state == AssessmentState.RETURNED:
        Finding.objects.bulk_create(
            Finding(assessment=assessment, **said) for said in last.findings.order_by("pk").values(*_COPIED)
        )
    return assessment


@transaction.atomic
def save_findings(*, assessment: Assessment, answers: Mapping[int, Answer], by: User) -> set[int]:
    """Saves answers by criterion in a draft. Returns the criteria that somebody else answered since they were read.

    Those are left as they are. What is stored already is not written again.
    """
    draft = _held(assessment, AssessmentState.DRAFT)
    asked = Criterion.objects.filter(domain__framework=draft.framework_id, pk__in=answers)
    if asked.count() != len(answers):
        raise ValidationError(OTHER_FRAMEWORK)
    stored = {finding.criterion_id: finding for finding in draft.findings.filter(criterion__in=answers)}
    overtaken, written = set(), False
    for criterion, answer in answers.items():
        finding = stored.get(criterion) or Finding(assessment=draft, criterion_id=criterion, version=0)
        if all(getattr(finding, name) == value for name, value in answer.words.items()):
            continue
        if finding.version != answer.version:
            overtaken.add(criterion)
            continue
        _write(finding, answer.words, by)
        written = True
    if written:
        Assessment.objects.filter(pk=draft.pk).update(version=F("version") + 1)
    return overtaken


def _write(finding: Finding, words: Mapping[str, Any], by: User) -> None:
    for name, value in words.items():
        setattr(finding, name, value)
    finding.written_by, finding.saved_at, finding.version = by, Now(), finding.version + 1
    try:
        finding.save()
    except BaseException:
        # What is not written leaves no file behind.
        if "evidence_file" in words:
            finding.evidence_file.delete(save=False)
        raise


@transaction.atomic
def submit_assessment(*, assessment: Assessment, version: int, assessed_on: dt.date, by: User, today: dt.date) -> None:
    """Submits a draft as it was read, whole: every criterion answered, and evidence beside whatever is met."""
    draft = _held(assessment, AssessmentState.DRAFT, version=version)
    if assessed_on > today:
        raise ValidationError({"assessed_on": "The day it was judged for must be today or earlier."})
    if complaints := unfinished(draft):
        raise ValidationError(complaints)
    Assessment.objects.filter(pk=draft.pk).update(
        state=AssessmentState.SUBMITTED,
        assessed_on=assessed_on,
        submitted_by=by,
        submitted_on=today,
        version=F("version") + 1,
    )


def unfinished(assessment: Assessment) -> list[str]:
    """What still keeps a draft from being submitted, in words."""
    criteria = Criterion.objects.filter(domain__framework=assessment.framework_id)
    answered = assessment.findings.exclude(result="")
    left = criteria.exclude(pk__in=answered.values("criterion")).order_by("code").values_list("code", flat=True)
    shown = ~Q(evidence="") | ~Q(evidence_url="") | ~Q(evidence_file="")
    bare = answered.filter(result=Result.MET).exclude(shown).order_by("criterion__code")
    complaints = []
    if left:
        complaints.append(f"Answer every criterion first, if only with “Not assessed”. Left: {_listed(left)}.")
    if bare:
        complaints.append(
            f"Say what shows that these are met: {_listed(bare.values_list('criterion__code', flat=True))}."
        )
    return complaints


def _listed(codes) -> str:
    named = list(codes)
    return ", ".join(named[:8]) + (f" and {len(named) - 8} more" if len(named) > 8 else "")


@transaction.atomic
def sign_off_assessment(*, assessment: Assessment, version: int, by: User, today: dt.date) -> None:
    """Signs an assessment off as it was read, and recomputes where its footprint stands in the same transaction."""
    lock_systems([assessment.footprint.system_id])
    _decide(assessment, version, by, decided_on=today, state=AssessmentState.SIGNED_OFF)
    recompute_footprint(assessment.footprint_id, today)


@transaction.atomic
def return_assessment(*, assessment: Assessment, version: int, note: str, by: User, today: dt.date) -> None:
    """Returns an assessment, as it was read, with a note. It stays as it is; the next draft starts from it."""
    _decide(assessment, version, by, decided_on=today, state=AssessmentState.RETURNED, return_note=note)


def wrote_in(assessment: Assessment, person: User) -> bool:
    """Whether any of it is this person's own."""
    return assessment.submitted_by_id == person.pk or assessment.findings.filter(written_by=person).exists()


def _decide(assessment: Assessment, version: int, by: User, **decision: Any) -> None:
    waiting = _held(assessment, AssessmentState.SUBMITTED, version=version)
    if wrote_in(waiting, by):
        raise PermissionDenied(NOT_ONES_OWN)
    Assessment.objects.filter(pk=waiting.pk).update(decided_by=by, version=F("version") + 1, **decision)


def _held(assessment: Assessment, state: str, *, version: int | None = None) -> Assessment:
    """The assessment as it stands, held until the transaction ends; a conflict where it went on meanwhile."""
    held = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if held.state != state or version not in (None, held.version):
        raise Conflict
    return held
