"""A file from outside, looked through before anything reads it: what it is, how large it really is, what it hides.

Every part is unpacked and counted here, whatever the file claims about itself, and no part is ever held whole.
"""

import zipfile
import zlib
from pathlib import PurePath
from typing import BinaryIO
from xml.parsers import expat

import filetype

from commitments.sheets.columns import MAX_MEGABYTES, MAX_ROWS
from systems.jobs import Refused

MEGABYTE = 1024 * 1024
MAX_PARTS = 200
MAX_UNPACKED = 60 * MEGABYTE
# A sheet of repeated rows packs well; a bomb packs better.
MAX_RATIO, RATIO_COUNTS_FROM = 150, 2 * MEGABYTE
_CHUNK = 64 * 1024
_ROW_TAGS_AT_MOST = 10 * MAX_ROWS
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = ("vbaproject", "macrosheets/", "activex/", "vbadata")
_MACRO_TYPE = b"macroenabled"
_HOLD_VALUES = ("v", "is", "f")

NOT_XLSX = "The selected file must be an XLSX"
TOO_LARGE = f"The selected file must be smaller than {MAX_MEGABYTES}MB"
EMPTY = "The selected file is empty"
MACROS = "The selected file must be an XLSX without macros"
LOCKED = "The selected file must be an XLSX without a password"
UNPACKED = "The selected file is too large when it is unpacked"
TOO_MANY_ROWS = f"The selected file must have no more than {MAX_ROWS:,} rows"
NOT_TEMPLATE = "The selected file must use the template: download it again and fill that in"


def looked_through(file: BinaryIO, name: str, size: int) -> int:
    """Refuses a file that is no plain spreadsheet of a size we take. Returns how many rows stand below its heading."""
    _check_outside(file, name, size)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            _check_list(parts)
            unpacked = rows = 0
            for part in parts:
                part_rows, part_size = _look_into(package, part, size, unpacked)
                rows, unpacked = max(rows, part_rows), unpacked + part_size
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Refused(NOT_XLSX) from error
    except expat.ExpatError as error:
        raise Refused(NOT_TEMPLATE) from error
    return max(rows - 1, 0)


def _check_outside(file: BinaryIO, name: str, size: int) -> None:
    ending = PurePath(name).suffix.lower()
    if ending in (".xlsm", ".xltm", ".xlsb"):
        raise Refused(MACROS)
    if ending != ".xlsx":
        raise Refused(NOT_XLSX)
    if size == 0:
        raise Refused(EMPTY)
    if size >= MAX_MEGABYTES * MEGABYTE:
        raise Refused(TOO_LARGE)
    file.seek(0)
    beginning = file.read(8192)
    file.seek(0)
    if beginning.startswith(_OLD_OFFICE):
        raise Refused(LOCKED)
    found = filetype.guess(beginning)
    if found is None or found.extension not in ("xlsx", "zip"):
        raise Refused(NOT_XLSX)


def _check_list(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAX_PARTS:
        raise Refused(UNPACKED)
    if any(part.flag_bits & 1 for part in parts) or "encryptedpackage" in names:
        raise Refused(LOCKED)
    if any(mark in name for name in names for mark in _MACROS):
        raise Refused(MACROS)
    packings = {part.compress_type for part in parts}
    has_all = {"[content_types].xml", "xl/workbook.xml"} <= set(names)
    if not has_all or len(set(names)) < len(names) or packings - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Refused(NOT_XLSX)


def _look_into(package: zipfile.ZipFile, part: zipfile.ZipInfo, file_size: int, unpacked: int) -> tuple[int, int]:
    """The rows in one part and its true size, unpacked piece by piece; stops as soon as a limit is passed."""
    name = part.filename.lower()
    look = _Look(is_sheet=name.startswith("xl/worksheets/")) if name.endswith((".xml", ".rels", ".vml")) else None
    size = 0
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            total = unpacked + size
            if total > MAX_UNPACKED or (total > RATIO_COUNTS_FROM and total > MAX_RATIO * file_size):
                raise Refused(UNPACKED)
            if name == "[content_types].xml" and _MACRO_TYPE in chunk.lower():
                raise Refused(MACROS)
            if look is not None:
                look.at(chunk)
    return (look.done() if look is not None else 0), size


class _Look:
    """One XML part: no document type and so no entities, no merged cells, no more rows than are taken."""

    def __init__(self, *, is_sheet: bool):
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        if is_sheet:
            self.parser.StartElementHandler = self._start
        self.row = self.row_tags = self.last = 0

    def at(self, chunk: bytes) -> None:
        self.parser.Parse(chunk, False)

    def done(self) -> int:
        """The last row that holds something."""
        self.parser.Parse(b"", True)
        return self.last

    def _refuse_doctype(self, *declared) -> None:
        raise Refused(NOT_TEMPLATE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.row_tags += 1
            self.row = int(attributes.get("r", self.row + 1))
            if self.row_tags > _ROW_TAGS_AT_MOST:
                raise Refused(TOO_MANY_ROWS)
        elif tag in _HOLD_VALUES and self.row > self.last:
            self.last = self.row
            if self.last > MAX_ROWS + 1:
                raise Refused(TOO_MANY_ROWS)
        elif tag == "mergeCell":
            where = attributes.get("ref", "")[:20]
            raise Refused(f"The selected file must use the template: cells {where} are merged. Unmerge them")
