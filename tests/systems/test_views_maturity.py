"""The pages of maturity as their readers see them."""

import pytest

from systems.choices import Result
from systems.recompute import recompute
from tests.factories import TODAY, signed_off_assessment
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
