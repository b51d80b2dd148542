"""Who: the NHS map, the bodies on it, the people and what they are to it; and how mature what lies on it is."""

from systems.models.assessments import Assessment, Finding
from systems.models.audit import Audited, AuditEntry, audited, never_emptied
from systems.models.footprints import Boundary, Footprint, FootprintAncestor, FootprintShare, Tile
from systems.models.improvement import ActionMove, ImprovementAction
from systems.models.jobs import Job
from systems.models.maturity import Criterion, Domain, Expectation, Framework, MaturityLevel
from systems.models.maturity_positions import MaturityChange, MaturityPosition, MaturityVersion
from systems.models.organisations import Organisation, OrganisationFootprint
from systems.models.people import Membership, User
from systems.models.representatives import Representative

__all__ = [
    "ActionMove",
    "Assessment",
    "AuditEntry",
    "Audited",
    "Boundary",
    "Criterion",
    "Domain",
    "Expectation",
    "Finding",
    "Footprint",
    "FootprintAncestor",
    "FootprintShare",
    "Framework",
    "ImprovementAction",
    "Job",
    "MaturityChange",
    "MaturityLevel",
    "MaturityPosition",
    "MaturityVersion",
    "Membership",
    "Organisation",
    "OrganisationFootprint",
    "Representative",
    "Tile",
    "User",
    "audited",
    "never_emptied",
]
