"""Choosing a password, a new one by mail included."""

import re

import pytest

from tests.ltp_portal.conftest import PASSWORD

RESET = "/accounts/password/reset/"


@pytest.mark.parametrize("email", ["grace@example.org", "nobody@example.org"])
def test_asking_for_a_new_password_looks_the_same_for_everyone(client, visitor, post_office, mailoutbox, email):
    with post_office():
        answer = client.post(RESET, {"email": email})

    assert answer["Location"] == "/accounts/password/reset/done/"
    assert [message.to for message in mailoutbox] == [[email]]


def test_a_reset_link_works_once_and_begins_with_our_address(client, visitor, post_office, mailoutbox, settings):
    settings.SITE_URL = "https://portal.example.org"
    with post_office():
        client.post(RESET, {"email": visitor.email}, headers={"host": "127.0.0.1"})
    link = re.search(r"https://portal\.example\.org(/\S+)", mailoutbox[0].body)[1]

    form = client.get(link, follow=True)
    with post_office():
        done = client.post(
            form.request["PATH_INFO"], {"password1": "new random words", "password2": "new random words"}
        )

    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert "_auth_user_id" not in client.session
    assert "This link no longer works" in client.get(link, follow=True).content.decode()
    visitor.refresh_from_db()
    assert visitor.check_password("new random words")
    assert len(mailoutbox) == 2


def test_a_reset_link_dies_after_an_hour(settings):
    assert settings.PASSWORD_RESET_TIMEOUT <= 60 * 60


def test_changing_the_password_ends_the_other_sessions_and_tells_the_owner(signed_in, visitor, post_office, mailoutbox):
    here, elsewhere = signed_in(visitor), signed_in(visitor)
    new = {"oldpassword": PASSWORD, "password1": "new random words", "password2": "new random words"}

    with post_office():
        answer = here.post("/accounts/password/change/", new)

    assert answer["Location"] == "/accounts/"
    assert here.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    assert mailoutbox[0].to == [visitor.email]
    assert "Your password has been changed" in mailoutbox[0].body


def test_a_new_password_by_mail_ends_every_session(client, signed_in, visitor, post_office, mailoutbox):
    elsewhere = signed_in(visitor)
    with post_office():
        client.post(RESET, {"email": visitor.email})
    form = client.get(re.search(r"http://[^/]+(/\S+)", mailoutbox[0].body)[1], follow=True).request["PATH_INFO"]

    client.post(form, {"password1": "new random words", "password2": "new random words"})

    assert elsewhere.get("/accounts/").status_code == 302


def test_a_long_password_of_any_characters_is_taken(signed_in, visitor):
    long = "þrjú orð með bilum á milli, " * 5
    signed_in(visitor).post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": long, "password2": long}
    )

    visitor.refresh_from_db()
    assert visitor.check_password(long)


@pytest.mark.parametrize("password", ["short words", "password1234", "grace@example.org"])
def test_weak_passwords_are_refused(signed_in, visitor, password):
    new = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    page = signed_in(visitor).post("/accounts/password/change/", new)

    assert page.status_code == 200
    visitor.refresh_from_db()
    assert visitor.check_password(PASSWORD)


def test_passwords_are_kept_with_argon2(visitor):
    assert visitor.password.startswith("argon2$")
