"""The pages of maturity as their readers see them."""

import datetime as dt

import pytest

from systems.choices import Result
from systems.recompute import recompute
from tests.factories import TODAY, ExpectationFactory, signed_off_assessment
from tests.systems.pages import page, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]

OF_SYSTEM = "/systems/QKK/maturity/"


def test_the_page_of_a_system_says_what_stands_in_the_way(signed_in, viewer, system, ladder):
    first, *others = ladder.criteria
    signed_off_assessment(system, {first: Result.MET} | dict.fromkeys(others, Result.NOT_MET))
    recompute(TODAY, everything=True)

    html = text(page(signed_in(viewer), OF_SYSTEM))

    assert "At risk: emerging is reached; maturing is expected by 30 April 2021." in html
    assert "3 criteria stand in the way, and 3 of them have no action due in time." in html
    assert "19 months left" in html
    assert "by 30 April 2021" in html


@pytest.mark.parametrize(
    "address",
    [
        OF_SYSTEM,
        f"{OF_SYSTEM}QKK/",
        f"{OF_SYSTEM}E09000004/",
        f"{OF_SYSTEM}QKK/frameworks/ICSM/",
        f"{OF_SYSTEM}QKK/history/",
        f"{OF_SYSTEM}QKK/history/?first_day=1&first_month=9&first_year=2019&second_day=30&second_month=9&second_year=2019",
        f"{OF_SYSTEM}QKK/sheet/",
        f"{OF_SYSTEM}QKK/plan/",
        f"{OF_SYSTEM}QKK/plan/actions/",
        f"{OF_SYSTEM}QKK/assessments/",
        "/systems/QKK/",
        "/systems/QKK/places/E09000004/",
    ],
)
def test_pages_answer(signed_in, manager, address, system, ladder):
    signed_off_assessment(system, dict.fromkeys(ladder.criteria, Result.MET))
    recompute(TODAY, everything=True)

    assert page(signed_in(manager), address)


def test_a_criterion_expected_by_itself_is_shown_with_its_source_and_its_gap(
    signed_in, viewer, place, ladder, settings
):
    first, second, *_ = ladder.criteria
    own = {"criterion": second, "domain": ladder.domain, "level": second.level, "footprint_level": "place"}
    ExpectationFactory(**own, due_on=dt.date(2020, 12, 31), source="The Portsmouth paper")
    signed_off_assessment(place, {first: Result.MET, second: Result.NOT_MET})
    recompute(TODAY, everything=True)
    here = f"{OF_SYSTEM}{place.code}/"

    ahead = text(page(signed_in(viewer), here))
    settings.PORTAL_TODAY = dt.date(2021, 1, 1)
    recompute(settings.PORTAL_TODAY)
    late = text(page(signed_in(viewer), here))
    plan = text(page(signed_in(viewer), f"{here}plan/"))

    assert f"<strong>{second.text}</strong> in leadership by 31 December 2020." in ahead
    assert "Source: The Portsmouth paper" in ahead
    assert 'Part of it<span class="portal-beside">by 31 December 2020, 15 months left</span>' in ahead
    assert "At risk: emerging is reached; 1 criterion is expected by 31 December 2020." in ahead
    assert 'Part of it<span class="portal-beside">since 31 December 2020</span>' in late
    assert "Gap: emerging is reached; 1 criterion was expected by 31 December 2020." in late
    assert "No open action takes this up in time: 1 criterion left uncovered." in plan
