"""Second opinions: a committee, a Healthwatch or a council rates otherwise what a system published, and shows why."""

from collections.abc import Collection, Iterable

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Q

from commitments.choices import Status
from commitments.models import Publication, PublishedFootprint, PublishedPosition
from commitments.models.publications import read_by
from engagement.models.committees import Committee, CommitteeMembership
from systems.choices import Level
from systems.models import Footprint, Organisation, Representative, User, never_emptied
from systems.models.footprints import under
from systems.models.private_files import made_up_name, private_storage
from systems.permissions import Action

# What somebody can rate a position as: whether it applies at all is not a matter of opinion.
RATINGS = [(status.value, status.label) for status in Status if status != Status.NOT_APPLICABLE]
_DIFFERS = """
IF EXISTS (
    SELECT FROM commitments_publishedposition published
     WHERE published.id = NEW.position_id
       AND (published.status = NEW.rating OR published.publication_id <> NEW.publication_id)
) THEN
    RAISE EXCEPTION 'A second opinion is another than what was published, of a position in its very publication.'
          USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def known_by(publication: Publication) -> Q:
    """Those lodged on this publication of a system, or on one before it."""
    earlier = Q(publication__period__lt=publication.period_id)
    same = Q(publication__period=publication.period_id)
    until = earlier | (same & Q(publication__edition__lte=publication.edition))
    return until & Q(publication__system=publication.system_id)


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, user: User | AnonymousUser) -> "OpinionQuerySet":
        """Those on what this person may read."""
        return self.filter(read_by(user, "publication__system"))

    def beside(self, publication: Publication) -> "OpinionQuerySet":
        """What a reader of this publication is told: lodged on it, or on one before it."""
        return self.filter(known_by(publication))

    def told_with(self, scopes: Iterable[tuple[Publication, Collection[str]]]) -> "OpinionQuerySet":
        """The same beside several publications, each with the codes of the places it is about, or of all."""
        told = Q(pk__in=[])
        for publication, places in scopes:
            here = Q(position__footprint__place__code__in=places) if places else Q()
            told |= known_by(publication) & here
        return self.filter(told)

    def on_the_same(self, positions: Collection[PublishedPosition]) -> "OpinionQuerySet":
        """Those on these commitments at these footprints, whichever publication they were lodged on.

        Expects positions in words, and finds what lies between their rows and columns too.
        """
        return self.filter(
            position__commitment__code__in={position.commitment.code for position in positions},
            position__footprint__code__in={position.footprint.code for position in positions},
        )

    def on_commitment(self, code: str) -> "OpinionQuerySet":
        return self.filter(position__commitment__code=code)

    def inside(self, place: PublishedFootprint) -> "OpinionQuerySet":
        """Those on what is delivered in a place; in the system itself, all."""
        here = Q(position__footprint__place__code=place.code)
        return self.filter(here) if place.level == Level.PLACE else self

    def in_words(self) -> "OpinionQuerySet":
        """With what it takes to say who rates what how, and what the system replied; the latest first."""
        about = ("position__commitment", "position__footprint", "publication__system")
        return self.select_related(*about, "organisation", "committee", "reply").order_by("-pk")

    def repliable_by(self, user: User | AnonymousUser) -> "OpinionQuerySet":
        """Those on what a system published for which this person answers."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(under(user.paths_for(Action.ANSWER_COMMITTEES), "publication__system__path"))

    def unanswered(self) -> "OpinionQuerySet":
        return self.filter(reply=None)

    def mark(self) -> tuple[int, int]:
        """Changes whenever one of them is lodged or replied to."""
        return tuple(self.aggregate(models.Count("pk"), models.Count("reply")).values())  # type: ignore[return-value]


class Opinion(models.Model):
    """Another rating of a published position, lodged once by each body, with reasons and evidence. Append-only."""

    position = models.ForeignKey(PublishedPosition, models.PROTECT, related_name="+")
    # The position's, so that a page need not look among thousands of positions for it.
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, blank=True, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="opinions")
    rating = models.CharField(max_length=20, choices=RATINGS)
    reasons = models.TextField(max_length=3000)
    evidence = models.TextField(max_length=3000, blank=True)
    url = models.URLField("link to evidence", max_length=500, blank=True)
    file = models.FileField(storage=private_storage, upload_to=made_up_name, max_length=50, blank=True)
    # The file's own name, for people; it never becomes a path.
    file_name = models.CharField(max_length=200, blank=True)
    lodged_on = models.DateField()
    lodged_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(committee__isnull=True) ^ Q(organisation__isnull=True),
                name="opinion_is_of_a_committee_or_of_an_organisation",
                violation_error_message="An opinion is that of a committee, or of an organisation.",
            ),
            models.UniqueConstraint(
                fields=["position", "committee"],
                name="opinion_of_a_committee_once_per_position",
                violation_error_message="The committee has lodged an opinion on this already.",
            ),
            models.UniqueConstraint(
                fields=["position", "organisation"],
                name="opinion_of_an_organisation_once_per_position",
                violation_error_message="The organisation has lodged an opinion on this already.",
            ),
            models.CheckConstraint(
                condition=Q(rating__in=[value for value, _ in RATINGS]),
                name="opinion_rating_is_a_status",
                violation_error_message="Select a status.",
            ),
            models.CheckConstraint(
                condition=~Q(reasons=""),
                name="opinion_says_why",
                violation_error_message="Say why you rate it so.",
            ),
            models.CheckConstraint(
                condition=~Q(evidence="", url="", file=""),
                name="opinion_has_evidence",
                violation_error_message="Show evidence: in words, by a link or as a file.",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://"),
                name="opinion_link_is_https",
                violation_error_message="Enter a link that begins with https://",
            ),
            models.CheckConstraint(
                condition=Q(file="") ^ ~Q(file_name=""),
                name="opinion_file_has_a_name",
                violation_error_message="A file has a name.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="opinion_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
            pgtrigger.Trigger(
                name="opinion_is_another_than_what_was_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=pgtrigger.Func(_DIFFERS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whose}: {self.get_rating_display()}"

    @property
    def whose(self) -> str:
        """The body that lodged it. Who wrote it for them is not told."""
        return str(self.committee or self.organisation)


class OpinionReply(models.Model):
    """What the system says to a second opinion: once. Append-only."""

    opinion = models.OneToOneField(
        Opinion,
        models.PROTECT,
        related_name="reply",
        error_messages={"unique": "The system has replied to this opinion already."},
    )
    words = models.TextField("reply", max_length=3000)
    replied_on = models.DateField()
    replied_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "opinion replies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="opinion_reply_has_words",
                violation_error_message="Enter your reply.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="opinion_reply_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"Reply to {self.opinion}"


Voice = Committee | Organisation


def voices_of(user: User | AnonymousUser) -> list[Voice]:
    """The bodies for which this person may lodge an opinion: committees they sit on, and what they represent."""
    if not isinstance(user, User):
        return []
    represented = Representative.objects.held_by(user).order_by().values("organisation")
    bodies = Organisation.objects.filter(pk__in=represented)
    return [
        *Committee.objects.of_member(user).prefetch_related("footprints"),
        *bodies.prefetch_related("footprints"),
    ]


def speaks(user: User) -> Q:
    """Whether this person speaks for any body, as a condition within another statement."""
    seats = CommitteeMembership.objects.held_by(user)
    return Q(Exists(seats)) | Q(Exists(Representative.objects.held_by(user)))


def is_concerned(voice: Voice, position: PublishedPosition, system: Footprint) -> bool:
    """Whether a body may speak of a position: it lies in what is the body's, or it is the whole system's.

    Expects the body with its footprints, and the position with its footprint.
    """
    footprint, own = position.footprint, list(voice.footprints.all())
    here = {system.code, footprint.code, footprint.place.code if footprint.place else footprint.code}
    if here & {one.code for one in own}:
        return True
    return footprint.level == Level.SYSTEM and any(one.system_id == system.pk for one in own)
