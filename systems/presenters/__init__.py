"""Rows in, page-shaped data out."""

from systems.presenters.footprints import address_of, by_kind, crumbs_to, home_of, population_in_words

__all__ = ["address_of", "by_kind", "crumbs_to", "home_of", "population_in_words"]
