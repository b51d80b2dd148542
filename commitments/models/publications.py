"""What a system published: one frozen set of rows for a month, by edition. No database user can change it."""

import re
from itertools import accumulate

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Func, Q

from commitments.models.periods import ReportingPeriod
from systems.models import Footprint, Representative, User, audited
from systems.models.footprints import under
from systems.permissions import Action

_NEVER = """
RAISE EXCEPTION 'What was published is never changed: a correction is a new edition.';
"""
_SAME_AND_NEXT = """
IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM commitments_publication corrected
     WHERE (corrected.id, corrected.system_id, corrected.period_id, corrected.edition)
         = (NEW.supersedes_id, NEW.system_id, NEW.period_id, NEW.edition - 1)
) THEN
    RAISE EXCEPTION 'A correction is the next edition of the same system and month.' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_ONLY_AT_ONCE = """
IF EXISTS (
    SELECT FROM added
      JOIN commitments_publication publication ON publication.id = added.publication_id
     WHERE publication.written_in <> txid_current()
) THEN
    RAISE EXCEPTION 'A publication is written at once: nothing is added to it later.' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class Final(pgtrigger.Trigger):
    """On a table of what was published: no SQL changes, removes or empties it."""

    name = "published_is_final"
    level = pgtrigger.Statement
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate
    func = pgtrigger.Func(_NEVER)


class WrittenAtOnce(pgtrigger.Trigger):
    """On a table of a publication's rows: they come in the very transaction that publishes, or not at all."""

    name = "published_is_written_at_once"
    level = pgtrigger.Statement
    when = pgtrigger.After
    operation = pgtrigger.Insert
    referencing = pgtrigger.Referencing(new="added")
    func = pgtrigger.Func(_ONLY_AT_ONCE)


def read_by(user: User | AnonymousUser, system: str = "") -> Q:
    """The systems of which this person may read what is published; `system` leads to the system.

    By the permission table, or because a system shows it to everybody.
    """
    key = f"{system}__pk" if system else "pk"
    public = Q(**{f"{key}__in": PublicAccess.objects.filter(is_public=True).values("system")})
    return public | read_by_right(user, f"{system}__path" if system else "path") if user.is_authenticated else public


def read_by_right(user: User, path: str = "path") -> Q:
    """Those the permission table gives: whoever belongs to a part of a system reads what the system published.

    So does who speaks for a Healthwatch or a council in it.
    """
    paths = user.paths_for(Action.READ_PUBLISHED)
    above = {part for own in paths for part in accumulate(re.findall(r"[^/]*/", own))}
    spoken_for = Representative.objects.held_by(user).order_by().values("organisation__system__path")
    return under(paths, path) | Q(**{f"{path}__in": above}) | Q(**{f"{path}__in": spoken_for})


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User | AnonymousUser) -> "PublicationQuerySet":
        """Those this person may read."""
        return self.filter(read_by(user, "system"))

    def of(self, system: Footprint) -> "PublicationQuerySet":
        return self.filter(system=system)

    def current(self) -> "PublicationQuerySet":
        """The newest edition of each month: nothing corrects it."""
        return self.filter(superseded_by__isnull=True)

    def newest_first(self) -> "PublicationQuerySet":
        return self.order_by("-period_id", "-edition")

    def latest_of_each_system(self) -> "PublicationQuerySet":
        """The newest edition of each system's newest month."""
        newest = self.order_by("system_id", "-period_id", "-edition").distinct("system_id")
        return self.filter(pk__in=newest.values("pk"))


class Publication(models.Model):
    """A system's commitments as they stood on a day, for a month, with the words that were shown.

    A correction is a new edition with a reason; the one before it stays readable. Never changed: the database refuses.
    """

    system = models.ForeignKey(Footprint, models.PROTECT, related_name="publications")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="publications")
    edition = models.PositiveSmallIntegerField()
    as_at_on = models.DateField("as at")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    reason = models.TextField("why it is corrected", max_length=1000, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    # The names in its title, as they were.
    system_name = models.CharField(max_length=200)
    system_short_name = models.CharField(max_length=200)
    # The transaction that wrote it: its rows may come from no other.
    written_in = models.BigIntegerField(
        db_default=Func(function="txid_current", output_field=models.BigIntegerField()), editable=False
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-period_id", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "period", "edition"],
                name="publication_edition_once_per_system_and_month",
                violation_error_message="This edition has been published already.",
            ),
            models.CheckConstraint(
                condition=Q(edition=1, supersedes__isnull=True) | Q(edition__gt=1, supersedes__isnull=False),
                name="publication_after_the_first_corrects_another",
                violation_error_message="Each edition after the first corrects the one before it.",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) ^ ~Q(reason=""),
                name="publication_correction_says_why",
                violation_error_message="Say why what was published is corrected.",
            ),
            models.CheckConstraint(
                condition=Q(as_at_on__gte=F("period_id")),
                name="publication_is_as_at_its_month_or_later",
                violation_error_message="A month is published once it has begun.",
            ),
        ]
        triggers = [
            Final(),
            pgtrigger.Trigger(
                name="correction_is_the_next_edition",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=pgtrigger.Func(_SAME_AND_NEXT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_name}, {self.month}{f', edition {self.edition}' if self.edition > 1 else ''}"

    @property
    def month(self) -> str:
        """The month it is about: August 2019."""
        return f"{self.period_id:%B %Y}"

    @property
    def slug(self) -> str:
        """The month as addresses have it: 2019-08."""
        return f"{self.period_id:%Y-%m}"


class PublicAccess(models.Model):
    """Whether a system shows what it published to everybody, signed in or not. Without a row it does not."""

    system = models.OneToOneField(Footprint, models.PROTECT, primary_key=True, related_name="public_access")
    is_public = models.BooleanField("everybody may read what is published")
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_on = models.DateField()
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name_plural = "public access"
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.system}: {'public' if self.is_public else 'not public'}"
