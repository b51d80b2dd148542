"""The level of delivery, and opening what is missing, as a programme manager sees them."""

import pytest
from django.urls import reverse

from commitments.choices import DeliveryLevel
from commitments.models import Delivery, LocalLevel
from commitments.views import levels
from tests.factories import (
    CommitmentFactory,
    DeliveryFactory,
    PcnFactory,
    SystemFactory,
)


@pytest.fixture
def commitment(db):
    return CommitmentFactory(code="LTP1-UEC-001")


@pytest.fixture
def level_address(system, commitment):
    return reverse("commitments:level", args=[system.code, commitment.code])


def test_a_lower_level_strikes_out_the_delivery_above_and_opens_those_below(
    signed_in, manager, system, place, commitment, level_address
):
    above = DeliveryFactory(commitment=commitment, footprint=system)

    signed_in(manager).post(level_address, {"level": "place", "understood": "on"})

    above.refresh_from_db()
    assert LocalLevel.objects.get().chosen_by == manager
    assert (above.is_applicable, above.not_applicable_reason) == (False, "Delivered by place in South East London")
    assert Delivery.objects.get(footprint=place).position.status == "not_started"


def test_the_page_warns_and_offers_only_levels_with_somebody_there(signed_in, manager, place, level_address):
    html = signed_in(manager).get(level_address).content.decode()

    assert "This cannot be undone" in html
    assert "Place (1 here)" in html
    assert "Primary care network (" not in html


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"understood": "on"}, "Select a level"),
        ({"level": "region", "understood": "on"}, "Select a level"),
        ({"level": "pcn", "understood": "on"}, "Select a level"),
        ({"level": "place"}, "Confirm that you understand this cannot be undone"),
    ],
)
def test_what_is_wrong_with_a_level_is_said(signed_in, manager, place, level_address, sent, message):
    assert message in signed_in(manager).post(level_address, sent).content.decode()
    assert not LocalLevel.objects.exists()


def test_a_level_is_chosen_once(signed_in, manager, approver, place, level_address):
    signed_in(manager).post(level_address, {"level": "place", "understood": "on"})

    response = signed_in(approver).post(level_address, {"level": "place", "understood": "on"})

    assert response.status_code == 409
    assert f"{manager.name} chose on 30 September 2019" in response.content.decode()
    assert LocalLevel.objects.count() == 1


def test_a_choice_made_by_somebody_else_a_moment_before_stands(
    signed_in, manager, approver, system, place, commitment, level_address, monkeypatch
):
    def choose_second(**asked):
        choose(**asked | {"by": approver})
        return choose(**asked)

    choose = levels.actions.choose_local_level
    monkeypatch.setattr(levels.actions, "choose_local_level", choose_second)

    response = signed_in(manager).post(level_address, {"level": "place", "understood": "on"})

    assert response.status_code == 409
    assert f"{approver.name} chose on 30 September 2019" in response.content.decode()


def test_nothing_lies_below_a_primary_care_network(signed_in, manager, system, place):
    PcnFactory(parent=place)
    lowest = CommitmentFactory(delivery_level=DeliveryLevel.NEIGHBOURHOOD)

    html = signed_in(manager).get(reverse("commitments:level", args=[system.code, lowest.code])).content.decode()

    assert "There is no lower level" in html


def test_a_national_commitment_has_no_local_level(signed_in, manager, system):
    national = CommitmentFactory(delivery_level=DeliveryLevel.NATIONAL)

    assert signed_in(manager).get(reverse("commitments:level", args=[system.code, national.code])).status_code == 404


def test_levels_are_chosen_by_the_systems_own_managers(signed_in, manager, reporter, viewer, commitment, level_address):
    elsewhere = reverse("commitments:level", args=[SystemFactory().code, commitment.code])

    assert signed_in(viewer).get(level_address).status_code == 403
    assert signed_in(reporter).get(level_address).status_code == 404
    assert signed_in(manager).get(elsewhere).status_code == 404


def test_missing_deliveries_are_counted_then_opened(signed_in, manager, system, place, commitment):
    CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    CommitmentFactory(delivery_level=DeliveryLevel.NATIONAL)
    address = reverse("commitments:open_deliveries", args=[system.code])
    browser = signed_in(manager)

    before = browser.get(address).content.decode()
    response = browser.post(address, follow=True)
    after = browser.get(address).content.decode()

    assert "2 deliveries are missing" in before
    assert "2 deliveries opened in South East London" in response.content.decode()
    assert "Nothing is missing" in after
    assert Delivery.objects.count() == 2


def test_reading_the_count_opens_nothing(signed_in, manager, system, commitment):
    signed_in(manager).get(reverse("commitments:open_deliveries", args=[system.code]))

    assert not Delivery.objects.exists()


def test_managers_find_their_way_to_both_pages(signed_in, manager, viewer, system, commitment, level_address):
    pages = {
        reverse(
            "commitments:delivery", args=[DeliveryFactory(commitment=commitment, footprint=system).pk]
        ): level_address,
        reverse("systems:dashboard", args=[system.code]): reverse("commitments:open_deliveries", args=[system.code]),
    }

    for page, link in pages.items():
        assert link in signed_in(manager).get(page).content.decode()
        assert link not in signed_in(viewer).get(page).content.decode()
