"""The description of a file: which model its rows become, and which columns name a row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import ForeignKey, Model, Q

# The cells that name a row, in the order of its sheet's key.
Key = tuple[str, ...]


class Complaint(NamedTuple):
    """What a sheet's closing check has against one row."""

    key: Key
    column: str
    reason: str


def _nothing_more(row: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _no_complaints() -> Iterable[Complaint]:
    return ()


@dataclass(frozen=True)
class Sheet:
    """One file and the model its rows become.

    A column is headed by the name of the field it fills. A foreign key's column holds the key of the other row; where
    that key has several parts, `headers` names the columns that hold them.
    """

    file: str
    model: type[Model]
    # The fields that name a row for people, in place of an id.
    key: tuple[str, ...]
    fields: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Which rows of the model the file speaks for; the others are people's own.
    only: Q = field(default_factory=Q)
    # What a row must be born with and the file does not hold.
    born_with: Callable[[Mapping[str, Any]], dict[str, Any]] = _nothing_more
    # Looks at all rows once they are written, before anything is kept.
    finish: Callable[[], Iterable[Complaint]] = _no_complaints

    def headers_of(self, name: str) -> tuple[str, ...]:
        return self.headers.get(name, (name,))

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(header for name in self.fields for header in self.headers_of(name)))

    @property
    def key_columns(self) -> tuple[str, ...]:
        return tuple(header for name in self.key for header in self.headers_of(name))

    def model_field(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The model's attributes the file fills, in the order of its fields."""
        return tuple(self.model_field(name).attname for name in self.fields)


def key_paths(sheet: Sheet, sheets: Mapping[type[Model], Sheet]) -> tuple[str, ...]:
    """Where the database holds the parts of a sheet's key, seen from its model."""
    paths: list[str] = []
    for name in sheet.key:
        model_field = sheet.model_field(name)
        if isinstance(model_field, ForeignKey):
            paths += [f"{name}__{path}" for path in key_paths(sheets[model_field.related_model], sheets)]
        else:
            paths.append(name)
    return tuple(paths)
