"""Cells into values: each that cannot be one says why in plain words."""

import datetime as dt
from typing import Any

from openpyxl.utils.datetime import from_excel

from commitments.models.reports import WORDS
from commitments.sentences import day_in_words
from commitments.sheets.columns import CHOICES, DATES, as_text, field_of
from systems.models.days import FIRST_DAY, LAST_DAY

LONGEST_SHOWN = 40
_LIMITS = {name: field_of(name).max_length for name in WORDS if name not in (*CHOICES, *DATES)}
# Excel counts days from 1900; a bigger number is no day of this century.
_DAYS_COUNTED = 100_000


class BadCell(ValueError):
    """Says in plain words what is wrong with a cell."""


def value_of(name: str, cell: Any, epoch: dt.datetime) -> Any:
    if cell.data_type == "f":
        raise BadCell("The cell holds a formula. Enter the value itself")
    if cell.data_type == "e":
        raise BadCell(f"The cell holds the error {cell.value}. Enter the value itself")
    if name in CHOICES:
        return _choice(name, cell.value)
    if name in DATES:
        return _day(cell.value, epoch)
    return _text(cell.value, _LIMITS.get(name))


def _choice(name: str, value: object) -> Any:
    chosen = as_text(str(value)) if value is not None else ""
    if not chosen:
        return False if name == "is_ready" else ""
    for label, meant in CHOICES[name].items():
        if chosen.casefold() == label.casefold():
            return meant
    raise BadCell(f"{_quoted(chosen)} is not one of {', '.join(CHOICES[name])}")


def _day(value: object, epoch: dt.datetime) -> dt.date | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        # A date whose cell lost its format: Excel counts days.
        value = from_excel(value, epoch) if 0 < value < _DAYS_COUNTED else value
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date):
        example = f"Enter it as a date, such as {day_in_words(dt.date(2020, 3, 31))}"
        raise BadCell(f"{_quoted(value)} is {'text' if isinstance(value, str) else 'a number'}, not a date. {example}")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise BadCell(f"The date must be between {FIRST_DAY.year} and {LAST_DAY.year}")
    return value


def _text(value: object, limit: int | None) -> str:
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise BadCell("The cell must hold text")
    text = as_text(str(value)) if value is not None else ""
    if limit and len(text) > limit:
        raise BadCell(f"The text must be {limit:,} characters or fewer; it has {len(text):,}")
    return text


def _quoted(value: object) -> str:
    text = as_text(str(value))
    return f"“{text[:LONGEST_SHOWN]}…”" if len(text) > LONGEST_SHOWN else f"“{text}”"
