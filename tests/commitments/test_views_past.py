"""Pages as of a past day: from the log and from what was known then, never from today."""

import datetime as dt

import pytest

from commitments.actions import agree_deadline_change, ask_deadline_change, set_local_plan
from commitments.choices import Status
from tests.commitments.test_log import DAY, FIRST, logged
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MilestoneFactory,
    PcnFactory,
    SignedOffReportFactory,
    SystemFactory,
    ThemeFactory,
)
from tests.systems.pages import PLACE_PAGE, page, text

SYSTEM_PAGE = "/systems/QKK/"
THEN = "as_of=2019-09-10"
NO_DAY = [
    ("as_of=2019-10-01", "The date must be today or earlier"),
    ("as_of=2019-02-30", "Enter a real date, such as 30 9 2019"),
    ("as_of=soon", "The date must include a day and month"),
    ("as_of=%00", "The date must include a day and month"),
    ("as_of=-1-1-1", "The date must include"),
    ("as_of_day=31", "The date must include a month and year"),
    ("as_of_day=31&as_of_month=2&as_of_year=2019", "Enter a real date, such as 30 9 2019"),
]


@pytest.fixture
def moved(place):
    """A delivery that was off track on 10 September and is on track today."""
    theme = ThemeFactory(code="STR", name="Stroke care")
    delivery = DeliveryFactory(
        footprint=place,
        commitment=CommitmentFactory(title="Rapid response", theme=theme),
        position={"status": Status.ON_TRACK, "sentence": "On track: so it is."},
    )
    logged(delivery, FIRST, Status.OFF_TRACK, sentence="Off track: reported red.")
    logged(delivery, TODAY, Status.ON_TRACK, Status.OFF_TRACK, sentence="On track: so it is.")
    return delivery


# --- A system and a place ---------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [SYSTEM_PAGE, PLACE_PAGE])
def test_a_dashboard_counts_what_the_log_had(signed_in, viewer, moved, address):
    html = text(page(signed_in(viewer), f"{address}?{THEN}"))

    assert "As it stood on 10 September 2019." in html
    assert f'<a href="{address}">How it stands today</a>' in html
    assert "Of 1 delivery, 0 are on track or delivered, 0 at risk, 1 off track" in html
    assert f'href="/deliveries/{moved.pk}/?as_of=2019-09-10">Rapid response' in html
    assert "Recorded on 1 September 2019." in html
    assert "Off track: reported red." in html
    assert "as_of=2019-09-10" in html.split("/deliveries/?system=QKK", 1)[1].split('"', 1)[0]
    assert f'<a href="{address}changes/?from=2019-09-10">What changed since 10 September 2019</a>' in html


@pytest.mark.parametrize("address", [SYSTEM_PAGE, PLACE_PAGE])
def test_before_the_first_entry_there_is_no_data(signed_in, viewer, moved, address):
    html = text(page(signed_in(viewer), f"{address}?as_of=2019-08-31"))

    assert "No data: nothing had been recorded here by 31 August 2019." in html
    assert "Of 0" not in html


@pytest.mark.parametrize("address", [SYSTEM_PAGE, PLACE_PAGE])
@pytest.mark.parametrize("asked", ["as_of=2019-09-30", "as_of=", "as_of_day=30&as_of_month=9&as_of_year=2019"])
def test_as_of_today_is_today(signed_in, viewer, moved, address, asked):
    html = text(page(signed_in(viewer), f"{address}?{asked}"))

    assert "As at 30 September 2019" in html
    assert "As it stood on 30" not in html
    assert "1 is on track or delivered" in html
    assert f'<a href="{address}changes/">' in html


def test_the_day_can_be_typed_in_boxes(signed_in, viewer, moved):
    html = page(signed_in(viewer), f"{SYSTEM_PAGE}?as_of_day=10&as_of_month=9&as_of_year=2019")

    assert "As it stood on 10 September 2019." in html


@pytest.mark.parametrize(("asked", "message"), NO_DAY)
@pytest.mark.parametrize("where", [SYSTEM_PAGE, PLACE_PAGE, "/deliveries/", "delivery"])
def test_what_is_no_past_day_is_said_and_asked_again(signed_in, viewer, moved, where, asked, message):
    address = f"/deliveries/{moved.pk}/" if where == "delivery" else where

    html = page(signed_in(viewer), f"{address}?{asked}")

    assert "<title>Error: " in html
    assert message in html
    assert "As it stood on 10 September" not in html


def test_who_sees_only_the_place_sees_only_the_place_then(signed_in, reporter, moved, place):
    logged(DeliveryFactory(footprint=place.parent), FIRST, Status.MISSED)

    assert "Of 1 delivery, 0 are on track" in text(page(signed_in(reporter), f"{PLACE_PAGE}?{THEN}"))
    assert signed_in(reporter).get(f"{SYSTEM_PAGE}?{THEN}").status_code == 404


def test_more_of_the_past_takes_no_more_queries(signed_in, viewer, moved, place, django_assert_num_queries):
    client = signed_in(viewer)
    page(client, SYSTEM_PAGE)
    with django_assert_num_queries(20, exact=False) as few:
        page(client, f"{SYSTEM_PAGE}?{THEN}")
    for _ in range(15):
        logged(DeliveryFactory(footprint=PcnFactory(parent=place)), FIRST, Status.MISSED)

    with django_assert_num_queries(len(few)):
        page(client, f"{SYSTEM_PAGE}?as_of=2019-09-11")


# --- The list ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [("", 1), ("&status=off_track", 1), ("&status=on_track", 0), ("&theme=STR", 1), ("&sort=-since", 1), ("&q=zzz", 0)],
)
def test_the_list_shows_and_narrows_what_the_log_had(signed_in, viewer, moved, narrowed, found):
    html = text(page(signed_in(viewer), f"/deliveries/?{THEN}{narrowed}"))

    assert f"{found} deliver{'y' if found == 1 else 'ies'} found." in html
    assert ("Off track: reported red." in html) is bool(found)
    assert ("No data: nothing that matches was recorded" in html) is not bool(found)
    assert 'name="freshness"' not in html


def test_the_list_of_the_past_holds_only_what_one_may_see(signed_in, viewer, moved):
    logged(DeliveryFactory(footprint=SystemFactory()), FIRST, Status.MISSED)

    assert "1 delivery found." in text(page(signed_in(viewer), f"/deliveries/?{THEN}"))


def test_a_wrong_filter_of_the_past_is_said(signed_in, viewer, moved):
    html = text(page(signed_in(viewer), f"/deliveries/?{THEN}&status=odd&sort=status"))

    assert "Status: select one that is listed" in html
    assert "0 deliveries found." in html


# --- One delivery -----------------------------------------------------------------------------------------


def past_page(client, delivery, day):
    return text(page(client, f"/deliveries/{delivery.pk}/?as_of={day}"))


def test_a_delivery_shows_the_sentence_as_it_was_recorded(signed_in, viewer, moved):
    html = past_page(signed_in(viewer), moved, "2019-09-10")

    assert "As it stood on 10 September 2019." in html
    assert "recorded on 1 September 2019" in html
    assert "Off track: reported red." in html
    assert "On track: so it is." not in html
    assert "Report progress" not in html


def test_a_delivery_before_its_first_entry_has_no_data(signed_in, viewer, moved):
    html = past_page(signed_in(viewer), moved, "2018-09-30")

    assert "No data: no status had been recorded by 30 September 2018." in html
    assert "What was known" not in html


def test_what_became_known_later_is_not_shown(signed_in, manager, moved):
    SignedOffReportFactory(delivery=moved, narrative="Two hubs opened.")
    MilestoneFactory(delivery=moved, title="Old step", achieved_on=TODAY, achieved_by=manager)
    MilestoneFactory(delivery=moved, title="New step", recorded_on=TODAY)
    day = dt.date(2025, 3, 31)
    set_local_plan(delivery=moved, version=1, plan={"local_deadline_on": day}, by=manager, today=TODAY)
    client = signed_in(manager)

    before, on = past_page(client, moved, TODAY - 4 * DAY), text(page(client, f"/deliveries/{moved.pk}/"))

    for later in ("Two hubs opened.", "New step", "31 March 2025", "Achieved on"):
        assert later not in before
        assert later in on
    assert "Old step" in before
    assert "0 of 1 milestone achieved" in before


def test_a_report_is_shown_from_the_day_it_was_signed_off(signed_in, viewer, moved):
    SignedOffReportFactory(delivery=moved, narrative="Two hubs opened.", decided_on=dt.date(2019, 9, 27))
    client = signed_in(viewer)

    assert "Two hubs opened." not in past_page(client, moved, "2019-09-26")
    assert "Two hubs opened." in past_page(client, moved, "2019-09-27")


def test_a_deadline_change_is_shown_from_the_day_it_was_decided(signed_in, viewer, manager, approver, moved):
    old_on, new_on = dt.date(2021, 3, 31), dt.date(2022, 3, 31)
    set_local_plan(delivery=moved, version=1, plan={"local_deadline_on": old_on}, by=manager, today=TODAY - 3 * DAY)
    change = ask_deadline_change(
        delivery=moved, old_on=old_on, new_on=new_on, reason="Staff left", by=manager, today=TODAY - 2 * DAY
    )
    agree_deadline_change(change=change, note="", by=approver, today=TODAY - DAY)
    client = signed_in(viewer)

    before, on = past_page(client, moved, TODAY - 2 * DAY), past_page(client, moved, TODAY - DAY)

    assert "31 March 2021" in before
    assert "31 March 2022" not in before
    assert "Staff left" in on
    assert "31 March 2022" in on


def test_another_systems_delivery_is_not_found_then_either(signed_in, viewer):
    other = DeliveryFactory(footprint=SystemFactory())

    assert signed_in(viewer).get(f"/deliveries/{other.pk}/?{THEN}").status_code == 404
