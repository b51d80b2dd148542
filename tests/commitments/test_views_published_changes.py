"""Since our last meeting: what changed between two publications, and the words for it."""

import datetime as dt

import pytest

from commitments.choices import Ask
from tests.factories import (
    CommitmentFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    PeriodFactory,
    PlaceFactory,
    SignedOffReportFactory,
    ThemeFactory,
    UserFactory,
)
from tests.systems.pages import page, text

JULY, AUGUST, SEPTEMBER = (dt.date(2019, month, 1) for month in (7, 8, 9))
BEFORE = dt.date(2019, 9, 2)
CHANGES = "/systems/QKK/published/2019-08/1/changes/"
AMBER = {"confidence": "amber", "reason": "Two posts are empty.", "path_to_green": "Interviews in May."}


# --- The page ---------------------------------------------------------------------------------------------


@pytest.fixture
def seat(signed_in, councillor):
    return signed_in(councillor)


@pytest.fixture
def two(publish, place, system):
    """One got worse and moved its dates, one became missed, one was told of for the first time, one stood still."""
    cancer = ThemeFactory(code="CAN", name="Cancer")
    worse = DeliveryFactory(
        footprint=place,
        commitment=CommitmentFactory(title="Diagnose early", theme=cancer, delivery_level="place"),
        local_deadline_on=dt.date(2021, 3, 31),
    )
    due = CommitmentFactory(title="Was due", deadline_on=dt.date(2019, 9, 15), delivery_level="place")
    missed = DeliveryFactory(footprint=PlaceFactory(parent=system, name="Bromley", code="E2"), commitment=due)
    still = DeliveryFactory(footprint=place, commitment=CommitmentFactory(title="Stands still"))
    for delivery in (worse, missed, still):
        SignedOffReportFactory(
            delivery=delivery,
            period=PeriodFactory(starts_on=JULY),
            submitted_on=dt.date(2019, 8, 30),
            decided_on=dt.date(2019, 8, 31),
            expected_on=dt.date(2021, 1, 31) if delivery == worse else None,
        )
    publish(JULY, BEFORE)
    DeadlineChangeFactory(delivery=worse, state=Ask.AGREED, decided_by=UserFactory(), decided_on=dt.date(2019, 9, 20))
    type(worse).objects.filter(pk=worse.pk).update(local_deadline_on=dt.date(2021, 9, 30))
    SignedOffReportFactory(
        delivery=worse, period=PeriodFactory(starts_on=AUGUST), expected_on=dt.date(2021, 6, 30), **AMBER
    )
    return publish()


def read(client, address=CHANGES) -> str:
    return text(page(client, address))


def test_it_says_what_got_worse_and_why_dates_moved(two, seat):
    html = read(seat)

    assert "From July 2019 (as at 2 September 2019) to August 2019 (as at 30 September 2019)" in html
    assert "2 deliveries changed." in html
    assert "Newly missed: 1" in html
    assert "Was due" in html
    assert "Worse: 1" in html
    assert "Dates moved: 1" in html
    assert "Local deadline: from 31 March 2021 to 30 September 2021. The building opens later." in html
    assert "Expected date: from 31 January 2021 to 30 June 2021. Two posts are empty." in html
    assert "Stands still" not in html


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("place=E09000004", "1 delivery changed."),
        ("place=E2", "1 delivery changed."),
        ("theme=CAN", "1 delivery changed."),
        ("theme=CAN&place=E2", "0 deliveries changed."),
        ("since=2019-07-1", "2 deliveries changed."),
    ],
)
def test_it_is_for_a_borough_a_theme_or_all(two, seat, narrowed, found):
    assert found in read(seat, f"{CHANGES}?{narrowed}")


def test_one_kind_is_shown_whole(two, seat):
    html = read(seat, f"{CHANGES}?kind=missed")

    assert "Was due" in html
    assert "Diagnose early" not in html


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("since=2018-01-1", "Select a publication that is listed"),
        ("kind=odd", "Change: select one that is listed"),
        ("theme=odd", "Theme: select one that is listed"),
        ("place=odd", "Borough or place: select one that is listed"),
    ],
)
def test_what_is_not_listed_is_said(two, seat, asked, message):
    html = page(seat, f"{CHANGES}?{asked}")

    assert message in html
    assert "changed." not in text(html)


def test_the_first_publication_has_nothing_before_it(two, seat):
    assert "This is the first publication" in read(seat, "/systems/QKK/published/2019-07/1/changes/")


def test_a_correction_is_compared_with_what_it_corrects(two, publish, seat, system):
    publish(corrects=two, reason="A number was wrong.")

    html = read(seat, "/systems/QKK/published/2019-08/2/changes/?since=2019-08-1")

    assert "0 deliveries changed." in html
