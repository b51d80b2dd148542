"""Asking for another local deadline and deciding about it, as people see it."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments import actions
from commitments.choices import Ask
from commitments.models import DeadlineChange, Delivery
from systems.choices import Role
from tests.factories import (
    TODAY,
    CommitmentFactory,
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


def page_of(delivery):
    return reverse("commitments:delivery", args=[delivery.pk])


def wish(day=NEW, **changes):
    boxes = {"new_on_day": day.day, "new_on_month": day.month, "new_on_year": day.year}
    return boxes | {"reason": "The building opens later.", "old_on": "2021-03-31"} | changes


def html(response):
    return response.content.decode()


# --- Asking -----------------------------------------------------------------------------------------------


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
def test_who_may_not_ask_is_refused_and_offered_nothing(
    signed_in, viewer, councillor, portal_admin, delivery, address, method
):
    browsers = [signed_in(user) for user in (viewer, councillor, portal_admin)]

    assert [getattr(browser, method)(address).status_code for browser in browsers] == [403] * 3
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


def test_councillors_read_an_agreed_change_without_names_and_others_with(
    signed_in, councillor, viewer, delivery, reporter, approver
):
    decided = {"decided_by": approver, "decided_on": TODAY, "delivery": delivery, "asked_by": reporter}
    DeadlineChangeFactory(state=Ask.AGREED, decision_note="A word between us", **decided)
    DeadlineChangeFactory(state=Ask.REFUSED, reason="Refused wish", decision_note="No", **decided)
    DeadlineChangeFactory(delivery=delivery, reason="Open wish")

    public, working = (html(signed_in(user).get(page_of(delivery))) for user in (councillor, viewer))

    for words in ("Deadline change agreed", "From 31 March 2021 to 30 September 2021", "The building opens later."):
        assert words in public
        assert words in working
    for words in (reporter.name, approver.name, "A word between us", "Refused wish", "Open wish"):
        assert words not in public
        assert words in working
