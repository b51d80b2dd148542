"""Deciding about another local deadline, and its place in the history, as people see it."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments import actions
from commitments.choices import Ask
from commitments.models import DeadlineChange, Delivery
from systems.choices import Role
from tests.commitments.pages import page_of
from tests.factories import (
    TODAY,
    DeadlineChangeFactory,
    DeliveryFactory,
    PlaceFactory,
    UserFactory,
    person,
)

OLD, NEW = dt.date(2021, 3, 31), dt.date(2021, 9, 30)
DAY = dt.timedelta(days=1)
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


@pytest.fixture
def decision(asked):
    return reverse("commitments:deadline_change", args=[asked.pk])


def html(response):
    return response.content.decode()


# --- Deciding ---------------------------------------------------------------------------------------------


def test_the_queue_lists_what_others_asked_for_here(signed_in, approver, asked, decision, reporter, place):
    own = DeadlineChangeFactory(
        delivery=DeliveryFactory(footprint=place, local_deadline_on=OLD), asked_by=approver, reason="My own"
    )
    DeadlineChangeFactory(reason="Elsewhere")

    page = html(signed_in(approver).get(QUEUE))

    assert f'href="{decision}"' in page
    assert all(words in page for words in (reporter.name, asked.reason, "31 March 2021", "30 September 2021"))
    assert own.reason not in page
    assert "Elsewhere" not in page


def test_an_empty_queue_says_so(signed_in, approver):
    assert "No deadline change awaits your decision" in html(signed_in(approver).get(QUEUE))


def test_the_queue_has_25_a_page_and_asks_no_more_for_more(signed_in, approver, place, django_assert_max_num_queries):
    browser = signed_in(approver)

    def add(count):
        for _ in range(count):
            DeadlineChangeFactory(delivery=DeliveryFactory(footprint=place, local_deadline_on=OLD))

    add(2)
    browser.get(QUEUE)
    with django_assert_max_num_queries(40) as few:
        browser.get(QUEUE)
    add(24)
    with django_assert_max_num_queries(len(few)):
        first = html(browser.get(QUEUE))
    second = html(browser.get(QUEUE, {"deadlines": "2"}))

    assert (first.count("/deadline-changes/"), second.count("/deadline-changes/")) == (25, 1)
    assert 'href="?deadlines=2"' in first


def test_agreeing_moves_the_deadline(signed_in, approver, asked, decision, delivery):
    page = html(signed_in(approver).post(decision, {"decision": "agree", "note": ""}, follow=True))

    delivery.refresh_from_db()
    assert "Deadline change agreed" in page
    assert delivery.local_deadline_on == NEW


def test_refusing_needs_a_note_that_the_asker_reads(signed_in, approver, reporter, asked, decision, address, delivery):
    browser = signed_in(approver)

    first = html(browser.post(decision, {"decision": "refuse", "note": ""}))
    browser.post(decision, {"decision": "refuse", "note": "The date stands"})

    delivery.refresh_from_db()
    assert "Enter why you refuse it" in first
    assert delivery.local_deadline_on == OLD
    asker = signed_in(reporter)
    assert "The date stands" in html(asker.get(page_of(delivery)))
    assert "The date stands" in html(asker.get(address))


def test_no_decision_is_no_decision(signed_in, approver, asked, decision):
    response = signed_in(approver).post(decision, {"note": "Hm"})

    asked.refresh_from_db()
    assert "Select whether to agree or refuse" in html(response)
    assert asked.state == Ask.ASKED


def test_a_deadline_before_a_start_planned_meanwhile_is_not_agreed(signed_in, approver, asked, decision, delivery):
    Delivery.objects.filter(pk=delivery.pk).update(planned_start_on=NEW + DAY, local_deadline_on=dt.date(2022, 3, 31))

    response = signed_in(approver).post(decision, {"decision": "agree", "note": ""})

    asked.refresh_from_db()
    assert "The local deadline cannot come before the planned start." in html(response)
    assert asked.state == Ask.ASKED


def test_ones_own_wish_is_for_somebody_else(signed_in, approver, delivery):
    own = DeadlineChangeFactory(delivery=delivery, asked_by=approver)
    address = reverse("commitments:deadline_change", args=[own.pk])

    assert signed_in(approver).get(address).status_code == 403
    assert signed_in(approver).post(address, {"decision": "agree"}).status_code == 403


def test_what_is_decided_already_is_shown_and_ones_own_second_click_is_content(
    signed_in, system, approver, asked, decision
):
    browser, second = signed_in(approver), signed_in(person(Role.APPROVER, system))
    browser.post(decision, {"decision": "agree", "note": ""})

    again = browser.post(decision, {"decision": "agree", "note": ""}, follow=True)
    late = second.post(decision, {"decision": "refuse", "note": "No"})
    read = second.get(decision)

    assert "You have decided about this deadline already" in html(again)
    assert (late.status_code, read.status_code) == (409, 200)
    assert all("There is nothing left to decide" in html(page) for page in (late, read))


def test_who_decides_while_somebody_else_does_is_told(signed_in, approver, asked, decision, monkeypatch):
    """The other approver's decision lands between reading the change and writing this one."""
    refuse = actions.refuse_deadline_change

    def just_too_late(**words):
        DeadlineChange.objects.filter(pk=asked.pk).update(state=Ask.AGREED, decided_by=UserFactory(), decided_on=TODAY)
        refuse(**words)

    monkeypatch.setattr(actions, "refuse_deadline_change", just_too_late)

    response = signed_in(approver).post(decision, {"decision": "refuse", "note": "No"})

    assert response.status_code == 409
    assert "There is nothing left to decide" in html(response)


def test_another_boroughs_change_is_not_found(signed_in, system, asked, decision):
    elsewhere = person(Role.APPROVER, PlaceFactory(parent=system))

    assert signed_in(elsewhere).get(decision).status_code == 404


# --- History ----------------------------------------------------------------------------------------------


def test_a_delivery_tells_what_was_asked_and_decided_and_by_whom(signed_in, viewer, delivery, reporter, approver):
    decided = {"decided_by": approver, "decided_on": TODAY, "delivery": delivery, "asked_by": reporter}
    DeadlineChangeFactory(state=Ask.AGREED, decision_note="A word between us", **decided)
    DeadlineChangeFactory(state=Ask.REFUSED, reason="Refused wish", decision_note="No", **decided)
    DeadlineChangeFactory(delivery=delivery, reason="Open wish")

    page = html(signed_in(viewer).get(page_of(delivery)))

    for words in ("Deadline change agreed", "From 31 March 2021 to 30 September 2021", "The building opens later."):
        assert words in page
    for words in (reporter.name, approver.name, "A word between us", "Refused wish", "Open wish"):
        assert words in page
