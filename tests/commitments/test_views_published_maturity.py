"""Maturity as it was published: what is frozen, what its pages show, and what moved since."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import PublishedCriterion, PublishedNetworks
from systems.choices import Result
from systems.models import MaturityPosition
from systems.recompute import open_positions as open_maturity
from systems.recompute import recompute as recompute_maturity
from tests.factories import (
    TODAY,
    CriterionFactory,
    DomainFactory,
    PcnFactory,
    PlaceFactory,
    signed_off_assessment,
)
from tests.systems.pages import page, text

pytestmark = pytest.mark.django_db

JULY, AUGUST = dt.date(2019, 7, 1), dt.date(2019, 8, 1)
HOME = "/systems/QKK/published/2019-08/1/"
MATURITY, CHANGES = f"{HOME}maturity/", f"{HOME}changes/"


@pytest.fixture
def seat(signed_in, councillor):
    return signed_in(councillor)


def read(client, address) -> str:
    return text(page(client, address))


# --- What is frozen ---------------------------------------------------------------------------------------


def test_each_domain_of_the_system_and_of_its_places_is_frozen_with_its_words(mature, publish):
    rows = {row.footprint.code: row for row in publish().maturity.in_words()}

    assert rows.keys() == {"QKK", "E09000004"}
    row, live = rows["QKK"], MaturityPosition.objects.get(footprint__code="QKK")
    assert (row.framework.name, row.domain, row.status, row.sentence) == (
        "ICS matrix",
        "Leadership",
        live.status,
        live.sentence,
    )
    assert (row.reached, row.reached_level, row.expected_level, row.next_level) == (
        1,
        "Emerging",
        "Nothing yet",
        "Maturing",
    )
    assert (row.next_on, row.time_left, row.gap) == (dt.date(2021, 4, 30), "19 months left", live.gap)


def test_the_criteria_in_the_way_are_frozen_as_worded(mature, publish):
    publish()

    found = PublishedCriterion.objects.values_list("text", "is_taken_up", "is_draft_wording")
    assert list(found) == [("Criterion L2 holds", False, False), ("Money follows need", False, True)]


def test_networks_are_frozen_in_one_sentence_for_the_system_and_each_place(mature, publish):
    publish()

    said = PublishedNetworks.objects.values_list("footprint__code", "sentence", "networks", "people", "assessed")
    sentence = "1 of 2 PCNs at step 1 or above, 75% of patients"
    assert set(said) == {("QKK", sentence, 1, 30_000, 1), ("E09000004", sentence, 1, 30_000, 1)}


# --- What is shown ----------------------------------------------------------------------------------------


def test_the_dashboard_has_a_line_a_framework_then_its_domains_then_the_networks(mature, publish, seat):
    publish()

    html = read(seat, HOME)

    assert "At risk in 1 of 1 area." in html
    assert "Leadership: at risk. Reached: emerging; expected: nothing yet; next: maturing by 30 April 2021." in html
    assert "1 of 2 PCNs at step 1 or above, 75% of patients; 1 of 2 assessed." in html


def test_a_borough_shows_its_own_and_leads_to_its_part(mature, publish, seat):
    publish()

    html = read(seat, f"{HOME}places/E09000004/")

    assert "Leadership: nothing expected. Reached: maturing" in html
    assert 'href="../../maturity/#E09000004"' in html
    assert "Reached: emerging" not in html


def test_a_borough_s_sheet_says_it_in_one_line_a_framework(mature, publish, seat):
    publish()

    html = read(seat, f"{HOME}places/E09000004/sheet/")

    assert "ICS matrix: Nothing expected in 1 of 1 area." in html
    assert "PCN matrix: 1 of 2 PCNs at step 1 or above, 75% of patients; 1 of 2 assessed." in html


def test_the_page_of_maturity_begins_with_what_stood_in_the_way(mature, publish, seat):
    publish()

    html = read(seat, MATURITY)

    assert "19 months left" in html
    assert "Money follows need (no action in time)" in html
    assert "Draft wording </strong>" in html
    assert "were written down from memory" in html
    assert html.index("What stands in the way") < html.index('id="QKK"') < html.index('id="E09000004"')


def test_where_nothing_was_published_about_maturity_pages_say_so_or_nothing(publish, seat):
    publish()

    assert "Nothing was published about maturity." in read(seat, MATURITY)
    assert "Maturity" not in read(seat, HOME)


# --- What moved -------------------------------------------------------------------------------------------


@pytest.fixture
def moved(mature, publish, system):
    """In September the system was judged anew, on a higher rung."""
    publish(JULY, dt.date(2019, 9, 2))
    first, second, third = mature
    signed_off_assessment(system, {first: Result.MET, second: Result.MET, third: Result.NOT_MET})
    return publish()


def test_a_level_that_moved_is_told_since_the_earlier_publication(moved, seat):
    html = read(seat, CHANGES)

    assert "Maturity moved: 1" in html
    assert "From emerging to developing." in html


@pytest.mark.parametrize(("more", "is_cut"), [(4, False), (5, True)])
def test_of_many_that_moved_some_are_shown_and_the_others_a_click_away(mature, publish, system, seat, more, is_cut):
    added = [CriterionFactory(domain=DomainFactory(framework=mature[0].domain.framework)) for _ in range(more)]
    open_maturity(TODAY)
    publish(JULY, dt.date(2019, 9, 2))
    signed_off_assessment(system, dict.fromkeys([*mature, *added], Result.MET))
    publish()

    html = read(seat, CHANGES)

    assert f"Maturity moved: {more + 1}" in html
    assert ("All other areas whose maturity moved" in html) is is_cut
    assert html.count('<li class="portal-lines__item">') == more + 1


@pytest.mark.parametrize(
    ("narrowed", "is_told"), [("place=E09000004", True), ("kind=worse", False), ("theme=CAN", False)]
)
def test_maturity_is_told_of_a_borough_but_of_no_theme_and_no_kind(moved, seat, narrowed, is_told):
    html = read(seat, f"{CHANGES}?{narrowed}")

    assert ("Maturity moved" in html) is is_told
    assert "From emerging" not in html


def test_a_publication_without_maturity_is_not_compared(publish, seat, mature):
    MaturityPosition.objects.all().delete()
    publish(JULY, dt.date(2019, 9, 2))
    open_maturity(TODAY)
    publish()

    assert "Maturity moved" not in read(seat, CHANGES)


# --- Cost -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "places/E09000004/", "maturity/", "changes/"])
def test_twice_the_rows_take_the_same_queries(moved, publish, seat, settings, system, mature, address):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    seat.get(HOME)
    with CaptureQueriesContext(connection) as few:
        seat.get(HOME + address)
    framework = mature[0].domain.framework
    for _ in range(3):
        PcnFactory(parent=PlaceFactory(parent=system))
        added = CriterionFactory(domain=DomainFactory(framework=framework))
        signed_off_assessment(system, {added: Result.NOT_MET})
    open_maturity(TODAY)
    publish(corrects=moved, reason="More was judged.")

    with CaptureQueriesContext(connection) as many:
        assert seat.get(HOME.replace("/1/", "/2/") + address).status_code == 200

    assert len(many) <= len(few)


def test_freezing_more_takes_the_same_statements(mature, publish, system):
    first = publish()
    with CaptureQueriesContext(connection) as few:
        second = publish(corrects=first, reason="Again.")
    for _ in range(4):
        PcnFactory(parent=PlaceFactory(parent=system))
        CriterionFactory(domain=DomainFactory(framework=mature[0].domain.framework))
    open_maturity(TODAY)
    recompute_maturity(TODAY)

    with CaptureQueriesContext(connection) as many:
        publish(corrects=second, reason="And again.")

    assert sum("INSERT" in q["sql"] for q in many) <= sum("INSERT" in q["sql"] for q in few)
