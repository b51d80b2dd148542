"""From facts to evidence: whose word counts, which is the latest, and what a later version carries on."""

import datetime as dt

import pytest

from systems import evidence
from systems.choices import AssessmentState, Rater, Result
from systems.models import Assessment, Framework
from systems.recompute import open_positions
from tests.factories import (
    TODAY,
    ActionMoveFactory,
    AssessmentFactory,
    CriterionFactory,
    DomainFactory,
    ExpectationFactory,
    FindingFactory,
    FrameworkFactory,
    ImprovementActionFactory,
    MaturityLevelFactory,
    PlaceFactory,
    UserFactory,
    signed_off_assessment,
)

pytestmark = pytest.mark.django_db


DAY = dt.timedelta(days=1)


def states(today=TODAY, *, kept=("footprint_id",), at="true"):
    return list(evidence.of_positions(evidence.frame(today), today, at=at, kept=kept))


def seen(domain, footprint, today=TODAY):
    open_positions(today)
    found = {(state.domain_id, int(at)): state for state, (at,), *_ in states(today)}
    return evidence.of_state(found[domain.pk, footprint.pk], evidence.frame(today))


def found(domain, footprint, today=TODAY) -> list[tuple]:
    return [criterion.found for criterion in seen(domain, footprint, today).criteria]


def test_rungs_and_criteria_come_from_the_lowest_up(ladder, system):
    e = seen(ladder.domain, system)

    assert e.rungs == ((1, "emerging"), (2, "developing"), (3, "maturing"))
    assert [(one.pk, one.ordinal) for one in e.criteria] == [
        (criterion.pk, ordinal) for criterion, ordinal in zip(ladder.criteria, (1, 2, 2, 3), strict=True)
    ]
    assert (e.expectations, e.assessed_on) == (((dt.date(2021, 4, 30), 3),), None)


def test_the_latest_word_of_each_rater_counts_criterion_by_criterion(ladder, system):
    first, second, *_ = ladder.criteria
    signed_off_assessment(system, {first: Result.MET, second: Result.NOT_MET}, on=TODAY - 20 * DAY)
    signed_off_assessment(system, {second: Result.PARTLY, first: Result.NOT_ASSESSED}, on=TODAY - 10 * DAY)
    signed_off_assessment(system, {second: Result.MET}, on=TODAY - 15 * DAY, rater=Rater.REGULATOR)

    assert found(ladder.domain, system)[:2] == [
        (("self", "met"),),
        (("regulator", "met"), ("self", "partly")),
    ]
    assert seen(ladder.domain, system).assessed_on == TODAY - 10 * DAY


def test_partners_are_raters_of_their_own(ladder, place):
    first = ladder.criteria[0]
    signed_off_assessment(place, {first: Result.MET}, partner="nhs")
    signed_off_assessment(place, {first: Result.NOT_MET}, partner="council")

    assert found(ladder.domain, place)[0] == (("selfcouncil", "not_met"), ("selfnhs", "met"))


@pytest.mark.parametrize(("today", "counts"), [(TODAY - 11 * DAY, False), (TODAY - 10 * DAY, True)])
def test_only_what_was_signed_off_by_the_day_is_seen(ladder, system, today, counts):
    signed_off_assessment(system, {ladder.criteria[0]: Result.MET}, on=TODAY - 10 * DAY)

    assert bool(found(ladder.domain, system, today)[0]) is counts


@pytest.mark.parametrize("state", [AssessmentState.DRAFT, AssessmentState.SUBMITTED, AssessmentState.RETURNED])
def test_what_is_not_signed_off_counts_for_nothing(ladder, system, state):
    draft = AssessmentFactory(framework=ladder.framework, footprint=system)
    FindingFactory(assessment=draft, criterion=ladder.criteria[0])
    if state != AssessmentState.DRAFT:
        facts = {"assessed_on": TODAY, "submitted_on": TODAY, "submitted_by": UserFactory()}
        facts |= {"decided_by": UserFactory(), "decided_on": TODAY, "return_note": "More"}
        Assessment.objects.filter(pk=draft.pk).update(state=state, **facts)

    assert found(ladder.domain, system)[0] == ()


def test_a_later_version_carries_on_what_was_found_about_the_words_it_replaced(ladder, system):
    signed_off_assessment(system, dict.fromkeys(ladder.criteria[:2], Result.MET), on=TODAY - 9 * DAY)
    later = FrameworkFactory(code="ICSM-2", replaces=ladder.framework)
    domain = DomainFactory(framework=later)
    anew = CriterionFactory(domain=domain, replaces=ladder.criteria[0])
    kept = CriterionFactory(domain=domain, replaces=ladder.criteria[1])
    added = CriterionFactory(domain=domain)
    signed_off_assessment(system, {anew: Result.PARTLY}, on=TODAY - DAY)

    assert list(Framework.objects.current()) == [later]
    assert {one.pk: one.found for one in seen(domain, system).criteria} == {
        anew.pk: (("self", "partly"),),
        kept.pk: (("self", "met"),),
        added.pk: (),
    }


def test_open_actions_with_a_day_are_seen_until_they_are_done(ladder, system):
    criterion = ladder.criteria[1]
    ImprovementActionFactory(footprint=system, due_on=dt.date(2020, 1, 31), closes=[criterion])
    ImprovementActionFactory(footprint=system, due_on=None, source="A paper", closes=[criterion])
    ImprovementActionFactory(footprint=system, recorded_on=TODAY + DAY, closes=[criterion])
    done = {"done_on": TODAY, "done_by": UserFactory(), "evidence": "Minutes"}
    ImprovementActionFactory(footprint=system, due_on=dt.date(2020, 2, 29), closes=[criterion], **done)
    ImprovementActionFactory(due_on=dt.date(2020, 3, 1), closes=[criterion])

    assert seen(ladder.domain, system).criteria[1].actions_due_on == (dt.date(2020, 1, 31),)
    assert dt.date(2020, 2, 29) in seen(ladder.domain, system, TODAY - DAY).criteria[1].actions_due_on


def test_a_past_day_sees_the_due_date_that_the_plan_had_then(ladder, system):
    criterion = ladder.criteria[1]
    action = ImprovementActionFactory(footprint=system, due_on=dt.date(2020, 9, 30), closes=[criterion])
    march, june, september = (dt.date(2020, month, day) for month, day in ((3, 31), (6, 30), (9, 30)))
    # The later move was written down first: days decide, not the order of the rows.
    ActionMoveFactory(action=action, was_due_on=june, due_on=september, recorded_on=TODAY)
    ActionMoveFactory(action=action, was_due_on=march, due_on=june, recorded_on=TODAY - 5 * DAY)
    ActionMoveFactory(action=action, was_due_on=None, due_on=march, recorded_on=TODAY - 9 * DAY)

    due = [
        seen(ladder.domain, system, TODAY - before * DAY).criteria[1].actions_due_on for before in (10, 9, 6, 5, 1, 0)
    ]

    assert due == [(), (march,), (march,), (june,), (june,), (september,)]


def test_local_expectations_bind_what_lies_below_and_those_of_one_domain_only_that_domain(ladder, system, place):
    other = DomainFactory(framework=ladder.framework)
    CriterionFactory(domain=other)
    elsewhere = PlaceFactory()
    level = ladder.criteria[1].level
    local = {"code": None, "level": level, "footprint_level": "place", "footprint": system}
    ExpectationFactory(**local, due_on=dt.date(2020, 3, 31), domain=ladder.domain)
    ExpectationFactory(**local, due_on=dt.date(2020, 6, 30), recorded_on=TODAY + DAY)

    assert seen(ladder.domain, place).expectations == ((dt.date(2020, 3, 31), 2),)
    assert seen(other, place).expectations == ()
    assert seen(ladder.domain, elsewhere).expectations == ()
    assert seen(ladder.domain, system).expectations == ((dt.date(2021, 4, 30), 3),)


def test_a_criterion_may_be_expected_by_itself_everywhere_or_below_a_path(ladder, system, place):
    first, second, third, _ = ladder.criteria
    elsewhere = PlaceFactory()
    of_places = {"domain": ladder.domain, "footprint_level": "place"}
    for code, criterion, where, on in [
        ("E1", first, None, dt.date(2020, 6, 30)),
        ("E2", first, None, dt.date(2020, 3, 31)),
        (None, first, system, dt.date(2020, 9, 30)),
        (None, second, system, dt.date(2020, 12, 31)),
        (None, second, system, dt.date(2020, 1, 31)),
    ]:
        ExpectationFactory(
            code=code, criterion=criterion, level=criterion.level, footprint=where, due_on=on, **of_places
        )
    late = {"criterion": third, "level": third.level, "recorded_on": TODAY + DAY}
    ExpectationFactory(**late, **of_places)

    here, there = seen(ladder.domain, place), seen(ladder.domain, elsewhere)

    assert [one.expected_on for one in here.criteria] == [dt.date(2020, 3, 31), dt.date(2020, 1, 31), None, None]
    assert [one.expected_on for one in there.criteria] == [dt.date(2020, 3, 31), None, None, None]
    assert here.expectations == there.expectations == ()


def test_positions_in_the_same_state_that_are_stored_alike_are_one_row(ladder, system, settled):
    for _ in range(2):
        PlaceFactory(parent=system)
    open_positions(TODAY)
    at = "footprint.level = 'place'"

    ((state, _, count, positions),) = states(kept=["status"], at=at)
    apart = states(kept=["id"], at=at)

    assert (state.words, state.path, count) == ("", "", 3)
    assert positions == f"{{{','.join(pk for _, (pk,), *_ in apart)}}}"
    assert {other for other, *_ in apart} == {state}


def test_the_number_of_queries_does_not_grow_with_the_footprints(ladder, system, django_assert_num_queries):
    MaturityLevelFactory(framework=ladder.framework, ordinal=4)
    frame = evidence.frame(TODAY)

    for _ in range(2):
        for _ in range(3):
            PlaceFactory(parent=system)
        open_positions(TODAY)
        with django_assert_num_queries(1):
            list(evidence.of_positions(frame, TODAY, at="true", kept=["id"]))
