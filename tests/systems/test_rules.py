"""The law of maturity, without a database, on both sides of every boundary."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from systems.choices import MaturityStatus
from systems.measures import Evidence, Judged
from systems.rules import verdict
from tests.systems.maturity_builder import CHECKLIST, DAY, LETTERS, RUNGS, criterion, ladder

TODAY = dt.date(2019, 9, 30)
BY = dt.date(2021, 4, 30)
MATURING = (BY, 3)


# --- The level reached ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        (("m", "m", "m", "m"), 4),
        (("m", "m", "n", "m"), 2),
        (("m", "m", "p", "n"), 2),
        (("m", "", "m", "m"), 1),
        (("n", "m", "m", "m"), None),
        (("p", "n", "n", "n"), None),
    ],
)
def test_a_level_is_reached_when_it_and_every_level_below_are_met(found, reached):
    assert verdict(ladder(*found), TODAY).reached == reached


def test_all_criteria_of_a_level_are_asked_for():
    one_of_two = Evidence(RUNGS, (criterion(1, 1, "m"), criterion(2, 1, "p"), criterion(3, 2, "m")))

    assert verdict(one_of_two, TODAY).reached is None


def test_a_ladder_may_begin_at_nought():
    e = ladder("m", "n", rungs=((0, "foundation"), (1, "step 1")), expected=[(TODAY - DAY, 1)])

    found = verdict(e, TODAY)

    assert (found.reached, found.expected, found.gap) == (0, 1, 1)


# --- Raters -----------------------------------------------------------------------------------------------


def test_what_raters_disagree_on_is_not_met_and_the_spread_is_kept():
    found = verdict(ladder("mm", "mn", "m-", "n-"), TODAY)

    assert (found.reached, found.lowest, found.highest) == (1, 1, 3)
    assert found.split == [2]
    assert found.sentence.endswith("Raters disagree on 1 criterion, which counts as not met.")


def test_raters_who_agree_that_something_is_missing_are_not_split():
    found = verdict(ladder("mm", "nn", "", ""), TODAY)

    assert (found.split, found.lowest, found.highest) == ([], 1, 1)


def test_who_sees_nothing_reached_stands_below_the_lowest_level():
    assert verdict(ladder("mn", "m", "", ""), TODAY).lowest == 0


# --- Expectations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected", "next_level", "gap", "status"),
    [
        (BY - DAY, None, 3, 0, MaturityStatus.AT_RISK),
        (BY, 3, None, 1, MaturityStatus.AT_RISK),
        (BY + DAY, 3, None, 1, MaturityStatus.GAP),
    ],
)
def test_a_level_is_expected_on_its_day_and_the_gap_opens_on_the_day_after(today, expected, next_level, gap, status):
    found = verdict(ladder("m", "m", "n", "", expected=[MATURING]), today)

    assert (found.expected, found.next_level, found.gap, found.status) == (expected, next_level, gap, status)


def test_the_gap_is_never_below_nought():
    found = verdict(ladder("m", "m", "m", "m", expected=[(TODAY - DAY, 2)]), TODAY)

    assert (found.gap, found.status) == (0, MaturityStatus.MET)


def test_the_gap_counts_from_below_the_lowest_level():
    assert verdict(ladder("n", "", "", "", expected=[(TODAY - DAY, 3)]), TODAY).gap == 3


def test_the_highest_level_whose_day_has_come_is_expected():
    e = ladder("m", "n", "n", "", expected=[(TODAY - 9 * DAY, 3), (TODAY - DAY, 2), (BY, 4)])

    found = verdict(e, TODAY)

    assert (found.expected, found.expected_on) == (3, TODAY - 9 * DAY)
    assert (found.next_level, found.next_on) == (4, BY)


def test_a_lower_level_expected_later_is_not_the_next():
    e = ladder("m", "m", "m", "", expected=[(TODAY, 3), (BY, 2)])

    assert verdict(e, TODAY).next_level is None


def test_nothing_expected_is_neither_met_nor_a_gap():
    found = verdict(ladder("m", "n", "", ""), TODAY)

    assert found.status == MaturityStatus.NOTHING_EXPECTED
    assert found.sentence == "Nothing expected: emerging is reached; nothing is expected by a date."
    assert found.next_change_on is None


def test_what_nobody_judged_is_not_assessed_even_when_its_day_has_passed():
    found = verdict(ladder("", "", "", "", expected=[MATURING]), BY + DAY)

    assert (found.status, found.gap, found.lowest) == (MaturityStatus.NOT_ASSESSED, 3, None)
    assert found.in_the_way == [1, 2, 3]
    assert found.sentence == (
        "Not assessed: nobody has judged any of its 4 criteria; maturing was expected by 30 April 2021."
    )


# --- Actions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "status"),
    [
        ([], MaturityStatus.AT_RISK),
        ([TODAY - DAY], MaturityStatus.AT_RISK),
        ([TODAY], MaturityStatus.CLOSING),
        ([BY], MaturityStatus.CLOSING),
        ([BY + DAY], MaturityStatus.AT_RISK),
        ([TODAY - DAY, BY], MaturityStatus.CLOSING),
    ],
)
def test_a_gap_is_closing_when_each_criterion_in_the_way_has_an_action_due_in_time(due_on, status):
    found = verdict(ladder("m", "m", "n", "n", expected=[MATURING], due_on=due_on), TODAY)

    assert found.status == status
    assert found.in_the_way == [3]
    assert found.uncovered == ([] if status == MaturityStatus.CLOSING else [3])


def test_one_criterion_without_an_action_is_enough_to_be_at_risk():
    e = Evidence(
        RUNGS,
        (criterion(1, 1, "m"), criterion(2, 2, "n", BY), criterion(3, 3, "p")),
        expectations=(MATURING,),
    )

    found = verdict(e, TODAY)

    assert (found.status, found.in_the_way, found.uncovered) == (MaturityStatus.AT_RISK, [2, 3], [3])
    assert found.sentence == (
        "At risk: emerging is reached; maturing is expected by 30 April 2021. "
        "2 criteria stand in the way, and 1 of them has no action due in time."
    )


def test_a_gap_stays_a_gap_whatever_is_planned_and_says_what_no_action_takes_up():
    e = ladder("m", "m", "n", "", expected=[(TODAY - DAY, 3)], due_on=[TODAY + DAY])

    found = verdict(e, TODAY)

    assert (found.status, found.uncovered) == (MaturityStatus.GAP, [])
    assert found.sentence == (
        "Gap: developing is reached; maturing was expected by 29 September 2019. "
        "1 criterion stands in the way, and it has an open action."
    )


def test_a_gap_is_told_against_the_highest_level_expected_today():
    e = ladder("n", "", "", "", expected=[(TODAY - 9 * DAY, 1), (TODAY, 2)])

    found = verdict(e, TODAY)

    assert (found.status, found.gap, found.in_the_way) == (MaturityStatus.GAP, 2, [1, 2])


def test_a_checklist_says_how_much_of_it_is_in_place():
    e = Evidence(CHECKLIST, (criterion(1, 1, "m"), criterion(2, 1, "n"), criterion(3, 1, "m")), expectations=((BY, 1),))

    assert verdict(e, TODAY).sentence == (
        "At risk: 2 of 3 are in place; all are expected by 30 April 2021. "
        "1 criterion stands in the way, and it has no action due in time."
    )


def test_what_is_reached_and_expected_is_met():
    assert verdict(ladder("m", "m", "m", "", expected=[MATURING]), TODAY).sentence == (
        "Met: maturing is reached; maturing is expected by 30 April 2021."
    )


# --- Criteria expected by themselves -----------------------------------------------------------------------


def alone(found: str, *due_on: dt.date, other: str = "n", expected=()) -> Evidence:
    """A list of two of which the first is expected by a day of its own."""
    criteria = (criterion(1, 1, found, *due_on, expected_on=BY), criterion(2, 1, other))
    return Evidence(CHECKLIST, criteria, expectations=tuple(expected))


@pytest.mark.parametrize(
    ("today", "status", "now", "ahead"),
    [
        (BY - DAY, MaturityStatus.AT_RISK, None, BY),
        (BY, MaturityStatus.AT_RISK, BY, None),
        (BY + DAY, MaturityStatus.GAP, BY, None),
    ],
)
def test_a_criterion_is_expected_by_itself_on_its_day_and_the_gap_opens_on_the_day_after(today, status, now, ahead):
    found = verdict(alone("n"), today)

    assert (found.status, found.in_the_way, found.uncovered) == (status, [1], [1])
    assert (found.expected_on, found.next_on) == (now, ahead)
    assert (found.expected, found.next_level, found.gap) == (None, None, 0)


def test_the_rest_of_its_level_is_not_expected_with_it():
    found = verdict(alone("m"), BY + DAY)

    assert (found.status, found.in_the_way) == (MaturityStatus.MET, [])
    assert found.sentence == "Met: 1 of 2 is in place; 1 criterion was expected by 30 April 2021."


@pytest.mark.parametrize(
    ("due_on", "status"),
    [
        (TODAY - DAY, MaturityStatus.AT_RISK),
        (TODAY, MaturityStatus.CLOSING),
        (BY, MaturityStatus.CLOSING),
        (BY + DAY, MaturityStatus.AT_RISK),
    ],
)
def test_an_action_closes_it_when_it_is_due_by_its_own_day(due_on, status):
    assert verdict(alone("p", due_on), TODAY).status == status


def test_a_criterion_that_is_overdue_is_taken_up_by_whatever_is_still_to_come():
    found = verdict(alone("n", BY + 9 * DAY), BY + DAY)

    assert (found.status, found.uncovered) == (MaturityStatus.GAP, [])
    assert found.sentence == (
        "Gap: 0 of 2 are in place; 1 criterion was expected by 30 April 2021. "
        "1 criterion stands in the way, and it has an open action."
    )


def test_each_criterion_in_the_way_of_a_level_is_asked_for_by_its_own_day():
    whole = BY + 30 * DAY
    e = alone("n", BY + DAY, other="m", expected=[(whole, 1)])

    found = verdict(e, TODAY)

    assert (found.status, found.uncovered) == (MaturityStatus.AT_RISK, [1])
    assert (found.next_level, found.next_on) == (None, BY)
    assert found.sentence.startswith(
        "At risk: 1 of 2 is in place; all are expected by 30 May 2021; 1 criterion is expected by 30 April 2021."
    )


def test_a_level_whose_day_has_passed_is_in_the_way_whatever_is_expected_later():
    e = alone("n", other="n", expected=[(TODAY - DAY, 1)])

    found = verdict(e, TODAY)

    assert (found.status, found.expected, found.in_the_way) == (MaturityStatus.GAP, 1, [1, 2])
    assert "30 April 2021" not in found.sentence


def test_days_of_their_own_are_told_from_the_first():
    later = BY + 30 * DAY
    e = Evidence(CHECKLIST, (criterion(1, 1, "m", expected_on=BY), criterion(2, 1, "m", expected_on=later)))

    assert "2 criteria are expected, the first by 30 April 2021." in verdict(e, later).sentence
    assert "2 criteria were expected, the first by 30 April 2021." in verdict(e, later + DAY).sentence


def test_what_nobody_judged_says_what_is_expected_of_single_criteria():
    found = verdict(Evidence(CHECKLIST, (criterion(1, 1, expected_on=BY), criterion(2, 1))), TODAY)

    assert (found.status, found.in_the_way) == (MaturityStatus.NOT_ASSESSED, [1])
    assert found.sentence == (
        "Not assessed: nobody has judged any of its 2 criteria; 1 criterion is expected by 30 April 2021."
    )


@pytest.mark.parametrize(("today", "expires"), [(TODAY, BY), (BY - DAY, BY), (BY, BY + DAY), (BY + DAY, None)])
def test_a_verdict_expires_on_the_day_of_a_criterion_and_on_the_next(today, expires):
    assert verdict(alone("n"), today).next_change_on == expires


# --- When it expires --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "expires"),
    [([], BY), ([dt.date(2020, 1, 31)], dt.date(2020, 2, 1)), ([BY], BY)],
)
def test_a_verdict_expires_with_its_actions_and_on_the_day_of_the_expectation(due_on, expires):
    e = ladder("m", "m", "n", "", expected=[MATURING], due_on=due_on)

    assert verdict(e, TODAY).next_change_on == expires


def test_what_is_past_expires_no_more():
    assert verdict(ladder("m", "m", "n", "", expected=[MATURING]), BY + DAY).next_change_on is None


days = st.dates(TODAY - 40 * DAY, TODAY + 40 * DAY)
results = st.lists(
    st.tuples(st.sampled_from(["self", "peer", "selfcouncil"]), st.sampled_from(sorted(LETTERS.values()))),
    max_size=3,
    unique_by=lambda found: found[0],
)
judged = st.builds(
    Judged,
    pk=st.integers(1, 99),
    ordinal=st.integers(1, 4),
    found=results.map(tuple),
    actions_due_on=st.lists(days, max_size=2).map(tuple),
    expected_on=st.none() | days,
)
evidence = st.builds(
    Evidence,
    rungs=st.just(RUNGS),
    criteria=st.lists(judged, min_size=1, max_size=6, unique_by=lambda one: one.pk).map(
        lambda found: tuple(sorted(found, key=lambda one: one.ordinal))
    ),
    expectations=st.lists(st.tuples(days, st.integers(1, 4)), max_size=3).map(lambda found: tuple(sorted(found))),
)


@given(e=evidence, today=days)
def test_a_verdict_holds_on_every_day_before_it_expires(e, today):
    first = verdict(e, today)
    last = first.next_change_on or TODAY + 90 * DAY

    for number in range((last - today).days):
        assert verdict(e, today + number * DAY) == first
    if first.next_change_on:
        assert verdict(e, first.next_change_on) != first


@given(e=evidence, today=days)
def test_what_stands_in_the_way_is_all_that_stands_in_the_way(e, today):
    found = verdict(e, today)
    targets = {MaturityStatus.GAP: found.expected, MaturityStatus.CLOSING: found.next_level}
    mended = [replace(one, found=(("self", "met"),)) if one.pk in found.in_the_way else one for one in e.criteria]

    assert set(found.uncovered) <= set(found.in_the_way)
    after = verdict(Evidence(e.rungs, tuple(mended), e.expectations), today)
    # Of a level whose day has passed nothing is left; single criteria may stand in the way without one.
    levels = Evidence(e.rungs, tuple(replace(one, expected_on=None) for one in e.criteria), e.expectations)
    if (target := targets.get(found.status)) is not None and verdict(levels, today).status == found.status:
        assert after.reached is not None
        assert after.reached >= min(target, found.expected or target)
    if found.status == MaturityStatus.GAP:
        assert after.status != MaturityStatus.GAP
    if found.status == MaturityStatus.CLOSING:
        assert found.uncovered == []
    if found.status == MaturityStatus.AT_RISK:
        assert found.uncovered
