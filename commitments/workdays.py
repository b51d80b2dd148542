"""Working days in England: neither weekends nor bank holidays. Pure, and no network is asked."""

import datetime as dt
from functools import cache

import holidays

_DAY = dt.timedelta(days=1)
_WEEKEND = (5, 6)


@cache
def _bank_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: dt.date) -> bool:
    return day.weekday() not in _WEEKEND and day not in _bank_holidays(day.year)


def last_working_day(day: dt.date) -> dt.date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def working_days_before(day: dt.date, count: int) -> dt.date:
    """The working day that lies so many working days before this one."""
    day = last_working_day(day)
    for _ in range(count):
        day = last_working_day(day - _DAY)
    return day


def begin_of_working_days(before: dt.date, count: int) -> dt.date:
    """The first of the last so many whole working days that lie before this day."""
    return working_days_before(before - _DAY, count - 1)
