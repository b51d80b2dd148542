"""What is owed by when: papers before a meeting, answers after it. Pure."""

import datetime as dt

from commitments.workdays import last_working_day

# Local Government Act 1972, section 100B. Not the day of publishing, not the day of the meeting.
CLEAR_DAYS = 5
_DAY = dt.timedelta(days=1)


def publish_by(meeting_on: dt.date) -> dt.date:
    """The last day on which a meeting's papers come in time: five clear working days lie between."""
    day = meeting_on
    for _ in range(CLEAR_DAYS + 1):
        day = last_working_day(day - _DAY)
    return day


def is_in_time(issued_on: dt.date, meeting_on: dt.date) -> bool:
    return issued_on <= publish_by(meeting_on)


def answer_due(asked_on: dt.date, answer_days: int) -> dt.date:
    """The day by which the NHS answers what was asked on another."""
    return asked_on + answer_days * _DAY
