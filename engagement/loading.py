"""The committees' files, and the load of all reference data with them."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from commitments import loading
from engagement.models import Committee, CommitteeCouncil, CommitteeFootprint
from systems.choices import OrganisationKind
from systems.loading import Complaint, Outcome, Sheet


def _check_councils() -> Iterator[Complaint]:
    others = CommitteeCouncil.objects.exclude(council__kind=OrganisationKind.LOCAL_AUTHORITY)
    for key in others.values_list("committee__slug", "council__code"):
        yield Complaint(key, "council", "only councils send members to a committee")


def _check_scope() -> Iterator[Complaint]:
    """A committee that scrutinises nothing could be seen by nobody but its members."""
    for (slug,) in Committee.objects.filter(scope__isnull=True).values_list("slug"):
        yield Complaint((slug,), "committee", "the committee scrutinises no footprint")


COMMITTEES = Sheet(
    file="committees.csv",
    model=Committee,
    key=("slug",),
    fields=("slug", "name", "kind", "body", "is_standing", "verified", "source", "note"),
)

COMMITTEE_COUNCILS = Sheet(
    file="committee_councils.csv",
    model=CommitteeCouncil,
    key=("committee", "council"),
    fields=("committee", "council", "source"),
    finish=_check_councils,
)

COMMITTEE_FOOTPRINTS = Sheet(
    file="committee_footprints.csv",
    model=CommitteeFootprint,
    key=("committee", "footprint"),
    fields=("committee", "footprint", "source"),
    finish=_check_scope,
)

SHEETS = (COMMITTEES, COMMITTEE_COUNCILS, COMMITTEE_FOOTPRINTS)


def load_reference(folder: Path, *, today: dt.date) -> list[Outcome]:
    """Loads the NHS map, the catalogue and the committees: everything or nothing, and a second time nothing.

    Raises `systems.loading.Refused` where the files are wrong.
    """
    return loading.load_reference(folder, today=today, more=SHEETS)
