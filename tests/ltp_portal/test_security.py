"""What every answer carries, and what the security log hears."""

import json

import pytest
from django.conf import settings as portal_settings
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client, RequestFactory
from django.urls import resolve

from ltp_portal.securitylog import client_address, record
from tests.ltp_portal.conftest import PASSWORD

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/privacy/", "get", 200),
        ("/accounts/", "get", 302),
        ("/no-such-page/", "get", 404),
        ("/privacy/", "post", 405),
        ("/static/no-such-file.css", "get", 404),
        ("/privacy/", "put", 405),
    ],
)
def test_every_answer_carries_the_headers(client, path, method, status):
    answer = getattr(client, method)(path)

    assert answer.status_code == status
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert set(answer["Content-Security-Policy"].split("; ")) >= POLICY
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_a_redirect_to_https_carries_the_headers_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    answer = Client().get("/privacy/")

    assert answer["Location"] == "https://testserver/privacy/"
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_file_is_for_our_own_pages(client):
    answer = client.get(static("portal/portal.css"))

    assert answer.status_code == 200
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert "Access-Control-Allow-Origin" not in answer
    assert answer.getvalue()


@pytest.mark.django_db
def test_a_broken_page_carries_the_headers_too(client, monkeypatch):
    def broken(request):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("ltp_portal.context_processors.navigation_for", broken)
    client.raise_request_exception = False

    answer = client.get("/privacy/")

    assert answer.status_code == 500
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert "Something went wrong" in answer.content.decode()
    assert "broken on purpose" not in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_host_is_refused_with_the_headers(client):
    answer = client.get("/privacy/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_pages_hold_no_inline_script_or_style(client):
    for path in ("/accounts/login/", "/privacy/", "/no-such-page/"):
        page = client.get(path).content.decode()
        scripts = page.split("<script")[1:]
        assert all("src=" in tag.split(">")[0] or "application/json" in tag.split(">")[0] for tag in scripts)
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page


def test_the_vendored_files_ask_nobody_else_for_anything():
    css = (portal_settings.BASE_DIR / "static/nhsuk/nhsuk-frontend.min.css").read_text()

    assert "https://" not in css
    assert "Frutiger" not in css
    assert "url(/" not in css


def test_cookies_are_closed_to_scripts_and_to_other_sites(client, visitor):
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": visitor.email, "password": PASSWORD})

    for name in (portal_settings.SESSION_COOKIE_NAME, portal_settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_a_form_without_its_token_is_refused_in_plain_words(visitor, security_log):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/accounts/login/", {"login": visitor.email, "password": PASSWORD})

    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()
    assert security_log()[-1]["status"] == 403


def test_signing_in_and_out_is_logged(client, visitor, security_log):
    client.post("/accounts/login/", {"login": visitor.email, "password": "wrong"})
    client.post("/accounts/login/", {"login": visitor.email, "password": PASSWORD})
    client.post("/accounts/logout/")

    assert [event["event"] for event in security_log()] == ["sign_in_failed", "signed_in", "signed_out"]
    assert {event["user"] for event in security_log()} == {visitor.pk}
    assert {event["address"] for event in security_log()} == {"127.0.0.1"}


def test_a_failed_sign_in_of_nobody_does_not_log_what_was_typed(client, visitor, security_log, as_json, caplog):
    client.post("/accounts/login/", {"login": "my-password@example.org", "password": "also secret"})

    line = as_json(caplog.records[-1])

    assert security_log()[-1]["account"] == "unknown"
    assert "secret" not in line
    assert "my-password" not in line


def test_a_lock_is_logged(client, visitor, security_log):
    for _ in range(10):
        client.post("/accounts/login/", {"login": visitor.email, "password": "wrong"})

    assert "locked_out" in [event["event"] for event in security_log()]


def test_a_hidden_page_is_logged_for_who_is_signed_in(signed_in, viewer, security_log):
    signed_in(viewer).get("/accounts/signup/")

    assert security_log()[-1]["status"] == 404
    assert security_log()[-1]["user"] == viewer.pk


def test_a_reset_link_is_logged_without_its_token(security_log):
    request = RequestFactory().get("/accounts/password/reset/key/1-secrettoken/")
    request.resolver_match = resolve(request.path)

    record("refused", request=request)

    assert security_log()[-1]["page"] == "account_reset_password_from_key"


def test_a_changed_password_is_logged(signed_in, visitor, security_log):
    new = {"oldpassword": PASSWORD, "password1": "new random words", "password2": "new random words"}

    signed_in(visitor).post("/accounts/password/change/", new)

    assert "password_changed" in [event["event"] for event in security_log()]


def test_one_event_is_one_line_whatever_it_holds(caplog, as_json, security_log):
    record("export", rows=3, file='evil\n{"event": "signed_in"}')

    line = as_json(caplog.records[-1])

    assert "\n" not in line
    assert json.loads(line)["rows"] == 3
    assert json.loads(line)["timestamp"].endswith("+00:00")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "127.0.0.1"),
        (1, "not an address", None),
    ],
)
def test_the_visitor_s_address_is_believed_only_from_our_own_proxies(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies

    assert client_address(RequestFactory().get("/", headers={"x-forwarded-for": forwarded})) == address


@pytest.mark.django_db
def test_the_checks_of_the_framework_find_nothing():
    call_command("check", fail_level="WARNING")
