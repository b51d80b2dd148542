"""The words of the NHS map and of the people who use it."""

from django.db import models


class Level(models.TextChoices):
    """Where on the NHS map a footprint lies, from the whole country down to a group of practices."""

    ENGLAND = "england", "England"
    REGION = "region", "Region"
    SYSTEM = "system", "System"
    PLACE = "place", "Place"
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood"
    PCN = "pcn", "Primary care network"


# A footprint's parent lies at a level further up this list (a level may be skipped; a neighbourhood may
# hold neighbourhoods).
LEVELS_DOWNWARD = tuple(Level)


class FootprintKind(models.TextChoices):
    """What a footprint is called in its own world: the same level has several kinds."""

    COUNTRY = "country", "Country"
    NHS_REGION = "nhs_region", "NHS region"
    STP = "stp", "Sustainability and transformation partnership"
    ICS = "ics", "Integrated care system"
    BOROUGH = "borough", "Borough"
    UNITARY = "unitary", "Unitary authority"
    COUNTY = "county", "County"
    LOCAL_CARE_NETWORK = "local_care_network", "Local care network"
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood"
    PCN = "pcn", "Primary care network"


class OrganisationKind(models.TextChoices):
    """What sort of body an organisation is."""

    CCG = "ccg", "Clinical commissioning group"
    TRUST = "trust", "NHS trust"
    FOUNDATION_TRUST = "foundation_trust", "NHS foundation trust"
    LOCAL_AUTHORITY = "local_authority", "Council"
    HWB = "hwb", "Health and wellbeing board"
    HOSC = "hosc", "Health overview and scrutiny committee"
    JHOSC = "jhosc", "Joint health overview and scrutiny committee"
    HEALTHWATCH = "healthwatch", "Local Healthwatch"
    GP_FEDERATION = "gp_federation", "GP federation"
    COMMUNITY_PROVIDER = "community_provider", "Community services provider"
    VCS = "vcs", "Voluntary and community body"


# Bodies whose representatives may lodge a second opinion of what was published.
SPEAK_FOR_PEOPLE = (OrganisationKind.HEALTHWATCH, OrganisationKind.LOCAL_AUTHORITY)


class Verified(models.TextChoices):
    """Whether the source of a fact was seen."""

    YES = "yes", "Verified"
    PARTIAL = "partial", "Partly verified"
    NO = "no", "Not verified"


class Role(models.TextChoices):
    """What a person is to a footprint. Admins are staff accounts and hold no role."""

    JHOSC_MEMBER = "jhosc_member", "JHOSC member"
    VIEWER = "viewer", "Viewer"
    REPORTER = "reporter", "Reporter"
    PROGRAMME_MANAGER = "programme_manager", "Programme manager"
    APPROVER = "approver", "Approver"


class JobKind(models.TextChoices):
    """Work that a person asks for and a worker does."""

    READ_SHEET = "read_sheet", "Reading a spreadsheet"
    WRITE_SHEET = "write_sheet", "Saving a spreadsheet"
    MAKE_PACK = "make_pack", "Making a committee pack"


class JobState(models.TextChoices):
    """How far a job got."""

    WAITING = "waiting", "Waiting to begin"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"


class EditKind(models.TextChoices):
    """What became of a row, in the words of the database's triggers."""

    ADDED = "insert", "Added"
    CHANGED = "update", "Changed"
    REMOVED = "delete", "Removed"


# --- Maturity ---------------------------------------------------------------------------------------------


class FrameworkKind(models.TextChoices):
    """How a framework speaks of maturity."""

    MATRIX = "matrix", "Maturity matrix"
    CHECKLIST = "checklist", "Checklist"


class Rater(models.TextChoices):
    """Who judged. Every rating is kept; none is averaged with another."""

    SELF = "self", "Self-assessment"
    PEER = "peer", "Peer review"
    REGULATOR = "regulator", "Regulator"


class Partner(models.TextChoices):
    """Which side of a partnership judged, where a place's partners judge separately."""

    NHS = "nhs", "NHS"
    COUNCIL = "council", "Council"
    VOLUNTARY = "voluntary", "Voluntary sector"


class Result(models.TextChoices):
    """What a rater found about one criterion."""

    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_MET = "not_met", "Not met"
    NOT_ASSESSED = "not_assessed", "Not assessed"


# What a finding says that is a judgement at all.
JUDGED = (Result.MET, Result.PARTLY, Result.NOT_MET)


class AssessmentState(models.TextChoices):
    """How far an assessment got. Once submitted it is never edited."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Awaiting sign-off"
    SIGNED_OFF = "signed_off", "Signed off"
    RETURNED = "returned", "Returned"


OPEN_ASSESSMENT_STATES = (AssessmentState.DRAFT, AssessmentState.SUBMITTED)


class MaturityStatus(models.TextChoices):
    """How a domain stands against what is expected of it, the worst first."""

    GAP = "gap", "Gap"
    AT_RISK = "at_risk", "At risk"
    NOT_ASSESSED = "not_assessed", "Not assessed"
    CLOSING = "closing", "Closing"
    MET = "met", "Met"
    NOTHING_EXPECTED = "nothing_expected", "Nothing expected"


# Something stands between these and what is expected of them.
IN_NEED = (MaturityStatus.GAP, MaturityStatus.AT_RISK, MaturityStatus.CLOSING)

MATURITY_MEANING = {
    MaturityStatus.GAP: "The date has passed and the level expected is not reached.",
    MaturityStatus.AT_RISK: "The next level is not reached, and a criterion in the way has no action due in time.",
    MaturityStatus.NOT_ASSESSED: "Nobody has judged any criterion of it.",
    MaturityStatus.CLOSING: "The next level is not reached; every criterion in the way has an action due in time.",
    MaturityStatus.MET: "What is expected is reached.",
    MaturityStatus.NOTHING_EXPECTED: "It was judged, and no level is expected of it by any date.",
}
