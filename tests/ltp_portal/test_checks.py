"""What keeps the portal from starting on the wrong database."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from ltp_portal.checks import no_demonstration_in_real_use
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def look_at_the_database():
    call_command("check", databases=["default"], verbosity=0)


def test_demonstration_accounts_keep_a_real_portal_from_starting(settings):
    UserFactory(is_demo=True)
    look_at_the_database()

    settings.PORTAL_DEMO = False

    with pytest.raises(SystemCheckError, match="The database holds demonstration accounts, and PORTAL_DEMO is off"):
        look_at_the_database()


def test_a_database_without_them_may_be_used(settings):
    settings.PORTAL_DEMO = False
    UserFactory()

    look_at_the_database()


def test_a_database_without_tables_is_not_asked(settings, monkeypatch):
    settings.PORTAL_DEMO = False
    UserFactory(is_demo=True)
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])

    assert no_demonstration_in_real_use(databases=["default"]) == []


def test_a_check_of_the_code_alone_asks_no_database(settings, django_assert_num_queries):
    settings.PORTAL_DEMO = False

    with django_assert_num_queries(0):
        assert no_demonstration_in_real_use() == []
