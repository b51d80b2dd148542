"""Planned rows into the database, and what the database has against them."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg2
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import BaseConstraint, Model

from systems.loading.problems import Problems
from systems.loading.sheets import Key, Sheet

_ROWS_A_STATEMENT = 1000


class Entry(NamedTuple):
    """A row to write, and its number in the file."""

    number: int
    row: Model


@dataclass
class Plan:
    """What loading a file would do."""

    sheet: Sheet
    numbers: dict[Key, int] = field(default_factory=dict)
    new: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    same: int = 0
    unlisted: int = 0


def write(plan: Plan, problems: Problems) -> None:
    """Writes new and changed rows, then lets the sheet look at the whole."""
    sheet = plan.sheet
    pk = sheet.model._meta.pk.name
    overwrite = {
        "update_conflicts": True,
        "unique_fields": [pk],
        "update_fields": [name for name in sheet.fields if name != pk],
    }
    _write(sheet, plan.new, {}, problems)
    _write(sheet, plan.changed, overwrite, problems)
    if problems.found:
        return
    try:
        for complaint in sheet.finish():
            row = plan.numbers.get(complaint.key)
            reason = complaint.reason if row else f"{complaint.reason} ({', '.join(complaint.key)}, not in the file)"
            problems.add(sheet.file, reason, row=row, column=complaint.column)
    except DatabaseError as error:
        problems.add(sheet.file, str(error).splitlines()[0])


def _write(sheet: Sheet, entries: list[Entry], options: dict[str, Any], problems: Problems) -> None:
    try:
        _create(sheet, [entry.row for entry in entries], options)
    except IntegrityError:
        _find_culprits(sheet, entries, options, problems)


def _create(sheet: Sheet, rows: list[Model], options: dict[str, Any]) -> None:
    with transaction.atomic():
        sheet.model._base_manager.bulk_create(rows, batch_size=_ROWS_A_STATEMENT, **options)


def _find_culprits(sheet: Sheet, entries: list[Entry], options: dict[str, Any], problems: Problems) -> None:
    """After rows were refused together: each by itself, to name the ones at fault."""
    for number, row in entries:
        try:
            _create(sheet, [row], options)
        except IntegrityError as error:
            column, reason = _broken_constraint(sheet, error)
            problems.add(sheet.file, reason, row=number, column=column)


def _broken_constraint(sheet: Sheet, error: IntegrityError) -> tuple[str, str]:
    """The columns a constraint looks at, and its sentence."""
    cause = error.__cause__
    assert isinstance(cause, psycopg2.Error)
    for constraint in sheet.model._meta.constraints:
        if constraint.name == cause.diag.constraint_name:
            columns = [header for name in _fields_of(constraint, sheet) for header in sheet.headers_of(name)]
            return ", ".join(columns), _sentence(constraint)
    return "", cause.diag.message_detail or str(cause)


def _fields_of(constraint: Any, sheet: Sheet) -> list[str]:
    names = set(getattr(constraint, "fields", ()))
    if constraint.condition is not None:
        names |= constraint.condition.referenced_base_fields
    return [name for name in sheet.fields if name in names]


def _sentence(constraint: BaseConstraint) -> str:
    if constraint.violation_error_message == constraint.default_violation_error_message:
        return f"broken rule: {constraint.name.replace('_', ' ')}"
    return str(constraint.violation_error_message)
