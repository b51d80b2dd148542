"""Days of meetings and answers, on both sides of each boundary."""

import datetime as dt

import pytest

from engagement.duties import answer_due, is_in_time, publish_by


@pytest.mark.parametrize(
    ("meeting_on", "last_day"),
    [
        # A Thursday: five working days lie between the Wednesday of the week before and it.
        (dt.date(2019, 2, 28), dt.date(2019, 2, 20)),
        (dt.date(2019, 9, 30), dt.date(2019, 9, 20)),
        # A Saturday: the Friday before it counts.
        (dt.date(2019, 9, 28), dt.date(2019, 9, 20)),
        # The bank holiday on 26 August does not count.
        (dt.date(2019, 8, 30), dt.date(2019, 8, 21)),
    ],
)
def test_five_clear_working_days_lie_between_publishing_and_the_meeting(meeting_on, last_day):
    assert publish_by(meeting_on) == last_day


def test_in_time_is_up_to_the_last_day():
    meeting_on = dt.date(2019, 9, 30)

    assert is_in_time(dt.date(2019, 9, 20), meeting_on)
    assert not is_in_time(dt.date(2019, 9, 21), meeting_on)


def test_an_answer_is_due_so_many_days_after_it_was_asked():
    assert answer_due(dt.date(2019, 9, 10), 28) == dt.date(2019, 10, 8)
