"""How long a session lasts, what a browser may keep, and who needs a second factor."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command

from tests.ltp_portal.conftest import PASSWORD

HOUR = 60 * 60
PRIVATE = "/privacy/"


def seen(client, *, seconds_ago: int, signed_in_seconds_ago: int | None = None) -> None:
    """Puts the session's marks back in time."""
    session = client.session
    session["seen_at"] = int(time.time()) - seconds_ago
    session["signed_in_at"] = int(time.time()) - (signed_in_seconds_ago or seconds_ago)
    session.save()


def test_what_a_signed_in_person_sees_is_kept_nowhere(signed_in, viewer):
    assert signed_in(viewer).get(PRIVATE)["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_account_pages_are_kept_nowhere(client):
    assert client.get("/accounts/login/")["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_public_pages_may_be_kept(client):
    assert "no-store" not in client.get(PRIVATE).get("Cache-Control", "")


def test_a_session_in_use_lives(signed_in, viewer):
    client = signed_in(viewer)
    seen(client, seconds_ago=HOUR - 10)

    assert client.get("/accounts/").status_code == 200


def test_a_session_ends_an_hour_after_the_last_click(signed_in, viewer):
    client = signed_in(viewer)
    seen(client, seconds_ago=HOUR)

    answer = client.get("/accounts/")

    assert answer["Location"] == "/accounts/login/?next=%2Faccounts%2F"
    assert "_auth_user_id" not in client.session
    assert "You were signed out" in client.get(answer["Location"]).content.decode()


def test_a_session_ends_twelve_hours_after_sign_in_however_busy(signed_in, viewer):
    client = signed_in(viewer)
    seen(client, seconds_ago=1, signed_in_seconds_ago=12 * HOUR)

    assert client.get("/accounts/").status_code == 302


def test_a_form_sent_too_late_does_not_come_back_to_its_own_address(signed_in, viewer):
    client = signed_in(viewer)
    seen(client, seconds_ago=HOUR)

    assert client.post("/accounts/password/change/", {})["Location"] == "/accounts/login/"


def test_reading_writes_the_session_at_most_once_a_minute(signed_in, viewer, django_assert_num_queries):
    client = signed_in(viewer)
    client.get(PRIVATE)
    client.get(PRIVATE)
    mark = client.session["seen_at"]

    seen(client, seconds_ago=30, signed_in_seconds_ago=HOUR)
    client.get(PRIVATE)
    assert client.session["seen_at"] == pytest.approx(mark - 30, abs=3)

    seen(client, seconds_ago=61, signed_in_seconds_ago=HOUR)
    client.get(PRIVATE)
    assert client.session["seen_at"] == pytest.approx(mark, abs=3)


def test_rights_taken_away_bite_at_the_next_click(signed_in, approver):
    client = signed_in(approver)
    assert 'href="/sign-off/"' in client.get(PRIVATE).content.decode()

    approver.memberships.all().delete()

    assert 'href="/sign-off/"' not in client.get(PRIVATE).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/admin/", "/deliveries/", "/"])
def test_methods_that_no_page_uses_are_refused(client, path, method, security_log):
    answer = getattr(client, method)(path)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"
    assert security_log()[-1]["status"] == 405


@pytest.fixture
def two_factors(settings):
    settings.REQUIRE_MFA = True


@pytest.mark.usefixtures("two_factors")
@pytest.mark.parametrize("who", ["manager", "approver", "portal_admin"])
def test_some_roles_set_up_a_second_factor_first(who, request, signed_in):
    client = signed_in(request.getfixturevalue(who))

    answer = client.get(PRIVATE)

    assert answer["Location"] == "/accounts/2fa/"
    assert "Your role needs a second factor" in client.get("/accounts/2fa/").content.decode()


@pytest.mark.usefixtures("two_factors")
@pytest.mark.parametrize("who", ["viewer", "reporter", "councillor"])
def test_other_roles_may_go_without(who, request, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(PRIVATE).status_code == 200


def test_a_demonstration_asks_nobody(signed_in, manager):
    assert signed_in(manager).get(PRIVATE).status_code == 200


@pytest.mark.usefixtures("two_factors")
def test_an_older_session_proves_its_second_factor_too(signed_in, manager):
    client = signed_in(manager)
    TOTP.activate(manager, "JBSWY3DPEHPK3PXP")

    assert client.get(PRIVATE)["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fprivacy%2F"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.usefixtures("two_factors")
def test_signs_in_with_password_and_app(client, manager):
    manager.set_password(PASSWORD)
    manager.save()
    TOTP.activate(manager, "JBSWY3DPEHPK3PXP")

    first = client.post("/accounts/login/", {"login": manager.email, "password": PASSWORD})
    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert client.get(PRIVATE).content.decode().count("Sign out") == 0
    second = client.post("/accounts/2fa/authenticate/", {"code": code_of("JBSWY3DPEHPK3PXP")})

    assert second["Location"] == "/"
    assert client.get(PRIVATE).status_code == 200


@pytest.mark.usefixtures("two_factors")
def test_a_code_from_an_email_is_one_factor_and_not_two(client, manager, post_office, mailoutbox):
    TOTP.activate(manager, "JBSWY3DPEHPK3PXP")
    with post_office():
        client.post("/accounts/login/code/", {"email": manager.email})
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mailoutbox[0].body, re.MULTILINE)[1]

    answer = client.post("/accounts/login/code/confirm/", {"code": code})

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/systems/")["Location"] == "/accounts/login/?next=/systems/"


@pytest.fixture
def older_session(client, visitor):
    """A browser in which somebody signed in with a password alone, before they had a second factor."""
    client.post("/accounts/login/", {"login": visitor.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(visitor, "JBSWY3DPEHPK3PXP")
    return client


@pytest.mark.parametrize("way", ["totp/deactivate", "webauthn/add", "recovery-codes/generate"])
def test_an_older_session_changes_no_factor_by_a_password_alone(older_session, visitor, way):
    answer = older_session.post(f"/accounts/2fa/{way}/")

    assert answer["Location"] == "/accounts/2fa/reauthenticate/"
    assert [factor.type for factor in visitor.authenticator_set.all()] == [Authenticator.Type.TOTP]


def test_an_older_session_that_proves_the_factor_may_switch_it_off(older_session, visitor):
    older_session.post("/accounts/2fa/reauthenticate/", {"code": code_of("JBSWY3DPEHPK3PXP")})

    older_session.post("/accounts/2fa/totp/deactivate/")

    assert not visitor.authenticator_set.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("two_factors", "postman")
def test_the_first_admin_gets_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--no-input", email="first@example.org", name="First Admin", verbosity=0)
    client.post("/accounts/login/", {"login": "first@example.org", "password": PASSWORD})
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret

    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("two_factors", "postman")
def test_sets_up_an_app_and_goes_on(client, manager, mailoutbox):
    manager.set_password(PASSWORD)
    manager.save()
    client.post("/accounts/login/", {"login": manager.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret

    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    assert Authenticator.objects.filter(user=manager, type=Authenticator.Type.TOTP).exists()
    assert client.get(PRIVATE).status_code == 200
    assert mailoutbox[0].to == [manager.email]


@pytest.mark.usefixtures("two_factors")
def test_a_wrong_code_is_refused(client, manager, security_log):
    manager.set_password(PASSWORD)
    manager.save()
    TOTP.activate(manager, "JBSWY3DPEHPK3PXP")
    client.post("/accounts/login/", {"login": manager.email, "password": PASSWORD})

    page = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()

    assert "The code is not right" in page
    assert "second_factor_failed" in [event["event"] for event in security_log()]


def test_the_square_to_scan_needs_no_image_from_elsewhere(client, manager):
    manager.set_password(PASSWORD)
    manager.save()
    client.post("/accounts/login/", {"login": manager.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    page = client.get("/accounts/2fa/totp/activate/").content.decode()

    assert "<svg" in page
    assert "data:image" not in page


def test_a_form_in_another_character_set_is_refused(client):
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n+2AA-\r\n--x--\r\n'

    answer = client.post("/accounts/login/", body, content_type="multipart/form-data; boundary=x; charset=utf-7")

    assert answer.status_code == 400
    assert "portal" in answer.content.decode()
