"""The reports of the demonstration's stories."""

import datetime as dt
from collections import Counter

import pytest

from commitments.choices import Confidence, ReportState, Stage
from commitments.demo.plans import plan_of
from commitments.demo.reporting import reports_of
from commitments.demo.stories import Statement
from commitments.demo.timetable import LAST_DAY, NETWORKS_OPEN_ON
from tests.commitments.demo_subjects import MONTHS, PHRASES, many, network, story, subject

SEPTEMBER = dt.date(2019, 9, 1)


def year(one, name):
    told = story(name)
    return reports_of(one, told, plan_of(one, told, PHRASES), MONTHS, PHRASES)


def all_reports(name, make=subject):
    return [report for one in many(make, 200) for report in year(one, name)]


@pytest.mark.parametrize("name", ["steady", "recovered", "red", "delivered", "stalled", "not begun"])
def test_a_report_is_complete(name):
    for report in all_reports(name):
        assert report.narrative
        assert "{place}" not in report.narrative + report.next_steps + report.reason + report.path_to_green
        assert report.confidence == Confidence.GREEN or (report.reason and report.path_to_green)
        assert (report.state == ReportState.RETURNED) == bool(report.return_note)


def test_days_follow_one_another_and_end_with_the_demonstration():
    opens_on = {month.starts_on: month.opens_on for month in MONTHS}

    for report in all_reports("steady"):
        if report.state == ReportState.DRAFT:
            assert report.submitted_on is None
            continue
        assert opens_on[report.month] <= report.submitted_on <= LAST_DAY
        assert report.decided_on is None or report.submitted_on <= report.decided_on <= LAST_DAY


def test_past_months_are_signed_off_and_the_open_one_is_mixed():
    states = {}
    for report in all_reports("steady"):
        states.setdefault(report.month, Counter())[report.state] += 1

    september = states.pop(SEPTEMBER)
    assert set(september) == set(ReportState)
    assert september[ReportState.SIGNED_OFF] > 0.8 * september.total()
    assert {state for month in states.values() for state in month} == {ReportState.SIGNED_OFF}


def test_a_few_reports_are_corrected():
    corrections = [report.correction for report in all_reports("steady") if report.correction]

    assert 0 < len(corrections) < 30


def test_work_older_than_the_plan_says_so():
    early = [report for report in all_reports("steady") if report.month < dt.date(2018, 12, 1)]

    assert early
    assert any("sustainability and transformation plan" in report.narrative for report in early)


def test_a_network_reports_from_the_day_it_was_set_up():
    months = {report.month for report in all_reports("steady", network)}

    assert months == {dt.date(2019, 7, 1), dt.date(2019, 8, 1), SEPTEMBER}
    assert all(report.submitted_on is None or report.submitted_on > NETWORKS_OPEN_ON
               for report in all_reports("steady", network))  # fmt: skip


def test_stages_and_confidence_follow_the_story():
    delivered = [report for report in all_reports("delivered") if report.month == SEPTEMBER]
    not_begun = all_reports("not begun")

    assert {report.stage for report in delivered} == {Stage.DELIVERED}
    assert {(report.stage, report.confidence) for report in not_begun} == {(Stage.NOT_STARTED, Confidence.AMBER)}
    assert {report.confidence for report in all_reports("red") if report.month == SEPTEMBER} == {Confidence.RED}


def test_silence_is_silence():
    assert all_reports("never reported") == []
    assert max(report.month for report in all_reports("stalled")) == dt.date(2019, 5, 1)


@pytest.mark.parametrize(("name", "month"), [("steady", dt.date(2018, 11, 1)), ("pressed", SEPTEMBER)])
def test_what_a_paper_said_is_quoted_in_its_month(name, month):
    said = Statement(month, Stage.UNDER_WAY, Confidence.AMBER, "A paper, 4.1", "We will.", "We lack staff.", "We hire.")

    for one in many(count=30, statement=said):
        quoted = next(report for report in year(one, name) if report.month == month)
        assert quoted.narrative == "A paper, 4.1: “We will.”"
        assert (quoted.state, quoted.evidence) == (ReportState.SIGNED_OFF, "A paper, 4.1")
        assert (quoted.reason, quoted.path_to_green) == ("We lack staff.", "We hire.")
