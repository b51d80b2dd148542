"""Who changed which row of which table, from what to what. Written by the database itself, so no SQL goes round it."""

import pgtrigger
from django.db import models
from django.db.models import F

from systems.choices import EditKind

# What is nobody's to read, and what moves without anybody editing it.
HIDDEN = ("password", "last_login", "version")
_WRITE = """
INSERT INTO systems_auditentry (recorded_at, table_name, row_id, kind, changes, person_id, page)
SELECT clock_timestamp(), TG_TABLE_NAME, COALESCE(stands, was) ->> '{meta.pk.column}', lower(TG_OP),
       jsonb_object_agg(name, jsonb_build_array(was -> name, stands -> name)),
       (said ->> 'user')::bigint, COALESCE(said ->> 'url', '')
  FROM jsonb_object_keys(COALESCE(stands, was)) AS name
 WHERE COALESCE(was -> name, 'null') <> COALESCE(stands -> name, 'null')
HAVING count(*) > 0;
RETURN NULL;
"""
_NOT_SHOWN = f"'{{{','.join(HIDDEN)}}}'::text[]"


class Audited(pgtrigger.Trigger):
    """On a table that people edit: each row added, changed or removed is kept in the audit log, by whatever SQL.

    Who it was is what pghistory's middleware says for the length of a request; nobody, for SQL by hand and commands.
    """

    name = "audited"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    func = pgtrigger.Func(_WRITE)
    declare = [
        ("said", "jsonb := NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb"),
        ("was", f"jsonb := to_jsonb(OLD) - {_NOT_SHOWN}"),
        ("stands", f"jsonb := to_jsonb(NEW) - {_NOT_SHOWN}"),
    ]


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
            pgtrigger.Protect(name="audit_entry_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.table_name} {self.row_id}"
