"""The address of the list behind a number. Its parameters are those of `commitments.filters.DeliveryFilter`."""

from collections.abc import Sequence
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse


@cache
def _address() -> str:
    """A grid has hundreds of links to the list: it is looked up once."""
    return reverse("commitments:deliveries")


def deliveries_href(**filters: str | Sequence[str]) -> str:
    """The list of deliveries narrowed to exactly these; a filter that says nothing is left out."""
    said = {name: value for name, value in filters.items() if value}
    return f"{_address()}?{urlencode(said, doseq=True)}"
