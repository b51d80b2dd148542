"""The private calendar: a secret address, and what it tells whom."""

import datetime as dt
import re

import pytest
from icalendar import Calendar

from commitments.choices import Status
from commitments.models import Milestone
from systems.models import User
from tests.commitments.pages import read
from tests.factories import (
    TODAY,
    DeliveryFactory,
    MilestoneFactory,
    PeriodFactory,
    PlaceFactory,
    SignedOffReportFactory,
)

PAGE = "/my-calendar/"


@pytest.fixture
def make(signed_in):
    """Makes this person a new address; the path of it."""

    def made(user) -> str:
        html = signed_in(user).post(PAGE, {"then": "make"}).content.decode()
        return re.search(r"<strong>http://127\.0\.0\.1:8000(/calendar/\S+\.ics)</strong>", html)[1]

    return made


@pytest.fixture
def led(place, reporter):
    deadline = {"status": Status.ON_TRACK, "deadline_on": dt.date(2024, 3, 31)}
    return DeliveryFactory(footprint=place, lead=reporter, local_deadline_on=dt.date(2020, 6, 30), position=deadline)


def events(client, address) -> dict[str, tuple[str, dt.date]]:
    """By the first part of its name, what each event is called and when it is."""
    response = client.get(address)
    assert response.status_code == 200
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return {str(e["uid"]).split("@")[0]: (str(e["summary"]), e["dtstart"].dt) for e in found}


# --- What it holds ----------------------------------------------------------------------------------------


def test_it_holds_deadlines_open_milestones_and_the_days_reports_are_due(client, make, reporter, led):
    PeriodFactory()
    PeriodFactory(starts_on=dt.date(2019, 10, 1))
    step = MilestoneFactory(delivery=led, title="Hubs, open; and\nready")
    MilestoneFactory(delivery=led, achieved_on=TODAY)

    found = events(client, make(reporter))

    assert found == {
        f"local-{led.pk}": (f"Local deadline: {led}", dt.date(2020, 6, 30)),
        f"national-{led.pk}": (f"National deadline: {led}", dt.date(2024, 3, 31)),
        f"milestone-{step.pk}": (f"Milestone: Hubs, open; and\nready ({led})", dt.date(2020, 3, 31)),
        "reports-2019-09-01": ("Reports for September 2019 are due", dt.date(2019, 10, 7)),
        "reports-2019-10-01": ("Reports for October 2019 are due", dt.date(2019, 11, 7)),
    }


def test_a_month_that_is_told_is_not_asked_for(client, make, reporter, led):
    SignedOffReportFactory(delivery=led, period=PeriodFactory())

    assert "reports-2019-09-01" not in events(client, make(reporter))


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.NOT_APPLICABLE])
def test_what_is_done_or_does_not_apply_is_left_out(client, make, reporter, led, status):
    type(led.position).objects.update(status=status)

    assert events(client, make(reporter)) == {}


def test_what_lies_long_back_is_left_out(client, make, reporter, led):
    type(led).objects.update(local_deadline_on=TODAY - dt.timedelta(days=31))
    type(led.position).objects.update(deadline_on=TODAY - dt.timedelta(days=32))

    assert list(events(client, make(reporter))) == [f"local-{led.pk}"]


def test_names_stay_when_days_move(client, make, reporter, led):
    step, address = MilestoneFactory(delivery=led), make(reporter)
    before = events(client, address)

    Milestone.objects.update(due_on=dt.date(2020, 5, 1))

    after = events(client, address)
    assert before.keys() == after.keys()
    assert after[f"milestone-{step.pk}"][1] == dt.date(2020, 5, 1)


def test_who_leads_nothing_has_what_they_report_on_and_nobody_elses(client, make, reporter, place):
    shared = {"status": Status.ON_TRACK, "deadline_on": dt.date(2024, 3, 31)}
    here = DeliveryFactory(footprint=place, position=shared)
    DeliveryFactory(footprint=PlaceFactory(), position=shared)

    assert list(events(client, make(reporter))) == [f"national-{here.pk}"]


def test_a_delivery_one_leads_but_may_no_longer_see_is_left_out(client, make, reporter, led):
    elsewhere = DeliveryFactory(footprint=PlaceFactory(), lead=reporter, position={"deadline_on": dt.date(2024, 3, 31)})

    assert f"national-{elsewhere.pk}" not in events(client, make(reporter))


def test_twice_the_deliveries_take_the_same_queries(client, make, reporter, led, place, django_assert_num_queries):
    MilestoneFactory(delivery=led)
    address = make(reporter)
    with django_assert_num_queries(20, exact=False) as few:
        client.get(address)
    for _ in range(3):
        MilestoneFactory(delivery=DeliveryFactory(footprint=place, lead=reporter))

    with django_assert_num_queries(len(few)):
        client.get(address)


# --- How it answers ---------------------------------------------------------------------------------------


def test_it_is_a_calendar_that_nobody_shares_and_that_is_sent_again_only_when_changed(client, make, reporter, led):
    address = make(reporter)
    first = client.get(address)

    same = client.get(address, headers={"if-none-match": first["ETag"]})
    type(led).objects.update(local_deadline_on=dt.date(2020, 7, 31))
    moved = client.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    assert (same.status_code, same.content) == (304, b"")
    assert moved.status_code == 200


# --- The address ------------------------------------------------------------------------------------------


def test_the_address_is_shown_once_and_not_kept(signed_in, make, reporter):
    address = make(reporter)
    key = address.removeprefix("/calendar/").removesuffix(".ics")

    html = read(signed_in(reporter), PAGE)

    assert len(key) == 43
    assert key not in html
    assert "You have an address" in html
    assert key not in str(User.objects.filter(pk=reporter.pk).values().get())


def test_a_new_address_ends_the_old_one(client, make, reporter, led):
    old, new = make(reporter), make(reporter)

    assert [client.get(address).status_code for address in (old, new)] == [404, 200]


def test_stopping_it_leaves_none(client, signed_in, make, reporter):
    address = make(reporter)

    html = signed_in(reporter).post(PAGE, {"then": "stop"}).content.decode()

    assert "You have no address yet" in html
    assert client.get(address).status_code == 404


def test_rights_are_looked_at_anew_and_leavers_get_nothing(client, make, reporter, led):
    address = make(reporter)

    reporter.memberships.update(ends_on=TODAY - dt.timedelta(days=1))
    without_role = client.get(address).status_code
    reporter.memberships.update(ends_on=None)
    User.objects.filter(pk=reporter.pk).update(is_active=False)

    assert (without_role, client.get(address).status_code) == (404, 404)


def test_a_demonstration_account_is_nobody_elsewhere(client, make, reporter, settings):
    address = make(reporter)
    User.objects.filter(pk=reporter.pk).update(is_demo=True)
    settings.PORTAL_DEMO = False

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("key", ["x", "None", "a" * 3000, "%00", "%ff", "é"])
def test_a_guess_is_404(client, make, reporter, key):
    make(reporter)

    assert client.get(f"/calendar/{key}.ics").status_code == 404


def test_the_log_tells_of_it_without_the_address(client, make, reporter, security_log):
    address = make(reporter)

    client.post(address)

    assert [event["event"] for event in security_log()] == ["calendar_address_made", "refused"]
    assert address not in str(security_log())
