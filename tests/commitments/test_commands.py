import csv
import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from commitments.choices import Status
from commitments.models import Position
from commitments.recompute import recompute
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MilestoneFactory,
    SignedOffReportFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db


def run(name, *arguments):
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def exported(*arguments):
    return list(csv.DictReader(io.StringIO(run("export_positions", *arguments))))


@pytest.fixture
def delivery(system):
    return DeliveryFactory(footprint=system, commitment=CommitmentFactory(code="LTP1-OOH-01"))


# --- recompute --------------------------------------------------------------------------------------------


def test_recompute_says_its_scope_what_changed_and_how_long_it_took(delivery):
    assert run("recompute").startswith("England on 30 September 2019, positions due: 1 examined, 1 changed, ")
    assert run("recompute").startswith("England on 30 September 2019, positions due: 0 examined, 0 changed, ")
    assert run("recompute", "--all").startswith("England on 30 September 2019, every position: 1 examined, 0 changed, ")


def test_recompute_of_one_system_leaves_the_others(delivery):
    other = DeliveryFactory(footprint=SystemFactory())

    assert run("recompute", "--system", "QKK").startswith("QKK on 30 September 2019, positions due: 1 examined, 1 ch")

    other.position.refresh_from_db()
    assert other.position.reason_code == ""


def test_another_day_is_compared_and_never_stored(delivery):
    MilestoneFactory(delivery=delivery, due_on=dt.date(2019, 10, 31))
    SignedOffReportFactory(delivery=delivery)
    run("recompute")
    before = Position.objects.values().get()

    said = run("recompute", "--as-of", "2019-11-01", "--all")

    assert "LTP1-OOH-01/QKK: status on_track -> at_risk; reason_code on_track -> milestone_overdue;" in said
    assert "QKK" in said
    assert "1 positions differ, nothing written" in said
    assert Position.objects.values().get() == before


def test_today_said_aloud_is_today(delivery):
    assert "1 changed" in run("recompute", "--as-of", TODAY.isoformat())


def test_an_audit_finds_nothing_after_a_recompute(delivery):
    run("recompute")

    assert "0 positions differ" in run("recompute", "--audit")


def test_an_audit_names_what_drifted_and_fails(delivery):
    run("recompute")
    Position.objects.update(status=Status.DELIVERED, headroom_days=3)

    with pytest.raises(CommandError, match="1 stored positions are not what their evidence says"):
        run("recompute", "--audit")

    assert Position.objects.get().status == Status.DELIVERED


@pytest.mark.parametrize("command", ["recompute", "export_positions"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--system", "ZZ"), "There is no system with the code 'ZZ'."),
        (("--system", "E09000004"), "There is no system with the code 'E09000004'."),
        (("--as-of", "tomorrow"), "'tomorrow' is not a date: write it as 2019-09-30."),
        (("--as-of", "2019-02-30"), "'2019-02-30' is not a date: write it as 2019-09-30."),
    ],
)
def test_a_wrong_word_is_answered_in_one_line(place, command, arguments, message):
    with pytest.raises(CommandError) as refused:
        run(command, *arguments)

    assert str(refused.value) == message


# --- export_positions -------------------------------------------------------------------------------------


def test_an_export_has_one_row_a_delivery(delivery):
    SignedOffReportFactory(delivery=delivery)
    run("recompute")

    [row] = exported()

    assert row == {
        "commitment": "LTP1-OOH-01",
        "footprint": "QKK",
        "status": "on_track",
        "reason": "on_track",
        "sentence": "On track: reported green on 25 September 2019, and no evidence speaks against it.",
        "freshness": "fresh",
        "contradiction": "",
        "headroom_days": "",
        "headroom_from": "",
        "expected_on": "",
        "milestones_finish_on": "",
        "metric_finish_on": "",
        "deadline_on": "2024-03-31",
        "next_milestone_on": "",
        "reported_on": "2019-09-25",
        "next_change_on": "2019-11-10",
    }


def test_an_export_is_logged(delivery, security_log):
    run("export_positions", "--system", "QKK")

    event = security_log()[-1]
    assert (event["event"], event["system"], event["rows"]) == ("positions_exported", "QKK", 1)


def test_an_export_of_another_day_is_computed(delivery):
    SignedOffReportFactory(delivery=delivery)
    run("recompute")

    [row] = exported("--as-of", "2020-03-31")

    assert row["status"] == "not_reported"
    assert row["sentence"] == "Not reported: the latest report is 188 days old (25 September 2019)."


def test_an_export_as_of_today_equals_the_stored_one(delivery):
    SignedOffReportFactory(delivery=delivery)
    run("recompute")

    assert exported("--as-of", TODAY.isoformat()) == exported()


def test_an_export_of_one_system_holds_no_other(delivery):
    DeliveryFactory(footprint=SystemFactory())

    assert [row["footprint"] for row in exported("--system", "QKK")] == ["QKK"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(system, start):
    DeliveryFactory(footprint=system, position={"sentence": f"{start}cmd()", "headroom_days": -5})

    [row] = exported()

    assert row["sentence"].startswith("'")
    assert row["headroom_days"] == "-5"


# --- explain ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["number", "codes"])
def test_explain_prints_the_evidence_the_rules_and_the_verdict(delivery, name):
    SignedOffReportFactory(delivery=delivery)

    said = run("explain", str(delivery.pk) if name == "number" else "LTP1-OOH-01/QKK")

    assert "LTP1-OOH-01 Commitment LTP1-OOH-01, South East London, on 30 September 2019" in said
    assert "25 September 2019: under way, green, no expected date" in said
    assert "No forecast: fewer than 3 milestones met" in said
    assert "not_applicable: no" in said
    assert "on_track: yes: On track" in said
    assert "On track: reported green on 25 September 2019, and no evidence speaks against it." in said
    assert "10 November 2019, if nothing is reported before" in said


def test_explain_another_day(delivery):
    assert "on 31 March 2025" in run("explain", str(delivery.pk), "--as-of", "2025-03-31")
    assert "deadline_missed: yes: Missed" in run("explain", str(delivery.pk), "--as-of", "2025-03-31")


def test_what_is_stored_is_told_as_of_today_whatever_day_is_explained(delivery):
    SignedOffReportFactory(delivery=delivery)
    MilestoneFactory(delivery=delivery, title="Board agrees", due_on=dt.date(2019, 9, 20))
    recompute(TODAY, everything=True)

    said = run("explain", str(delivery.pk), "--as-of", "2019-01-31")

    assert "Position  At risk: its only milestone is 10 days overdue" in said


@pytest.mark.parametrize("name", ["0", "99999999999999999999", "x", "LTP1-OOH-01/NOWHERE", "/", ""])
def test_explain_of_no_delivery_is_refused_in_one_line(delivery, name):
    with pytest.raises(CommandError, match="There is no delivery"):
        run("explain", name)
