"""The address of the list behind a number. Its parameters are those of `commitments.filters.DeliveryFilter`."""

from collections.abc import Sequence
from functools import cache, lru_cache
from urllib.parse import quote_plus

from django.urls import reverse

# A dashboard has hundreds of links to the list, made of the same few words.
_quoted = lru_cache(maxsize=4096)(quote_plus)


@cache
def _address() -> str:
    return reverse("commitments:deliveries")


def deliveries_href(**filters: str | Sequence[str]) -> str:
    """The list of deliveries narrowed to exactly these; a filter that says nothing is left out."""
    said = ((name, [value] if isinstance(value, str) else value) for name, value in filters.items() if value)
    return f"{_address()}?{'&'.join(f'{name}={_quoted(value)}' for name, values in said for value in values)}"
