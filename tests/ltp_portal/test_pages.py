import re

import pytest
from django.conf import settings as portal_settings
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from ltp_portal.navigation import navigation_for


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accessibility/", "/cookies/", "/privacy/", "/accounts/login/"])
def test_anyone_reads_the_legal_pages(client, path):
    page = client.get(path)

    assert page.status_code == 200
    assert page.content.count(b"<h1") == 1
    assert b'lang="en"' in page.content
    assert b"Skip to main content" in page.content


@pytest.mark.django_db
def test_what_only_a_script_can_do_is_not_offered_without_one(client):
    page = client.get("/accounts/login/").content.decode()

    assert page.index('<div class="portal-by-script">') < page.index("This functionality requires JavaScript.")
    assert re.search(r'class="[^"]*portal-by-script"[^>]*>Sign in with a passkey', page)


@pytest.mark.django_db
def test_legal_pages_are_only_read(client):
    assert client.post("/cookies/").status_code == 405


@pytest.mark.django_db
def test_the_cookies_page_lists_every_cookie(client, visitor):
    page = client.get("/cookies/").content.decode()
    client.get("/accounts/login/")
    client.force_login(visitor, backend="ltp_portal.backends.PortalBackend")

    assert client.cookies.keys() == {portal_settings.SESSION_COOKIE_NAME, portal_settings.CSRF_COOKIE_NAME}
    assert all(name in page for name in client.cookies)


@pytest.mark.django_db
def test_a_demonstration_says_so_on_every_page(client, settings):
    settings.PORTAL_DEMO = True

    page = client.get("/privacy/").content.decode()

    assert "Demonstration data" in page
    assert "The portal’s day is 30 September 2019" in page


@pytest.mark.django_db
def test_a_portal_in_real_use_has_no_banner(client, settings):
    settings.PORTAL_DEMO = False
    settings.PORTAL_TODAY = None

    assert "portal-demo" not in client.get("/privacy/").content.decode()


@pytest.mark.django_db
def test_the_organisation_stands_in_the_header_where_it_is_set(client, settings):
    settings.SERVICE_ORGANISATION = "Our Healthier South East London"

    assert "Our Healthier South East London" in client.get("/cookies/").content.decode()


def test_the_menu_of_an_approver_has_sign_off(signed_in, approver):
    assert 'href="/sign-off/"' in signed_in(approver).get("/privacy/").content.decode()


def test_the_menu_of_a_councillor_leads_to_what_is_published(signed_in, councillor):
    page = signed_in(councillor).get("/privacy/").content.decode()

    assert 'href="/published/"' in page
    assert not any(f'href="/{name}/"' in page for name in ("sign-off", "systems", "deliveries"))


@pytest.mark.django_db
def test_who_is_signed_out_has_no_menu(client):
    assert 'aria-label="Menu"' not in client.get("/privacy/").content.decode()


def test_signing_out_is_a_form(signed_in, viewer):
    page = signed_in(viewer).get("/privacy/").content.decode()

    assert 'action="/accounts/logout/" method="post"' in page


@pytest.mark.django_db
def test_an_unknown_page_says_so_in_the_portal_s_look(client):
    page = client.get("/no-such-page/")

    assert page.status_code == 404
    assert b"Page not found" in page.content
    assert b"nhsuk-header" in page.content


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html"])
def test_pages_for_a_broken_portal_need_no_database(template):
    page = render_to_string(template)

    assert "<h1" in page
    assert "nhsuk-frontend" in page


@pytest.mark.django_db
def test_only_an_admins_menu_has_the_runs(signed_in, approver, portal_admin):
    assert 'href="/runs/"' in signed_in(portal_admin).get("/privacy/").content.decode()
    assert 'href="/runs/"' not in signed_in(approver).get("/privacy/").content.decode()


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/systems/QKK/", {"Systems": "true"}),
        ("/my-work/", {"My work": "page"}),
        ("/my-work/spreadsheet/", {"Spreadsheet": "page"}),
        ("/privacy/", {}),
    ],
)
def test_the_menu_marks_where_one_is(path, marked):
    class Person:
        is_authenticated = True
        is_staff = False

        def paths_for(self, action):
            return ("ENG/",)

    request = RequestFactory().get(path)
    request.user = Person()

    current = {item["text"]: item["current"] for item in navigation_for(request)}

    assert {text: word for text, word in current.items() if word} == marked


@pytest.mark.django_db
@override_settings(CONTACT_EMAIL="help@example.org")
def test_pages_name_whom_to_write_to(client):
    assert "mailto:help@example.org" in client.get("/accessibility/").content.decode()


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_from_a_broken_page(client, monkeypatch):
    def away(request):
        raise OperationalError("no connection to the server")

    monkeypatch.setattr("ltp_portal.context_processors.navigation_for", away)
    client.raise_request_exception = False

    answer = client.get("/privacy/")

    assert answer.status_code == 503
    assert "The portal is not available" in answer.content.decode()
    assert "no connection" not in answer.content.decode()
