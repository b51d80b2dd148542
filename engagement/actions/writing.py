"""How a record that several people write is changed: as it was read, or not at all."""

from typing import Any

from django.db import models
from django.db.models import F

from commitments.actions import Conflict


def change(record: models.Model, rows: models.QuerySet, *, version: int, facts: dict[str, Any]) -> None:
    """Writes these facts to the record, if it is still among the rows and nobody changed it since `version`.

    Raises ValidationError, in words for people, where the database would refuse them.
    """
    for name, value in facts.items():
        setattr(record, name, value)
    record.full_clean()
    if not rows.filter(pk=record.pk, version=version).update(**facts, version=F("version") + 1):
        raise Conflict


def add(record: models.Model) -> None:
    """Writes a new record. Raises ValidationError, in words for people, where the database would refuse it."""
    record.full_clean()
    record.save()
