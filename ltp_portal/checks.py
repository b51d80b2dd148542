"""What must hold of the database before the portal starts: `migrate` asks, and so does `check --database default`."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connection


def no_demonstration_in_real_use(*, databases: Sequence[str] | None = None, **asked: object) -> list[CheckMessage]:
    """Demonstration accounts come with invented reports, which must not be shown as real ones."""
    if settings.PORTAL_DEMO or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    people = get_user_model()
    if people._meta.db_table not in connection.introspection.table_names():
        return []
    if not people.objects.filter(is_demo=True).exists():
        return []
    return [
        Error(
            "The database holds demonstration accounts, and PORTAL_DEMO is off.",
            hint="Give the portal a database of its own: this one holds invented reports. Or set PORTAL_DEMO=1.",
            id="ltp_portal.E001",
        )
    ]
