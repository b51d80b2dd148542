"""What the tests of the front door may ask for."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import override_settings

from systems.models import User

PASSWORD = "three random words"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    """Limits count tries in the cache: each test begins at nothing."""
    cache.clear()


@pytest.fixture
def redis_away(settings) -> Callable[[], override_settings]:
    """Use as `with redis_away(): …`: the cache as it is, at an address where nothing answers."""
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    return lambda: override_settings(CACHES=away)


@pytest.fixture
def without_redis(redis_away) -> Iterator[None]:
    with redis_away():
        yield


@pytest.fixture
def visitor(db) -> User:
    """Somebody with an account, a password and no role."""
    return User.objects.create_user("grace@example.org", PASSWORD, name="Grace Hall")


@pytest.fixture
def as_json() -> Callable[[logging.LogRecord], str]:
    """A log record as the line the log really gets."""
    formatter = logging.getLogger("portal.security").handlers[0].formatter
    return formatter.format
