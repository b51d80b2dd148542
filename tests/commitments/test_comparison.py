"""What became of positions between two publications."""

import datetime as dt

import pytest

from commitments.choices import DateKind, Move, Status
from commitments.comparison import (
    DATES,
    NO_REASON,
    DateMoved,
    Difference,
    Moved,
    Stood,
    date_lines,
    differences,
    keys_by_kind,
    new_moves,
)

MARCH, JUNE, SEPTEMBER = (dt.date(2021, month, 30) for month in (3, 6, 9))


def found(before, after):
    return list(differences({"here": before} if before else {}, {"here": after}))


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        (Status.ON_TRACK, Status.AT_RISK, Move.WORSE),
        (Status.OFF_TRACK, Status.AT_RISK, Move.BETTER),
        (Status.NOT_REPORTED, Status.OFF_TRACK, Move.REPORTED),
        (Status.AT_RISK, Status.MISSED, Move.MISSED),
        (Status.NOT_REPORTED, Status.MISSED, Move.MISSED),
        (Status.MISSED, Status.DELIVERED, Move.DELIVERED),
        (Status.AT_RISK, Status.NOT_APPLICABLE, Move.SCOPE),
    ],
)
def test_a_status_that_moved(was, now, kind):
    [difference] = found(Stood(was), Stood(now))

    assert (difference.was, difference.now, difference.move, difference.dates) == (was, now, kind, ())


def test_nothing_differs():
    assert found(Stood(Status.AT_RISK, MARCH, JUNE), Stood(Status.AT_RISK, MARCH, JUNE)) == []


def test_what_was_not_there_was_opened_since():
    [difference] = found(None, Stood(Status.NOT_STARTED, MARCH))

    assert (difference.was, difference.move, difference.dates) == ("", Move.OPENED, ())


def test_dates_that_moved_while_the_status_stood():
    [difference] = found(Stood(Status.AT_RISK, MARCH, JUNE), Stood(Status.AT_RISK, JUNE, SEPTEMBER))

    assert difference.move is None
    assert difference.dates == (
        DateMoved(DateKind.LOCAL_DEADLINE, MARCH, JUNE),
        DateMoved(DateKind.EXPECTED, JUNE, SEPTEMBER),
    )


def test_a_status_and_a_date_that_moved_are_one_difference():
    [difference] = found(Stood(Status.ON_TRACK, MARCH), Stood(Status.OFF_TRACK, JUNE))

    assert (difference.move, difference.dates) == (
        Move.WORSE,
        (DateMoved(DateKind.LOCAL_DEADLINE, MARCH, JUNE),),
    )


@pytest.mark.parametrize(("was", "now"), [(None, MARCH), (MARCH, None), (None, None)])
def test_a_first_date_and_one_taken_back_are_no_moves(was, now):
    assert found(Stood(Status.AT_RISK, was, was), Stood(Status.AT_RISK, now, now)) == []


def test_what_is_gone_is_no_difference_and_the_order_is_that_of_now():
    before = {"gone": Stood(Status.MISSED), "a": Stood(Status.ON_TRACK), "b": Stood(Status.ON_TRACK)}
    after = {"b": Stood(Status.AT_RISK), "a": Stood(Status.MISSED)}

    assert [difference.key for difference in differences(before, after)] == ["b", "a"]


# --- In words ---------------------------------------------------------------------------------------------


def moved(**facts) -> Moved:
    defaults = {
        "code": "C", "footprint": "E", "kind": "milestone", "what": "Recruit", "old_on": JUNE, "new_on": SEPTEMBER,
        "changed_on": SEPTEMBER, "reason": "Nobody applied.",
    }  # fmt: skip
    return Moved(**defaults | facts)


def test_only_moves_that_the_earlier_publication_did_not_know_are_new():
    known, new = moved(), moved(reason="Nobody applied again.")

    assert new_moves([known], [known, new]) == [new]


def test_a_milestone_that_moved_counts_among_the_dates_once():
    found = [Difference(("C", "E"), "at_risk", "missed", Move.MISSED, ())]

    keys = keys_by_kind(found, [("C", "E"), ("D", "E")])

    assert keys[Move.MISSED] == [("C", "E")]
    assert keys[DATES] == [("C", "E"), ("D", "E")]


def test_a_date_is_told_with_the_reason_that_was_agreed_or_reported():
    dates = (DateMoved(DateKind.LOCAL_DEADLINE, MARCH, JUNE), DateMoved(DateKind.EXPECTED, MARCH, SEPTEMBER))
    difference = Difference(("C", "E"), "at_risk", "at_risk", None, dates)
    agreed = moved(kind="local_deadline", reason="Builders are late.")

    lines = list(date_lines(difference, [agreed, moved()], ""))

    assert [(line.what, line.reason) for line in lines] == [
        ("Local deadline", "Builders are late."),
        ("Expected date", NO_REASON),
        ("Milestone “Recruit”", "Nobody applied."),
    ]
