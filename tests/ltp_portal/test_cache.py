"""What the portal does while Redis is away."""

import pytest
from django.core.cache import cache, caches
from django.test import override_settings

from ltp_portal.cache import PortalCache
from tests.ltp_portal.conftest import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture
def without_redis(settings):
    """The cache as it is, at an address where nothing answers."""
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=away):
        yield


def test_a_key_is_taken_only_once():
    assert isinstance(caches["default"], PortalCache)
    assert cache.add("a key", 1) is True
    assert cache.add("a key", 2) is False
    assert cache.get("a key") == 1


@pytest.mark.usefixtures("without_redis")
def test_without_redis_every_key_is_free_and_nothing_is_kept():
    assert cache.add("a key", 1) is True
    assert cache.add("a key", 1) is True
    assert cache.get("a key", "nothing") == "nothing"


@pytest.mark.usefixtures("without_redis")
def test_without_redis_one_can_still_sign_in(client, visitor):
    answer = client.post(LOGIN, {"login": visitor.email, "password": PASSWORD})

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


@pytest.mark.usefixtures("without_redis")
def test_without_redis_an_account_still_locks(client, visitor):
    for _ in range(10):
        answer = client.post(LOGIN, {"login": visitor.email, "password": "wrong"})

    assert answer.status_code == 429
