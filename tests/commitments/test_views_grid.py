"""The grid of many deliveries: what it shows, and to whom."""

import datetime as dt

import pytest

from commitments.choices import ReportState
from commitments.models import Report
from tests.commitments.grid import GRID, draft_of, read
from tests.factories import (
    DeliveryFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
)

pytestmark = pytest.mark.usefixtures("period")


def test_a_row_starts_from_the_latest_report_and_says_so_and_nothing_is_stored(desk, delivery, august):
    august(delivery)

    html = read(desk.get(GRID))

    assert "Words of August" in html
    assert '<option value="amber" selected>Amber</option>' in html
    assert 'value="31/03/2021"' in html
    assert "From August 2019, not saved yet." in html
    assert not Report.objects.filter(period="2019-09-01").exists()


def test_a_row_shows_the_draft_of_this_month_and_whose_it_is(desk, delivery, august, reporter):
    august(delivery)
    draft_of(delivery, reporter)

    html = read(desk.get(GRID))

    assert "Words of the draft" in html
    assert "Words of August" not in html
    assert f"Draft of {reporter.name}, saved on" in html


def test_a_returned_report_shows_the_note(desk, delivery, approver, manager):
    ReportFactory(
        delivery=delivery,
        author=manager,
        state=ReportState.RETURNED,
        decided_by=approver,
        decided_on=dt.date(2019, 9, 28),
        return_note="Which hubs?",
    )

    html = read(desk.get(GRID))

    assert f"Returned by {approver.name}:" in html
    assert "Which hubs?" in html


@pytest.mark.parametrize(
    ("make", "said"), [(ReportFactory, "It awaits sign-off"), (SignedOffReportFactory, "Signed off on 27 September")]
)
def test_what_is_submitted_or_signed_off_can_be_read_and_not_written(desk, delivery, make, said):
    make(delivery=delivery)

    html = read(desk.get(GRID))

    assert said in html
    assert "The work goes to plan." in html
    assert "<textarea" not in html


def test_only_deliveries_one_may_report_on_and_that_apply_are_there(signed_in, reporter, place, system):
    own = DeliveryFactory(footprint=place)
    others = [DeliveryFactory(footprint=PlaceFactory(parent=system)), DeliveryFactory()]
    not_applicable = DeliveryFactory(footprint=place, is_applicable=False, not_applicable_reason="No")

    html = read(signed_in(reporter).get(GRID))

    assert f'id="row-{own.pk}"' in html
    assert not [other for other in [*others, not_applicable] if f'id="row-{other.pk}"' in html]


def test_who_reports_nowhere_is_refused(signed_in, viewer, councillor, portal_admin, delivery):
    for user in (viewer, councillor, portal_admin):
        client = signed_in(user)
        answers = [client.get(GRID), client.post(GRID), client.get(f"{GRID}submit/"), client.post(f"{GRID}submit/")]
        assert [answer.status_code for answer in answers] == [403] * 4


def test_the_grid_is_filtered_like_the_list_and_has_25_rows_a_page(desk, place):
    deliveries = [DeliveryFactory(footprint=place) for _ in range(26)]

    pages = [read(desk.get(GRID, {"page": page})) for page in (1, 2)]
    found = read(desk.get(GRID, {"commitment": deliveries[0].commitment.code}))

    assert [html.count("<textarea") for html in (*pages, found)] == [25, 1, 1]
    assert 'aria-label="Pagination"' in pages[0]
    assert "No delivery that you report on matches" in read(desk.get(GRID, {"commitment": "nonsense"}))


def test_twice_the_rows_take_the_same_queries(desk, place, django_assert_num_queries, august):
    august(DeliveryFactory(footprint=place))
    desk.get(GRID)
    with django_assert_num_queries(14, exact=False) as few:
        desk.get(GRID)
    for _ in range(3):
        august(DeliveryFactory(footprint=place))

    with django_assert_num_queries(len(few)):
        desk.get(GRID)


def test_each_box_says_what_it_is_and_of_which_delivery(desk, delivery):
    html = read(desk.get(GRID))

    for label in ("Confidence", "Stage", "Expected date", "What happened this month"):
        assert f'aria-label="{label}: {delivery}"' in html
