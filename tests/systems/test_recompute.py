"""Evidence in, verdicts out: only changed rows are written, each move is logged, and running twice is harmless."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.models import PositionsVersion
from systems import actions, recompute
from systems.choices import MaturityStatus, Result
from systems.locks import lock_systems
from systems.models import Footprint, ImprovementAction, MaturityChange, MaturityPosition, MaturityVersion
from systems.recompute import Outcome
from tests.elsewhere import Elsewhere
from tests.factories import (
    TODAY,
    CriterionFactory,
    DomainFactory,
    ExpectationFactory,
    FrameworkFactory,
    ImprovementActionFactory,
    PcnFactory,
    PlaceFactory,
    SystemFactory,
    signed_off_assessment,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def stored() -> list[tuple]:
    return list(MaturityPosition.objects.order_by("pk").values_list())


def position(footprint, domain) -> MaturityPosition:
    return MaturityPosition.objects.get(footprint=footprint, domain=domain)


# --- Births -----------------------------------------------------------------------------------------------


def test_every_footprint_a_framework_judges_has_its_positions(ladder, system, place):
    SystemFactory(closed_on=TODAY - DAY)
    PcnFactory(parent=place)

    assert recompute.open_positions(TODAY) == 2
    assert recompute.open_positions(TODAY) == 0
    assert set(MaturityPosition.objects.values_list("footprint", flat=True)) == {system.pk, place.pk}


def test_an_own_framework_judges_only_its_owner(system):
    DomainFactory(framework=FrameworkFactory(footprint=system))
    SystemFactory()

    assert recompute.open_positions(TODAY) == 1


def test_a_replaced_framework_leaves_the_field_to_the_later_one(ladder, system, settled):
    later = FrameworkFactory(replaces=ladder.framework)
    domain = DomainFactory(framework=later)
    CriterionFactory(domain=domain)

    recompute.open_positions(TODAY)

    assert set(MaturityPosition.objects.values_list("domain", flat=True)) == {domain.pk}


# --- Writing only what changed ----------------------------------------------------------------------------


def test_a_second_run_writes_nothing(ladder, system, place, settled):
    signed_off_assessment(system, {ladder.criteria[0]: Result.MET})
    first = recompute.recompute(TODAY, everything=True)
    before = stored()

    second = recompute.recompute(TODAY, everything=True)

    assert (first, second) == (Outcome(2, 1), Outcome(2, 0))
    assert stored() == before
    assert recompute.recompute(TODAY) == Outcome()


def test_a_move_is_logged_and_a_birth_is_not(ladder, system, settled):
    assert not MaturityChange.objects.exists()
    signed_off_assessment(system, {ladder.criteria[0]: Result.MET})

    recompute.recompute(TODAY + DAY, everything=True)

    change = MaturityChange.objects.get()
    assert (change.from_status, change.to_status) == (MaturityStatus.NOT_ASSESSED, MaturityStatus.AT_RISK)
    assert (change.from_reached, change.to_reached, change.changed_on) == (None, 1, TODAY + DAY)
    assert position(system, ladder.domain).moved_on == TODAY + DAY


def test_another_level_under_the_same_status_is_a_move_too(ladder, system, settled):
    signed_off_assessment(system, {ladder.criteria[0]: Result.MET}, on=TODAY - 9 * DAY)
    recompute.recompute(TODAY, everything=True)
    signed_off_assessment(system, dict.fromkeys(ladder.criteria[:3], Result.MET), on=TODAY - DAY)

    recompute.recompute(TODAY, everything=True)

    latest = MaturityChange.objects.first()
    assert (latest.from_status, latest.to_status) == (MaturityStatus.AT_RISK, MaturityStatus.AT_RISK)
    assert (latest.from_reached, latest.to_reached) == (1, 2)


def test_some_and_all_agree(ladder, system, place, settled):
    for footprint in (system, place):
        signed_off_assessment(footprint, {ladder.criteria[0]: Result.MET})
    with transaction.atomic():
        lock_systems([system.pk])
        recompute.recompute_footprint(system.pk, TODAY)
        recompute.recompute_footprint(place.pk, TODAY)
    one_by_one = stored()

    assert recompute.recompute(TODAY, everything=True).changed == 0
    assert stored() == one_by_one


def test_a_verdict_is_due_on_the_day_it_expires(ladder, system, settled):
    signed_off_assessment(system, {ladder.criteria[0]: Result.MET})
    action = ImprovementActionFactory(footprint=system, due_on=dt.date(2020, 1, 31), closes=ladder.criteria[1:])
    recompute.recompute(TODAY, everything=True)
    assert position(system, ladder.domain).next_change_on == action.due_on + DAY

    assert recompute.recompute(action.due_on).examined == 0
    assert recompute.recompute(action.due_on + DAY).changed == 1
    assert position(system, ladder.domain).status == MaturityStatus.AT_RISK


def test_a_verdict_is_due_on_the_day_of_a_single_criterion_and_on_the_next(ladder, place, settled):
    first, second, *_ = ladder.criteria
    day = dt.date(2020, 12, 31)
    own = {"criterion": second, "domain": ladder.domain, "level": second.level, "footprint_level": "place"}
    ExpectationFactory(**own, due_on=day)
    signed_off_assessment(place, {first: Result.MET, second: Result.NOT_MET})
    recompute.recompute(TODAY, everything=True)
    found = []

    for on in (TODAY, day, day + DAY):
        recompute.recompute(on)
        stands = position(place, ladder.domain)
        found.append((stands.status, stands.expected_on, stands.next_on, stands.in_the_way, stands.next_change_on))
        assert list(recompute.audit(on)) == []

    assert found == [
        (MaturityStatus.AT_RISK, None, day, [second.pk], day),
        (MaturityStatus.AT_RISK, day, None, [second.pk], day + DAY),
        (MaturityStatus.GAP, day, None, [second.pk], None),
    ]


def test_only_what_lies_inside_is_looked_at(ladder, system, place, settled):
    other = SystemFactory()
    recompute.open_positions(TODAY)

    assert recompute.recompute(TODAY, inside=other.path, everything=True).examined == 1


def test_marked_positions_are_due_of_one_framework_or_of_all(ladder, system, place, settled):
    DomainFactory(framework=FrameworkFactory())

    recompute.set_due(TODAY, framework=ladder.framework.pk, inside=place.path)

    assert list(MaturityPosition.objects.due(TODAY).values_list("footprint", flat=True)) == [place.pk]
    assert MaturityPosition.objects.waiting_since(TODAY)[0] is not None


# --- Versions and audit -----------------------------------------------------------------------------------


def test_what_changes_moves_the_version_of_the_systems_pages(ladder, system, settled):
    PositionsVersion.objects.bump([system.pk])
    before = PositionsVersion.objects.of_code("QKK")
    recompute.recompute(TODAY, everything=True)
    assert PositionsVersion.objects.of_code("QKK") == before

    signed_off_assessment(system, {ladder.criteria[0]: Result.MET})
    recompute.recompute(TODAY, everything=True)

    assert PositionsVersion.objects.of_code("QKK") != before
    assert str(MaturityVersion.objects.get(system=system)).startswith("South East London: ")


def test_the_audit_finds_what_is_not_as_it_should_be_and_writes_nothing(ladder, system, settled):
    assert list(recompute.audit(TODAY)) == []
    MaturityPosition.objects.filter(footprint=system).update(status=MaturityStatus.MET)
    before = stored()

    (drift,) = recompute.audit(TODAY)

    assert (drift.footprint_id, drift.domain_id) == (system.pk, ladder.domain.pk)
    assert (drift.stored[0], drift.computed[0]) == (MaturityStatus.MET, MaturityStatus.NOT_ASSESSED)
    assert stored() == before


def test_a_past_day_is_computed_and_never_stored(ladder, system, settled):
    signed_off_assessment(system, {ladder.criteria[0]: Result.MET}, on=TODAY - 10 * DAY)

    then, now = (recompute.verdicts(system.pk, day)[ladder.domain.pk] for day in (TODAY - 11 * DAY, TODAY))

    assert (then.status, now.reached) == (MaturityStatus.NOT_ASSESSED, 1)
    assert position(system, ladder.domain).status == MaturityStatus.NOT_ASSESSED


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    # After how many days each, and to when.
    moves=st.lists(
        st.tuples(st.integers(0, 5), st.dates(dt.date(2019, 10, 1), dt.date(2021, 12, 31))), min_size=1, max_size=5
    )
)
def test_the_verdicts_of_past_days_see_no_later_moves(ladder, system, manager, settled, moves):
    with transaction.atomic():
        signed_off_assessment(system, dict.fromkeys(ladder.criteria[:3], Result.MET))
        action = ImprovementActionFactory(footprint=system, recorded_on=TODAY - 9 * DAY, closes=ladder.criteria[3:])
        recompute.recompute(TODAY, everything=True)
        today, told = TODAY, {}
        for days, due_on in moves:
            for _ in range(days):
                told[today] = recompute.verdicts(system.pk, today)
                today += DAY
            actions.change_action(
                action=action, version=ImprovementAction.objects.get(pk=action.pk).version, title=action.title,
                owner=action.owner, due_on=due_on, closes=ladder.criteria[3:], reason="Later", by=manager, today=today,
            )  # fmt: skip

        assert {day: recompute.verdicts(system.pk, day) for day in told} == told
        assert list(recompute.audit(today)) == []
        transaction.set_rollback(True)


def test_the_number_of_queries_does_not_grow_with_the_footprints(ladder, system, settled, django_assert_num_queries):
    counts = []
    for _ in range(2):
        for _ in range(5):
            PlaceFactory(parent=system)
        recompute.open_positions(TODAY)
        recompute.recompute(TODAY)
        with django_assert_num_queries(15, exact=False) as asked:
            recompute.recompute(TODAY, everything=True)
        counts.append(len(asked))

    assert counts[0] == counts[1]


# --- Locks ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_system_held_elsewhere_is_left_for_the_end_and_then_waited_for(ladder, system, place):
    other = SystemFactory()
    recompute.open_positions(TODAY)
    with transaction.atomic():
        lock_systems([system.pk])
        worker = Elsewhere(lambda: recompute.recompute(TODAY))
        worker.start()
        worker.is_alive()
        signed_off_assessment(system, {ladder.criteria[0]: Result.MET})
    worker.join()

    assert position(system, ladder.domain).reached == 1
    assert position(other, ladder.domain).sentence
    assert list(recompute.audit(TODAY)) == []
    assert Footprint.objects.systems().count() == 2
