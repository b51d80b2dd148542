"""Signing in, as somebody at the door would see it."""

import re

import pytest
from kombu.exceptions import OperationalError

from ltp_portal.tasks import send_email
from tests.ltp_portal.conftest import PASSWORD

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"


def try_to_sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_signs_in_with_email_and_password(client, visitor):
    answer = try_to_sign_in(client, visitor.email)

    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(visitor.pk)


def test_the_address_may_be_typed_in_capitals(client, visitor):
    assert try_to_sign_in(client, "GRACE@Example.org").status_code == 302


def test_signing_in_makes_a_new_session(client, visitor):
    client.get(LOGIN)
    client.session["before"] = True
    before = client.session.session_key

    try_to_sign_in(client, visitor.email)

    assert client.session.session_key != before


def test_goes_on_to_the_page_asked_for(client, visitor):
    assert try_to_sign_in(client, visitor.email, next="/systems/")["Location"] == "/systems/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "\t//evil.example/",
        "http:///evil.example/",
        "https://testserver@evil.example/",
        "http://localhost/",
        "javascript:alert(1)",
    ],
)
def test_never_goes_on_to_somebody_else_s_page(client, visitor, elsewhere):
    assert try_to_sign_in(client, visitor.email, next=elsewhere)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client, visitor):
    known = try_to_sign_in(client, visitor.email, "wrong")
    unknown = try_to_sign_in(client, "nobody@example.org", "wrong")

    assert known.status_code == unknown.status_code == 200
    assert "The email address or the password is not right" in known.content.decode()
    assert "<title>Error: Sign in" in known.content.decode()
    assert without_what_differs(known) == without_what_differs(unknown)


def without_what_differs(page) -> str:
    """The page without its CSRF tokens and without the address that was typed."""
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
    return re.sub(r"(grace|nobody)@example\.org", "", text)


@pytest.mark.django_db
def test_empty_boxes_say_what_to_enter(client):
    page = client.post(LOGIN, {"login": "", "password": ""}).content.decode()

    assert "Enter your email address" in page
    assert "Enter your password" in page
    assert 'href="#id_login"' in page


@pytest.mark.django_db
def test_what_is_not_an_address_says_so(client):
    assert "in the right format" in try_to_sign_in(client, "grace").content.decode()


@pytest.mark.parametrize("email", ["grace@example.org", "nobody@example.org"])
def test_ten_wrong_passwords_lock_an_account_whether_or_not_it_exists(client, visitor, email):
    answers = [try_to_sign_in(client, email, "wrong") for _ in range(10)]

    assert {answer.status_code for answer in answers[:9]} == {200}
    assert answers[9].status_code == 429
    assert answers[9]["Retry-After"] == "300"
    assert "You have tried too often" in answers[9].content.decode()
    assert try_to_sign_in(client, email, PASSWORD).status_code == 429


def test_a_lock_holds_from_another_address_too(client, visitor):
    for _ in range(10):
        try_to_sign_in(client, visitor.email, "wrong")

    answer = client.post(LOGIN, {"login": visitor.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")

    assert answer.status_code == 429


def test_too_many_tries_from_one_address_are_refused(client, visitor):
    answers = [try_to_sign_in(client, f"somebody{n}@example.org", "wrong") for n in range(31)]

    assert answers[-1].status_code == 429
    assert "Too many tries from your network" in answers[-1].content.decode()


def test_signing_out_is_a_post_and_ends_the_session(client, visitor):
    try_to_sign_in(client, visitor.email)
    key = client.session.session_key

    assert client.get("/accounts/logout/").status_code == 200
    client.post("/accounts/logout/")

    assert not client.session.exists(key)
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/"])
def test_nobody_signs_up_or_changes_an_address(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "new@example.org"}).status_code == 404


def test_an_account_switched_off_cannot_sign_in(client, visitor):
    type(visitor).objects.update(is_active=False)

    answer = try_to_sign_in(client, visitor.email)

    assert "_auth_user_id" not in client.session
    assert "This account is switched off" in client.get(answer["Location"]).content.decode()


def test_an_account_switched_off_gives_nothing_away_without_its_password(client, visitor):
    type(visitor).objects.update(is_active=False)

    assert "address or the password is not right" in try_to_sign_in(client, visitor.email, "wrong").content.decode()


def test_an_account_switched_off_is_out_at_the_next_click(signed_in, visitor):
    client = signed_in(visitor)
    assert client.get("/accounts/").status_code == 200

    type(visitor).objects.update(is_active=False)

    assert client.get("/accounts/")["Location"] == "/accounts/login/?next=/accounts/"


def test_a_demonstration_account_exists_only_in_a_demonstration(client, visitor, settings):
    type(visitor).objects.update(is_demo=True)
    try_to_sign_in(client, visitor.email)
    assert client.get("/accounts/").status_code == 200

    settings.PORTAL_DEMO = False

    assert client.get("/accounts/").status_code == 302
    assert try_to_sign_in(client, visitor.email)["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_your_account_says_what_you_are_to_whom(signed_in, reporter):
    page = signed_in(reporter).get("/accounts/").content.decode()

    assert reporter.email in page
    assert "Reporter, Bexley" in page


def test_signs_in_with_a_code_from_an_email(client, visitor, post_office, mailoutbox):
    with post_office():
        client.post(CODE, {"email": visitor.email})
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mailoutbox[0].body, re.MULTILINE)[1]

    answer = client.post("/accounts/login/code/confirm/", {"code": code})

    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(visitor.pk)


@pytest.mark.parametrize("email", ["grace@example.org", "nobody@example.org"])
def test_asking_for_a_code_looks_the_same_for_everyone(client, visitor, post_office, mailoutbox, email):
    with post_office():
        answer = client.post(CODE, {"email": email})

    assert answer["Location"] == "/accounts/login/code/confirm/"
    assert [message.to for message in mailoutbox] == [[email]]


@pytest.mark.parametrize("email", ["grace@example.org", "nobody@example.org"])
def test_three_wrong_codes_end_the_try_for_everyone(client, visitor, email, security_log):
    client.post(CODE, {"email": email})

    answers = [client.post("/accounts/login/code/confirm/", {"code": "WRNG-CODE"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert "The code is not right" in answers[0].content.decode()
    assert [event["event"] for event in security_log()] == ["sign_in_code_failed"] * 3


def test_a_broker_that_is_away_costs_the_message_and_not_the_page(
    client, visitor, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def away(**message):
        raise OperationalError

    monkeypatch.setattr(send_email, "delay", away)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(CODE, {"email": visitor.email})

    assert answer.status_code == 302
    assert "was not queued" in caplog.text
