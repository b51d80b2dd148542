"""Working days around the holidays of 2019."""

import datetime as dt

import pytest

from commitments.workdays import begin_of_working_days, is_working_day, last_working_day, working_days_before

DAY = dt.date


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (DAY(2019, 9, 30), True),
        (DAY(2019, 9, 28), False),  # Saturday
        (DAY(2019, 9, 29), False),  # Sunday
        (DAY(2019, 4, 19), False),  # Good Friday
        (DAY(2019, 4, 22), False),  # Easter Monday
        (DAY(2019, 8, 5), True),  # a bank holiday in Scotland only
        (DAY(2019, 8, 26), False),  # the summer bank holiday
        (DAY(2019, 12, 24), True),
        (DAY(2019, 12, 25), False),
        (DAY(2019, 12, 26), False),
        (DAY(2021, 12, 27), False),  # Christmas Day of 2021 was a Saturday
    ],
)
def test_weekends_and_englands_bank_holidays_are_no_working_days(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (DAY(2019, 4, 18), DAY(2019, 4, 18)),
        (DAY(2019, 4, 22), DAY(2019, 4, 18)),  # over the whole of Easter
        (DAY(2019, 12, 26), DAY(2019, 12, 24)),
    ],
)
def test_a_day_off_gives_way_to_the_working_day_before(day, last):
    assert last_working_day(day) == last


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (DAY(2019, 10, 7), 0, DAY(2019, 10, 7)),
        (DAY(2019, 10, 7), 3, DAY(2019, 10, 2)),
        (DAY(2019, 10, 7), 10, DAY(2019, 9, 23)),
        (DAY(2019, 4, 23), 1, DAY(2019, 4, 18)),  # over Easter
        (DAY(2020, 1, 8), 3, DAY(2020, 1, 3)),
        (DAY(2020, 1, 8), 10, DAY(2019, 12, 20)),  # over Christmas and New Year: three bank holidays
        (DAY(2019, 9, 29), 1, DAY(2019, 9, 26)),  # counted from the Friday before the Sunday
    ],
)
def test_working_days_are_counted_backwards(day, count, before):
    assert working_days_before(day, count) == before


@pytest.mark.parametrize(
    ("before", "first"),
    [
        (DAY(2019, 9, 30), DAY(2019, 9, 26)),  # before a Monday: Thursday and Friday
        (DAY(2019, 9, 29), DAY(2019, 9, 26)),
        (DAY(2019, 9, 28), DAY(2019, 9, 26)),
        (DAY(2019, 9, 27), DAY(2019, 9, 25)),
        (DAY(2019, 8, 27), DAY(2019, 8, 22)),  # Monday was a bank holiday
    ],
)
def test_the_two_working_days_before_a_day(before, first):
    assert begin_of_working_days(before, 2) == first
