"""The grid of many deliveries: what it shows, and what becomes of each row that is sent."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments.choices import Confidence, ReportState
from commitments.models import Delivery, Report
from systems.choices import Role
from tests.factories import (
    DeliveryFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    person,
)

GRID = "/deliveries/grid/"
AUGUST = dt.date(2019, 8, 1)


@pytest.fixture(autouse=True)
def september(period):
    return period


@pytest.fixture
def desk(signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def august():
    """An amber report for August, signed off."""

    def signed_off(delivery, **facts):
        words = {
            "confidence": Confidence.AMBER,
            "reason": "Two posts are empty.",
            "path_to_green": "Interviews in May.",
            "expected_on": dt.date(2021, 3, 31),
            "narrative": "Words of August",
        }
        return SignedOffReportFactory(delivery=delivery, period=PeriodFactory(starts_on=AUGUST), **words | facts)

    return signed_off


def draft_of(delivery, author, **facts):
    words = {"submitted_on": None, "state": ReportState.DRAFT, "narrative": "Words of the draft"}
    return ReportFactory(delivery=delivery, author=author, **words | facts)


def sent(*rows, **more):
    """What a browser sends of these rows: the boxes as shown, then as they were changed."""
    data = {"period": "2019-09-01", "row": [str(delivery.pk) for delivery, *_ in rows]} | more
    for delivery, version, shown, changed in rows:
        boxes = {"confidence": "", "stage": "", "expected_on": "", "narrative": ""} | shown
        data |= {f"initial-{delivery.pk}-{name}": value for name, value in boxes.items()}
        boxes |= {"version": str(version)} | changed
        data |= {f"{delivery.pk}-{name}": value for name, value in boxes.items()}
    return data


def read(response):
    return response.content.decode()


def one_row(delivery):
    return reverse("commitments:grid_row", args=[delivery.pk])


# --- What it shows ----------------------------------------------------------------------------------------


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


# --- Saving all of them -----------------------------------------------------------------------------------


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
    assert "1 row saved" in html


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


# --- Two people, one row ----------------------------------------------------------------------------------


def test_the_second_writer_sees_both_texts_and_the_other_rows_are_saved(desk, place, reporter):
    contested, free = (DeliveryFactory(footprint=place) for _ in range(2))
    draft_of(contested, reporter, narrative="Words of the first", version=2)

    response = desk.post(
        GRID,
        sent((contested, 1, {}, {"narrative": "Words of the second"}), (free, 0, {}, {"narrative": "Free"})),
    )

    html = read(response)
    assert response.status_code == 409
    assert f"{reporter.name} changed this row on" in html
    assert "Words of the first" in html
    assert "Words of the second" in html
    assert set(Report.objects.values_list("narrative", flat=True)) == {"Words of the first", "Free"}


@pytest.mark.parametrize(("keep", "stays"), [("mine", "Words of the second"), ("theirs", "Words of the first")])
def test_the_second_writer_chooses(desk, delivery, reporter, keep, stays):
    draft = draft_of(delivery, reporter, narrative="Words of the first", version=2)
    first = sent((delivery, 2, {}, {"narrative": "Words of the second", "is_conflict": "1"}))

    unanswered = desk.post(GRID, first)
    desk.post(GRID, first | {f"{delivery.pk}-keep": keep})

    draft.refresh_from_db()
    assert "Select which text should stay" in read(unanswered)
    assert draft.narrative == stays


def test_a_third_writer_in_between_is_not_overwritten_either(desk, delivery, reporter):
    draft = draft_of(delivery, reporter, narrative="Words of the third", version=3)
    data = sent((delivery, 2, {}, {"narrative": "Mine", "is_conflict": "1", "keep": "mine"}))

    response = desk.post(GRID, data)

    draft.refresh_from_db()
    assert response.status_code == 409
    assert draft.narrative == "Words of the third"


def test_a_row_nobody_touched_here_is_no_conflict(desk, delivery, reporter):
    draft_of(delivery, reporter, narrative="Words of the first", version=2)

    response = desk.post(GRID, sent((delivery, 1, {"narrative": "Older"}, {})))

    assert response.status_code == 302
    assert Report.objects.get().narrative == "Words of the first"


def test_the_second_of_two_clicks_is_content(desk, delivery):
    data = sent((delivery, 0, {}, {"narrative": "Once"}))
    desk.post(GRID, data)

    assert desk.post(GRID, data).status_code == 302
    assert Report.objects.get().version == 1


def test_a_report_submitted_meanwhile_gives_back_what_was_typed(desk, delivery, reporter):
    ReportFactory(delivery=delivery, author=reporter, narrative="As submitted")

    response = desk.post(GRID, sent((delivery, 1, {}, {"narrative": "Too late"})))

    assert response.status_code == 409
    assert "It awaits sign-off" in read(response)
    assert "Too late" in read(response)
    assert Report.objects.get().narrative == "As submitted"


def test_a_draft_that_is_gone_can_be_written_anew(desk, delivery):
    response = desk.post(GRID, sent((delivery, 4, {}, {"narrative": "Still here"})))

    assert response.status_code == 409
    assert "The draft you had before you is no longer here" in read(response)
    assert f'name="{delivery.pk}-version" value="0"' in read(response)


# --- One row, as soon as a box was changed ----------------------------------------------------------------


def test_a_row_saved_by_itself_says_when_and_carries_its_new_version(desk, delivery):
    html = read(desk.post(one_row(delivery), sent((delivery, 0, {}, {"confidence": "green"}))))

    report = Report.objects.get()
    assert report.confidence == "green"
    assert "<strong>Saved " in html
    assert 'id="grid-said" hx-swap-oob="innerHTML">Saved ' in html
    assert f'name="{delivery.pk}-version" value="1"' in html
    assert f'name="initial-{delivery.pk}-confidence" value="green"' in html
    assert "Still needed: a stage, what happened this month." in html


def test_an_error_is_said_at_its_box(desk, delivery):
    html = read(desk.post(one_row(delivery), sent((delivery, 0, {}, {"expected_on": "soon"}))))

    assert f'id="id_{delivery.pk}-expected_on_slot" hx-swap-oob="innerHTML"><span class="nhsuk-error-message"' in html
    assert "<strong>Not saved.</strong>" in html
    assert not Report.objects.exists()


def test_a_row_somebody_else_changed_shows_both_texts(desk, delivery, reporter):
    draft_of(delivery, reporter, narrative="Words of the first", version=2)

    html = read(desk.post(one_row(delivery), sent((delivery, 1, {}, {"narrative": "Mine"}))))

    assert "Words of the first" in html
    assert "You typed: Mine" in html
    assert f'name="{delivery.pk}-keep"' in html


def test_keeping_what_is_stored_draws_the_row_anew(desk, delivery, reporter):
    draft_of(delivery, reporter, narrative="Words of the first", version=2)

    response = desk.post(one_row(delivery), sent((delivery, 2, {}, {"narrative": "Mine", "keep": "theirs"})))

    assert (response["HX-Retarget"], response["HX-Reswap"]) == (f"#row-{delivery.pk}", "outerHTML")
    assert "Words of the first" in read(response)
    assert "Mine" not in read(response)


def test_a_month_that_has_closed_is_said_in_the_row(desk, delivery):
    response = desk.post(one_row(delivery), sent((delivery, 0, {}, {"narrative": "Mine"}), period="2019-08-01"))

    assert "takes no more reports" in read(response)
    assert "Mine" in read(response)
    assert not Report.objects.exists()


def test_a_row_of_another_system_is_not_there(signed_in, place):
    elsewhere = person(Role.PROGRAMME_MANAGER, PlaceFactory())
    delivery = DeliveryFactory(footprint=place)

    assert (
        signed_in(elsewhere).post(one_row(delivery), sent((delivery, 0, {}, {"stage": "planning"}))).status_code == 404
    )
    assert Delivery.objects.get().reports.count() == 0
