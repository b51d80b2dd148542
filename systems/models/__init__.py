"""Who: the NHS map, the bodies on it, the people and what they are to it."""

from systems.models.audit import Audited, AuditEntry, audited, never_emptied
from systems.models.footprints import Boundary, Footprint, FootprintAncestor, FootprintShare, Tile
from systems.models.jobs import Job
from systems.models.organisations import Organisation, OrganisationFootprint
from systems.models.people import Membership, User

__all__ = [
    "AuditEntry",
    "Audited",
    "Boundary",
    "Footprint",
    "FootprintAncestor",
    "FootprintShare",
    "Job",
    "Membership",
    "Organisation",
    "OrganisationFootprint",
    "Tile",
    "User",
    "audited",
    "never_emptied",
]
