"""The columns of the sheet, the key that names a row, and the limits of a file."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.core.signing import BadSignature, Signer
from django.db import models
from django.utils.text import capfirst
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from commitments.choices import Confidence, Stage
from commitments.models import Report
from commitments.models.reports import WORDS

SHEET = "Reports"
MAX_ROWS = 2000
MAX_MEGABYTES = 5
YES, NO = "Yes", "No"
CHOICES: dict[str, dict[str, Any]] = {
    "stage": {choice.label: choice.value for choice in Stage},
    "confidence": {choice.label: choice.value for choice in Confidence},
    "is_ready": {YES: True, NO: False},
}
DATES = ("expected_on",)
_signer = Signer(salt="commitments.sheets")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, its heading, how wide it is, and whether people fill it in."""

    name: str
    heading: str
    width: int
    is_open: bool = False


def field_of(name: str) -> models.Field:
    """The field of a report that a column fills."""
    return cast(models.Field, Report._meta.get_field(name))


def _heading(name: str) -> str:
    return capfirst(str(field_of(name).verbose_name))


_WIDTHS = {"stage": 14, "confidence": 12, "expected_on": 20, "narrative": 50}
KEY = Column("key", "Key", 4)
FIXED = (
    Column("code", "Code", 16),
    Column("title", "Commitment", 40),
    Column("area_code", "Area code", 12),
    Column("area", "Area", 24),
    Column("status", "Status now", 40),
    Column("deadline_on", "National deadline", 20),
    Column("local_deadline_on", "Local deadline", 20),
)
LAST = (
    Column("last_period", "Last report", 18),
    *(Column(f"last_{name}", f"Last report: {_heading(name).lower()}", _WIDTHS.get(name, 36)) for name in WORDS),
)
OPEN = (
    *(Column(name, _heading(name), _WIDTHS.get(name, 36), is_open=True) for name in WORDS),
    Column("is_ready", "Ready to submit", 12, is_open=True),
)
COLUMNS = (KEY, *FIXED, *LAST, *OPEN)


class Key(NamedTuple):
    """Which delivery and month a row is about, and the report that stood when the sheet was made (0: none)."""

    delivery: int
    period: dt.date
    report: int
    version: int

    def signed(self) -> str:
        """As it stands in the sheet. Signed, so that a slip of the hand in it is found out."""
        return _signer.sign(f"{self.delivery} {self.period} {self.report} {self.version}")

    @classmethod
    def read(cls, cell: object) -> "Key | None":
        """The key in a cell; None where it is not as it was written."""
        try:
            delivery, period, report, version = _signer.unsign(str(cell)).split(" ")
            return cls(int(delivery), dt.date.fromisoformat(period), int(report), int(version))
        except (BadSignature, ValueError):
            return None


def as_text(value: str) -> str:
    """A text as a sheet can hold it and gives it back."""
    lines = value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL_CHARACTERS_RE.sub("", lines).strip()
