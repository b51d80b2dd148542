"""The audit log as admins read it: the filters, the list, and each change in words."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from commitments.filters import FilterForm, FromList
from commitments.forms.days import PastDayField
from commitments.sentences import day_in_words
from systems.models import Audited, AuditEntry
from systems.tables.base import ListTable, in_file

NOTHING = "nothing"
NOT_A_PERSON = "Not through a page: a command, or SQL by hand"
Names = dict[tuple[type[models.Model], Any], str]


def audited_models() -> list[type[models.Model]]:
    """Every model whose table the database audits."""
    found = [m for m in apps.get_models() if any(isinstance(t, Audited) for t in getattr(m._meta, "triggers", ()))]
    return sorted(found, key=lambda model: str(model._meta.verbose_name))


def _title(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name).capitalize()


class _DayFilter(filters.Filter):
    field_class = PastDayField


class AuditFilter(filters.FilterSet):
    """By table, person and day."""

    table = FromList(label="Table", field_name="table_name")
    person = filters.CharFilter(label="Person’s name or email address", method="by_person", max_length=100)
    day = _DayFilter(label="Day (UTC)", method="on_day", help_text="For example, 30 9 2019.")

    class Meta:
        model = AuditEntry
        form = FilterForm
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["table"].extra["choices"] = [(m._meta.db_table, _title(m)) for m in audited_models()]

    def by_person(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        return rows.filter(Q(person__name__icontains=words) | Q(person__email__icontains=words))

    def on_day(self, rows: QuerySet, name: str, day: dt.date) -> QuerySet:
        begins = dt.datetime.combine(day, dt.time(), dt.UTC)
        return rows.filter(recorded_at__gte=begins, recorded_at__lt=begins + dt.timedelta(days=1))


class AuditTable(ListTable):
    """Edits, the newest first."""

    when = tables.Column(accessor="recorded_at", verbose_name="When (UTC)")
    who = tables.Column(accessor="person", verbose_name="Who", default=NOT_A_PERSON, exclude_from_export=True)
    what = tables.TemplateColumn(accessor="kind", verbose_name="What", template_name="pages/_audit_entry.html")

    by = in_file("said__by", "Who")
    edited = in_file("said__row", "Edited")
    changes = in_file("said__in_one", "What changed")
    page = in_file("page", "Page")

    caption = "Edits, newest first"
    file_name = "audit-log"

    class Meta(ListTable.Meta):
        orderable = False
        empty_text = "No edit matches these filters."

    def render_when(self, value: dt.datetime) -> str:
        moment = value.astimezone(dt.UTC)
        return f"{day_in_words(moment.date())} at {moment:%H:%M:%S}"

    def value_when(self, value: dt.datetime) -> dt.datetime:
        return value.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)

    def value_what(self, record: AuditEntry) -> str:
        return record.get_kind_display()

    def prepared(self, rows: list[AuditEntry]) -> list[AuditEntry]:
        """Each in words: a few queries for the names of all that they point to."""
        names = _names(rows)
        for entry in rows:
            entry.said = said(entry, names)  # type: ignore[attr-defined]
        return rows


# --- In words ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """One edit in words: by whom, which row, and per field what it was and what it is."""

    by: str
    row: str
    changes: list[tuple[str, str, str]]

    @property
    def in_one(self) -> str:
        """All that changed, for one cell of a file."""
        return "\n".join(f"{field}: {was} → {stands}" for field, was, stands in self.changes)


def said(entry: AuditEntry, names: Names) -> Said:
    """An edit in words; `names` are those of the rows it points to."""
    model = _by_table()[entry.table_name]
    name = names.get((model, model._meta.pk.to_python(entry.row_id)), f"number {entry.row_id}")
    fields = [field for field in model._meta.fields if field.column in entry.changes]
    by = str(entry.person or NOT_A_PERSON)
    return Said(by, f"{_title(model)}: {name}", [_changed(f, entry.changes[f.column], names) for f in fields])


def _changed(field: models.Field, values: list, names: Names) -> tuple[str, str, str]:
    was, stands = (_value(field, value, names) for value in values)
    return str(field.verbose_name).capitalize(), was, stands


def _value(field: models.Field, value: Any, names: Names) -> str:
    if value is None or value == "":
        return NOTHING
    if field.related_model:
        return names.get((field.related_model, value), f"number {value}")
    if isinstance(field, models.BooleanField):
        return "Yes" if value else "No"
    if type(field) is models.DateField:
        return day_in_words(dt.date.fromisoformat(value))
    return str(dict(field.flatchoices).get(value, value))


def _by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in audited_models()}


def _names(entries: Iterable[AuditEntry]) -> Names:
    """What the edited rows and those they point to are called: one query for each model that occurs."""
    wanted: dict[type[models.Model], set] = defaultdict(set)
    by_table = _by_table()
    for entry in entries:
        model = by_table[entry.table_name]
        wanted[model].add(model._meta.pk.to_python(entry.row_id))
        for field in model._meta.fields:
            if field.related_model and field.column in entry.changes:
                wanted[field.related_model].update(key for key in entry.changes[field.column] if key is not None)
    return {
        (model, key): str(row)
        for model, keys in wanted.items()
        for key, row in model._default_manager.select_related(*_beside(model)).in_bulk(keys).items()
    }


def _beside(model: type[models.Model]) -> list[str]:
    """What a row may need to say its name."""
    return [field.name for field in model._meta.fields if field.related_model not in (None, model)]
