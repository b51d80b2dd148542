"""`manage.py load_demo` and `demo_accounts`: the whole demonstration, once."""

import datetime as dt
import re

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from commitments.choices import Ask, DeliveryLevel, ReportState, Status
from commitments.demo.timetable import FIRST_DAY, LAST_DAY
from commitments.evidence import of_deliveries
from commitments.models import (
    Commitment,
    DeadlineChange,
    Delivery,
    Observation,
    Position,
    PositionChange,
    Publication,
    Report,
    Trajectory,
)
from commitments.recompute import audit
from commitments.rules import RULES
from commitments.spc import Assurance, Variation
from commitments.views.measured import measured
from engagement.choices import PackFormat
from engagement.models import Pack
from engagement.packs.building import build
from engagement.packs.gathering import gather
from engagement.packs.glossary import MEANINGS, abbreviations
from engagement.tasks import WORK
from systems import jobs
from systems.choices import Role
from systems.models import Footprint, Membership, User
from tests.factories import DeliveryFactory

SYSTEMS = ("QKK", "QRL", "QRV")
# Systems' final plans are due on 15 November 2019: after the last day of the demonstration.
NOT_YET = {"no_plan_for_core"}


@pytest.mark.parametrize("command", ["load_demo", "demo_accounts"])
def test_outside_a_demonstration_it_refuses(command, settings):
    settings.PORTAL_DEMO = False

    with pytest.raises(CommandError, match="PORTAL_DEMO is off"):
        call_command(command)


@pytest.mark.django_db
def test_without_the_reference_it_says_what_to_do():
    with pytest.raises(CommandError, match=r"run manage\.py load_reference first"):
        call_command("load_demo")


@pytest.mark.django_db
def test_without_people_there_are_no_accounts_to_list():
    with pytest.raises(CommandError, match=r"run manage\.py load_demo first"):
        call_command("demo_accounts")


@pytest.mark.django_db
def test_where_there_are_deliveries_it_changes_nothing(capsys):
    DeliveryFactory()

    call_command("load_demo")
    said = capsys.readouterr().out
    call_command("load_demo", "--if-empty")

    assert said == "There are deliveries already; nothing was changed.\n"
    assert capsys.readouterr().out == ""
    assert Delivery.objects.count() == 1
    assert not User.objects.filter(is_demo=True).exists()


@pytest.mark.django_db
def test_the_demonstration_whole(reference, capsys, settings):
    settings.DEMO_PASSWORD = ""

    call_command("load_demo")

    said = capsys.readouterr().out
    password = re.search(r"shown only now: (\S+)", said)[1]
    _positions_cover_the_law()
    _history_goes_month_by_month()
    _reports_fill_twelve_months()
    _london_delivers_about_half_by_borough()
    _nobody_decides_their_own()
    _deadlines_were_moved_refused_and_are_still_asked_for()
    _queues_hold_something()
    _months_were_published()
    _papers_are_quoted()
    _packs_wait_for_a_worker()
    _packs_explain_every_abbreviation()
    _measurements_are_invented_here()
    _each_system_has_signals_of_every_kind()
    _people_can_sign_in(password)
    _accounts_are_listed(capsys)
    _a_new_password_becomes_theirs(settings)


def _positions_cover_the_law():
    assert set(Position.objects.values_list("status", flat=True)) == set(Status.values)
    reasons = set(Position.objects.values_list("reason_code", flat=True))
    assert reasons == {rule.code for rule in RULES} - NOT_YET
    assert list(audit(LAST_DAY)) == []
    well = Position.objects.filter(status__in=[Status.ON_TRACK, Status.DELIVERED]).count()
    assert 0.4 < well / Position.objects.count() < 0.7


def _packs_wait_for_a_worker():
    """Who makes one of six boroughs and the whole catalogue."""
    pack = Pack.objects.get(meeting__committee__slug="south-east-london-jhosc")
    # One of each system, and one of two together.
    assert Pack.objects.being_made().count() == len(SYSTEMS) + 1

    jobs.run(pack.job_id, WORK, LAST_DAY)

    written = {document.format: document.size for document in pack.documents.without_content()}
    assert written.keys() == set(PackFormat.values)
    assert pack.publications.get().footprints.places().count() == 6
    assert max(written.values()) < 1_000_000


def _packs_explain_every_abbreviation():
    """But for the names of places, which stand for nothing else."""
    names = abbreviations(Footprint.objects.values_list("name", flat=True)) - MEANINGS.keys()
    for pack in Pack.objects.select_related("meeting__committee", "item"):
        document = build(gather(pack, LAST_DAY))

        explained = {row[0] for row in document.sections[-2].blocks[-1].rows}
        assert abbreviations(document.texts()) - explained <= names


def _history_goes_month_by_month():
    days = PositionChange.objects.order_by("changed_on").values_list("changed_on", flat=True).distinct()

    assert days.first() == FIRST_DAY
    assert days.last() == LAST_DAY
    assert days.count() >= 6


def _reports_fill_twelve_months():
    months = Report.objects.order_by("period").values_list("period__starts_on", flat=True).distinct()

    assert list(months) == [
        *(dt.date(2018, month, 1) for month in (10, 11, 12)),
        *(dt.date(2019, month, 1) for month in range(1, 10)),
    ]


def _london_delivers_about_half_by_borough():
    of_systems = Commitment.objects.filter(delivery_level=DeliveryLevel.SYSTEM)
    moved = {code: of_systems.filter(local_levels__system__code=code).count() for code in SYSTEMS}

    assert all(0.4 < moved[code] / of_systems.count() < 0.6 for code in ("QKK", "QRV"))
    assert moved["QRL"] == 0


def _nobody_decides_their_own():
    signed_off = Report.objects.filter(state=ReportState.SIGNED_OFF)

    assert signed_off.count() > 15_000
    assert not Report.objects.filter(decided_by=F("author")).exists()
    assert signed_off.filter(supersedes__isnull=False).exists()


def _months_were_published():
    published = {
        code: [(one.slug, one.edition) for one in Publication.objects.filter(system__code=code).order_by("pk")]
        for code in SYSTEMS
    }

    assert published == {
        "QKK": [("2019-06", 1), ("2019-07", 1)],
        "QRL": [("2019-06", 1), ("2019-07", 1), ("2019-07", 2), ("2019-08", 1)],
        "QRV": [("2019-06", 1), ("2019-07", 1), ("2019-08", 1)],
    }
    for publication in Publication.objects.latest_of_each_system():
        assert publication.metrics.judged().exists()
        assert publication.positions.contradicted().exists()
        assert publication.positions.exclude(path_to_green="").exists()


def _deadlines_were_moved_refused_and_are_still_asked_for():
    for code in SYSTEMS:
        of_system = DeadlineChange.objects.filter(delivery__footprint__system__code=code)
        assert {change.state for change in of_system} == set(Ask.values)
        assert any(c.new_on > c.delivery.commitment.deadline_on for c in of_system.filter(state=Ask.ASKED))
    agreed = DeadlineChange.objects.filter(state=Ask.AGREED)
    assert all(change.delivery.local_deadline_on == change.new_on for change in agreed)
    others = DeadlineChange.objects.exclude(state=Ask.AGREED)
    assert all(change.delivery.local_deadline_on == change.old_on for change in others)


def _queues_hold_something():
    for code in SYSTEMS:
        approver = User.objects.get(memberships__role=Role.APPROVER, memberships__footprint__code=code)
        assert DeadlineChange.objects.awaiting_decision_by(approver.as_of(LAST_DAY)).exists()
        assert 5 <= Report.objects.awaiting_sign_off_by(approver.as_of(LAST_DAY)).count() <= 30


def _papers_are_quoted():
    quoted = Delivery.objects.exclude(source="")
    levels = Delivery.objects.filter(commitment__code="LTP3-MH-26").values("footprint__level").annotate(n=Count("pk"))

    assert quoted.count() == 34
    assert all(delivery.reports.filter(narrative__startswith=delivery.source).exists() for delivery in quoted)
    # South East and North West London chose boroughs; Hampshire and the Isle of Wight did not.
    assert {row["footprint__level"]: row["n"] for row in levels} == {"place": 14, "system": 1}


def _measurements_are_invented_here():
    sources = set(Observation.objects.values_list("source", flat=True).distinct())
    sources |= set(Trajectory.objects.filter(footprint__isnull=False).values_list("source", flat=True))

    assert sources == {"Invented for the demonstration"}


def _each_system_has_signals_of_every_kind():
    for code in SYSTEMS:
        deliveries = Delivery.objects.filter(footprint__code=code).select_related("commitment")
        shown = [
            measured(delivery, found.metric, LAST_DAY).get("control") for delivery, found in _with_evidence(deliveries)
        ]
        words = {sign.words for control in shown if control for sign in control.signs}
        assert {Variation.COMMON_CAUSE, Variation.IMPROVEMENT_HIGH, Variation.CONCERN_LOW} <= words
        assert {Assurance.FAIL, Assurance.HIT_OR_MISS} <= words


def _with_evidence(deliveries):
    found = of_deliveries(deliveries, LAST_DAY)
    return [(delivery, found[delivery.pk]) for delivery in deliveries]


def _people_can_sign_in(password):
    signing_in = [user for user in User.objects.filter(is_demo=True) if user.has_usable_password()]

    assert User.objects.filter(is_demo=False).count() == 0
    assert all(check_password(password, user.password) for user in signing_in)
    assert {(m.role, m.starts_on) for m in Membership.objects.filter(user__in=signing_in)} == {
        (role, FIRST_DAY) for role in Role
    }
    admin = User.objects.get(is_staff=True)
    assert not admin.is_superuser


def _accounts_are_listed(capsys):
    call_command("demo_accounts")
    lines = capsys.readouterr().out.splitlines()

    assert len(lines) == 26
    assert any(line.split() == ["Reporter", "Bexley", "reporter.bexley@demo.example"] for line in lines)
    assert lines[-1].strip() == "Password: as load_demo printed it once"


def _a_new_password_becomes_theirs(settings):
    settings.DEMO_PASSWORD = "another password of theirs"
    call_command("load_demo", if_empty=True)

    _people_can_sign_in("another password of theirs")
