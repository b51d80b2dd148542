"""The local plans of the demonstration's stories."""

import datetime as dt

import pytest

from commitments.choices import DeadlineKind
from commitments.demo.plans import plan_of
from commitments.demo.stories import AFTER_DEADLINE, AFTER_START, NOT_APPLICABLE, STEADY, STORIES
from commitments.demo.timetable import LAST_DAY
from commitments.measures import LONG_OVERDUE, TIGHT
from tests.commitments.demo_subjects import DEADLINE, PHRASES, many, network, story, subject

NEAR_DEADLINE = dt.date(2019, 11, 15)


def plans(name, make=subject, **facts):
    return [plan_of(one, story(name), PHRASES) for one in many(make, 60, **facts)]


def open_steps(plan):
    return [step for step in plan.steps if step.achieved_on is None]


@pytest.mark.parametrize("make", [subject, network])
@pytest.mark.parametrize("deadline_on", [None, NEAR_DEADLINE, DEADLINE, dt.date(2029, 3, 31)])
@pytest.mark.parametrize("told", dict.fromkeys([*STORIES, *AFTER_DEADLINE, *AFTER_START]), ids=lambda told: told.name)
def test_a_plan_is_valid(told, deadline_on, make):
    one = make(deadline_on=deadline_on, deadline_kind=DeadlineKind.BY if deadline_on else DeadlineKind.NONE)

    plan = plan_of(one, told, PHRASES)

    titles = [step.title for step in plan.steps]
    assert len(titles) == len(set(titles))
    assert all(step.achieved_on is None or step.achieved_on <= LAST_DAY for step in plan.steps)
    if plan.local_deadline_on and plan.planned_start_on and told.fits(one):
        assert plan.local_deadline_on >= plan.planned_start_on


def test_what_goes_well_leaves_room_before_the_national_deadline():
    for plan in plans("steady") + plans("steady", deadline_on=NEAR_DEADLINE):
        assert plan.local_deadline_on > LAST_DAY
        assert plan.expected_on == plan.local_deadline_on
    assert all(DEADLINE - plan.expected_on > TIGHT for plan in plans("steady"))
    assert all(NEAR_DEADLINE - plan.expected_on >= TIGHT for plan in plans("steady", deadline_on=NEAR_DEADLINE))


def test_what_slips_goes_where_the_story_says():
    assert all(plan.local_deadline_on < plan.expected_on <= DEADLINE for plan in plans("slipping"))
    assert all(DEADLINE - plan.expected_on < TIGHT for plan in plans("tight"))
    assert all(plan.expected_on > DEADLINE for plan in plans("beyond the deadline"))
    assert all(plan.local_deadline_on > DEADLINE for plan in plans("phased beyond"))
    assert all(plan.local_deadline_on < LAST_DAY for plan in plans("local deadline passed"))
    assert all(plan.planned_start_on > LAST_DAY for plan in plans("not due to start"))


def test_what_is_not_phased_has_no_dates_and_seldom_a_lead():
    for plan in plans("not phased", is_core=False):
        assert (plan.planned_start_on, plan.local_deadline_on, plan.steps) == (None, None, ())
    assert {plan.has_lead for plan in plans("not phased", is_core=False)} == {True, False}


def test_what_does_not_apply_says_why():
    assert plan_of(subject(is_core=False), NOT_APPLICABLE, PHRASES).not_applicable_reason


def test_a_deadline_that_passed_is_followed_by_a_local_one():
    assert plan_of(subject(deadline_on=dt.date(2019, 7, 1)), STEADY, PHRASES).local_deadline_on > LAST_DAY


@pytest.mark.parametrize("make", [subject, network])
def test_milestones_go_as_the_story_says(make):
    for plan in plans("overdue", make):
        assert LAST_DAY - LONG_OVERDUE <= min(step.due_on for step in open_steps(plan)) < LAST_DAY
    for plan in plans("long overdue", make):
        assert min(step.due_on for step in open_steps(plan)) < LAST_DAY - LONG_OVERDUE
    for plan in plans("steady", make) + plans("recovered", make):
        assert min(step.due_on for step in open_steps(plan)) >= LAST_DAY
    for plan in plans("delivered", make):
        assert not open_steps(plan)
    for plan in plans("claimed", make):
        assert len(open_steps(plan)) == 1


def test_a_plan_carries_the_national_steps_still_to_come():
    step = ("Further areas funded", dt.date(2021, 12, 31))

    plan = plan_of(subject(national_steps=(step,)), STEADY, PHRASES)

    assert plan.steps[-1].title == "National step: Further areas funded"
