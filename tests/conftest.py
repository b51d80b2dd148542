"""What every test may ask for."""

import datetime as dt
import logging
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from ltp_portal.celery import app
from systems.choices import Level, Result, Role, Verified
from systems.recompute import open_positions as open_maturity
from tests import publishing
from tests.factories import (
    TODAY,
    CriterionFactory,
    DomainFactory,
    ExpectationFactory,
    FrameworkFactory,
    PcnFactory,
    PlaceFactory,
    SystemFactory,
    admin,
    person,
    signed_off_assessment,
)


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied_between_tests():
    """Tests that commit leave rows behind, and Django takes them away by TRUNCATE, which the portal's tables refuse."""
    as_it_is = DatabaseOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        return ["SET LOCAL session_replication_role = replica", *as_it_is(self, *args, **kwargs)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """The catalogue and the map of England, loaded once for a file of tests and taken back at its end.

    Gives what the command printed. What earlier tests took back is swept away first, as the planner counts pages.
    """
    out = StringIO()
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
        with transaction.atomic():
            call_command("load_reference", stdout=out)
            with django_db_blocker.block():
                yield out.getvalue()
            transaction.set_rollback(True)


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
def publish(system, approver):
    """Publishes a month of the system: August, unless told otherwise."""
    return partial(publishing.publish, system, by=approver)


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


@pytest.fixture
def mature(system, place):
    """A matrix by which the system and Bexley are judged, and one for networks: one of two has come a step up."""
    matrix = FrameworkFactory(code="ICSM", name="ICS matrix", used_at_places=True)
    leadership = DomainFactory(framework=matrix, name="Leadership", ordinal=1)
    criteria = [CriterionFactory(domain=leadership, rung=rung, code=f"L{rung}") for rung in (1, 2, 3)]
    ofpcn = FrameworkFactory(code="PCNM", name="PCN matrix", level=Level.PCN)
    steps = [CriterionFactory(domain=DomainFactory(framework=ofpcn), rung=rung, code=f"P{rung}") for rung in (0, 1)]
    names = ("emerging", "developing", "maturing", "nought", "step 1")
    for criterion, name in zip([*criteria, *steps], names, strict=True):
        type(criterion.level).objects.filter(pk=criterion.level_id).update(name=name)
    type(criteria[1]).objects.filter(code="L3").update(text="Money follows need", verified=Verified.NO)
    ExpectationFactory(level=criteria[2].level)
    one, _ = PcnFactory(parent=place, population=30_000), PcnFactory(parent=place, population=10_000)
    signed_off_assessment(one, dict.fromkeys(steps, Result.MET))
    first, *others = criteria
    found = {first: Result.MET} | dict.fromkeys(others, Result.NOT_MET)
    signed_off_assessment(system, found, on=dt.date(2019, 8, 20))
    signed_off_assessment(place, dict.fromkeys(criteria, Result.MET), on=dt.date(2019, 8, 20))
    open_maturity(TODAY)
    return criteria
