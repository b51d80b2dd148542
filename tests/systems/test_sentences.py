"""How long is left, in words."""

import datetime as dt

import pytest

from systems.sentences import time_left
from tests.factories import TODAY


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, ""),
        (dt.date(2019, 10, 1), "1 day left"),
        (dt.date(2019, 10, 29), "29 days left"),
        (dt.date(2019, 10, 30), "1 month left"),
        (dt.date(2019, 11, 29), "1 month left"),
        (dt.date(2021, 4, 30), "19 months left"),
    ],
)
def test_time_left_is_said_in_whole_months(day, said):
    assert time_left(day, TODAY) == said
