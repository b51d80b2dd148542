"""A form is taken once. Tried on the milestones of a plan, where each sending adds a row."""

import datetime as dt
import threading
import uuid
from contextlib import suppress

import pytest
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from commitments.models import Milestone
from commitments.views import plans
from ltp_portal.models import KEPT_FOR, SentForm
from ltp_portal.sent_once import sent_once
from ltp_portal.tasks import forget_what_is_over
from tests.elsewhere import all_at_once
from tests.factories import DeliveryFactory, MilestoneFactory

KEY = uuid.UUID(int=7)
ADDED = "Milestone added"


@pytest.fixture
def delivery(place):
    return DeliveryFactory(footprint=place)


@pytest.fixture
def address(delivery):
    return reverse("commitments:milestone_add", args=[delivery.pk])


def milestone(title="Open the hub", key=KEY, **changes):
    due_on = {"due_on_day": "31", "due_on_month": "3", "due_on_year": "2020"}
    return due_on | {"title": title, "form_key": str(key)} | changes


def said(browser, address) -> list[str]:
    """The messages of the page one lands on."""
    return [str(message) for message in browser.get(address).context["messages"]]


def test_the_second_click_gets_the_first_ones_answer_and_stores_nothing(signed_in, manager, delivery, address):
    browser = signed_in(manager)

    first, second = browser.post(address, milestone()), browser.post(address, milestone())

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == reverse("commitments:delivery", args=[delivery.pk])
    assert Milestone.objects.count() == 1


def test_its_message_is_said_once(signed_in, manager, address):
    browser = signed_in(manager)

    browser.post(address, milestone())
    answer = browser.post(address, milestone())

    assert said(browser, answer["Location"]) == [ADDED]
    assert said(browser, answer["Location"]) == []


def test_its_message_is_said_again_where_the_first_answer_was_seen_or_lost(signed_in, manager, address):
    browser = signed_in(manager)
    said(browser, browser.post(address, milestone())["Location"])

    assert said(browser, browser.post(address, milestone())["Location"]) == [ADDED]


def test_the_page_s_own_key_is_the_one_that_counts(signed_in, manager, address):
    browser = signed_in(manager)
    form = browser.get(address).content.decode()
    key = form.partition('name="form_key" value="')[2].partition('"')[0]

    for _ in range(2):
        browser.post(address, milestone(key=key))

    assert SentForm.objects.get().key == uuid.UUID(key)
    assert Milestone.objects.count() == 1


def test_a_form_with_an_error_can_be_mended_and_sent_again(signed_in, manager, address):
    browser = signed_in(manager)

    wrong = browser.post(address, milestone(title=""))
    mended = browser.post(address, milestone())

    assert (wrong.status_code, mended.status_code) == (200, 302)
    assert Milestone.objects.count() == 1


def test_words_changed_since_are_a_sending_of_their_own(signed_in, manager, address):
    browser = signed_in(manager)

    for title in ("Open the hub", "Staff the hub", "Staff the hub"):
        browser.post(address, milestone(title=title))

    assert set(Milestone.objects.values_list("title", flat=True)) == {"Open the hub", "Staff the hub"}
    assert SentForm.objects.count() == 1


def test_the_first_words_again_after_others_are_judged_afresh(signed_in, manager, address):
    browser = signed_in(manager)
    for title in ("Open the hub", "Staff the hub"):
        browser.post(address, milestone(title=title))

    assert browser.post(address, milestone(title="Open the hub")).status_code == 200  # there is such a milestone


def test_a_key_used_on_another_page_is_refused_and_nothing_is_stored(signed_in, manager, place, address):
    elsewhere = reverse("commitments:milestone_add", args=[DeliveryFactory(footprint=place).pk])
    browser = signed_in(manager)
    browser.post(address, milestone())

    answer = browser.post(elsewhere, milestone())

    assert answer.status_code == 409
    assert "Nothing was saved" in answer.content.decode()
    assert Milestone.objects.count() == 1


def test_a_key_used_by_somebody_else_is_refused_and_nothing_is_stored(signed_in, manager, approver, address):
    signed_in(manager).post(address, milestone())

    answer = signed_in(approver).post(address, milestone(title="Staff the hub"))

    assert answer.status_code == 409
    assert Milestone.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "\0", "7" * 5000])
def test_what_is_no_key_is_refused_without_a_trace(signed_in, manager, address, key):
    answer = signed_in(manager).post(address, milestone(key=key))

    assert answer.status_code == 400
    assert not Milestone.objects.exists()


def test_a_form_without_a_key_is_taken_as_it_comes(signed_in, manager, address):
    sent = milestone()
    del sent["form_key"]

    assert signed_in(manager).post(address, sent).status_code == 302
    assert not SentForm.objects.exists()


def test_what_breaks_after_the_write_leaves_neither_row_nor_key(signed_in, manager, address, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(plans.messages, "success", broken)
    with pytest.raises(RuntimeError):
        signed_in(manager).post(address, milestone())

    assert not Milestone.objects.exists()
    assert not SentForm.objects.exists()


def request_of(person, **fields):
    """A form as a view gets it, for views that no address leads to."""
    request = RequestFactory().post("/", {"form_key": str(KEY)} | fields)
    request.user, request.session = person, {}
    request._messages = SessionStorage(request)
    return request


def test_another_file_under_the_same_name_is_another_sending(manager):
    read = []

    @sent_once
    def upload(request):
        read.append(request.FILES["sheet"].read())
        return redirect("/")

    for content in (b"one", b"one", b"two"):
        upload(request_of(manager, sheet=SimpleUploadedFile("a.csv", content)))

    assert read == [b"one", b"two"]


def test_an_answer_that_sends_nobody_on_leaves_no_key(manager):
    sent_once(lambda request: HttpResponse("A conflict", status=409))(request_of(manager))

    assert not SentForm.objects.exists()


@pytest.mark.parametrize(("minutes", "left"), [(-1, 1), (1, 0)])
def test_keys_are_forgotten_after_a_day(manager, minutes, left):
    sent_at = timezone.now() - KEPT_FOR - dt.timedelta(minutes=minutes)
    SentForm.objects.create(key=KEY, sent_by=manager, path="/", content="", answer="/", sent_at=sent_at)

    forget_what_is_over()

    assert SentForm.objects.count() == left


def test_old_keys_go_in_one_statement_and_so_do_sessions_that_are_over(manager, django_assert_num_queries):
    sent_at = timezone.now() - 2 * KEPT_FOR
    SentForm.objects.bulk_create(
        SentForm(key=uuid.UUID(int=n), sent_by=manager, path="/", content="", answer="/", sent_at=sent_at)
        for n in range(50)
    )

    Session.objects.create(session_key="over", session_data="", expire_date=timezone.now() - KEPT_FOR)
    Session.objects.create(session_key="in use", session_data="", expire_date=timezone.now() + KEPT_FOR)

    with django_assert_num_queries(2):
        forget_what_is_over()

    assert [session.session_key for session in Session.objects.all()] == ["in use"]


# --- At the same time -------------------------------------------------------------------------------------


def meeting(monkeypatch) -> None:
    """Two clicks meet inside the view, if both get there within half a second."""
    barrier, find = threading.Barrier(2), plans.delivery_for

    def found(*args):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=0.5)
        return find(*args) if args else None

    monkeypatch.setattr(plans, "delivery_for", found)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("keyed", "answers"), [(True, [302, 302]), (False, [200, 302])])
def test_of_two_clicks_at_once_the_second_gets_the_answer_of_the_first(
    signed_in, manager, address, monkeypatch, keyed, answers
):
    meeting(monkeypatch)
    form = {name: value for name, value in milestone().items() if keyed or name != "form_key"}
    given = []

    all_at_once(*[lambda: given.append(signed_in(manager).post(address, form).status_code)] * 2)

    assert sorted(given) == answers  # without the key, the second is told that there is such a milestone
    assert Milestone.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guard", "stored"), [(sent_once, 1), (lambda view: view, 2)])
def test_of_two_clicks_at_once_one_is_stored_even_where_nothing_else_would_stop_the_second(
    manager, delivery, monkeypatch, guard, stored
):
    meeting(monkeypatch)

    @guard
    def add(request):
        plans.delivery_for()
        MilestoneFactory(delivery=delivery)
        return redirect("/")

    all_at_once(*[lambda: add(request_of(manager))] * 2)

    assert Milestone.objects.count() == stored
