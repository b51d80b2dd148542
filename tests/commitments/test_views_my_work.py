"""My work, as the people who report and approve see it."""

import datetime as dt

import pytest

from commitments.actions import return_report
from commitments.choices import Confidence, ReportState, Status
from commitments.models import Position
from systems.choices import Role
from tests.commitments.pages import read
from tests.factories import (
    TODAY,
    DeadlineChangeFactory,
    DeliveryFactory,
    MembershipFactory,
    MilestoneFactory,
    PcnFactory,
    PeriodActFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    SystemFactory,
    person,
)

MY_WORK = "/my-work/"
AUGUST = dt.date(2019, 8, 1)


@pytest.fixture(autouse=True)
def september(db):
    return PeriodFactory()


@pytest.fixture
def led(place):
    """Makes a delivery this person leads, on track unless told otherwise."""

    def made(lead, footprint=place, **position):
        return DeliveryFactory(footprint=footprint, lead=lead, position={"status": Status.ON_TRACK} | position)

    return made


def section(html, anchor):
    """One part of the page: from its heading to the next."""
    return html.split(f'id="{anchor}"')[1].split("<h2")[0]


# --- Whose work -------------------------------------------------------------------------------------------


def test_one_sees_what_one_leads_and_can_switch_to_all_one_may_report_on(signed_in, manager, reporter, led):
    own, other = led(manager), led(reporter)
    browser = signed_in(manager)

    mine, everything = read(browser, MY_WORK), read(browser, MY_WORK, whose="all")

    assert "These are the 1 delivery you lead" in mine
    assert "Show all 2 you may report on" in mine
    assert (str(own) in mine, str(other) in mine) == (True, False)
    assert (str(own) in everything, str(other) in everything) == (True, True)
    assert "Show only those you lead" in everything


def test_who_leads_nothing_is_there_for_all_of_their_place(signed_in, reporter, manager, led):
    in_place, elsewhere = led(manager), led(manager, PlaceFactory())

    html = read(signed_in(reporter), MY_WORK)

    assert (str(in_place) in html, str(elsewhere) in html) == (True, False)


def test_an_approver_who_leads_nothing_has_only_their_queue(signed_in, approver, manager, led):
    led(manager)

    html = read(signed_in(approver), MY_WORK)

    assert "You lead no delivery" in html
    assert "Reports to write" not in html


def test_a_delivery_led_where_one_may_not_report_is_not_ones_work(signed_in, reporter, led):
    elsewhere = led(reporter, PlaceFactory())

    assert str(elsewhere) not in read(signed_in(reporter), MY_WORK, whose="mine")


def test_nobody_else_has_a_page_of_work(signed_in, viewer, councillor, portal_admin):
    assert {signed_in(user).get(MY_WORK).status_code for user in (viewer, councillor, portal_admin)} == {403}


# --- Reports to write -------------------------------------------------------------------------------------


def test_overdue_comes_first_with_the_days_in_words(signed_in, manager, led):
    PeriodFactory(starts_on=AUGUST)
    late, due = led(manager), led(manager, status=Status.OFF_TRACK)
    july = PeriodFactory(starts_on=dt.date(2019, 7, 1))
    SignedOffReportFactory(delivery=late, period=july)
    SignedOffReportFactory(delivery=due, period_id=AUGUST)

    part = section(read(signed_in(manager), MY_WORK), "due")

    assert part.index(str(late)) < part.index(str(due))
    assert "23 days overdue" in part
    assert "7 days left" in part
    assert f"/deliveries/{late.pk}/report/?month=2019-08-01" in part


@pytest.mark.parametrize(("day", "words"), [(6, "1 day left"), (7, "Due today"), (8, "1 day overdue")])
def test_the_time_left_is_told_to_the_day(signed_in, manager, led, settings, day, words):
    settings.PORTAL_TODAY = dt.date(2019, 10, day)
    led(manager)

    assert words in section(read(signed_in(manager), MY_WORK), "due")


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.SIGNED_OFF])
def test_what_is_done_drops_away(signed_in, manager, approver, led, state):
    delivery = led(manager)
    decided = {"decided_by": approver, "decided_on": TODAY} if state == ReportState.SIGNED_OFF else {}
    ReportFactory(delivery=delivery, state=state, **decided)

    html = read(signed_in(manager), MY_WORK)

    assert str(delivery) not in html
    assert "No report is waiting to be written." in html


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.NOT_STARTED, Status.NOT_APPLICABLE])
def test_no_report_is_asked_for_where_none_is_expected(signed_in, manager, led, status):
    delivery = led(manager, status=status)

    assert str(delivery) not in section(read(signed_in(manager), MY_WORK), "due")


def test_a_draft_stays_and_is_marked(signed_in, manager, led):
    ReportFactory(delivery=led(manager), state=ReportState.DRAFT, submitted_on=None)

    assert "Draft saved" in section(read(signed_in(manager), MY_WORK), "due")


def test_after_the_close_nothing_is_asked_for(signed_in, manager, system, led):
    led(manager)
    PeriodActFactory(system=system)

    assert "No report is waiting to be written." in read(signed_in(manager), MY_WORK)


def test_each_system_has_its_own_open_months(signed_in, manager, system, led):
    other = SystemFactory()
    MembershipFactory(user=manager, footprint=other, role=Role.PROGRAMME_MANAGER)
    here, there = led(manager), led(manager, other)
    PeriodActFactory(system=system)

    part = section(read(signed_in(manager), MY_WORK), "due")

    assert (str(here) in part, str(there) in part) == (False, True)


def test_long_lists_have_pages(signed_in, manager, led):
    for _ in range(26):
        led(manager)
    browser = signed_in(manager)

    first, second = (section(read(browser, MY_WORK, due=page), "due") for page in (1, 2))

    assert (first.count("7 days left"), second.count("7 days left")) == (25, 1)
    assert 'aria-label="Pages of reports to write"' in first


@pytest.mark.parametrize(
    "query", [{"due": "x"}, {"due": "-1", "ahead": "9" * 30}, {"whose": "a\x00b"}, {"whose": "x" * 5000}]
)
def test_a_nonsense_address_shows_the_page(signed_in, manager, led, query):
    delivery = led(manager)

    assert str(delivery) in read(signed_in(manager), MY_WORK, **query)


# --- Returned, contradicted, coming up --------------------------------------------------------------------


def test_a_returned_report_stands_with_its_note_and_not_among_those_to_write(signed_in, manager, approver, led):
    delivery = led(manager)
    sent_back = {"decided_by": approver, "decided_on": TODAY, "return_note": "Which hubs?"}
    ReportFactory(delivery=delivery, state=ReportState.RETURNED, **sent_back)

    html = read(signed_in(manager), MY_WORK)

    assert "Which hubs?" in section(html, "returned")
    assert approver.name in section(html, "returned")
    assert str(delivery) not in section(html, "due")


def test_a_returned_report_saved_as_a_draft_is_still_returned_until_it_is_sent_again(
    signed_in, manager, reporter, approver, led, save
):
    delivery = led(manager)
    report = save(delivery, reporter)
    return_report(report=report, version=1, note="Which hubs?", by=approver, today=TODAY)
    save(delivery, reporter, version=2, submit=False, narrative="Bexley and")

    html = read(signed_in(manager), MY_WORK)

    assert "Which hubs?" in section(html, "returned")
    assert "Draft saved, not sent again yet" in section(html, "returned")
    assert str(delivery) not in section(html, "due")
    save(delivery, reporter, version=3)
    assert "Which hubs?" not in read(signed_in(manager), MY_WORK)


def test_what_one_wrote_comes_back_to_oneself_whoever_leads(signed_in, reporter, manager, approver, led):
    led(reporter)
    report = ReportFactory(
        delivery=led(manager), author=reporter, state=ReportState.RETURNED, decided_by=approver, decided_on=TODAY,
        return_note="Which hubs?",
    )  # fmt: skip

    assert str(report.delivery) in section(read(signed_in(reporter), MY_WORK), "returned")


def test_a_report_of_a_closed_month_cannot_be_sent_again_and_is_not_shown(signed_in, manager, approver, system, led):
    sent_back = {"decided_by": approver, "decided_on": TODAY, "return_note": "Which hubs?"}
    ReportFactory(delivery=led(manager), state=ReportState.RETURNED, **sent_back)
    PeriodActFactory(system=system)

    assert "Which hubs?" not in read(signed_in(manager), MY_WORK)


def test_a_contradiction_is_told_in_its_words(signed_in, manager, led):
    told = {"contradiction": "Reported green, but it is {days} late.", "contradiction_since_on": dt.date(2019, 9, 7)}
    delivery = led(manager, **told)

    part = section(read(signed_in(manager), MY_WORK), "contradicted")

    assert "Reported green, but it is 23 days late." in part
    assert str(delivery) in part


def test_what_comes_next_stands_the_nearest_first(signed_in, manager, led):
    stale = led(manager, reported_on=dt.date(2019, 8, 20))
    milestone = led(manager, next_milestone_on=dt.date(2019, 10, 3))
    local, national = led(manager), led(manager, deadline_on=dt.date(2019, 12, 29))
    type(local).objects.filter(pk=local.pk).update(local_deadline_on=dt.date(2019, 11, 1))
    far = led(manager, deadline_on=dt.date(2019, 12, 30), next_milestone_on=dt.date(2019, 10, 31))

    part = section(read(signed_in(manager), MY_WORK), "ahead")

    places = [part.index(str(delivery)) for delivery in (milestone, stale, local, national)]
    assert places == sorted(places)
    assert "5 October 2019" in part  # the 46th day after 20 August
    for words in ("A milestone is due", "The report goes stale", "Local deadline", "National deadline"):
        assert words in part
    assert str(far) not in part


def test_what_waits_for_sign_off_does_not_go_stale_for_its_writer(signed_in, manager, led):
    delivery = led(manager, reported_on=dt.date(2019, 8, 20))
    ReportFactory(delivery=delivery)

    assert "The report goes stale" not in read(signed_in(manager), MY_WORK)


def test_the_counts_stand_at_the_top(signed_in, manager, led):
    PeriodFactory(starts_on=AUGUST)
    SignedOffReportFactory(delivery=led(manager), period=PeriodFactory(starts_on=dt.date(2019, 7, 1)))
    led(manager)
    ReportFactory(delivery=led(manager))

    html = " ".join(read(signed_in(manager), MY_WORK).split())

    assert 'href="#due">2<' in html
    assert "<strong>1 overdue</strong>" in html
    assert "Done: with an approver now</dt> <dd" in html


# --- The approver's queue ---------------------------------------------------------------------------------


def test_an_approver_sees_the_oldest_of_the_queue_and_how_much_there_is(signed_in, approver, place, manager):
    reports = [
        ReportFactory(
            delivery=DeliveryFactory(footprint=place), author=manager, submitted_on=TODAY - dt.timedelta(days=n)
        )
        for n in range(7)
    ]
    DeadlineChangeFactory(delivery__footprint=place)

    part = section(read(signed_in(approver), MY_WORK), "sign-off")

    assert str(reports[-1].delivery) in part
    assert part.index(str(reports[-1].delivery)) < part.index(str(reports[-2].delivery))
    assert str(reports[0].delivery) not in part
    assert "All 7 reports, to read, sign off or return" in part
    assert "1 deadline change to decide" in part
    assert "/systems/QKK/periods/" in part


def test_who_signs_nothing_off_has_no_queue(signed_in, manager, led):
    led(manager)

    assert "Awaiting your sign-off" not in read(signed_in(manager), MY_WORK)


# --- Its cost ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["mine", "all"])
def test_twice_the_rows_take_the_same_queries(signed_in, system, place, led, django_assert_num_queries, whose):
    approver = person(Role.APPROVER, system)
    decided = {"decided_by": approver, "decided_on": TODAY}

    def some_of_each():
        led(approver)
        SignedOffReportFactory(delivery=led(approver, PcnFactory(parent=place), reported_on=dt.date(2019, 8, 20)))
        ReportFactory(delivery=led(approver), state=ReportState.RETURNED, return_note="Which?",
                      author=person(Role.REPORTER, place), **decided)  # fmt: skip
        ReportFactory(delivery=led(approver, contradiction="But."), confidence=Confidence.GREEN)
        MilestoneFactory(delivery=led(approver, next_milestone_on=TODAY))

    some_of_each()
    browser = signed_in(approver)
    read(browser, MY_WORK, whose=whose)
    with django_assert_num_queries(40, exact=False) as few:
        read(browser, MY_WORK, whose=whose)
    some_of_each()

    with django_assert_num_queries(len(few)):
        read(browser, MY_WORK, whose=whose)
    assert Position.objects.count() == 10
