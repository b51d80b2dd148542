"""What changed since a day, as a reader sees it."""

import datetime as dt

import pytest

from commitments.choices import Status
from tests.commitments.test_log import DAY, FIRST, logged
from tests.factories import TODAY, CommitmentFactory, DeliveryFactory, PlaceFactory, SystemFactory, ThemeFactory
from tests.systems.pages import page, text

SYSTEM_PAGE = "/systems/QKK/changes/"
SINCE = f"{SYSTEM_PAGE}?from=2019-09-01&to=2019-09-30"
PLACE_PAGE = "/systems/QKK/places/E09000004/changes/"


@pytest.fixture
def changed(place):
    """Two deliveries in the place that were on track on 1 September: one became worse, one was delivered."""
    theme = ThemeFactory(code="STR", name="Stroke care")
    worse = DeliveryFactory(footprint=place, commitment=CommitmentFactory(title="Rapid response", theme=theme))
    done = DeliveryFactory(footprint=place, commitment=CommitmentFactory(title="Thrombectomy"))
    for delivery in (worse, done):
        logged(delivery, FIRST, Status.ON_TRACK)
    logged(worse, TODAY, Status.AT_RISK, Status.ON_TRACK, sentence="At risk: a milestone is 1 day overdue.")
    logged(done, TODAY - DAY, Status.DELIVERED, Status.ON_TRACK, sentence="Delivered.")
    return worse


def count(html, kind):
    return f'key">{kind}</dt> <dd class="nhsuk-summary-list__value"><a' in html


def test_it_lists_what_changed_from_what_to_what_and_why(signed_in, viewer, changed):
    html = text(page(signed_in(viewer), SINCE))

    assert "From 1 September 2019 to 30 September 2019" in html
    assert "2 changes found." in html
    assert f'href="/deliveries/{changed.pk}/">Rapid response' in html
    assert "At risk: a milestone is 1 day overdue." in html
    assert html.index("Rapid response") < html.index("Thrombectomy")
    assert count(html, "Worse")
    assert count(html, "Delivered")
    assert not count(html, "Better")


def test_it_looks_back_a_month_unless_told_otherwise(signed_in, viewer, changed):
    html = text(page(signed_in(viewer), SYSTEM_PAGE))

    assert "From 31 August 2019 to 30 September 2019" in html
    assert "Opened since" in html


def test_the_days_can_be_typed_in_boxes(signed_in, viewer, changed):
    boxes = "from_day=1&from_month=9&from_year=2019&to_day=29&to_month=9&to_year=2019"

    html = text(page(signed_in(viewer), f"{SYSTEM_PAGE}?{boxes}"))

    assert "From 1 September 2019 to 29 September 2019" in html
    assert "1 change found." in html


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("kind=worse", "1 change "),
        ("kind=delivered", "1 change "),
        ("kind=better", "0 changes "),
        ("theme=STR", "1 change "),
        ("place=E09000004", "2 changes "),
        ("place=E09000006", "0 changes "),
        ("theme=STR&kind=delivered", "0 changes "),
        ("sort=-changed_on", "2 changes "),
        ("page=99", "2 changes "),
    ],
)
def test_it_can_be_narrowed(signed_in, viewer, changed, narrowed, found):
    PlaceFactory(code="E09000006", parent=changed.footprint.system)

    assert f"{found}found." in text(page(signed_in(viewer), f"{SINCE}&{narrowed}"))


def test_each_count_leads_to_its_changes(signed_in, viewer, changed):
    assert "&amp;kind=worse" in page(signed_in(viewer), SINCE)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("from=2019-10-01", "The first date must be before the second"),
        ("from=2019-09-30", "The first date must be before the second"),
        ("from=2019-09-01&to=2019-10-01", "The date must be today or earlier"),
        ("from=2019-02-30", "Enter a real date, such as 30 9 2019"),
        ("from=yesterday", "The date must include a day and month"),
        ("from=0000-00-00", "Enter a real date, such as 30 9 2019"),
        ("from=9999-99-99", "Enter a real date, such as 30 9 2019"),
        ("from=%00", "The date must include a day and month"),
        ("from_day=1", "The date must include a month and year"),
        ("from_day=&from_month=&from_year=", "Enter a date"),
        ("kind=odd", "Select a valid choice"),
        ("theme=%00", "Null characters are not allowed"),
        ("place=QKK", "Select a valid choice"),
    ],
)
def test_what_is_no_day_and_no_filter_is_said_and_asked_again(signed_in, viewer, changed, asked, message):
    html = page(signed_in(viewer), f"{SYSTEM_PAGE}?{asked}")

    assert "<title>Error: " in html
    assert message in html
    assert "changes found" not in html


def test_a_place_has_a_page_of_its_own(signed_in, reporter, changed, place):
    elsewhere = DeliveryFactory(footprint=place.parent)
    logged(elsewhere, TODAY, Status.MISSED)

    html = text(page(signed_in(reporter), f"{PLACE_PAGE}?from=2019-09-01"))

    assert "2 changes found." in html
    assert 'href="/systems/QKK/"' not in html
    assert 'name="place"' not in html


def test_another_system_changes_nothing_here(signed_in, viewer, changed):
    logged(DeliveryFactory(footprint=SystemFactory()), TODAY, Status.MISSED)

    assert "2 changes found." in text(page(signed_in(viewer), SINCE))


def test_more_changes_take_no_more_queries(signed_in, viewer, changed, django_assert_num_queries):
    client = signed_in(viewer)
    page(client, SINCE)
    with django_assert_num_queries(20, exact=False) as few:
        page(client, SINCE)
    for _ in range(30):
        logged(DeliveryFactory(footprint=changed.footprint), dt.date(2019, 9, 9), Status.AT_RISK)

    with django_assert_num_queries(len(few)):
        html = page(client, SINCE)

    assert html.count('<tr class="nhsuk-table__row">') == 26
