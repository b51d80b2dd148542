"""Saving the rows of the grid all at once: what is changed is saved, and what is wrong is said."""

import datetime as dt

import pytest

from commitments.choices import ReportState
from commitments.models import Report
from tests.commitments.grid import AUGUST, GRID, draft_of, read, sent
from tests.factories import (
    DeliveryFactory,
    PlaceFactory,
    ReportFactory,
)


@pytest.fixture(autouse=True)
def september(period):
    return period


def test_only_rows_that_were_changed_are_saved_and_the_rest_of_the_words_go_with_them(desk, place, manager, august):
    changed, untouched = (DeliveryFactory(footprint=place) for _ in range(2))
    august(changed), august(untouched)
    shown = {"confidence": "amber", "stage": "under_way", "expected_on": "2021-03-31", "narrative": "Words of August"}

    response = desk.post(
        GRID, sent((changed, 0, shown, {"narrative": "Words of September"}), (untouched, 0, shown, {})), follow=True
    )

    report = Report.objects.get(period="2019-09-01")
    assert "1 row saved" in read(response)
    assert (report.delivery, report.state, report.author) == (changed, ReportState.DRAFT, manager)
    assert (report.narrative, report.confidence) == ("Words of September", "amber")
    assert (report.reason, report.path_to_green) == ("Two posts are empty.", "Interviews in May.")


def test_a_draft_is_written_over_and_its_version_counts_on(desk, delivery, reporter, manager):
    draft = draft_of(delivery, reporter, evidence="Minutes")
    before = draft.written_at

    desk.post(GRID, sent((delivery, 1, {"narrative": "Words of the draft"}, {"narrative": "New", "stage": "planning"})))

    draft.refresh_from_db()
    assert (draft.narrative, draft.stage, draft.evidence) == ("New", "planning", "Minutes")
    assert (draft.version, draft.author) == (2, manager)
    assert draft.saved_at > before


def test_a_returned_report_that_is_changed_is_a_draft_again(desk, delivery, approver, manager):
    report = ReportFactory(
        delivery=delivery, author=manager, state=ReportState.RETURNED, decided_by=approver, decided_on=AUGUST,
        return_note="Which?",
    )  # fmt: skip

    desk.post(GRID, sent((delivery, 1, {}, {"narrative": "These two"})))

    report.refresh_from_db()
    assert (report.state, report.decided_by, report.narrative) == (ReportState.DRAFT, None, "These two")


def test_no_change_is_said_with_one_tick(desk, delivery, august):
    august(delivery)

    desk.post(GRID, sent((delivery, 0, {"narrative": "Words of August"}, {"as_it_stands": "on"})))

    assert Report.objects.get(period="2019-09-01").narrative == "Words of August"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"expected_on": "31/2/2021"}, "Enter a real date, such as 30/9/2019"),
        ({"expected_on": "31/3/21"}, "Enter a real date, such as 30/9/2019"),
        ({"expected_on": "1/1/1999"}, "Expected date must be between 2015 and 2040"),
        ({"confidence": "purple"}, "Select a delivery confidence from the list"),
        ({"stage": "\x00"}, "Select a stage from the list"),
        ({"narrative": "a\x00b"}, "Null characters are not allowed."),
        ({"narrative": "x" * 4001}, "What happened this month must be 4,000 characters or fewer"),
        ({"version": "x", "narrative": "y"}, "This page is out of date. Open it again"),
        ({"version": "99999999999", "narrative": "y"}, "This page is out of date. Open it again"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_at_the_box_and_the_other_rows_are_saved(desk, place, changed, message):
    wrong, right = (DeliveryFactory(footprint=place) for _ in range(2))

    response = desk.post(
        GRID, sent((wrong, 0, {}, {"narrative": "Typed"} | changed), (right, 0, {}, {"stage": "planning"}))
    )

    html = read(response)
    assert "<title>Error: " in html
    assert f"{message}: {wrong}" in html
    assert html.count(message) > 1
    assert Report.objects.get().delivery == right
    assert "The other rows that you changed are saved." in html


@pytest.mark.parametrize("day", ["31/3/2021", "31 3 2021", "31.3.2021", "2021-03-31", "31 March 2021", "31 Mar 2021"])
def test_a_date_can_be_typed_as_people_write_it(desk, delivery, day):
    desk.post(GRID, sent((delivery, 0, {}, {"expected_on": day})))

    assert Report.objects.get().expected_on == dt.date(2021, 3, 31)


def test_nothing_changed_is_said_and_nothing_written(desk, delivery):
    assert "No row was changed" in read(desk.post(GRID, sent((delivery, 0, {}, {})), follow=True))
    assert not Report.objects.exists()


@pytest.mark.parametrize("rows", [["x"], ["\x00"], ["-1"], ["9" * 30], ["²"], []])
def test_rows_that_mean_nothing_are_passed_over(desk, delivery, rows):
    response = desk.post(GRID, {"period": "2019-09-01", "row": rows}, follow=True)

    assert response.status_code == 200


def test_rows_one_may_not_write_cannot_be_slipped_in(signed_in, reporter, place, system):
    unseen = DeliveryFactory(footprint=PlaceFactory(parent=system))
    struck_out = DeliveryFactory(footprint=place, is_applicable=False, not_applicable_reason="No")

    response = signed_in(reporter).post(
        GRID, sent((unseen, 0, {}, {"narrative": "One"}), (struck_out, 0, {}, {"narrative": "Two"}))
    )

    assert not Report.objects.exists()
    assert "You can no longer report on this delivery" in read(response)
    assert "Two" in read(response)
    assert str(unseen) not in read(response)


def test_what_was_typed_for_a_month_that_has_closed_is_given_back(desk, delivery, september):
    data = sent((delivery, 0, {}, {"narrative": "Typed in time"}), period="2019-08-01")

    other_month = desk.post(GRID, data)
    september.delete()
    no_month = desk.post(GRID, data)

    for response in (other_month, no_month):
        assert response.status_code == 409
        assert "Typed in time" in read(response)
    assert not Report.objects.exists()
    assert "No month is open to report on" in read(desk.get(GRID))
    assert "No month is open to report on" in read(desk.get(f"{GRID}submit/"))
