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
