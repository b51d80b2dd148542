"""The files of the NHS map and of the bodies on it, in the order in which they refer to each other."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat

from systems.actions import rebuild_tree
from systems.choices import LEVELS_DOWNWARD, Level
from systems.loading.sheets import Complaint, Sheet
from systems.models import (
    Boundary,
    Footprint,
    FootprintShare,
    Organisation,
    OrganisationFootprint,
    Tile,
)


def _path_for_now(row: Mapping[str, Any]) -> dict[str, Any]:
    """A path no other footprint has, until rebuild_tree derives the right one."""
    return {"path": f"{row['code']}/"}


def _settle_tree() -> Iterator[Complaint]:
    """Derives the paths; then every footprint must hang on England, below a wider one."""
    rebuild_tree()
    below = Footprint.objects.filter(parent__isnull=False)
    for code, level, above in below.values_list("code", "level", "parent__level"):
        nested = level == above == Level.NEIGHBOURHOOD
        if LEVELS_DOWNWARD.index(Level(above)) >= LEVELS_DOWNWARD.index(Level(level)) and not nested:
            yield Complaint((code,), "parent", f"a {level} cannot lie in a {above}")
    adrift = below.exclude(path=Concat(F("parent__path"), F("code"), Value("/")))
    for (code,) in adrift.values_list("code"):
        yield Complaint((code,), "parent", "the footprint lies inside itself")


def _check_shares() -> Iterator[Complaint]:
    """The main system of a place is the one it lies in."""
    elsewhere = FootprintShare.objects.filter(is_main=True).exclude(place__parent=F("system"))
    for key in elsewhere.values_list("place__code", "system__code"):
        yield Complaint(key, "is_main", "the place lies in another system in footprints.csv")


def _check_organisations() -> Iterator[Complaint]:
    for code, level in Organisation.objects.exclude(system__level=Level.SYSTEM).values_list("code", "system__level"):
        yield Complaint((code,), "system", f"a {level} is not a system")


def _check_tiles() -> Iterator[Complaint]:
    """A tile stands for a footprint or, on maps of CCGs, for an organisation."""
    known = Footprint.objects.values("code").union(Organisation.objects.values("code"))
    for key in Tile.objects.exclude(code__in=known).values_list("grid", "code"):
        yield Complaint(key, "code", "there is no footprint or organisation with this code")


FOOTPRINTS = Sheet(
    file="footprints.csv",
    model=Footprint,
    key=("code",),
    fields=(
        "code",
        "ons_code",
        "name",
        "label",
        "partnership_name",
        "level",
        "kind",
        "parent",
        "population",
        "population_basis",
        "opened_on",
        "closed_on",
        "successor",
        "verified",
        "source",
        "note",
    ),
    born_with=_path_for_now,
    finish=_settle_tree,
)

FOOTPRINT_SHARES = Sheet(
    file="footprint_shares.csv",
    model=FootprintShare,
    key=("place", "system"),
    fields=("place", "system", "population", "share", "is_main", "verified", "source"),
    finish=_check_shares,
)

ORGANISATIONS = Sheet(
    file="organisations.csv",
    model=Organisation,
    key=("code",),
    fields=(
        "code",
        "ods_code",
        "ons_code",
        "name",
        "kind",
        "roles",
        "system",
        "population",
        "population_basis",
        "opened_on",
        "closed_on",
        "successor",
        "verified",
        "source",
        "note",
    ),
    finish=_check_organisations,
)

ORGANISATION_FOOTPRINTS = Sheet(
    file="organisation_footprints.csv",
    model=OrganisationFootprint,
    key=("organisation", "footprint"),
    fields=("organisation", "footprint", "share", "verified", "source"),
)

BOUNDARIES = Sheet(
    file="boundaries.geojson",
    model=Boundary,
    key=("footprint",),
    fields=("footprint", "is_verified", "geometry"),
)

TILES = Sheet(
    file="tiles.csv",
    model=Tile,
    key=("grid", "code"),
    fields=("grid", "code", "column", "row", "label"),
    finish=_check_tiles,
)

SHEETS = (FOOTPRINTS, FOOTPRINT_SHARES, ORGANISATIONS, ORGANISATION_FOOTPRINTS, BOUNDARIES, TILES)
