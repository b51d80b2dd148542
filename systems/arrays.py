"""Keys as PostgreSQL writes an array: it reads one text sooner than a thousand numbers one by one."""

from collections.abc import Iterable


def array(keys: Iterable[int | str | None]) -> str:
    """The text of an array of keys, or of words of ours without commas, quotes or braces."""
    return "{" + ",".join("NULL" if key is None else str(key) for key in keys) + "}"
