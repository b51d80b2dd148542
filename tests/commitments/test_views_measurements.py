"""Observations and local trajectories, as a reporter sees them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commitments.choices import Scope
from commitments.forms.measurements import TrajectoryForm
from commitments.models import Observation, Trajectory
from tests.commitments.pages import sent_by
from tests.factories import TODAY, DeliveryFactory, MetricFactory, ObservationFactory


@pytest.fixture
def metric(db):
    return MetricFactory(name="Smoking at birth", unit="%", scope=Scope.ENGLAND)


@pytest.fixture
def delivery(place, metric):
    return DeliveryFactory(commitment=metric.commitment, footprint=place)


@pytest.fixture
def measure(delivery):
    return reverse("commitments:observation", args=[delivery.pk])


@pytest.fixture
def draw(delivery):
    return reverse("commitments:trajectory", args=[delivery.pk])


@pytest.fixture(autouse=True)
def no_queue(monkeypatch):
    """What is enqueued after the commit is another test's matter."""
    monkeypatch.setattr("commitments.tasks.recompute_due.delay_on_commit", lambda trigger: None)


def value(**changes):
    period_end = {"period_end_on_day": "31", "period_end_on_month": "8", "period_end_on_year": "2019"}
    return period_end | {"value": "10.5", "source": "Maternity return"} | changes


# --- Observations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("behind", "when"), [(False, "within a minute."), (True, "later: background work is held up")])
def test_a_value_is_recorded_at_this_footprint_with_its_source(
    signed_in, reporter, place, metric, delivery, measure, monkeypatch, behind, when
):
    monkeypatch.setattr("commitments.views.background.is_behind", lambda today: behind)
    response = signed_in(reporter).post(measure, value(), follow=True)

    seen = Observation.objects.get()
    assert f"Value recorded. The status follows {when}" in response.content.decode()
    assert (seen.metric, seen.footprint, seen.value) == (metric, place, Decimal("10.5"))
    assert (seen.period_end_on, seen.recorded_on, seen.recorded_by) == (dt.date(2019, 8, 31), TODAY, reporter)


def test_a_revision_is_a_new_row_and_the_same_value_again_is_not(signed_in, reporter, measure):
    browser = signed_in(reporter)
    for sent in (value(), value(), value(value="11"), value(value="11")):
        browser.post(measure, sent)

    assert list(Observation.objects.values_list("value", flat=True)) == [Decimal("11"), Decimal("10.5")]


def test_the_page_shows_the_metric_and_what_was_seen_before(signed_in, reporter, place, metric, measure):
    ObservationFactory(metric=metric, footprint=place, value=Decimal("12.25"), source="Earlier return")

    html = signed_in(reporter).get(measure).content.decode()

    assert "Smoking at birth" in html
    assert "31 August 2019: 12.25 (Earlier return)" in html
    assert "England total" in html


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": ""}, "Enter the value"),
        ({"value": "1,250"}, "Enter a number without commas or signs, such as 1250 or 62.5"),
        ({"value": "many"}, "Enter a number without commas or signs, such as 1250 or 62.5"),
        ({"value": "NaN"}, "Enter a number without commas or signs, such as 1250 or 62.5"),
        ({"value": "Infinity"}, "Enter a number without commas or signs, such as 1250 or 62.5"),
        ({"value": "1e400"}, "The number must have 16 digits or fewer"),
        ({"value": "1234567890123"}, "The number must have 12 digits or fewer before the decimal point"),
        ({"value": "0.12345"}, "The number must have 4 decimal places or fewer"),
        ({"value": "1\x002"}, "Enter a number without commas or signs, such as 1250 or 62.5"),
        ({"source": ""}, "Enter where the value comes from"),
        ({"source": "x" * 301}, "Source must be 300 characters or fewer"),
        ({"period_end_on_day": ""}, "The date must include a day"),
        ({"period_end_on_day": "1", "period_end_on_month": "10"}, "must be today or in the past"),
        ({"period_end_on_year": "0001"}, "must be between 2015 and 2040"),
    ],
)
def test_what_is_wrong_with_a_value_is_said(signed_in, reporter, measure, changes, message):
    response = signed_in(reporter).post(measure, value(**changes))

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Observation.objects.exists()


def test_a_value_of_today_is_of_the_past(signed_in, reporter, measure):
    signed_in(reporter).post(measure, value(period_end_on_day="30", period_end_on_month="9"))

    assert Observation.objects.get().period_end_on == TODAY


def test_a_commitment_without_a_metric_has_no_such_pages(signed_in, reporter, place):
    unmeasured = DeliveryFactory(footprint=place)
    pages = [reverse(name, args=[unmeasured.pk]) for name in ("commitments:observation", "commitments:trajectory")]

    assert [signed_in(reporter).get(page).status_code for page in pages] == [404, 404]


def test_who_may_not_report_may_not_measure(signed_in, viewer, portal_admin, measure, draw):
    people = [signed_in(user) for user in (viewer, portal_admin)]

    assert {browser.post(page).status_code for browser in people for page in (measure, draw)} == {403}


# --- Trajectories -----------------------------------------------------------------------------------------


def path(*points, **more):
    sent = {"source": "Five-year plan, page 12", "version": "0"}
    for number, (day, month, year, expected) in enumerate(points, start=1):
        sent |= {
            f"due_on_{number}_day": day,
            f"due_on_{number}_month": month,
            f"due_on_{number}_year": year,
            f"value_{number}": expected,
        }
    return sent | more


START, HALFWAY, END = (1, 4, 2019, "10"), (31, 3, 2021, "8.5"), (31, 3, 2024, "6")


def test_a_trajectory_of_several_points_is_set(signed_in, reporter, place, metric, delivery, draw):
    signed_in(reporter).post(draw, path(START, HALFWAY, END))

    drawn = Trajectory.objects.get()
    assert (drawn.metric, drawn.footprint, drawn.recorded_by) == (metric, place, reporter)
    assert list(drawn.points.values_list("due_on", "value")) == [
        (dt.date(2019, 4, 1), Decimal("10")),
        (dt.date(2021, 3, 31), Decimal("8.5")),
        (dt.date(2024, 3, 31), Decimal("6")),
    ]


def test_all_twelve_points_may_be_used(signed_in, reporter, draw):
    signed_in(reporter).post(draw, path(*[(1, month, 2020, str(month)) for month in range(1, 13)]))

    assert Trajectory.objects.get().points.count() == TrajectoryForm.POINTS


def test_the_form_starts_from_the_trajectory_in_force_and_replaces_it(signed_in, reporter, draw):
    browser = signed_in(reporter)
    browser.post(draw, path(START, END))
    first = Trajectory.objects.get()

    html = browser.get(draw).content.decode()
    browser.post(draw, path(START, HALFWAY, version=first.pk))

    assert f'name="version" value="{first.pk}"' in html
    assert 'name="due_on_2_year" value="2024"' in html
    assert [drawn.points.count() for drawn in Trajectory.objects.all()] == [2, 2]
    assert Trajectory.objects.last().points.last().due_on == dt.date(2021, 3, 31)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (path(), "Enter at least 2 points"),
        (path(START), "Enter at least 2 points"),
        (path(END, START), "The day of point 2 must be after the day of point 1"),
        (path(START, START), "The day of point 2 must be after the day of point 1"),
        (path(START, (31, 3, 2021, "")), "Enter the value of point 2"),
        (path(START, ("", "", "", "8")), "Enter the day of point 2"),
        (path(START, (31, 2, 2021, "8")), "Enter a real date, such as 30 9 2019"),
        (path(START, (31, 3, 2021, "eight")), "Enter a number without commas or signs"),
        (path(START, END, source=""), "Enter where the trajectory was agreed"),
        (path(START, END, version=""), "This page is out of date. Open it again"),
    ],
)
def test_what_is_wrong_with_a_trajectory_is_said(signed_in, reporter, draw, sent, message):
    response = signed_in(reporter).post(draw, sent)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Trajectory.objects.exists()


def test_empty_rows_between_points_are_left_out(signed_in, reporter, draw):
    signed_in(reporter).post(draw, path(START, ("", "", "", ""), END))

    assert Trajectory.objects.get().points.count() == 2


def test_two_people_drawing_at_once_the_second_sees_both(signed_in, reporter, manager, draw):
    signed_in(reporter).post(draw, path(START, END))

    response = signed_in(manager).post(draw, path(START, (31, 3, 2023, "7")))

    html = response.content.decode()
    assert response.status_code == 409
    assert "31 March 2024" in html
    assert "31 March 2023" in html
    assert Trajectory.objects.count() == 1


def test_the_second_of_them_takes_a_whole_path_or_leaves_it(signed_in, reporter, manager, draw):
    signed_in(reporter).post(draw, path(START, END))
    browser = signed_in(manager)
    html = browser.post(draw, path(START, (31, 3, 2023, "7"))).content.decode()

    response = browser.post(draw, sent_by(html) | {"whole": "mine"})

    assert response.status_code == 302
    assert "between" not in sent_by(html)
    assert [drawn.points.last().due_on.year for drawn in Trajectory.objects.all()] == [2024, 2023]


def test_the_second_of_two_clicks_on_a_trajectory_is_content(signed_in, reporter, draw):
    browser = signed_in(reporter)
    browser.post(draw, path(START, END))

    response = browser.post(draw, path(START, END), follow=True)

    assert "Trajectory saved" in response.content.decode()
    assert Trajectory.objects.count() == 1
