"""The demonstration's year: fixed days, whatever the clock says."""

import datetime as dt
from typing import NamedTuple

FIRST_DAY = dt.date(2018, 10, 1)
# Primary care networks were set up on this day; before it there was nobody to deliver their commitments.
NETWORKS_OPEN_ON = dt.date(2019, 7, 1)
LAST_DAY = dt.date(2019, 9, 30)
PLAN_PUBLISHED_ON = dt.date(2019, 1, 7)
# South East London has not closed August.
LEFT_OPEN = ("QKK", dt.date(2019, 8, 1))
# From this month on each closed month is published.
FIRST_PUBLISHED = dt.date(2019, 6, 1)
# Hampshire and the Isle of Wight corrected July; North West London shows everybody what it publishes.
CORRECTED = ("QRL", dt.date(2019, 7, 1))
OPEN_TO_ALL = "QRV"


class Month(NamedTuple):
    """A reporting period, as far as an invented report needs it."""

    starts_on: dt.date
    opens_on: dt.date
    due_on: dt.date
    closes_on: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether the day lies in this month of the calendar."""
        return (day.year, day.month) == (self.starts_on.year, self.starts_on.month)


def end_of_month(day: dt.date) -> dt.date:
    """The last day of this day's month."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def month_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """The last day of each month from the month of `first`, up to and including `last`."""
    ends, day = [], end_of_month(first)
    while day <= last:
        ends.append(day)
        day = end_of_month(day + dt.timedelta(days=1))
    return ends
