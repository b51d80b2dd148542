"""Assessments: who judged a footprint by a framework, and what they found about each criterion. Append-only."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Now

from systems.choices import JUDGED, OPEN_ASSESSMENT_STATES, AssessmentState, Partner, Rater, Result
from systems.models.audit import never_emptied
from systems.models.footprints import Footprint, under
from systems.models.maturity import Criterion, Framework
from systems.models.people import User
from systems.models.private_files import made_up_name, private_storage
from systems.permissions import Action

NOT_ONES_OWN = "Nobody signs off or returns an assessment they wrote in or submitted."


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def readable_by(self, user: User) -> "AssessmentQuerySet":
        """Assessments this person may read, drafts and those awaiting sign-off too: it is a working page."""
        return self.filter(under(user.paths_for(Action.READ_POSITIONS), "footprint__path"))

    def of(self, footprint: Footprint) -> "AssessmentQuerySet":
        return self.filter(footprint=footprint)

    def signed_off(self) -> "AssessmentQuerySet":
        return self.filter(state=AssessmentState.SIGNED_OFF)

    def still_open(self) -> "AssessmentQuerySet":
        return self.filter(state__in=OPEN_ASSESSMENT_STATES)

    def with_progress(self) -> "AssessmentQuerySet":
        """With how many of its framework's criteria have an answer."""
        return self.annotate(answered=Count("findings", filter=~Q(findings__result="")))

    def newest_first(self) -> "AssessmentQuerySet":
        return self.order_by(F("assessed_on").desc(nulls_first=True), "-pk")


class Assessment(models.Model):
    """One rater's judgement of one footprint by one framework.

    `draft > submitted > signed off` by another, or `returned` with a note. Several people write in a draft, over days.
    """

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="assessments")
    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="assessments")
    rater = models.CharField("who judges", max_length=20, choices=Rater)
    partner = models.CharField(max_length=20, choices=Partner, blank=True)
    # The day on which it stood as judged.
    assessed_on = models.DateField("as it stood on", null=True, blank=True)
    state = models.CharField(max_length=20, choices=AssessmentState, default=AssessmentState.DRAFT)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_on = models.DateField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    return_note = models.TextField(max_length=2000, blank=True)
    source = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-assessed_on", "-pk"]
        indexes = [
            models.Index(
                fields=["footprint", "framework"],
                condition=Q(state=AssessmentState.SIGNED_OFF),
                name="assessment_signed_off",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "footprint", "rater", "partner"],
                condition=Q(state__in=OPEN_ASSESSMENT_STATES),
                name="assessment_one_open_per_rater",
                violation_error_message="An assessment by this rater is already open here. Go on with that one.",
            ),
            models.CheckConstraint(
                condition=Q(rater__in=Rater.values)
                & Q(partner__in=["", *Partner.values])
                & Q(state__in=AssessmentState.values),
                name="assessment_words_are_known",
                violation_error_message="Choose who judges.",
            ),
            models.CheckConstraint(
                condition=Q(partner="") | Q(rater=Rater.SELF),
                name="assessment_by_a_partner_is_a_self_assessment",
                violation_error_message="Only a self-assessment is one partner’s.",
            ),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.DRAFT)
                | (
                    Q(submitted_by__isnull=False)
                    & Q(submitted_on__isnull=False)
                    & Q(assessed_on__isnull=False)
                    & Q(assessed_on__lte=F("submitted_on"))
                ),
                name="assessment_past_draft_says_who_when_and_of_which_day",
                violation_error_message="The day it was judged for must be the day it is submitted, or earlier.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_ASSESSMENT_STATES)
                | (Q(decided_by__isnull=False) & Q(decided_on__isnull=False)),
                name="assessment_decided_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="assessment_nobody_decides_their_own",
                violation_error_message=NOT_ONES_OWN,
            ),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.RETURNED) | ~Q(return_note=""),
                name="assessment_returned_has_a_note",
                violation_error_message="Say why the assessment is returned.",
            ),
        ]
        triggers = [
            never_emptied(),
            pgtrigger.Protect(
                name="decided_assessment_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=[AssessmentState.SIGNED_OFF, AssessmentState.RETURNED]),
            ),
            pgtrigger.Protect(
                name="submitted_assessment_keeps_its_words",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state = 'submitted' AND (NEW.state = 'draft' OR (OLD.framework_id, OLD.footprint_id,"
                    " OLD.rater, OLD.partner, OLD.assessed_on, OLD.submitted_by_id, OLD.submitted_on) IS DISTINCT FROM"
                    " (NEW.framework_id, NEW.footprint_id, NEW.rater, NEW.partner, NEW.assessed_on,"
                    " NEW.submitted_by_id, NEW.submitted_on))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework.name}, {self.by_whom}"

    @property
    def path(self) -> str:
        """Where it lies, for the permission table."""
        return self.footprint.path

    @property
    def by_whom(self) -> str:
        """Who judged, in words."""
        words = self.get_rater_display()
        return f"{words} ({self.get_partner_display()})" if self.partner else words

    @property
    def is_draft(self) -> bool:
        return self.state == AssessmentState.DRAFT


class FindingQuerySet(models.QuerySet["Finding"]):
    def judged(self) -> "FindingQuerySet":
        return self.filter(result__in=JUDGED)

    def in_words(self) -> "FindingQuerySet":
        return self.select_related("criterion__domain", "criterion__level", "written_by")

    def standing_on(self, footprint: Footprint, today: dt.date) -> "FindingQuerySet":
        """What each rater last found about each criterion of this footprint, by this day; the words with it."""
        found = self.judged().filter(
            assessment__footprint=footprint,
            assessment__state=AssessmentState.SIGNED_OFF,
            assessment__decided_on__lte=today,
        )
        latest = ("criterion_id", "assessment__rater", "assessment__partner")
        found = found.order_by(*latest, "-assessment__assessed_on", "-assessment_id").distinct(*latest)
        return self.filter(pk__in=found.values("pk")).select_related("assessment")


class Finding(models.Model):
    """What one rater found about one criterion, and what shows it. Without a result nobody has answered yet."""

    # A draft thrown away takes its findings along; of what was submitted the database lets none go.
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="findings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="findings")
    result = models.CharField(max_length=20, choices=Result, blank=True)
    evidence = models.TextField(max_length=2000, blank=True)
    evidence_url = models.URLField("link to the evidence", max_length=500, blank=True)
    evidence_page = models.CharField("page", max_length=40, blank=True)
    evidence_file = models.FileField(storage=private_storage, upload_to=made_up_name, max_length=50, blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["criterion"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="finding_once_per_criterion"),
            models.CheckConstraint(condition=Q(result__in=["", *Result.values]), name="finding_result_is_known"),
            models.CheckConstraint(
                condition=(Q(evidence_file="") & Q(evidence_name="")) | (~Q(evidence_file="") & ~Q(evidence_name="")),
                name="finding_file_has_a_name",
            ),
        ]
        triggers = [
            never_emptied(),
            pgtrigger.Trigger(
                name="finding_is_written_in_a_draft_of_its_framework",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF (SELECT state FROM systems_assessment
                         WHERE id = (CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END).assessment_id) <> 'draft' THEN
                        RAISE EXCEPTION 'What was submitted is not changed.' USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    IF (SELECT framework_id FROM systems_assessment WHERE id = NEW.assessment_id) IS DISTINCT FROM
                       (SELECT framework_id FROM systems_domain
                         WHERE id = (SELECT domain_id FROM systems_criterion WHERE id = NEW.criterion_id)) THEN
                        RAISE EXCEPTION 'The criterion belongs to another framework.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.get_result_display() or 'No answer yet'}"

    @property
    def shows_something(self) -> bool:
        """Whether there is evidence of any kind."""
        return bool(self.evidence or self.evidence_url or self.evidence_file)
