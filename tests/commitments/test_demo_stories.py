"""Which story a delivery of the demonstration tells."""

import datetime as dt

import pytest

from commitments.choices import Confidence, DeadlineKind, Stage
from commitments.demo.stories import (
    AFTER_DEADLINE,
    AFTER_START,
    NOT_APPLICABLE,
    PRESSED,
    STEADY,
    STORIES,
    Aim,
    Statement,
    story_of,
)
from tests.commitments.demo_subjects import many, network, story, subject


def test_a_delivery_always_tells_the_same_story():
    assert [story_of(one) for one in many()] == [story_of(one) for one in many()]


@pytest.mark.parametrize("told", dict.fromkeys([*STORIES, *AFTER_DEADLINE, *AFTER_START]), ids=lambda told: told.name)
def test_a_story_has_a_letter_for_each_month(told):
    assert len(told.line) == 12
    assert set(told.line) <= set("GARDN.")


def test_every_story_that_fits_is_told_somewhere():
    told = {story_of(one) for one in many(count=3000, is_core=False, is_measured=True)}

    assert told == {one for one in STORIES if one.fits(subject(is_core=False, is_measured=True))}


def test_most_deliveries_do_well():
    stories = [story_of(one) for one in many(count=1000)]

    assert sum(one.is_trouble for one in stories) < 600
    assert stories.count(STEADY) > 200


def test_a_core_foundation_is_always_phased_and_applies():
    assert not {story("not phased"), NOT_APPLICABLE} & {story_of(one) for one in many(is_core=True)}


def test_nothing_undated_goes_beyond_its_deadline():
    told = {story_of(one) for one in many(deadline_kind=DeadlineKind.NONE, deadline_on=None)}

    assert not {Aim.BEYOND, Aim.PHASED_BEYOND, Aim.TIGHT} & {one.aim for one in told}


def test_a_network_cannot_have_stalled_before_it_was_set_up():
    assert story("stalled") not in {story_of(one) for one in many(network)}


def test_after_a_deadline_it_is_in_place_or_missed():
    told = {story_of(one) for one in many(deadline_on=dt.date(2019, 7, 1))}

    assert told == set(AFTER_DEADLINE)


def test_after_a_starting_day_it_runs_or_has_not_begun():
    told = {story_of(one) for one in many(deadline_kind=DeadlineKind.FROM, deadline_on=dt.date(2019, 4, 30))}

    assert told == set(AFTER_START)


@pytest.mark.parametrize(("confidence", "told"), [(Confidence.GREEN, STEADY), (Confidence.AMBER, PRESSED)])
def test_what_a_paper_says_decides_the_story(confidence, told):
    said = Statement(dt.date(2019, 9, 1), Stage.UNDER_WAY, confidence, "A paper", "We will.")

    assert {story_of(one) for one in many(count=50, statement=said)} == {told}
