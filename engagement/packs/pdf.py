"""Prints the web page as a tagged PDF. It draws text with Pango, a library of the system, which may be missing."""

import importlib
import io
import logging

# What a system without it installs, in Debian's words.
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation"
# Universal accessibility: tags, language and title are part of the file.
_VARIANT = "pdf/ua-1"

_log = logging.getLogger(__name__)


def write(page: str, style: str) -> bytes | None:
    """The PDF of this page; nothing where the system has no Pango."""
    try:
        # Loaded when it is needed: the web server never is, and importing it fails where Pango is missing.
        weasyprint = importlib.import_module("weasyprint")
    except OSError:
        _log.warning("No PDF was made: Pango is missing. Install %s", PACKAGES)
        return None
    document = weasyprint.HTML(string=page, url_fetcher=_nothing)
    printed = io.BytesIO()
    document.write_pdf(printed, stylesheets=[weasyprint.CSS(string=style, url_fetcher=_nothing)], pdf_variant=_VARIANT)
    return printed.getvalue()


def _nothing(url: str, *args, **kwargs):
    """A pack fetches nothing from anywhere."""
    raise ValueError(f"A pack loads nothing: {url}")
