"""The one place that reads the clock. Only views, tasks and commands call it; everything else is given `today`."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """The day the portal believes it is: PORTAL_TODAY where set (the demonstration), else today in London."""
    return settings.PORTAL_TODAY or timezone.localdate()
