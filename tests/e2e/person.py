"""Somebody at the portal without a browser: sends a form again until it is taken, as people do."""

import os
import select
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener
from uuid import uuid4

TAKEN, SIGNED_OUT = 302, 401
# Longer than any fault lasts.
GIVES_UP_AFTER = 60

Fields = Sequence[tuple[str, object]]


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Person:
    """Signed in as a demonstration account."""

    def __init__(self, url: str, email: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), _NoRedirect)
        self.opener.open(f"{url}/accounts/login/", timeout=30).close()
        login = [("login", email), ("password", os.environ["DEMO_PASSWORD"])]
        assert self.post("/accounts/login/", login) == TAKEN

    def post(self, path: str, fields: Fields) -> int:
        """The status of the answer; 0 when the connection broke, 401 when one is sent to sign in."""
        try:
            with self.opener.open(Request(self.url + path, data=self._body(fields)), timeout=30) as answer:
                return answer.status
        except HTTPError as answer:
            with answer:
                return SIGNED_OUT if "/accounts/login/" in answer.headers.get("Location", "") else answer.code
        except (OSError, HTTPException):
            return 0

    def post_until_taken(self, path: str, fields: Fields) -> None:
        """Sends the same form, under one key, again until the portal takes it."""
        give_up_at = time.monotonic() + GIVES_UP_AFTER
        keyed = [*fields, ("form_key", uuid4().hex)]
        while (status := self.post(path, keyed)) != TAKEN:
            # 400: Django takes a session it cannot save, for want of a database, for one that was deleted.
            assert status in (0, 400, 500, 503), f"{path} answers {status}"
            assert time.monotonic() < give_up_at, f"{path} answers {status} and goes on doing so"
            time.sleep(0.2)

    def post_and_lose_the_answer(self, path: str, fields: Fields) -> None:
        """Sends the form; once the portal has done its work and begins to answer, the connection is cut."""
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, body=self._body(fields), headers=headers)
        select.select([connection.sock], [], [], 30)
        connection.close()

    def _body(self, fields: Fields) -> bytes:
        token = next(cookie.value for cookie in self.cookies if "csrf" in cookie.name)
        return urlencode([("csrfmiddlewaretoken", token), *fields]).encode()
