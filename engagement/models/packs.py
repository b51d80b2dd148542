"""The pack before a meeting: asked for, made by a worker, and from then on the same bytes for good."""

import hashlib

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q, Value

from commitments.models import Publication
from commitments.models.publications import Final
from engagement.choices import PackFormat
from engagement.models.committees import Committee
from engagement.models.meetings import AgendaItem, Meeting
from systems.models import Job, User

_ONLY_WHILE_IT_IS_MADE = """
IF EXISTS (SELECT FROM engagement_pack WHERE id = NEW.pack_id AND made_at IS NOT NULL) THEN
    RAISE EXCEPTION 'A pack is final: another is its next edition.' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class PackQuerySet(models.QuerySet["Pack"]):
    def visible_to(self, user: User) -> "PackQuerySet":
        """Whoever sees the committee reads its packs."""
        return self.filter(meeting__committee__in=Committee.objects.visible_to(user))

    def made(self) -> "PackQuerySet":
        return self.filter(made_at__isnull=False)

    def being_made(self) -> "PackQuerySet":
        return self.filter(job__finished_at__isnull=True)

    def at(self, slug: str, day) -> "PackQuerySet":
        """Those with this address: a meeting may move to another day, and what was made before stays where it was."""
        return self.filter(meeting__committee__slug=slug, meeting_on=day)

    def newest_first(self) -> "PackQuerySet":
        return self.order_by("-edition", "-pk")


class Pack(models.Model):
    """One edition of a meeting's pack: what it is made of, as somebody chose it, and whether it is made.

    It is for information: it tells what was published and asks for no decision.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="packs")
    # The day in its address, as it was when the pack was asked for.
    meeting_on = models.DateField("date of meeting")
    edition = models.PositiveSmallIntegerField()
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="packs", verbose_name="agenda item")
    subject = models.CharField(max_length=200)
    report_by = models.CharField(max_length=200)
    wards_affected = models.CharField(max_length=200)
    purpose = models.TextField(max_length=2000)
    asked_to = models.TextField("the committee is asked to", max_length=2000)
    publications = models.ManyToManyField(Publication, through="PackPublication", related_name="packs")
    job = models.OneToOneField(Job, models.PROTECT, related_name="pack")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Empty while a worker is at it, and where it could not be made.
    made_at = models.DateTimeField(null=True, blank=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-edition", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "edition"],
                condition=Q(made_at__isnull=False),
                name="pack_edition_is_made_once_per_meeting",
                violation_error_message="This edition of the pack has been made already.",
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(report_by="") & ~Q(wards_affected="") & ~Q(purpose="") & ~Q(asked_to=""),
                name="pack_has_the_words_of_its_cover",
                violation_error_message="Enter the words of the pack’s cover.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="pack_stays_as_it_was_asked_for", exclude=["made_at"]),
            pgtrigger.Protect(
                name="made_pack_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__made_at__isnull=False),
            ),
            pgtrigger.Protect(name="pack_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Pack for {self.meeting}, edition {self.edition}"


class OnlyWhileMade(pgtrigger.Trigger):
    """On what belongs to a pack: it comes while the pack is being made, or not at all."""

    name = "pack_is_complete_once_it_is_made"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = pgtrigger.Func(_ONLY_WHILE_IT_IS_MADE)


class PackPublication(models.Model):
    """A publication that a pack tells of."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="chosen")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["publication__system_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "publication"],
                name="pack_holds_a_publication_once",
                violation_error_message="The pack holds this publication already.",
            ),
        ]
        triggers = [Final(), OnlyWhileMade()]

    def __str__(self) -> str:
        return f"{self.pack}: {self.publication}"


class PackDocumentQuerySet(models.QuerySet["PackDocument"]):
    def without_content(self) -> "PackDocumentQuerySet":
        """Enough to name it and to say that it has not changed."""
        return self.defer("content")


class PackDocument(models.Model):
    """What a pack was written as: its bytes, and their sum by which anybody can tell that they are the same."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="documents")
    format = models.CharField(max_length=4, choices=PackFormat)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    objects = PackDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "format"], name="pack_is_written_once_in_each_format"),
            models.CheckConstraint(condition=Q(format__in=PackFormat.values), name="pack_format_is_known"),
            models.CheckConstraint(
                condition=Q(
                    sha256=Func(Func(F("content"), function="sha256"), Value("hex"), function="encode"),
                    size=Func(F("content"), function="octet_length"),
                ),
                name="pack_sum_is_that_of_its_bytes",
            ),
        ]
        triggers = [Final(), OnlyWhileMade()]

    def __str__(self) -> str:
        return f"{self.pack}, {self.get_format_display()}"

    @classmethod
    def of(cls, pack: Pack, format: PackFormat, content: bytes) -> "PackDocument":
        """A document with the sum of its bytes, not saved yet."""
        return cls(
            pack=pack, format=format, content=content, sha256=hashlib.sha256(content).hexdigest(), size=len(content)
        )
