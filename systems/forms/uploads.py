"""A file as evidence: which kinds are taken, and how each is known by its content. What a browser says is not asked."""

import zipfile
from pathlib import PurePath

import filetype
from django import forms
from django.core.files import File

MAX_MEGABYTES = 10
LONGEST_NAME = 200
# By ending: what `filetype` finds in a file's first bytes, or the part that makes an Office document what it is.
BY_FIRST_BYTES = {".pdf": "pdf", ".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}
BY_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
AS_TEXT = ".csv"
MACROS = "vbaproject.bin"
# More than `filetype` looks at.
FIRST_BYTES = 8192
ZIP_BEGINS = b"PK\x03\x04"
KINDS = "PDF, Word (DOCX), Excel (XLSX), PowerPoint (PPTX), CSV, PNG or JPG"


class EvidenceFileField(forms.FileField):
    """A file of a kind that is taken, whose content is what its ending says."""

    default_error_messages = {
        "invalid": "Select a file",
        "empty": "The selected file is empty",
        "kind": f"The selected file must be a {KINDS}",
        "content": "The selected file is not what its name says: its content is not that of a %(ending)s file",
        "macros": "The selected file must not contain macros",
        "large": f"The selected file must be smaller than {MAX_MEGABYTES}MB",
    }

    def to_python(self, data: File | None) -> File | None:
        file = super().to_python(data)
        if file is None:
            return None
        if file.size >= MAX_MEGABYTES * 1024 * 1024:
            raise self._refusal("large")
        ending = PurePath(file.name or "").suffix.lower()
        if ending not in {*BY_FIRST_BYTES, *BY_PART, AS_TEXT}:
            raise self._refusal("kind")
        if not self._is_what_it_says(file, ending):
            raise self._refusal("content", ending=ending[1:].upper())
        file.seek(0)
        return file

    def _refusal(self, code: str, **params: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=params)

    def _is_what_it_says(self, file: File, ending: str) -> bool:
        file.seek(0)
        beginning = file.read(FIRST_BYTES)
        if ending in BY_PART:
            return beginning.startswith(ZIP_BEGINS) and self._is_office_document(file, BY_PART[ending])
        found = filetype.guess(beginning)
        if ending == AS_TEXT:
            return found is None and _is_text(file)
        return found is not None and found.extension == BY_FIRST_BYTES[ending]

    def _is_office_document(self, file: File, part: str) -> bool:
        """Only the list of its parts is read, never what is packed in them."""
        try:
            with zipfile.ZipFile(file) as document:
                names = {name.lower() for name in document.namelist()}
        except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, NotImplementedError):
            return False
        if any(name.endswith(MACROS) for name in names):
            raise self._refusal("macros")
        return "[content_types].xml" in names and part in names


def _is_text(file: File) -> bool:
    """Excel writes CSV in UTF-8 or in the Windows character set; neither has a zero byte."""
    file.seek(0)
    return not any(b"\0" in chunk for chunk in file.chunks())


def plain_name(name: str) -> str:
    """A file's name as it can be shown: nothing invisible, nothing that turns the reading order round."""
    shown = "".join(letter for letter in PurePath(name).name if letter.isprintable())
    ending = PurePath(shown).suffix
    return shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - len(ending)] + ending
