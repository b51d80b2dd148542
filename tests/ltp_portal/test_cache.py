"""What the portal does while Redis is away."""

import pytest
from django.core.cache import cache, caches
from django.test import Client

from ltp_portal.cache import PortalCache
from tests.ltp_portal.conftest import PASSWORD

LOGIN = "/accounts/login/"


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


def test_who_signs_out_while_redis_is_away_is_signed_out_when_it_is_back(client, visitor, redis_away):
    client.post(LOGIN, {"login": visitor.email, "password": PASSWORD})
    somebody_with_the_cookie = Client()
    somebody_with_the_cookie.cookies.load(client.cookies.output(header=""))
    assert somebody_with_the_cookie.get("/accounts/").status_code == 200

    with redis_away():
        client.post("/accounts/logout/")

    assert somebody_with_the_cookie.get("/accounts/").status_code == 302
