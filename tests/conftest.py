"""What every test may ask for."""

import logging

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from ltp_portal.celery import app
from systems.choices import Role
from tests.factories import PlaceFactory, SystemFactory, admin, person


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied_between_tests():
    """Tests that commit leave rows behind, and Django takes them away by TRUNCATE, which the portal's tables refuse."""
    as_it_is = DatabaseOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        return ["SET LOCAL session_replication_role = replica", *as_it_is(self, *args, **kwargs)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture
def system(db):
    return SystemFactory(code="QKK", name="South East London")


@pytest.fixture
def place(system):
    return PlaceFactory(code="E09000004", name="Bexley", parent=system)


@pytest.fixture
def manager(system):
    return person(Role.PROGRAMME_MANAGER, system)


@pytest.fixture
def approver(system):
    return person(Role.APPROVER, system)


@pytest.fixture
def viewer(system):
    return person(Role.VIEWER, system)


@pytest.fixture
def councillor(system):
    return person(Role.JHOSC_MEMBER, system)


@pytest.fixture
def reporter(place):
    return person(Role.REPORTER, place)


@pytest.fixture
def portal_admin(db):
    return admin()


@pytest.fixture
def signed_in():
    """A browser in which this person has signed in."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="ltp_portal.backends.PortalBackend")
        return client

    return sign_in


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
