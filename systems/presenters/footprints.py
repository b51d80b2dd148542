"""Facts about a footprint in words, and the way to its page."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.urls import reverse

from systems.choices import Level
from systems.models import Footprint, Organisation


def population_in_words(footprint: Footprint) -> str:
    """How many people, and who was counted: registered patients and residents are not the same."""
    if footprint.population is None:
        return "Population not known"
    return f"{footprint.population:,} {footprint.population_basis or 'people'}"


def by_kind(organisations: Iterable[Organisation]) -> list[tuple[str, list[Organisation]]]:
    """The bodies of each kind, in the alphabet's order."""
    ordered = sorted(organisations, key=lambda body: (body.get_kind_display(), body.name))
    return [(kind, list(bodies)) for kind, bodies in groupby(ordered, lambda body: body.get_kind_display())]


def address_of(footprint: Footprint) -> str:
    """The page of a system, or of a place in its system."""
    if footprint.level == Level.SYSTEM:
        return reverse("systems:dashboard", args=[footprint.code])
    assert footprint.system is not None
    return reverse("systems:place", args=[footprint.system.code, footprint.code])


def home_of(systems: Sequence[Footprint], places: Sequence[Footprint]) -> str:
    """Where the work of a person begins who sees these: their one system, else their one place, else the list."""
    nearest = systems or places
    return address_of(nearest[0]) if len(nearest) == 1 else reverse("systems:list")


def crumbs_to(*systems: Footprint) -> list[tuple[str, str]]:
    """The way down to a page: the list, then the system where the reader may see it."""
    return [("Systems", reverse("systems:list"))] + [(system.short_name, address_of(system)) for system in systems]
