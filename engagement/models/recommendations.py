"""What a committee asks of the NHS, and all that comes of it until the committee closes it."""

import pgtrigger
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from commitments.models import Commitment
from engagement.choices import NEEDS_A_REASON, OPEN_STATES, AskKind, AskState, Reply
from engagement.models.committees import Committee
from engagement.models.meetings import AgendaItem, Meeting
from systems.models import Footprint, Organisation, User, audited
from systems.models.footprints import under
from systems.permissions import Action


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: User) -> "RecommendationQuerySet":
        """Those of the committees one sees, and for people of the NHS those addressed to their system."""
        addressed = under(user.paths_for(Action.READ_POSITIONS), "system__path")
        return self.filter(addressed | Q(meeting__committee__in=Committee.objects.visible_to(user)))

    def led_by(self, user: User) -> "RecommendationQuerySet":
        """Those this person closes and opens again: their committee's."""
        return self.filter(meeting__committee__in=Committee.objects.led_by(user))

    def addressed_to(self, user: User) -> "RecommendationQuerySet":
        """Those whose answers are this person's: an approver or programme manager of the system."""
        return self.filter(under(user.paths_for(Action.ANSWER_COMMITTEES), "system__path"))

    def answerable_by(self, user: User) -> "RecommendationQuerySet":
        """Those this person may answer, link and act on now: the committee has not closed them."""
        return self.addressed_to(user).filter(state__in=OPEN_STATES)

    def awaiting(self) -> "RecommendationQuerySet":
        return self.filter(state=AskState.AWAITING)

    def overdue(self, today) -> "RecommendationQuerySet":
        """Not answered by the day they were due."""
        return self.awaiting().filter(due_on__lt=today)

    def due_first(self) -> "RecommendationQuerySet":
        """What awaits an answer, the longest due first; then what was answered; then what is closed."""
        rank = models.Case(*(models.When(state=state, then=n) for n, state in enumerate(AskState.values)))
        return self.annotate(rank=rank).order_by("rank", "due_on", "pk")

    def for_list(self) -> "RecommendationQuerySet":
        """With what a list shows beside each: how often the same was asked, and the latest answer."""
        first = Coalesce(OuterRef("repeats_id"), OuterRef("pk"))
        again = Recommendation.objects.filter(repeats=first).order_by().values("repeats").annotate(times=Count("pk"))
        rows = self.select_related("meeting__committee", "system", "organisation", "item")
        latest = Response.objects.filter(recommendation=OuterRef("pk")).order_by("-pk")
        return rows.annotate(
            times_asked=1 + Coalesce(Subquery(again.values("times")), 0),
            latest_reply=Subquery(latest.values("reply")[:1]),
        )

    def counted_by_commitment(self) -> "models.QuerySet":
        """By commitment: how many were about it, and how many of these await an answer."""
        awaiting = Count("pk", filter=Q(state=AskState.AWAITING))
        linked = self.order_by().filter(links__isnull=False)
        return linked.values_list("links__commitment_id").annotate(asked=Count("pk"), awaiting=awaiting)

    def same_asked(self, recommendation: "Recommendation") -> "RecommendationQuerySet":
        """Each time the same was asked, the first time first."""
        first = recommendation.first_asked_pk
        return self.filter(Q(pk=first) | Q(repeats=first)).order_by("meeting__held_on", "pk")


class Recommendation(models.Model):
    """A recommendation, or a question taken away, addressed to a system or to one body in it.

    What was asked is never edited. Its state says whose turn it is; what led there is in responses and steps.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="recommendations")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="recommendations", verbose_name="agenda item"
    )
    kind = models.CharField(max_length=20, choices=AskKind, default=AskKind.RECOMMENDATION)
    reference = models.CharField("minute reference", max_length=40)
    wording = models.TextField(max_length=2000)
    asked_by = models.CharField("who asked", max_length=120, blank=True)
    # Whose approvers and programme managers answer; the body is named where it is not the system as a whole.
    system = models.ForeignKey(Footprint, models.PROTECT, related_name="recommendations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    # The first time the same was asked, however often it was asked since.
    repeats = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated")
    state = models.CharField(max_length=10, choices=AskState, default=AskState.AWAITING)
    due_on = models.DateField("answer due on")
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    commitments = models.ManyToManyField(Commitment, through="RecommendationCommitment", related_name="+")

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        indexes = [
            # A system's work list, and what is overdue on a committee's first page.
            models.Index(fields=["system", "due_on"], condition=Q(state="awaiting"), name="recommendation_awaiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "reference"],
                name="recommendation_has_a_minute_reference_once",
                violation_error_message="This meeting has a recommendation with this minute reference already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AskKind.values),
                name="recommendation_kind_is_known",
                violation_error_message="Select whether it is a recommendation or a question.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AskState.values),
                name="recommendation_state_is_known",
                violation_error_message="A recommendation awaits an answer, is answered, or is closed.",
            ),
            models.CheckConstraint(
                condition=~Q(wording=""),
                name="recommendation_has_a_wording",
                violation_error_message="Enter what the committee asks, in its words.",
            ),
            models.CheckConstraint(
                condition=Q(repeats__isnull=True) | ~Q(repeats=F("pk")),
                name="recommendation_does_not_repeat_itself",
                violation_error_message="A recommendation cannot repeat itself.",
            ),
        ]
        triggers = [
            *audited(),
            pgtrigger.ReadOnly(
                name="what_the_committee_asked_stays",
                fields=[
                    "meeting", "item", "kind", "reference", "wording", "asked_by", "system", "organisation", "repeats",
                    "recorded_on", "recorded_by", "source",
                ],
            ),
            pgtrigger.Protect(name="recommendation_is_never_deleted", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def addressee(self) -> str:
        return self.organisation.name if self.organisation else self.system.name

    @property
    def first_asked_pk(self) -> int:
        """The first time the same was asked: this one, unless it repeats another."""
        return self.repeats_id or self.pk

    def is_overdue(self, today) -> bool:
        return self.state == AskState.AWAITING and self.due_on < today


class RecommendationCommitment(models.Model):
    """A commitment of the catalogue that a recommendation is about."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="links")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["commitment__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "commitment"],
                name="recommendation_is_linked_to_a_commitment_once",
                violation_error_message="The recommendation is linked to this commitment already.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.commitment}"


class Response(models.Model):
    """An answer of the NHS. Append-only: a later one stands beside the earlier."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="responses")
    reply = models.CharField(max_length=20, choices=Reply)
    words = models.TextField("answer", max_length=5000)
    reason = models.TextField(max_length=2000, blank=True)
    owner = models.CharField("who sees to it", max_length=120)
    done_by_on = models.DateField("to be done by", null=True, blank=True)
    answered_on = models.DateField()
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reply__in=Reply.values),
                name="response_reply_is_known",
                violation_error_message="Select how you answer.",
            ),
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(owner=""),
                name="response_has_words_and_an_owner",
                violation_error_message="An answer has words, and somebody who sees to it.",
            ),
            models.CheckConstraint(
                condition=~Q(reply__in=NEEDS_A_REASON) | ~Q(reason=""),
                name="response_not_wholly_accepted_says_why",
                violation_error_message="Say why it is not accepted, or only in part.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="response_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_reply_display()}"
