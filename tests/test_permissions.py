"""Every URL by every role by own and another system. A URL nobody declared here fails the test.

What one may not see answers 404; what one may see but not do answers 403; who is not signed in is sent to sign in.
"""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from commitments.actions import publish, take_upload
from commitments.choices import DeliveryLevel, ReportState
from commitments.recompute import recompute
from engagement.choices import Seat
from ltp_portal.models import SentForm
from systems.choices import Level, OrganisationKind, Role, Verified
from systems.models import Footprint, Representative
from tests.engagement.factories import (
    ActionFactory,
    CommitteeFactory,
    CouncilFactory,
    EngagementFactory,
    EvidenceFactory,
    IssuedPaperFactory,
    ItemFactory,
    OpinionFactory,
    RecommendationFactory,
    SeatFactory,
)
from tests.factories import (
    TODAY,
    AssessmentFactory,
    CommitmentFactory,
    CriterionFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    DomainFactory,
    FindingFactory,
    FrameworkFactory,
    ImprovementActionFactory,
    MetricFactory,
    MilestoneFactory,
    PeriodActFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SystemFactory,
    UserFactory,
    admin,
    person,
)

SIGN_IN = "sign in"
OK, REDIRECT, FORBIDDEN, NOT_FOUND, WRONG_METHOD, CONFLICT = 200, 302, 403, 404, 405, 409

# A chair is a councillor too, and who speaks for a Healthwatch reads what they read: where no rule names them, they get
# what a councillor gets.
ROLES = (
    "signed out",
    "jhosc_member",
    "viewer",
    "reporter",
    "programme_manager",
    "approver",
    "admin",
    "chair",
    "healthwatch",
)


@dataclass(frozen=True)
class Rule:
    """What each role gets: in the own system (or borough), and in another one."""

    own: dict[str, int | str]
    other: dict[str, int | str]
    method: str = "get"


def everyone(answer: int, **exceptions) -> dict:
    said = dict.fromkeys(ROLES, answer) | exceptions
    return said | {name: said["jhosc_member"] for name in ("chair", "healthwatch") if name not in exceptions}


def signed_in(answer: int, **exceptions) -> dict:
    return everyone(answer, **{"signed out": SIGN_IN} | exceptions)


def same_everywhere(answers: dict, method: str = "get") -> Rule:
    return Rule(answers, answers, method)


def allowed_to(*roles: str, answer: int = OK, method: str = "get", admin: int = FORBIDDEN, **exceptions: int) -> Rule:
    """Those roles may in their own system; others may see but not do it; nobody but the admin sees another system.

    Councillors read what is published, and find nothing else.
    """
    own = signed_in(
        FORBIDDEN, **dict.fromkeys(roles, answer) | {"admin": admin, "jhosc_member": NOT_FOUND} | exceptions
    )
    return Rule(own, signed_in(NOT_FOUND, admin=admin), method)


READERS = ("viewer", "reporter", "programme_manager", "approver")
REPORTERS = ("reporter", "programme_manager", "approver")
PLANNERS = ("programme_manager", "approver")

# A committee that scrutinises the own system: seen by its members and the system's people, not by a borough's reporter.
OF_COMMITTEES = allowed_to(*READERS, admin=OK, reporter=NOT_FOUND, jhosc_member=OK, healthwatch=NOT_FOUND)
FOR_THE_COMMITTEE = allowed_to(reporter=NOT_FOUND, jhosc_member=FORBIDDEN, chair=OK, healthwatch=NOT_FOUND)
FOR_THE_NHS = allowed_to(*PLANNERS, reporter=NOT_FOUND, jhosc_member=FORBIDDEN, healthwatch=NOT_FOUND)

# Pages about all that one may write about; which rows are on them: tests/commitments/test_views_grid.py, _bulk.py.
WRITERS_ONLY = signed_in(FORBIDDEN, **dict.fromkeys(REPORTERS, OK))

# What a system published: for whoever works in any system, and for the councillors who scrutinise this one.
PUBLISHED = Rule(signed_in(OK), signed_in(OK, jhosc_member=NOT_FOUND))
PUBLIC = same_everywhere(everyone(OK))
ANY_ACCOUNT = same_everywhere(signed_in(OK))

RULES: dict[str, Rule | None] = {
    "systems:landing": None,  # each role lands elsewhere: tests/systems/test_views.py
    "systems:list": ANY_ACCOUNT,
    "systems:england": same_everywhere(signed_in(NOT_FOUND, admin=OK)),
    "systems:dashboard": allowed_to(*READERS, admin=OK, reporter=NOT_FOUND),
    "systems:place": allowed_to(*READERS, admin=OK),
    "systems:maturity": allowed_to(*READERS, admin=OK, reporter=NOT_FOUND),
    "systems:maturity_of": allowed_to(*READERS, admin=OK),
    "systems:maturity_framework": allowed_to(*READERS, admin=OK),
    "systems:maturity_history": allowed_to(*READERS, admin=OK),
    "systems:maturity_sheet": allowed_to(*READERS, admin=OK),
    "systems:improvement": allowed_to(*READERS, admin=OK),
    "systems:improvement_add": allowed_to(*PLANNERS),
    "systems:improvement_change": allowed_to(*PLANNERS),
    "systems:improvement_finish": allowed_to(*REPORTERS),
    # Nobody uploaded a file here: tests/systems/test_views_improvement.py and _assessments.py download one.
    "systems:improvement_evidence": same_everywhere(signed_in(NOT_FOUND)),
    "systems:finding_evidence": same_everywhere(signed_in(NOT_FOUND)),
    "systems:assessment_begin": allowed_to(*REPORTERS),
    "systems:assessment": allowed_to(*READERS, admin=OK),
    "systems:assessment_domain": allowed_to(*REPORTERS),
    "systems:assessment_finding": allowed_to(*REPORTERS, answer=CONFLICT, method="post"),
    "commitments:commitments": ANY_ACCOUNT,
    "commitments:commitment": ANY_ACCOUNT,
    "commitments:coverage": allowed_to(*READERS, admin=OK, reporter=NOT_FOUND),
    "commitments:status_explained": PUBLIC,
    "commitments:deliveries": ANY_ACCOUNT,
    "commitments:grid": same_everywhere(WRITERS_ONLY),
    "commitments:grid_row": allowed_to(*REPORTERS, method="post"),
    "commitments:grid_submit": same_everywhere(WRITERS_ONLY),
    "commitments:bulk_change": same_everywhere(WRITERS_ONLY),
    "commitments:bulk_confirm": same_everywhere(WRITERS_ONLY, method="post"),
    "commitments:delivery": allowed_to(*READERS, admin=OK),
    "commitments:report": allowed_to(*REPORTERS),
    "commitments:report_draft": allowed_to(*REPORTERS, answer=CONFLICT, method="post"),
    "commitments:report_unchanged": allowed_to(*REPORTERS, answer=REDIRECT),
    "commitments:plan": allowed_to(*PLANNERS),
    "commitments:deadline": allowed_to(*REPORTERS),
    "commitments:milestone_add": allowed_to(*PLANNERS),
    "commitments:milestone_move": allowed_to(*PLANNERS),
    "commitments:milestone_withdraw": allowed_to(*PLANNERS),
    "commitments:milestone_achieve": allowed_to(*REPORTERS, answer=REDIRECT, method="post"),
    "commitments:milestone_reopen": allowed_to(*REPORTERS),
    # Nobody uploaded a file here: who may see it finds none. tests/commitments/test_views_milestones.py downloads one.
    "commitments:evidence": same_everywhere(signed_in(NOT_FOUND)),
    "commitments:entirety": allowed_to(*READERS, admin=OK, reporter=NOT_FOUND),
    "commitments:delivery_highlight": allowed_to(*READERS, admin=OK),
    "commitments:theme_highlight": allowed_to(*READERS, admin=OK),
    "discard_unsent": same_everywhere(signed_in(REDIRECT), method="post"),
    "audit": same_everywhere(signed_in(FORBIDDEN, admin=OK)),
    "commitments:observation": allowed_to(*REPORTERS),
    "commitments:trajectory": allowed_to(*REPORTERS),
    "commitments:level": allowed_to(*PLANNERS, reporter=NOT_FOUND),
    "commitments:open_deliveries": allowed_to(*PLANNERS, reporter=NOT_FOUND),
    "commitments:system_changes": allowed_to(*READERS, admin=OK, reporter=NOT_FOUND),
    "commitments:place_changes": allowed_to(*READERS, admin=OK),
    "commitments:spreadsheet": same_everywhere(signed_in(FORBIDDEN, **dict.fromkeys(REPORTERS, OK))),
    "commitments:spreadsheet_download": same_everywhere(signed_in(FORBIDDEN, **dict.fromkeys(REPORTERS, OK))),
    # Its sender's alone: the programme manager of this world sent the one of the own side.
    "commitments:upload": Rule(
        signed_in(FORBIDDEN, reporter=NOT_FOUND, programme_manager=OK, approver=NOT_FOUND),
        signed_in(FORBIDDEN, **dict.fromkeys(REPORTERS, NOT_FOUND)),
    ),
    "commitments:upload_confirm": Rule(
        signed_in(FORBIDDEN, reporter=NOT_FOUND, programme_manager=REDIRECT, approver=NOT_FOUND),
        signed_in(FORBIDDEN, **dict.fromkeys(REPORTERS, NOT_FOUND)),
        method="post",
    ),
    "commitments:my_work": same_everywhere(signed_in(FORBIDDEN, reporter=OK, programme_manager=OK, approver=OK)),
    "commitments:calendar": ANY_ACCOUNT,
    # Whoever has the address of somebody's calendar reads it; on the other side its owner has left.
    "commitments:calendar_feed": Rule(everyone(OK), everyone(NOT_FOUND)),
    "commitments:periods": allowed_to("approver", reporter=NOT_FOUND),
    "commitments:period_step": allowed_to("approver", reporter=NOT_FOUND),
    "commitments:publish": allowed_to("approver", reporter=NOT_FOUND),
    "commitments:public_access": Rule(
        signed_in(FORBIDDEN, approver=OK, admin=OK, jhosc_member=NOT_FOUND, reporter=NOT_FOUND),
        signed_in(NOT_FOUND, admin=OK),
    ),
    "commitments:published_systems": PUBLIC,
    "commitments:published": PUBLISHED,
    "commitments:published_month": Rule(signed_in(REDIRECT), signed_in(REDIRECT, jhosc_member=NOT_FOUND)),
    "commitments:publication": PUBLISHED,
    "commitments:published_positions": PUBLISHED,
    "commitments:published_changes": PUBLISHED,
    "commitments:published_maturity": PUBLISHED,
    "commitments:published_theme": PUBLISHED,
    "commitments:published_commitment": PUBLISHED,
    "commitments:published_place": PUBLISHED,
    "commitments:published_sheet": PUBLISHED,
    "commitments:sign_off": same_everywhere(signed_in(FORBIDDEN, approver=OK)),
    "commitments:sign_off_many": same_everywhere(signed_in(FORBIDDEN, approver=OK)),
    "commitments:sign_off_report": allowed_to("approver"),
    "commitments:runs": same_everywhere(signed_in(FORBIDDEN, admin=OK)),
    "commitments:deadline_change": allowed_to("approver"),
    "engagement:committees": ANY_ACCOUNT,
    "engagement:committee": OF_COMMITTEES,
    "engagement:meeting": OF_COMMITTEES,
    "engagement:paper": OF_COMMITTEES,
    "engagement:pack": OF_COMMITTEES,
    # No edition has been made; who reads one: tests/engagement/test_views_packs.py.
    **dict.fromkeys(
        (f"engagement:pack_{writing}" for writing in ("html", "style", "pdf", "word")),
        same_everywhere(signed_in(NOT_FOUND)),
    ),
    "engagement:pack_make": FOR_THE_COMMITTEE,
    "engagement:recommendations": ANY_ACCOUNT,
    "engagement:recommendation": OF_COMMITTEES,
    "engagement:meeting_add": FOR_THE_COMMITTEE,
    "engagement:meeting_edit": FOR_THE_COMMITTEE,
    "engagement:item_add": FOR_THE_COMMITTEE,
    "engagement:item_edit": FOR_THE_COMMITTEE,
    "engagement:paper_add": FOR_THE_COMMITTEE,
    # An issued paper: whoever writes is told that it is final.
    "engagement:paper_edit": FOR_THE_COMMITTEE,
    "engagement:paper_issue": FOR_THE_COMMITTEE,
    "engagement:recommendation_add": FOR_THE_COMMITTEE,
    "engagement:recommendation_close": FOR_THE_COMMITTEE,
    "engagement:recommendation_reopen": FOR_THE_COMMITTEE,
    "engagement:answer": FOR_THE_NHS,
    "engagement:answer_commitments": FOR_THE_NHS,
    "engagement:action_add": FOR_THE_NHS,
    "engagement:action_done": FOR_THE_NHS,
    "engagement:evidence_add": FOR_THE_NHS,
    # A link and no file: tests/engagement/test_views_answers.py downloads one.
    "engagement:evidence": same_everywhere(signed_in(NOT_FOUND)),
    "engagement:dashboard": OF_COMMITTEES,
    "engagement:dashboard_deliveries": OF_COMMITTEES,
    "engagement:opinions": PUBLIC,
    "engagement:opinion": PUBLISHED,
    # No file: tests/engagement/test_views_opinions.py downloads one.
    "engagement:opinion_file": same_everywhere(signed_in(NOT_FOUND)),
    "engagement:opinion_reply": Rule(
        signed_in(FORBIDDEN, **dict.fromkeys(PLANNERS, OK)), signed_in(FORBIDDEN, jhosc_member=NOT_FOUND)
    ),
    # Members, chair and officers for their committee, and who speaks for a Healthwatch or a council.
    "engagement:opinion_lodge": Rule(
        signed_in(FORBIDDEN, jhosc_member=OK), signed_in(FORBIDDEN, jhosc_member=NOT_FOUND)
    ),
    "engagement:following": ANY_ACCOUNT,
    "engagement:following_stop": ANY_ACCOUNT,
    "engagement:follow": Rule(signed_in(REDIRECT), signed_in(REDIRECT, jhosc_member=NOT_FOUND), method="post"),
    "engagement:engagement": allowed_to(*READERS, admin=OK, reporter=NOT_FOUND),
    "engagement:engagement_add": allowed_to(*PLANNERS, reporter=NOT_FOUND),
    "engagement:engagement_withdraw": allowed_to(*PLANNERS, reporter=NOT_FOUND),
    "admin_login": same_everywhere(signed_in(FORBIDDEN, admin=REDIRECT)),
    # The pages of one's own account under the addresses that the admin site links to.
    "admin_logout": ANY_ACCOUNT,
    "admin_password_change": ANY_ACCOUNT,
    "account": ANY_ACCOUNT,
    "accessibility": PUBLIC,
    "cookies": PUBLIC,
    "privacy": PUBLIC,
    "demo_mail": ANY_ACCOUNT,
    "healthz": PUBLIC,
    "readyz": None,  # needs a worker: tests/ltp_portal
    "account_signup": same_everywhere(everyone(NOT_FOUND)),
    "account_email": same_everywhere(everyone(NOT_FOUND)),
}
# Pages of whole families, declared together: allauth's show whoever is signed in only their own account.
OWN_ACCOUNT_FAMILIES = ("account_", "mfa_")
ADMIN_FAMILY = "admin:"


def url_names(resolver=None, namespace: str = "") -> list[str]:
    """The name of every URL of the portal, with its namespace."""
    names = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            names += url_names(entry, inner)
        elif isinstance(entry, URLPattern):
            names.append(f"{namespace}{entry.name}")
    return names


def is_of_a_family(name: str) -> bool:
    return name.startswith((*OWN_ACCOUNT_FAMILIES, ADMIN_FAMILY))


def test_every_url_has_a_declared_rule():
    undeclared = [name for name in url_names() if name not in RULES and not is_of_a_family(name)]

    assert undeclared == []


def test_no_rule_is_for_a_url_that_is_gone():
    assert [name for name in RULES if name not in url_names()] == []


@pytest.fixture
def world(db, settings):
    """Two systems alike, a borough in each, and somebody of every role in the first."""
    PeriodFactory()
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    at_system = CommitmentFactory(delivery_level=DeliveryLevel.SYSTEM)
    MetricFactory(commitment=commitment)
    sides = {}
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    for side, code in (("own", "QKK"), ("other", "QRV")):
        system = SystemFactory(code=code)
        place = PlaceFactory(parent=system)
        delivery = DeliveryFactory(commitment=commitment, footprint=place)
        author = UserFactory()
        report = ReportFactory(delivery=delivery, author=author, state=ReportState.SUBMITTED)
        free = DeliveryFactory(commitment=CommitmentFactory(delivery_level=DeliveryLevel.PLACE), footprint=place)
        MetricFactory(commitment=free.commitment)
        milestone = MilestoneFactory(delivery=free)
        published = [system.code, "2019-08", 1]
        sides[side] = {
            "commitments:publish": published[:2],
            "commitments:public_access": [system.code],
            "commitments:published": [system.code],
            "commitments:published_month": published[:2],
            "commitments:publication": published,
            "commitments:published_positions": published,
            "commitments:published_changes": published,
            "commitments:published_maturity": published,
            "commitments:published_theme": [*published, commitment.theme.code],
            "commitments:published_commitment": [*published, commitment.code],
            "commitments:published_place": [*published, place.code],
            "commitments:published_sheet": [*published, place.code],
            "systems:dashboard": [system.code],
            "systems:place": [system.code, place.code],
            "commitments:system_changes": [system.code],
            "commitments:place_changes": [system.code, place.code],
            "commitments:commitment": [commitment.code],
            "commitments:coverage": [commitment.code, system.code],
            "commitments:milestone_move": [free.pk, milestone.pk],
            "commitments:milestone_withdraw": [free.pk, milestone.pk],
            "commitments:milestone_achieve": [free.pk, milestone.pk],
            "commitments:milestone_reopen": [free.pk, milestone.pk],
            "commitments:evidence": [free.pk, milestone.pk],
            "commitments:entirety": [system.code],
            "engagement:engagement": [system.code, commitment.code],
            "engagement:engagement_add": [system.code, commitment.code],
            "engagement:engagement_withdraw": [EngagementFactory(system=system, commitment=commitment).pk],
            "commitments:theme_highlight": [system.code, commitment.theme.code],
            "commitments:level": [system.code, at_system.code],
            "commitments:open_deliveries": [system.code],
            "commitments:sign_off_report": [report.pk],
            "commitments:deadline_change": [DeadlineChangeFactory(delivery=delivery, asked_by=author).pk],
            "commitments:periods": [system.code],
            "commitments:period_step": [system.code, "2019-09-01", "close"],
            "commitments:calendar_feed": [calendar_of(system, is_active=side == "own")],
            "delivery": [free.pk],
            **maturity_of(system, place),
        }
        if side == "own":
            people = {role.value: person(role, place if role == Role.REPORTER else system) for role in Role}
            people["chair"] = person(Role.JHOSC_MEMBER, system)
            people["healthwatch"] = speaker(system, place)
        sides[side] |= talk(system, people if side == "own" else {})
        sender = people["programme_manager"] if side == "own" else author
        sent = take_upload(file_name="x.xlsx", content=b"x", rows=1, by=sender)
        sides[side] |= {name: [sent.pk] for name in ("commitments:upload", "commitments:upload_confirm")}
    recompute(TODAY)
    for system in Footprint.objects.systems():
        PeriodActFactory(system=system, period=august)
        published = publish(system=system, period=august, by=people["approver"], today=TODAY)
        sides["own" if system.code == "QKK" else "other"] |= voices(published, system)
    return {"sides": sides, "people": people | {"admin": admin()}}


def maturity_of(system, place) -> dict[str, list]:
    """A borough with a draft assessment and an improvement plan."""
    framework = FrameworkFactory(code="ICSM", used_at_places=True)
    criterion = CriterionFactory(domain=DomainFactory(framework=framework))
    draft = AssessmentFactory(framework=framework, footprint=place)
    finding = FindingFactory(assessment=draft, criterion=criterion)
    action = ImprovementActionFactory(footprint=place)
    here = [system.code, place.code]
    of_place = ("maturity_of", "maturity_history", "maturity_sheet", "improvement", "improvement_add")
    return {f"systems:{name}": here for name in (*of_place, "assessment_begin")} | {
        "systems:maturity": [system.code],
        "systems:maturity_framework": [*here, framework.code],
        "systems:improvement_change": [*here, action.pk],
        "systems:improvement_finish": [*here, action.pk],
        "systems:improvement_evidence": [*here, action.pk],
        "systems:finding_evidence": [*here, finding.pk],
        "systems:assessment": [*here, draft.pk],
        "systems:assessment_domain": [*here, draft.pk, criterion.domain_id],
        "systems:assessment_finding": [*here, draft.pk, criterion.pk],
    }


def calendar_of(system, **facts) -> str:
    """The secret part of the address of somebody's calendar."""
    key = f"key-of-{system.code}"
    person(Role.REPORTER, system, calendar_key=sha256(key.encode()).hexdigest(), **facts)
    return key


def talk(system, people: dict) -> dict[str, list]:
    """A committee that scrutinises this system, with one of everything; the member and the chair among these people."""
    committee = CommitteeFactory(scrutinises=[system])
    for name, seat in (("jhosc_member", Seat.MEMBER), ("chair", Seat.CHAIR)):
        if name in people:
            SeatFactory(committee=committee, user=people[name], role=seat)
    item = ItemFactory(meeting__committee=committee)
    meeting, paper = item.meeting, IssuedPaperFactory(item=item)
    asked = RecommendationFactory(meeting=meeting, system=system)
    return {
        **{
            f"engagement:{name}": [committee.slug]
            for name in ("committee", "meeting_add", "dashboard", "dashboard_deliveries")
        },
        **{
            f"engagement:{name}": [committee.slug, meeting.held_on]
            for name in ("meeting", "pack", "pack_html", "pack_style", "pack_pdf", "pack_word")
        },
        **{
            f"engagement:{name}": [meeting.pk]
            for name in ("meeting_edit", "item_add", "paper_add", "recommendation_add", "pack_make")
        },
        "engagement:item_edit": [meeting.pk, item.pk],
        **{f"engagement:{name}": [paper.pk] for name in ("paper", "paper_edit", "paper_issue")},
        **{f"engagement:{name}": [asked.pk] for name in ABOUT_WHAT_WAS_ASKED},
        "engagement:action_done": [asked.pk, ActionFactory(recommendation=asked).pk],
        "engagement:evidence": [asked.pk, EvidenceFactory(recommendation=asked).pk],
    }


def speaker(system, place):
    """Who speaks for the Healthwatch of a borough, and has no role."""
    body = CouncilFactory(kind=OrganisationKind.HEALTHWATCH, system=system)
    body.footprints.add(place, through_defaults={"verified": Verified.YES, "source": "Made for a test"})
    return Representative.objects.create(user=UserFactory(), organisation=body, starts_on="2018-10-01").user


def voices(publication, system) -> dict[str, list]:
    """An opinion on what this system published, and something to follow in it."""
    position = publication.positions.filter(footprint__level=Level.PLACE).exclude(status="missed").first()
    opinion = OpinionFactory(position=position, rating="missed")
    return {
        **{f"engagement:{name}": [opinion.pk] for name in ("opinion", "opinion_file", "opinion_reply")},
        "engagement:opinion_lodge": [position.pk],
        "engagement:follow": [system.code, "place", position.footprint.code],
    }


ABOUT_WHAT_WAS_ASKED = (
    "recommendation",
    "recommendation_close",
    "recommendation_reopen",
    "answer",
    "answer_commitments",
    "action_add",
    "evidence_add",
)


def arguments(name: str, side: dict) -> list:
    """What this URL is about, on one side of the world."""
    if name in side:
        return side[name]
    about_a_delivery = name in {
        f"commitments:{noun}"
        for noun in (
            "delivery",
            "grid_row",
            "report",
            "report_draft",
            "report_unchanged",
            "plan",
            "deadline",
            "milestone_add",
            "observation",
            "trajectory",
            "delivery_highlight",
        )
    }
    return side["delivery"] if about_a_delivery else []


def answer_of(client, name: str, side: dict, method: str) -> int | str:
    response = getattr(client, method)(reverse(name, args=arguments(name, side)))
    if response.status_code == REDIRECT and response["Location"].startswith(reverse("account_login")):
        return SIGN_IN
    return response.status_code


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule is not None])
def test_each_role_gets_what_the_table_says(name, role, world, client):
    rule = RULES[name]
    if role != "signed out":
        client.force_login(world["people"][role], backend="ltp_portal.backends.PortalBackend")

    own = answer_of(client, name, world["sides"]["own"], rule.method)
    other = answer_of(client, name, world["sides"]["other"], rule.method)

    assert (own, other) == (rule.own[role], rule.other[role])


@pytest.mark.parametrize("role", [role for role in ROLES if role != "signed out"])
def test_only_admins_enter_the_admin_site(role, world, client):
    client.force_login(world["people"][role], backend="ltp_portal.backends.PortalBackend")

    for name in ("admin:index", "admin:systems_user_changelist", "admin:systems_membership_changelist"):
        assert (client.get(reverse(name)).status_code == OK) is (role == "admin")


# Whoever may read these pages changes there what is their own.
ONES_OWN = {"commitments:calendar", "commitments:published_place", "engagement:following_stop"}


@pytest.mark.parametrize(
    "name",
    [n for n, rule in RULES.items() if rule and rule.method == "get" and n.count(":") and n not in ONES_OWN],
)
def test_a_page_that_only_reads_refuses_to_be_written_to(name, world, client):
    client.force_login(world["people"]["viewer"], backend="ltp_portal.backends.PortalBackend")
    address = reverse(name, args=arguments(name, world["sides"]["own"]))

    assert client.post(address).status_code in (FORBIDDEN, NOT_FOUND, WRONG_METHOD)
    assert client.put(address).status_code in (FORBIDDEN, NOT_FOUND, WRONG_METHOD)


FORMS_OF_THE_DOOR = ("account_login", "account_logout", "account_change_password", "mfa_deactivate_totp")


@pytest.mark.parametrize("name", [*FORMS_OF_THE_DOOR, *(name for name, rule in RULES.items() if rule)])
def test_nothing_is_taken_without_the_token_of_its_form(name, world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["people"]["approver"], backend="ltp_portal.backends.PortalBackend")

    assert client.post(reverse(name, args=arguments(name, world["sides"]["own"]))).status_code == FORBIDDEN


# These answer with a piece of the page they are asked from, or with the next step. The version sent guards them.
# A borough is remembered in the reader's own browser, and nothing is written.
STEPS = (
    "systems:assessment_finding",
    "commitments:grid_row",
    "commitments:report_draft",
    "commitments:bulk_change",
    "commitments:published_place",
)
OF_OURS = [
    name
    for name, rule in RULES.items()
    if rule and name.partition(":")[0] in ("systems", "commitments", "engagement") and name not in STEPS
]


@pytest.mark.parametrize("name", OF_OURS)
def test_a_page_that_writes_takes_no_form_with_the_key_of_another(name, world, client):
    approver = world["people"]["approver"]
    client.force_login(approver, backend="ltp_portal.backends.PortalBackend")
    used = SentForm.objects.create(key=uuid4(), sent_by=approver, path="/elsewhere/", answer="/")

    answer = client.post(reverse(name, args=arguments(name, world["sides"]["own"])), {"form_key": used.key.hex})

    assert answer.status_code in (WRONG_METHOD, CONFLICT)


def test_rights_taken_away_bite_at_the_next_request(world, client):
    manager = world["people"]["programme_manager"]
    client.force_login(manager, backend="ltp_portal.backends.PortalBackend")
    address = reverse("commitments:report", args=world["sides"]["own"]["delivery"])
    assert client.get(address).status_code == OK

    manager.memberships.update(ends_on="2019-09-29")

    assert client.get(address).status_code == NOT_FOUND


def test_an_account_switched_off_is_out_at_the_next_request(world, client):
    manager = world["people"]["programme_manager"]
    client.force_login(manager, backend="ltp_portal.backends.PortalBackend")

    type(manager).objects.filter(pk=manager.pk).update(is_active=False)

    assert answer_of(client, "systems:list", {}, "get") == SIGN_IN
