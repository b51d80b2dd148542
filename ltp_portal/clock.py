"""The one place that reads the clock. Only views, tasks and commands call it; everything else is given `today`."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """The day the portal believes it is: PORTAL_TODAY where set (the demonstration), else today in London."""
    return settings.PORTAL_TODAY or timezone.localdate()


def now() -> dt.datetime:
    """The moment, for "Saved at 2:14pm". It is real also where the day is not."""
    return timezone.now()
