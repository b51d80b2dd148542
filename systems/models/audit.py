"""Who changed which row of which table, from what to what. Written by the database itself, so no SQL goes round it."""

import pgtrigger
from django.db import models
from django.db.models import F

from systems.choices import EditKind

# What both kinds of triggers call; written in the migration of that name. Called by name, and not through pgtrigger's
# own functions, they run whatever `pgtrigger.ignore` says.
_WRITE, _REFUSE = "systems_write_audit", "systems_refuse"
_BEFORE, _AFTER = "rows_before", "rows_after"


class Audited(pgtrigger.Trigger):
    """On a table that people edit: each row added, changed or removed is kept in the audit log, by whatever SQL.

    Once a statement, for all of its rows. Who it was is what pghistory's middleware says for the length of a request;
    nobody, for SQL by hand and commands.
    """

    when = pgtrigger.After
    level = pgtrigger.Statement
    func = "RETURN NULL;"

    def render_execute(self, model: models.Model) -> str:
        return f"{_WRITE}('{model._meta.pk.column}')"


class Refused(pgtrigger.Trigger):
    """What nobody does to this table, by whatever SQL."""

    when = pgtrigger.Before
    level = pgtrigger.Statement
    func = "RETURN NULL;"

    def render_execute(self, model: models.Model) -> str:
        return f"{_REFUSE}()"


def never_emptied() -> Refused:
    """For a table that keeps what happened: TRUNCATE would pass by what guards its rows."""
    return Refused(name="never_emptied", operation=pgtrigger.Truncate)


def audited() -> list[pgtrigger.Trigger]:
    """The triggers of a table that people edit. A trigger of one operation knows its rows by one name each."""
    seen = {
        "added": (pgtrigger.Insert, pgtrigger.Referencing(new=_AFTER)),
        "changed": (pgtrigger.Update, pgtrigger.Referencing(old=_BEFORE, new=_AFTER)),
        "removed": (pgtrigger.Delete, pgtrigger.Referencing(old=_BEFORE)),
    }
    written = [
        Audited(name=f"audit_{what}", operation=operation, referencing=rows) for what, (operation, rows) in seen.items()
    ]
    return [*written, never_emptied()]


class AuditEntry(models.Model):
    """One row that was added, changed or removed: per field, what it was and what it is. Append-only."""

    recorded_at = models.DateTimeField()
    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=EditKind)
    changes = models.JSONField()
    person = models.ForeignKey("systems.User", models.PROTECT, null=True, related_name="+")
    page = models.CharField(max_length=2000)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-recorded_at", "-id"]
        indexes = [
            models.Index(F("recorded_at").desc(), F("id").desc(), name="audit_newest_first"),
            models.Index("table_name", F("recorded_at").desc(), F("id").desc(), name="audit_of_a_table"),
        ]
        triggers = [
            Refused(
                name="append_only",
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.table_name} {self.row_id}"
