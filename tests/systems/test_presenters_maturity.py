"""Maturity as its pages show it: coverage of networks, spreads, time left, what the plan would do."""

import datetime as dt

import pytest

from systems.choices import Level, Rater, Result
from systems.models import Framework, MaturityLevel, MaturityPosition
from systems.presenters import maturity as present
from systems.recompute import open_positions, recompute
from tests.factories import (
    TODAY,
    ActionMoveFactory,
    CriterionFactory,
    DomainFactory,
    FrameworkFactory,
    ImprovementActionFactory,
    PcnFactory,
    PlaceFactory,
    signed_off_assessment,
)
from tests.systems.pages import page, text


@pytest.fixture
def networks(system, place):
    """Three networks of Bexley and one elsewhere, judged by a ladder that begins at nought, one not at all."""
    framework = FrameworkFactory(code="PCNM", name="PCN matrix", level=Level.PCN)
    criteria = [
        CriterionFactory(domain=DomainFactory(framework=framework, ordinal=number), rung=rung)
        for number in (1, 2)
        for rung in (0, 1)
    ]
    for ordinal, name in ((0, "foundation"), (1, "step 1")):
        MaturityLevel.objects.filter(framework=framework, ordinal=ordinal).update(name=name)
    judged = {0: 10_000, 2: 20_000, 4: 30_000}
    for met, population in judged.items():
        pcn = PcnFactory(parent=place, population=population)
        said = {one: Result.MET if number < met else Result.NOT_MET for number, one in enumerate(criteria)}
        # By domain: the first `met` criteria hold, so both domains stand at step 1 only where all four do.
        signed_off_assessment(pcn, said)
    PcnFactory(parent=system, population=40_000)
    PlaceFactory(parent=system)
    open_positions(TODAY)
    recompute(TODAY)
    return framework


@pytest.mark.django_db
def test_a_network_counts_at_the_rung_it_has_reached_in_every_domain(system, place, networks):
    names = MaturityLevel.objects.names()
    rows = MaturityPosition.objects.covered(system, Level.PCN, TODAY)

    (covered,) = present.covered(Framework.objects.all(), rows, names, system, [place])

    assert covered.headline == "1 of 4 PCNs at step 1 or above, 30% of patients"
    assert covered.rungs == ["Foundation or above", "Step 1 or above"]
    assert [(row.name, row.judged, row.cells) for row in covered.rows] == [
        ("South East London", "3 of 4", ["1 of 4, 30%", "1 of 4, 30%"]),
        ("Bexley", "3 of 3", ["1 of 3, 50%", "1 of 3, 50%"]),
        ("In no one place", "0 of 1", ["0 of 1, 0%", "0 of 1, 0%"]),
    ]


@pytest.mark.django_db
def test_the_page_of_a_system_shows_its_networks_and_places(signed_in, viewer, system, networks):
    html = text(page(signed_in(viewer), "/systems/QKK/maturity/"))

    assert "1 of 4 PCNs at step 1 or above, 30% of patients." in html
    assert "In no one place" in html


@pytest.mark.django_db
def test_more_networks_and_places_cost_no_more_queries(
    signed_in, viewer, system, place, networks, django_assert_num_queries
):
    client, counts = signed_in(viewer), []
    page(client, "/systems/QKK/maturity/")
    for _ in range(2):
        for _ in range(4):
            PcnFactory(parent=PlaceFactory(parent=system))
        open_positions(TODAY)
        recompute(TODAY)
        with django_assert_num_queries(60, exact=False) as asked:
            page(client, "/systems/QKK/maturity/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_partners_who_disagree_are_shown_as_split(signed_in, viewer, place, ladder, settled):
    all_met, first_met = (dict(zip(ladder.criteria, results, strict=True)) for results in (
        [Result.MET] * 4, [Result.MET, *[Result.NOT_MET] * 3],
    ))  # fmt: skip
    signed_off_assessment(place, all_met, partner="nhs")
    signed_off_assessment(place, first_met, partner="council")
    recompute(TODAY, everything=True)

    html = text(page(signed_in(viewer), f"/systems/QKK/maturity/{place.code}/"))
    full = text(page(signed_in(viewer), f"/systems/QKK/maturity/{place.code}/frameworks/ICSM/"))

    assert "Split: emerging to maturing" in html
    assert "Nothing expected" in html
    assert full.count(" Split ") == 3
    assert "Self-assessment (Council), 20 September 2019." in full


@pytest.mark.django_db
def test_two_days_are_compared_and_the_moves_are_listed(signed_in, viewer, system, ladder, settled):
    signed_off_assessment(system, {ladder.criteria[0]: Result.MET}, on=dt.date(2019, 9, 10), rater=Rater.PEER)
    recompute(TODAY, everything=True)
    days = "first_day=1&first_month=9&first_year=2019&second_day=30&second_month=9&second_year=2019"

    html = text(page(signed_in(viewer), f"/systems/QKK/maturity/QKK/history/?{days}"))

    assert "1 of 1 area stood differently." in html
    assert "No level yet to emerging" in html
    assert "Not assessed" in html


@pytest.mark.django_db
def test_two_days_are_compared_with_the_due_dates_of_each(signed_in, viewer, system, ladder, settled):
    signed_off_assessment(system, dict.fromkeys(ladder.criteria[:3], Result.MET), on=dt.date(2019, 9, 1))
    late = ImprovementActionFactory(footprint=system, due_on=dt.date(2021, 6, 30), closes=ladder.criteria[3:])
    facts = {"was_due_on": dt.date(2021, 3, 31), "due_on": late.due_on}
    ActionMoveFactory(action=late, recorded_on=dt.date(2019, 9, 20), **facts)
    days = "first_day=19&first_month=9&first_year=2019&second_day=20&second_month=9&second_year=2019"

    html = text(page(signed_in(viewer), f"/systems/QKK/maturity/QKK/history/?{days}"))

    assert html.index("Closing") < html.index("At risk")
    assert "1 of 1 area stood differently." in html
    assert "each action with the due date that it had then" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("first_day=30&first_month=9&first_year=2019&second_day=1&second_month=9&second_year=2019",
         "The second day must be after the first"),
        ("first_day=1&first_month=9&first_year=2019&second_day=1&second_month=10&second_year=2019",
         "Second day must be today or earlier"),
        ("first_day=", "Enter the first day"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_compared_are_said(signed_in, viewer, system, ladder, settled, days, said):
    assert said in page(signed_in(viewer), f"/systems/QKK/maturity/QKK/history/?{days}")
