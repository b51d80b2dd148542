"""Files in, changed rows out, in one transaction. The order of the sheets is the order in which rows refer to rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import AutoField, ForeignKey, Model

from systems.loading import writing
from systems.loading.cells import BadCell, quoted, value_of
from systems.loading.problems import Problems
from systems.loading.reading import Record, read
from systems.loading.sheets import Key, Sheet, key_paths

# One load at a time; a second waits and then finds nothing to change.
_LOAD_LOCK = 20190107


@dataclass(frozen=True, slots=True)
class Outcome:
    """What loading a file did to the rows of its model."""

    file: str
    new: int
    changed: int
    same: int
    # Rows the database holds and the file no longer does. They stay: history may hang on them.
    unlisted: int


@dataclass
class Ledger:
    """The primary key of every row, stored or to come, by the key that names it for people."""

    sheets: dict[type[Model], Sheet]
    rows: dict[type[Model], dict[Key, Any]] = field(default_factory=dict)
    # Files that could not be read: whoever refers to their rows is not to blame.
    unreadable: set[type[Model]] = field(default_factory=set)

    def find(self, model: type[Model], key: Key) -> Any:
        if key not in self.rows[model] and model not in self.unreadable:
            raise BadCell(f"there is no {model._meta.verbose_name} {', '.join(map(quoted, key))}")
        return self.rows[model].get(key)


@transaction.atomic
def load(folder: Path, sheets: Sequence[Sheet]) -> list[Outcome]:
    """Loads a folder's files. Raises Refused, and leaves the database as it was, if anything in them is wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOAD_LOCK])
    problems = Problems()
    ledger = Ledger({sheet.model: sheet for sheet in sheets})
    plans = [_plan(folder, sheet, ledger, problems) for sheet in sheets]
    problems.refuse_if_any()
    for plan in plans:
        writing.write(plan, problems)
        problems.refuse_if_any()
    return [Outcome(plan.sheet.file, len(plan.new), len(plan.changed), plan.same, plan.unlisted) for plan in plans]


def _plan(folder: Path, sheet: Sheet, ledger: Ledger, problems: Problems) -> writing.Plan:
    """Compares a file with what is stored."""
    plan = writing.Plan(sheet)
    stored = _stored(sheet, ledger)
    ledger.rows[sheet.model] = {key: row[0] for key, row in stored.items()}
    records = read(folder / sheet.file, sheet.columns, problems)
    if records is None:
        ledger.unreadable.add(sheet.model)
        return plan
    named = _named(sheet, records, problems)
    plan.numbers = {key: record.number for key, record in named.items()}
    plan.unlisted = len(stored.keys() - named.keys())
    _reserve(sheet, [key for key in named if key not in stored], ledger)
    for key, record in named.items():
        values = _values(sheet, record, ledger, problems)
        if values is None:
            continue
        if key in stored and list(values.values()) == list(stored[key][1:]):
            plan.same += 1
        else:
            entry = writing.Entry(record.number, _row(sheet, key, values, ledger))
            (plan.changed if key in stored else plan.new).append(entry)
    return plan


def _stored(sheet: Sheet, ledger: Ledger) -> dict[Key, tuple]:
    """The rows a sheet speaks for as the database holds them: by key, the primary key and then the sheet's fields."""
    paths = key_paths(sheet, ledger.sheets)
    rows = sheet.model._base_manager.filter(sheet.only).values_list(*paths, "pk", *sheet.attributes)
    return {tuple(map(str, row[: len(paths)])): row[len(paths) :] for row in rows}


def _named(sheet: Sheet, records: list[Record], problems: Problems) -> dict[Key, Record]:
    """The rows of a file by their key, which no two may share."""
    named: dict[Key, Record] = {}
    for record in records:
        key = tuple(record.cells[column] for column in sheet.key_columns)
        if key in named:
            reason = f"{', '.join(map(quoted, key))} already stands in row {named[key].number}"
            problems.add(sheet.file, reason, row=record.number, column=", ".join(sheet.key_columns))
        else:
            named[key] = record
    return named


def _reserve(sheet: Sheet, keys: list[Key], ledger: Ledger) -> None:
    """Gives new rows their primary keys beforehand, so that rows may refer to rows further down."""
    if not isinstance(sheet.model._meta.pk, AutoField):
        return
    table, column = sheet.model._meta.db_table, sheet.model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, len(keys)]
        )
        ids = [row[0] for row in cursor.fetchall()]
    ledger.rows[sheet.model].update(zip(keys, ids, strict=True))


def _values(sheet: Sheet, record: Record, ledger: Ledger, problems: Problems) -> dict[str, Any] | None:
    """A row's cells as the model's attributes, or None where one of them is wrong."""
    values: dict[str, Any] = {}
    good = True
    for name in sheet.fields:
        headers = sheet.headers_of(name)
        model_field = sheet.model_field(name)
        cells = tuple(record.cells[header] for header in headers)
        try:
            if not isinstance(model_field, ForeignKey):
                values[model_field.attname] = value_of(model_field, cells[0])
            elif all(cells) if model_field.null else any(cells):
                values[model_field.attname] = ledger.find(model_field.related_model, cells)
            else:
                # A key that shares a column with another names nothing where the part that is its own is empty.
                values[model_field.attname] = value_of(model_field, "")
        except BadCell as bad:
            good = False
            problems.add(sheet.file, str(bad), row=record.number, column=", ".join(headers))
    return values if good else None


def _row(sheet: Sheet, key: Key, values: dict[str, Any], ledger: Ledger) -> Model:
    if isinstance(sheet.model._meta.pk, AutoField):
        values = {**values, "pk": ledger.rows[sheet.model][key]}
    return sheet.model(**values, **sheet.born_with(values))
