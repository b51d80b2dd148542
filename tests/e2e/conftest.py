"""A demonstration portal in real processes, and a real browser in front of it."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, Page, Playwright, expect
from redis import Redis

from ltp_portal.dev.browser import find_chromium
from tests.e2e.portal import Portal, manage

WIDE = {"width": 1280, "height": 900}
# Which of the processes that run tests this is: each has a portal of its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    return browser_type_launch_args | {"executable_path": find_chromium(), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """Playwright, and nothing of Django's left behind when it goes.

    It keeps an event loop running in the thread of the tests. While one runs, Django keeps the thread's connections in
    another place than before, so a test that comes later opens a second one there, which nobody else would close.
    """
    yield playwright
    connections.close_all()


def _database(name: str) -> str:
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"


def _sql(statement: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


@pytest.fixture(scope="session")
def demonstration() -> str:
    """The name of a database that holds the reference data and the demonstration; copied, never changed.

    Whichever process of the tests comes first makes it, and the others wait: under its name it is whole.
    """
    name, unfinished = "e2e_demonstration", "e2e_demonstration_unfinished"
    with alone(name):
        if not _is_there(name):
            # From the template nobody is ever connected to: other tests make databases at the same time.
            _sql(f"CREATE DATABASE {unfinished} TEMPLATE template0")
            for command in ("migrate", "load_reference", "load_demo"):
                manage(command, database_url=_database(unfinished))
            _sql(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return name


def _is_there(database: str) -> bool:
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [database])
        return cursor.fetchone() is not None


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Only one of the processes that run tests does this at a time; the others wait."""
    holding = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with holding.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [what])
        yield
    finally:
        holding.close()


@contextmanager
def copy_of(demonstration: str, name: str) -> Iterator[str]:
    """The address of a database like the demonstration's, gone afterwards."""
    _sql(f"CREATE DATABASE {name} TEMPLATE {demonstration}")
    try:
        yield _database(name)
    finally:
        _sql(f"DROP DATABASE {name} WITH (FORCE)")


def _running(demonstration: str, folder) -> Iterator[Portal]:
    redis_url = f"{os.environ['REDIS_URL'].split('?')[0]}?db={32 + int(WORKER)}"
    Redis.from_url(redis_url).flushdb()
    with copy_of(demonstration, f"e2e_copy_{WORKER}") as database_url:
        portal = Portal(database_url=database_url, redis_url=redis_url, log=folder / "portal.log")
        portal.environment["EMAIL_URL"] = f"file:///{folder}/mail"
        try:
            portal.start(settings.PORTAL_TODAY)
            yield portal
        finally:
            portal.stop()


@pytest.fixture(scope="module")
def portal(demonstration, tmp_path_factory) -> Iterator[Portal]:
    """A running portal with a copy of the demonstration of its own."""
    yield from _running(demonstration, tmp_path_factory.mktemp("portal"))


@pytest.fixture
def visit(browser: Browser, portal: Portal) -> Iterator[Callable[..., Page]]:
    """A browser window of one's own on the portal: signed in as somebody, or not; with JavaScript, or not."""
    opened = []

    def open_window(email: str = "", *, viewport: dict = WIDE, javascript: bool = False) -> Page:
        context = browser.new_context(base_url=portal.url, viewport=viewport, java_script_enabled=javascript)
        opened.append(context)
        page = context.new_page()
        if email:
            sign_in(page, email)
        return page

    yield open_window
    for context in opened:
        context.close()


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(os.environ["DEMO_PASSWORD"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def submit(page: Page) -> None:
    """Submits the report; once more where the page first shows what the status would become."""
    button = page.get_by_role("button", name="Submit for sign-off").last
    done = page.get_by_text("Report submitted for sign-off")
    button.click()
    expect(done.or_(page.get_by_text("Nothing is submitted yet"))).to_be_visible()
    if not done.is_visible():
        button.click()
    expect(done).to_be_visible()
