"""Pieces of HTML a page has by the hundred, drawn without a template for each: that would take most of its time."""

from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


@cache
def status_tag(status: str) -> SafeString:
    """A status as `_components/status_tag.html` draws it, drawn once for each."""
    return mark_safe(render_to_string("_components/status_tag.html", {"status": status}).strip())  # noqa: S308
