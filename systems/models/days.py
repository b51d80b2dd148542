"""The years that a plan can speak of: a slip in the year is caught here."""

import datetime as dt

FIRST_DAY = dt.date(2015, 1, 1)
LAST_DAY = dt.date(2040, 12, 31)
