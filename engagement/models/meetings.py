"""Meetings, their agenda, and the papers before them."""

import pgtrigger
from django.db import models
from django.db.models import Q

from engagement.choices import MeetingStatus, PaperKind, PaperState
from engagement.models.committees import Committee
from systems.models import User, audited


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        return self.filter(committee__in=Committee.objects.visible_to(user))

    def led_by(self, user: User) -> "MeetingQuerySet":
        """Those of the committees this person writes for."""
        return self.filter(committee__in=Committee.objects.led_by(user))

    def to_come(self, today) -> "MeetingQuerySet":
        """The next one first; a cancelled one does not come."""
        return self.filter(held_on__gte=today).exclude(status=MeetingStatus.CANCELLED).order_by("held_on")

    def past(self, today) -> "MeetingQuerySet":
        return self.filter(held_on__lt=today).order_by("-held_on")


class Meeting(models.Model):
    """A meeting of a committee on a day."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    held_on = models.DateField("date")
    starts_at = models.TimeField("time", null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    # Where the meeting is known from, or that it is invented; empty for what people entered here.
    source = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "held_on"],
                name="committee_meets_once_a_day",
                violation_error_message="The committee has a meeting on this day already.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=MeetingStatus.values),
                name="meeting_status_is_known",
                violation_error_message="Select whether the meeting is planned, held or cancelled.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.committee}, {self.held_on:%-d %B %Y}"


class AgendaItem(models.Model):
    """What a meeting talks about, in order."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="agenda_has_a_number_once",
                violation_error_message="The agenda has an item with this number already.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="agenda_begins_with_number_one",
                violation_error_message="Agenda items are numbered from 1.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: User) -> "PaperQuerySet":
        """What was issued to whoever sees the committee; drafts to those who write them."""
        seen = Q(state=PaperState.ISSUED, item__meeting__committee__in=Committee.objects.visible_to(user))
        return self.filter(seen | Q(item__meeting__committee__in=Committee.objects.led_by(user)))


class Paper(models.Model):
    """A report to a meeting, for information or for a decision. What was issued is never edited."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers", verbose_name="agenda item")
    kind = models.CharField(max_length=20, choices=PaperKind)
    title = models.CharField("subject", max_length=200)
    report_by = models.CharField(max_length=200)
    wards_affected = models.CharField(max_length=200)
    purpose = models.TextField(max_length=2000)
    asked_to = models.TextField("the committee is asked to", max_length=2000, blank=True)
    body = models.TextField("report", max_length=50_000, blank=True)
    equality_impact = models.TextField("equality impact", max_length=5000, blank=True)
    legal_comments = models.TextField(max_length=5000, blank=True)
    finance_comments = models.TextField(max_length=5000, blank=True)
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.DRAFT)
    issued_on = models.DateField(null=True, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["item__number", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PaperKind.values),
                name="paper_kind_is_known",
                violation_error_message="Select whether the paper is for information or for a decision.",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.ISSUED, kind=PaperKind.DECISION)
                | (~Q(equality_impact="") & ~Q(legal_comments="") & ~Q(finance_comments="")),
                name="paper_for_decision_is_issued_with_its_comments",
                violation_error_message=(
                    "A paper for a decision needs an equality impact assessment, legal comments and finance comments "
                    "before it is issued."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.DRAFT, issued_on__isnull=True, issued_by__isnull=True)
                | Q(state=PaperState.ISSUED, issued_on__isnull=False),
                name="paper_issued_names_the_day",
                violation_error_message="A paper that is issued names the day, and a draft names none.",
            ),
        ]
        triggers = [
            *audited(),
            pgtrigger.Protect(
                name="issued_paper_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=PaperState.ISSUED),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == PaperState.DRAFT

    @property
    def is_for_decision(self) -> bool:
        return self.kind == PaperKind.DECISION

    def missing_comments(self) -> list[str]:
        """The names of what must still be written before a paper for a decision can be issued."""
        if not self.is_for_decision:
            return []
        return [name for name in ("equality_impact", "legal_comments", "finance_comments") if not getattr(self, name)]
