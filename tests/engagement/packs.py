"""What the tests of packs are made of: facts out of the air, and real publications."""

import datetime as dt

from commitments.choices import Status, ThemeClass
from commitments.comparison import DATES, DateLine
from engagement.actions import ask_for_pack
from engagement.models import Meeting, Pack
from engagement.packs.facts import Asked, Borough, Changed, Compared, Head, PackFacts, PublishedSystem, Source, Standing
from engagement.tasks import WORK
from systems import jobs
from systems.models import User
from tests.factories import TODAY

WORDS = {
    "subject": "How the commitments stand",
    "report_by": "Chief Officer",
    "wards_affected": "All",
    "purpose": "To tell the committee.\n\nTo hear\nfrom it.",
    "asked_to": "note the report.",
}
MEETING_ON = dt.date(2019, 10, 15)


# --- Facts ------------------------------------------------------------------------------------------------


def head(status: Status, code: str = "LTP1-OOH-01", kind: ThemeClass = ThemeClass.CORE_FOUNDATION) -> Head:
    return Head(code, f"Promise {code}", kind, status)


def standing(status: Status = Status.OFF_TRACK, **changes) -> Standing:
    facts = {
        "code": "LTP1-OOH-01",
        "title": "Two-hour response",
        "where": "Bexley",
        "place": "E1",
        "status": status,
        "sentence": "Off track: reported red.",
        "path_to_green": "Recruit",
    }
    return Standing(**facts | changes)


def system_facts(**changes) -> PublishedSystem:
    facts = {
        "name": "South East London",
        "month": "August 2019",
        "edition": 1,
        "corrected_because": "",
        "as_at_on": TODAY,
        "address": "https://portal.example.org/systems/QKK/published/2019-08/1/",
        "heads": (head(Status.OFF_TRACK), head(Status.ON_TRACK, "LTP2-PREV-01", ThemeClass.PRIORITISED)),
        "boroughs": (Borough("E1", "Bexley", 248_287, "residents in mid-2019 (ONS)", (head(Status.OFF_TRACK),)),),
        "failing": (standing(Status.MISSED, code="LTP1-UEC-02", title="A&E"), standing()),
        "compared": None,
        "sources": (Source("LTP1-OOH-01", "by 2023/24", "LTP para 1.8"),),
    }
    return PublishedSystem(**facts | changes)


def compared(**found) -> Compared:
    return Compared("July 2019, edition 1", dt.date(2019, 7, 31), "what lay before it on 10 September 2019.", found)


def changed(*, dates: bool = False, **changes) -> Changed:
    moved = DateLine("Expected date", dt.date(2020, 3, 31), dt.date(2020, 9, 30), "Staff")
    return Changed(standing(**changes), Status.AT_RISK, (moved,) if dates else ())


def asked(**changes) -> Asked:
    facts = {
        "reference": "Minute 12",
        "asked_on": dt.date(2019, 9, 10),
        "kind": "Recommendation",
        "wording": "That the boroughs see the plan.",
        "to_whom": "South East London",
        "state": "Awaiting an answer",
        "due_on": dt.date(2019, 10, 8),
        "is_overdue": True,
        "times": 2,
        "reply": "",
        "words": "",
        "owner": "",
    }
    return Asked(**facts | changes)


def pack_facts(**changes) -> PackFacts:
    facts = {
        "committee": "South East London JHOSC",
        "meeting_on": MEETING_ON,
        "agenda_item": "4. The plan",
        **WORDS,
        "edition": 1,
        "made_on": TODAY,
        "systems": (system_facts(compared=compared(worse=(changed(),), **{DATES: (changed(dates=True),)})),),
        "asked": (asked(), asked(reference="Minute 13", is_overdue=False, reply="Accepted", words="Yes.", owner="CCG")),
    }
    return PackFacts(**facts | changes)


# --- Rows -------------------------------------------------------------------------------------------------


def ask(meeting: Meeting, item, publications, by: User, **words) -> Pack:
    return ask_for_pack(meeting=meeting, facts={"item": item, **WORDS, **words}, publications=publications, by=by)


def make(pack: Pack, today: dt.date = TODAY) -> Pack:
    """What a worker does."""
    jobs.run(pack.job_id, WORK, today)
    return Pack.objects.get(pk=pack.pk)
