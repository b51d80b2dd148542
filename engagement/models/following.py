"""What people follow, and the letters that tell them what changed in it."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from commitments.choices import ReminderState
from commitments.models import Publication
from commitments.models.outgoing import Outgoing
from commitments.models.publications import read_by
from engagement.choices import FollowKind
from systems.models import Footprint, User, audited

# Where the code of what is followed stands, seen from a published position.
_LEADS_TO = {
    FollowKind.COMMITMENT: "commitment__code",
    FollowKind.THEME: "commitment__theme__code",
    FollowKind.PLACE: "footprint__place__code",
}


class FollowQuerySet(models.QuerySet["Follow"]):
    def of(self, user: User | AnonymousUser) -> "FollowQuerySet":
        """What this person follows, of what they may read."""
        return self.filter(read_by(user, "system"), person=user) if isinstance(user, User) else self.none()

    def codes(self, kind: FollowKind) -> set[str]:
        """What is followed of one kind."""
        return {follow.code for follow in self if follow.kind == kind}

    def positions(self) -> Q:
        """Which of a publication's positions any of these is about. All must be of its system."""
        about = Q(pk__in=[])
        for kind, lead in _LEADS_TO.items():
            codes = self.codes(kind)
            about |= Q(**{f"{lead}__in": codes}) if codes else Q(pk__in=[])
        return about


class Follow(models.Model):
    """A commitment, theme or borough of one system that somebody wants to hear of. By its code, as it is published."""

    person = models.ForeignKey(User, models.PROTECT, related_name="follows")
    system = models.ForeignKey(Footprint, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=FollowKind)
    code = models.CharField(max_length=60)
    followed_at = models.DateTimeField(db_default=Now())

    objects = FollowQuerySet.as_manager()

    class Meta:
        ordering = ["system__name", "kind", "code"]
        indexes = [models.Index(fields=["system", "person"], name="followers_of_a_system")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "system", "kind", "code"],
                name="follow_once_per_person_and_thing",
                violation_error_message="You follow this already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FollowKind.values),
                name="follow_kind_is_known",
                violation_error_message="Follow a commitment, a theme or a borough.",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.person} follows {self.code} of {self.system}"


class FollowLetter(Outgoing):
    """To one person about one publication: what changed in what they follow. Sent once, or not needed."""

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")

    class Meta(Outgoing.Meta):
        indexes = [
            models.Index(
                fields=["person"],
                condition=Q(state__in=[ReminderState.WAITING, ReminderState.SENDING]),
                name="follow_letter_outbox",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "publication"],
                name="follow_letter_once_per_person_and_publication",
                violation_error_message="This person has a letter about this publication already.",
            ),
            models.CheckConstraint(condition=Q(state__in=ReminderState.values), name="follow_letter_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ReminderState.SENT) ^ Q(sent_at__isnull=True), name="follow_letter_sent_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.publication}"
