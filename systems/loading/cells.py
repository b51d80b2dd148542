"""One cell into one value, by the field it fills."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

_LONGEST_SHOWN = 60


class BadCell(ValueError):
    """Says in plain words what is wrong with a cell."""


def quoted(cell: object) -> str:
    """A cell as it stands in a message: one line, not too long."""
    text = " ".join(str(cell).split())
    return f'"{text[:_LONGEST_SHOWN]}…"' if len(text) > _LONGEST_SHOWN else f'"{text}"'


def value_of(field: models.Field, cell: Any) -> Any:
    """The value a cell gives this field; an empty cell is "not known" where the field allows that."""
    if cell == "":
        if field.null:
            return None
        if field.blank:
            return ""
        raise BadCell("the value is missing")
    read = next(read for kind, read in _READERS if isinstance(field, kind))
    value = read(cell)
    allowed = [choice for choice, _ in field.flatchoices or ()]
    if allowed and value not in allowed:
        raise BadCell(f"{quoted(cell)} is not one of {', '.join(allowed)}")
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise BadCell(error.messages[0]) from error
    return value


def _text(cell: str) -> str:
    if "\x00" in cell:
        raise BadCell("the text holds a character that cannot be stored")
    return cell


def _day(cell: str) -> dt.date:
    try:
        # fromisoformat also reads other spellings; one is enough.
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell, re.ASCII):
            return dt.date.fromisoformat(cell)
    except ValueError:
        pass
    raise BadCell(f"{quoted(cell)} is not a date such as 2019-03-31")


def _whole_number(cell: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", cell, re.ASCII):
        raise BadCell(f"{quoted(cell)} is not a whole number such as 41250")
    return int(cell)


def _decimal(cell: str) -> Decimal:
    if not re.fullmatch(r"-?\d+(\.\d+)?", cell, re.ASCII):
        raise BadCell(f"{quoted(cell)} is not a number such as 33.5")
    return Decimal(cell)


def _yes_or_no(cell: str) -> bool:
    if cell not in ("yes", "no"):
        raise BadCell(f"{quoted(cell)} is not yes or no")
    return cell == "yes"


def _outline(cell: Any) -> dict:
    """A GeoJSON area in degrees east and north."""
    if not isinstance(cell, dict) or cell.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadCell("the geometry is not a Polygon or MultiPolygon")
    polygons: Any = [cell.get("coordinates")] if cell["type"] == "Polygon" else cell.get("coordinates")
    try:
        rings = [ring for polygon in polygons for ring in polygon]
        good = rings and all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings)
        good = good and all(-180 <= east <= 180 and -90 <= north <= 90 for ring in rings for east, north in ring)
    except (TypeError, ValueError):
        good = False
    if not good:
        raise BadCell("the geometry's rings are not closed lists of longitude and latitude")
    return cell


_READERS: tuple[tuple[type[models.Field], Callable[[Any], Any]], ...] = (
    (models.CharField, _text),
    (models.TextField, _text),
    (models.DateField, _day),
    (models.IntegerField, _whole_number),
    (models.DecimalField, _decimal),
    (models.BooleanField, _yes_or_no),
    (models.JSONField, _outline),
)
