"""Coverage as its readers see it."""

import pytest

from commitments.choices import DeliveryLevel
from commitments.recompute import recompute
from tests.factories import TODAY, CommitmentFactory, PcnFactory, PlaceFactory, SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment(place):
    found = CommitmentFactory(delivery_level=DeliveryLevel.NEIGHBOURHOOD, title="Link workers")
    for _ in range(3):
        PcnFactory(parent=place)
    PcnFactory(parent=PlaceFactory(parent=SystemFactory(code="QRV", name="North West London")))
    recompute(TODAY)
    return found


def test_the_commitment_page_covers_what_the_reader_may_see(commitment, viewer, signed_in):
    page = signed_in(viewer).get(f"/commitments/{commitment.code}/").content.decode()

    assert "Coverage by region and system" in page
    assert "Not started in 3 of 3 (100% of the people)" in page
    assert "North West London" not in page


def test_an_admin_sees_england_and_every_system(commitment, portal_admin, signed_in):
    page = signed_in(portal_admin).get(f"/commitments/{commitment.code}/").content.decode()

    assert "Not started in 4 of 4 (100% of the people)" in page
    assert "North West London" in page


def test_any_level_opens_down_to_the_deliveries(commitment, viewer, place, signed_in):
    browser = signed_in(viewer)

    system = browser.get(f"/commitments/{commitment.code}/coverage/QKK/").content.decode()
    borough = browser.get(f"/commitments/{commitment.code}/coverage/{place.code}/").content.decode()

    assert f"/commitments/{commitment.code}/coverage/{place.code}/" in system
    assert f"/deliveries/?commitment={commitment.code}&amp;place={place.code}" in borough


def test_another_system_and_unknown_codes_are_not_found(commitment, viewer, signed_in):
    browser = signed_in(viewer)

    for path in (
        f"{commitment.code}/coverage/QRV/",
        f"{commitment.code}/coverage/nowhere/",
        f"{commitment.code}/coverage/%00/",
        "nothing/coverage/QKK/",
    ):
        assert browser.get(f"/commitments/{path}").status_code == 404


def test_england_by_theme_region_and_system(commitment, portal_admin, signed_in):
    page = signed_in(portal_admin).get("/systems/england/").content.decode()

    assert commitment.theme.name in page
    assert '<th scope="col" class="nhsuk-table__header">Theme</th>' in page
    assert "North West London" in page
    assert "league table" in page


def test_queries_do_not_grow_with_footprints(commitment, portal_admin, signed_in, django_assert_max_num_queries):
    browser = signed_in(portal_admin)
    address = f"/commitments/{commitment.code}/"
    browser.get(address)
    with django_assert_max_num_queries(100) as few:
        browser.get(address)
    for number in range(10):
        PcnFactory(parent=PlaceFactory(parent=SystemFactory(code=f"QZ{number}")))
    recompute(TODAY, everything=True)

    with django_assert_max_num_queries(len(few)):
        browser.get(address)
