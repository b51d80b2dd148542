"""A file into rows of cells. CSV for tables, GeoJSON for outlines."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from systems.loading.cells import quoted
from systems.loading.problems import Problems


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file, by column; `number` is the row a spreadsheet (or, for outlines, an editor) shows."""

    number: int
    cells: dict[str, Any]


def read(path: Path, columns: tuple[str, ...], problems: Problems) -> list[Record] | None:
    """The rows of a file, or None where the file as a whole cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problems.add(path.name, "the file is missing")
        return None
    except OSError as error:
        problems.add(path.name, f"the file cannot be read: {error.strerror}")
        return None
    except UnicodeDecodeError as error:
        problems.add(path.name, "the file is not UTF-8 text", row=error.object.count(b"\n", 0, error.start) + 1)
        return None
    reader = _outlines if path.suffix == ".geojson" else _table
    return reader(path.name, text, columns, problems)


def _table(file: str, text: str, columns: tuple[str, ...], problems: Problems) -> list[Record] | None:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    records = []
    try:
        header = [name.strip() for name in next(lines, [])]
        if not _is_header(file, header, columns, problems):
            return None
        for number, line in enumerate(lines, start=2):
            if len(line) == len(header):
                records.append(Record(number, dict(zip(header, map(str.strip, line), strict=True))))
            elif line:
                problems.add(file, f"the row has {len(line)} cells, the header has {len(header)}", row=number)
    except csv.Error as error:
        problems.add(file, f"the file is not a CSV table after this row: {error}", row=max(number, 1))
        return None
    return records


def _is_header(file: str, header: list[str], columns: tuple[str, ...], problems: Problems) -> bool:
    """Whether the first row names every column once, in whatever order."""
    wrong = [(name, "this column is missing") for name in columns if name not in header]
    wrong += [(name, "this column is not known") for name in dict.fromkeys(header) if name not in columns]
    wrong += [(name, "this column stands twice") for name in columns if header.count(name) > 1]
    for name, reason in wrong:
        problems.add(file, reason, row=1, column=name or '""')
    return not wrong


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def _outlines(file: str, text: str, columns: tuple[str, ...], problems: Problems) -> list[Record] | None:
    try:
        collection = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        problems.add(file, f"the file is not JSON: {error.msg}", row=error.lineno)
        return None
    except (ValueError, RecursionError) as error:
        problems.add(file, f"the file is not JSON: {error}")
        return None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        problems.add(file, "the file is not a GeoJSON collection of features")
        return None
    records = []
    # One feature stands on each line below the first.
    for number, feature in enumerate(features, start=2):
        cells = _feature_cells(feature)
        if set(cells) == set(columns):
            records.append(Record(number, cells))
        else:
            problems.add(file, f"the feature has {quoted(sorted(cells))}, not {', '.join(columns)}", row=number)
    return records


def _feature_cells(feature: Any) -> dict[str, Any]:
    """A feature's geometry and, as text, its properties."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return {}
    properties = {name: str(value).strip() for name, value in feature["properties"].items()}
    return {**properties, "geometry": feature.get("geometry")}
