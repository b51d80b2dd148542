"""Asking for another local deadline, as people see it."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments.models import DeadlineChange, Delivery
from tests.commitments.pages import page_of, sent_by
from tests.factories import (
    CommitmentFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
)

OLD, NEW = dt.date(2021, 3, 31), dt.date(2021, 9, 30)
QUEUE = "/sign-off/"


@pytest.fixture
def delivery(place):
    return DeliveryFactory(footprint=place, local_deadline_on=OLD)


@pytest.fixture
def address(delivery):
    return reverse("commitments:deadline", args=[delivery.pk])


@pytest.fixture
def asked(delivery, reporter):
    return DeadlineChangeFactory(delivery=delivery, asked_by=reporter)


def wish(day=NEW, **changes):
    boxes = {"new_on_day": day.day, "new_on_month": day.month, "new_on_year": day.year}
    return boxes | {"reason": "The building opens later.", "old_on": "2021-03-31"} | changes


def html(response):
    return response.content.decode()


@pytest.mark.parametrize("who", ["reporter", "manager", "approver"])
def test_it_is_asked_for_and_the_delivery_says_so(request, signed_in, who, delivery, address):
    browser = signed_in(request.getfixturevalue(who))
    assert f'href="{address}"' in html(browser.get(page_of(delivery)))

    page = html(browser.post(address, wish(), follow=True))

    delivery.refresh_from_db()
    assert "It counts once an approver agrees" in page
    assert "Deadline change asked for" in page
    assert "From 31 March 2021 to 30 September 2021" in page
    assert delivery.local_deadline_on == OLD
    assert DeadlineChange.objects.get().old_on == OLD


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_ask_is_refused_and_offered_nothing(signed_in, viewer, portal_admin, delivery, address, method):
    browsers = [signed_in(user) for user in (viewer, portal_admin)]

    assert [getattr(browser, method)(address).status_code for browser in browsers] == [403] * 2
    assert not any(address in html(browser.get(page_of(delivery))) for browser in browsers)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": " "}, "Enter why another deadline is needed"),
        ({"reason": "x" * 2001}, "Why another deadline is needed must be 2,000 characters or fewer"),
        ({"new_on_year": ""}, "The date must include a year"),
        ({"new_on_day": "", "new_on_month": "", "new_on_year": ""}, "Enter the deadline you ask for"),
        ({"new_on_year": "2099"}, "New local deadline must be between 2015 and 2040"),
        ({"new_on_day": "31", "new_on_month": "3"}, "The new deadline must differ from the deadline so far"),
        ({"new_on_year": "2018"}, "The local deadline must be the same as or after the planned start"),
        ({"old_on": "never"}, "This page is out of date. Open it again"),
    ],
)
def test_what_is_wrong_is_said(signed_in, reporter, delivery, address, changes, message):
    Delivery.objects.filter(pk=delivery.pk).update(planned_start_on=dt.date(2019, 4, 1))

    response = signed_in(reporter).post(address, wish() | changes)

    assert response.status_code == 200
    assert message in html(response)
    assert not DeadlineChange.objects.exists()


def test_a_day_beyond_the_national_deadline_can_be_asked_for_with_a_warning(
    signed_in, reporter, approver, delivery, address
):
    browser = signed_in(reporter)
    before = html(browser.get(address))

    page = html(browser.post(address, wish(dt.date(2024, 5, 31)), follow=True))

    change = DeadlineChange.objects.get()
    decide = html(signed_in(approver).get(reverse("commitments:deadline_change", args=[change.pk])))
    assert "The national deadline is 31 March 2024, and no system can move it" in before
    for shown in (page, html(browser.get(address)), decide):
        assert "31 May 2024 is 61 days after the national deadline of 31 March 2024" in shown
        assert "phased beyond the national deadline" in shown
    assert "After the national deadline" in html(signed_in(approver).get(QUEUE))


def test_without_a_national_deadline_to_meet_there_is_no_warning(signed_in, reporter, place):
    commitment = CommitmentFactory(deadline_kind="continuous", deadline_on=None)
    delivery = DeliveryFactory(commitment=commitment, footprint=place, local_deadline_on=OLD)
    address = reverse("commitments:deadline", args=[delivery.pk])
    browser = signed_in(reporter)

    pages = [html(browser.get(address)), html(browser.post(address, wish(dt.date(2039, 5, 31)), follow=True))]

    assert not any("phased beyond" in page for page in pages)


def test_while_it_waits_the_page_shows_it_and_who_can_decide(signed_in, manager, approver, asked, address):
    page = html(signed_in(manager).get(address))

    assert "Another deadline awaits a decision" in page
    assert asked.reason in page
    assert f"<li>{approver.name}</li>" in page
    assert "Ask for this deadline" not in page


def test_where_nobody_else_can_decide_the_page_says_whom_to_write_to(signed_in, approver, delivery, address):
    DeadlineChangeFactory(delivery=delivery, asked_by=approver)

    assert "Nobody but the person who asked can decide here" in html(signed_in(approver).get(address))


def test_the_second_of_two_clicks_is_content(signed_in, reporter, address):
    browser = signed_in(reporter)
    browser.post(address, wish())

    assert browser.post(address, wish()).status_code == 302
    assert DeadlineChange.objects.count() == 1


def test_who_asks_while_another_wish_waits_sees_both(signed_in, manager, asked, address):
    response = signed_in(manager).post(address, wish(dt.date(2022, 3, 31), reason="Mine"))

    assert response.status_code == 409
    assert all(words in html(response) for words in (asked.reason, "30 September 2021", "Mine", "31 March 2022"))
    assert DeadlineChange.objects.count() == 1


def test_who_read_another_deadline_sees_the_one_that_stands(signed_in, reporter, address):
    response = signed_in(reporter).post(address, wish(old_on="2020-12-31"))

    assert response.status_code == 409
    assert all(day in html(response) for day in ("31 December 2020", "31 March 2021"))


def test_and_may_ask_the_same_of_the_deadline_that_stands(signed_in, reporter, address):
    browser = signed_in(reporter)
    page = html(browser.post(address, wish(old_on="2020-12-31")))

    browser.post(address, sent_by(page) | {"whole": "mine"})

    assert DeadlineChange.objects.get().old_on == OLD


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"local_deadline_on": None}, "has no local deadline yet"),
        ({"is_applicable": False, "not_applicable_reason": "No coast here"}, "No coast here"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_where_there_is_no_deadline_to_change_the_page_says_so(
    signed_in, manager, delivery, address, facts, words, method
):
    Delivery.objects.filter(pk=delivery.pk).update(**facts)
    browser = signed_in(manager)

    response = getattr(browser, method)(address, wish())

    assert words in html(response)
    assert address not in html(browser.get(page_of(delivery)))
    assert not DeadlineChange.objects.exists()
