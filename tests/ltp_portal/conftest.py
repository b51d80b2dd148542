"""What the tests of the front door may ask for."""

import logging
from collections.abc import Callable

import pytest
from django.core.cache import cache

from ltp_portal.celery import app
from systems.models import User

PASSWORD = "three random words"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    """Limits count tries in the cache: each test begins at nothing."""
    cache.clear()


@pytest.fixture
def visitor(db) -> User:
    """Somebody with an account, a password and no role."""
    return User.objects.create_user("grace@example.org", PASSWORD, name="Grace Hall")


@pytest.fixture
def postman():
    """Mail is handed over at once, without the worker."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def post_office(postman, django_capture_on_commit_callbacks):
    """Use as `with post_office(): …`, then read mailoutbox: mail leaves when the transaction holds."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def security_log(caplog, monkeypatch):
    """The events recorded so far, as a list of dictionaries."""
    monkeypatch.setattr(logging.getLogger("portal.security"), "propagate", True)
    caplog.set_level(logging.INFO, logger="portal.security")

    def events() -> list[dict]:
        return [vars(line) for line in caplog.records if line.name == "portal.security"]

    return events


@pytest.fixture
def as_json() -> Callable[[logging.LogRecord], str]:
    """A log record as the line the log really gets."""
    formatter = logging.getLogger("portal.security").handlers[0].formatter
    return formatter.format
