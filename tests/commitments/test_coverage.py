"""Roll-ups: who is counted, by number and by population, and that nothing else is ever stored."""

import datetime as dt

import pytest

from commitments import actions, coverage
from commitments.choices import DeliveryLevel, Status
from commitments.models import Coverage, Delivery, LocalLevel, Position
from commitments.presenters.coverage import coverage_in_words
from commitments.presenters.tallies import CountedFootprint, tally
from commitments.recompute import audit_coverage, recompute
from systems.choices import FootprintKind, Level
from systems.models import Footprint
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    EnglandFactory,
    FootprintFactory,
    PcnFactory,
    PeriodFactory,
    PlaceFactory,
    SignedOffReportFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db

# The boroughs of South East London, with their residents of mid-2019 (ONS), and how many of its 35 networks each has.
BOROUGHS = {
    "Bexley": (248_287, 4),
    "Bromley": (332_336, 8),
    "Greenwich": (287_942, 6),
    "Lambeth": (326_034, 9),
    "Lewisham": (305_842, 6),
    "Southwark": (318_830, 2),
}


@pytest.fixture
def london():
    return FootprintFactory(
        code="Y56", name="London", level=Level.REGION, kind=FootprintKind.NHS_REGION, parent=EnglandFactory()
    )


@pytest.fixture
def boroughs(london):
    sel = SystemFactory(code="QKK", name="South East London", parent=london)
    return {
        name: PlaceFactory(name=name, parent=sel, population=population) for name, (population, _) in BOROUGHS.items()
    }


def over(commitment, code: str) -> dict[str, tuple[int, int]]:
    rows = Coverage.objects.filter(commitment=commitment, footprint__code=code)
    return {row.status: (row.deliveries, row.people) for row in rows}


def stands(delivery: Delivery, status: Status) -> None:
    Position.objects.filter(delivery=delivery).update(status=status, reason_code=status, next_change_on=None)


def test_south_east_london_by_hand(boroughs):
    """On track in 4 of 6 boroughs; Lambeth off track; Southwark has no delivery, so it counts as not started."""
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    for name in ("Bexley", "Bromley", "Greenwich", "Lewisham", "Lambeth"):
        delivery = DeliveryFactory(commitment=commitment, footprint=boroughs[name])
        stands(delivery, Status.OFF_TRACK if name == "Lambeth" else Status.ON_TRACK)

    coverage.cover([commitment.pk], TODAY)

    expected = {"on_track": (4, 1_174_407), "off_track": (1, 326_034), "not_started": (1, 318_830)}
    assert over(commitment, "QKK") == over(commitment, "Y56") == over(commitment, "ENG") == expected
    rows = Coverage.objects.filter(footprint__code="QKK").counted()
    counted = tally([CountedFootprint(*row) for row in rows])
    assert counted.headline == Status.OFF_TRACK
    assert coverage_in_words(counted) == (
        "Off track in 1 of 6 (18% of the people), not started in 1 of 6 (18% of the people), "
        "on track in 4 of 6 (65% of the people)"
    )


def test_thirty_five_networks_are_counted_in_boroughs_system_region_and_england(boroughs):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.NEIGHBOURHOOD)
    for name, (_, networks) in BOROUGHS.items():
        for _ in range(networks):
            PcnFactory(parent=boroughs[name], population=50_000)

    coverage.cover([commitment.pk], TODAY)

    assert over(commitment, boroughs["Lambeth"].code) == {"not_started": (9, 450_000)}
    assert over(commitment, "QKK") == over(commitment, "ENG") == {"not_started": (35, 1_750_000)}


def test_what_is_not_applicable_is_left_out_of_the_denominator(boroughs):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    stands(DeliveryFactory(commitment=commitment, footprint=boroughs["Bexley"]), Status.NOT_APPLICABLE)

    coverage.cover([commitment.pk], TODAY)

    counted = tally([CountedFootprint(*row) for row in Coverage.objects.filter(footprint__code="QKK").counted()])
    assert counted.total == 5
    assert counted.headline == Status.NOT_STARTED


def test_nothing_to_count_is_no_data(london):
    SystemFactory(code="QKK", parent=london)
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)

    coverage.cover([commitment.pk], TODAY)

    assert not Coverage.objects.exists()
    assert coverage_in_words(tally([])) == "No data"


def test_a_system_that_chose_a_lower_level_is_counted_there(boroughs, manager):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.SYSTEM)
    SystemFactory(code="QWE", parent=Footprint.objects.get(code="Y56"), population=1_500_000)
    recompute(TODAY)
    sel = Footprint.objects.get(code="QKK")
    assert over(commitment, "Y56")["not_started"][0] == 2

    actions.choose_local_level(system=sel, commitment=commitment, level=Level.PLACE, by=manager, today=TODAY)

    assert LocalLevel.objects.count() == 1
    assert over(commitment, "QKK")["not_started"][0] == 6
    assert over(commitment, "Y56")["not_started"][0] == 7


def test_footprints_count_only_while_they_are_open(boroughs):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    tomorrow = TODAY + dt.timedelta(days=1)
    Footprint.objects.filter(name="Bexley").update(closed_on=TODAY)
    Footprint.objects.filter(name="Lambeth").update(opened_on=tomorrow)
    recompute(TODAY)
    assert over(commitment, "QKK")["not_started"][0] == 5

    recompute(tomorrow)

    # Bexley has closed, Lambeth has opened.
    assert over(commitment, "QKK") == {"not_started": (5, sum(n for n, _ in BOROUGHS.values()) - 248_287)}


def test_a_signed_off_report_moves_every_roll_up_above_it_at_once(boroughs, manager, approver):
    PeriodFactory()
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    delivery = DeliveryFactory(commitment=commitment, footprint=boroughs["Bexley"])
    recompute(TODAY)
    before = over(commitment, "ENG")
    SignedOffReportFactory(delivery=delivery, author=manager, decided_by=approver)

    actions.add_milestone(delivery=delivery, title="A step", due_on=dt.date(2021, 1, 1), by=manager, today=TODAY)

    assert before == {"not_started": (6, 1_819_271)}
    assert over(commitment, "QKK") == over(commitment, "ENG") == {
        "on_track": (1, 248_287),
        "not_started": (5, 1_570_984),
    }  # fmt: skip
    assert list(audit_coverage(TODAY)) == []


def test_a_second_run_writes_nothing(boroughs):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)

    assert coverage.cover([commitment.pk], TODAY) == 3
    assert coverage.cover([commitment.pk], TODAY) == 0
    assert recompute(TODAY, everything=True).covered == 0


def test_the_audit_finds_a_roll_up_that_is_wrong_and_changes_nothing(boroughs):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    recompute(TODAY)
    Coverage.objects.filter(footprint__code="QKK").update(deliveries=5)

    assert list(audit_coverage(TODAY)) == [(commitment.pk, 1)]
    assert over(commitment, "QKK")["not_started"][0] == 5


def test_a_national_commitment_has_no_coverage(boroughs):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.NATIONAL)

    assert coverage.cover([commitment.pk], TODAY) == 0


def test_some_systems_and_all_systems_agree(boroughs, london):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    other = PlaceFactory(parent=SystemFactory(code="QWE", parent=london))
    for place in (*boroughs.values(), other):
        DeliveryFactory(commitment=commitment, footprint=place)
    recompute(TODAY)
    stands(Delivery.objects.get(footprint=other), Status.MISSED)

    coverage.cover([commitment.pk], TODAY, touched=[(commitment.pk, other.system_id)])

    assert over(commitment, "Y56")["missed"] == (1, 100_000)
    assert coverage.differing(commitment.pk, TODAY) == 0


def slow_twin(commitment) -> dict[tuple[str, str], tuple[int, int]]:
    """The same counts, one footprint at a time in plain Python."""
    chosen = {row.system_id: row.level for row in LocalLevel.objects.filter(commitment=commitment)}
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for leaf in Footprint.objects.all():
        if leaf.level != chosen.get(leaf.system_id, commitment.footprint_level):
            continue
        delivery = Delivery.objects.filter(commitment=commitment, footprint=leaf).first()
        status = delivery.position.status if delivery else "not_started"
        for above in Footprint.objects.all():
            if leaf.path.startswith(above.path) and (above != leaf or above.level == Level.SYSTEM):
                number, people = counts.get((above.code, status), (0, 0))
                counts[above.code, status] = (number + 1, people + leaf.population)
    return counts


@pytest.mark.parametrize("level", [DeliveryLevel.SYSTEM, DeliveryLevel.PLACE, DeliveryLevel.NEIGHBOURHOOD])
def test_the_statement_agrees_with_its_slow_twin(level, boroughs, london, manager):
    commitment = CommitmentFactory(delivery_level=level)
    for number, borough in enumerate(boroughs.values()):
        for _ in range(number):
            PcnFactory(parent=borough)
    PcnFactory(parent=Footprint.objects.get(code="QKK"))
    PlaceFactory(parent=SystemFactory(code="QWE", parent=london))
    leaves = list(Footprint.objects.filter(level=commitment.footprint_level))
    for leaf, status in zip(leaves, list(Status) * 5, strict=False):
        stands(DeliveryFactory(commitment=commitment, footprint=leaf), status)

    coverage.cover([commitment.pk], TODAY)

    stored = {(row.footprint.code, row.status): (row.deliveries, row.people) for row in Coverage.objects.all()}
    assert stored == slow_twin(commitment)
