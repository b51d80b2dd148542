"""Who: the NHS map, the bodies on it, the people and what they are to it."""

from systems.models.audit import Audited, AuditEntry
from systems.models.footprints import Boundary, Footprint, FootprintAncestor, FootprintShare, Tile
from systems.models.organisations import Organisation, OrganisationFootprint
from systems.models.people import Membership, User

__all__ = [
    "AuditEntry",
    "Audited",
    "Boundary",
    "Footprint",
    "FootprintAncestor",
    "FootprintShare",
    "Membership",
    "Organisation",
    "OrganisationFootprint",
    "Tile",
    "User",
]
