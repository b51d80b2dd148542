"""The address of the list behind a number. Its parameters are those of `commitments.filters.DeliveryFilter`."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote_plus

from django.urls import reverse

# Filters in, the address of the list behind a number out.
Href = Callable[..., str]

# A dashboard has hundreds of links to the list, made of the same few words.
_quoted = lru_cache(maxsize=4096)(quote_plus)


@lru_cache(maxsize=4096)
def address(name: str, *args: object) -> str:
    """What `reverse` says, found once: a dashboard leads to dozens of pages."""
    return reverse(name, args=args)


def deliveries_href(**filters: str | Sequence[str]) -> str:
    """The list of deliveries narrowed to exactly these; a filter that says nothing is left out."""
    return f"{address('commitments:deliveries')}?{_query(filters)}"


def _query(filters: dict[str, str | Sequence[str]]) -> str:
    said = ((name, [value] if isinstance(value, str) else value) for name, value in filters.items() if value)
    return "&".join(f"{name}={_quoted(value)}" for name, values in said for value in values)


class PublishedLinks:
    """The addresses within one publication, as seen from a page of it: `up` is the way from there to its dashboard.

    Relative, because a dashboard has hundreds of them.
    """

    def __init__(self, up: str = "./", says: str = "") -> None:
        self.home = up
        # Where a page is about several publications: which of them this is.
        self.says = says
        self._up = "" if up == "./" else up

    def of(self, publication_id: int) -> "PublishedLinks":
        """The addresses of the publication a row belongs to: of this one, as the page knows no other."""
        return self

    def positions(self, **filters: str | Sequence[str]) -> str:
        """The list narrowed to exactly these; it knows no other system."""
        return f"{self._up}deliveries/?{_query({**filters, 'system': ''})}"

    def commitment(self, code: str) -> str:
        return f"{self._up}commitments/{code}/"

    def theme(self, code: str) -> str:
        return f"{self._up}themes/{code}/"

    def place(self, code: str) -> str:
        return f"{self._up}places/{code}/"

    def sheet(self, code: str) -> str:
        """The borough on one side of paper."""
        return f"{self._up}places/{code}/sheet/"

    def maturity(self, code: str = "") -> str:
        """How mature all of it was, or the part about one place."""
        return f"{self._up}maturity/{f'#{code}' if code else ''}"

    def changes(self, **filters: str) -> str:
        """What changed since another publication."""
        said = _query({**filters})
        return f"{self._up}changes/{f'?{said}' if said else ''}"


class LinksToSeveral:
    """The addresses within several publications, for a page about all of them; `listed_at` is their common list."""

    def __init__(self, links: Mapping[int, PublishedLinks], listed_at: str) -> None:
        self._links = links
        self._listed_at = listed_at

    def of(self, publication_id: int) -> PublishedLinks:
        """The addresses of the publication a row belongs to."""
        return self._links[publication_id]

    def positions(self, **filters: str | Sequence[str]) -> str:
        """The list over all of them, narrowed to exactly these."""
        return f"{self._listed_at}?{_query(filters)}"


AnyLinks = PublishedLinks | LinksToSeveral
