"""What was about to be sent when its writer was signed out: kept for them alone."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from ltp_portal import unsent
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def request(user=None, session=None, path="/report/", **sent):
    made = RequestFactory().post(path, sent) if sent else RequestFactory().get(path)
    made.user, made.session = user or AnonymousUser(), SessionStore() if session is None else session
    return made


def kept_by(writer, path="/report/", **sent):
    """The session after this was sent by nobody in particular, from a page of the writer's."""
    sending = request(path=path, words="Typed", writer=unsent.token(writer), csrfmiddlewaretoken="x", **sent)
    assert unsent.keep(sending)
    return sending.session


def test_it_comes_back_to_its_writer_without_the_old_token():
    writer = UserFactory()

    found = unsent.kept(request(writer, kept_by(writer, ticked=["1", "2"])))

    assert (found["words"], found.getlist("ticked")) == ("Typed", ["1", "2"])
    assert "csrfmiddlewaretoken" not in found


def test_it_comes_back_on_its_own_page_only():
    writer = UserFactory()

    assert unsent.kept(request(writer, kept_by(writer), path="/plan/")) is None


def test_it_comes_back_to_nobody_else():
    session = kept_by(UserFactory())

    assert unsent.kept(request(UserFactory(), session)) is None
    assert unsent.kept(request(session=session)) is None


@pytest.mark.parametrize("writer", ["", "1", "1:forged", "a\x00b"])
def test_without_a_writers_token_nothing_is_kept(writer):
    sending = request(words="Planted", writer=writer)

    assert not unsent.keep(sending)
    assert not sending.session.keys()


def test_another_person_who_is_signed_in_keeps_nothing():
    assert not unsent.keep(request(UserFactory(), words="Typed", writer=unsent.token(UserFactory())))


def test_there_is_a_limit_and_the_longest_report_lies_within_it():
    writer = UserFactory()

    kept_by(writer, narrative="😀" * 40_000)
    assert not unsent.keep(request(writer=unsent.token(writer), narrative="😀" * 50_000))


def test_forms_of_several_pages_wait_side_by_side_and_the_oldest_goes_first():
    writer, session = UserFactory(), SessionStore()
    for number in range(unsent.MOST_FORMS + 1):
        unsent.keep(request(session=session, path=f"/{number}/", words="Typed", writer=unsent.token(writer)))

    found = [unsent.kept(request(writer, session, path=f"/{number}/")) for number in range(unsent.MOST_FORMS + 1)]

    assert [form is not None for form in found] == [False] + [True] * unsent.MOST_FORMS


def test_what_was_sent_to_a_page_with_a_query_comes_back_there_alone():
    writer = UserFactory()
    filtered, whole = kept_by(writer, path="/report/?page=2"), kept_by(writer)

    assert unsent.kept(request(writer, filtered, path="/report/?page=2")) is not None
    assert unsent.kept(request(writer, filtered)) is None
    assert unsent.kept(request(writer, whole, path="/report/?month=2019-09-01")) is not None


def test_it_is_forgotten_once_it_is_sent_by_its_writer_and_by_nobody_else():
    writer = UserFactory()
    session = kept_by(writer)

    assert not unsent.forget(request(UserFactory(), session), "/report/")
    assert unsent.kept(request(writer, session)) is not None
    assert unsent.sent(request(writer, session, words="Once more"))["words"] == "Once more"
    assert unsent.kept(request(writer, session)) is None
