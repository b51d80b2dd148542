"""The local plan, as a programme manager sees it."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments.models import Delivery
from systems.choices import Role
from tests.commitments.pages import sent_by
from tests.factories import (
    TODAY,
    DeliveryFactory,
    MembershipFactory,
    PlaceFactory,
    UserFactory,
    person,
)


@pytest.fixture
def delivery(place):
    return DeliveryFactory(footprint=place)


@pytest.fixture
def address(delivery):
    return reverse("commitments:plan", args=[delivery.pk])


def date(name, day="", month="", year=""):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def plan(**changes):
    empty = date("planned_start_on") | date("local_deadline_on")
    return empty | {"lead": "", "is_applicable": "yes", "not_applicable_reason": "", "version": "1"} | changes


# --- The plan ---------------------------------------------------------------------------------------------


def test_a_plan_is_saved_and_its_version_counts_on(signed_in, manager, reporter, delivery, address):
    sent = plan(lead=reporter.pk, **date("planned_start_on", 1, 4, 2019), **date("local_deadline_on", 31, 3, 2022))

    response = signed_in(manager).post(address, sent, follow=True)

    delivery.refresh_from_db()
    assert "Local plan saved" in response.content.decode()
    assert (delivery.lead, delivery.version) == (reporter, 2)
    assert (delivery.planned_start_on, delivery.local_deadline_on) == (dt.date(2019, 4, 1), dt.date(2022, 3, 31))


def test_the_form_shows_the_plan_as_it_stands(signed_in, manager, delivery, address):
    Delivery.objects.filter(pk=delivery.pk).update(lead=manager, local_deadline_on=dt.date(2022, 3, 31))

    html = signed_in(manager).get(address).content.decode()

    assert f'value="{manager.pk}" selected' in html
    assert 'name="version" value="1"' in html


def test_a_deadline_that_is_set_is_shown_with_the_way_to_ask_for_another(signed_in, manager, delivery, address):
    browser = signed_in(manager)
    before = browser.get(address).content.decode()
    Delivery.objects.filter(pk=delivery.pk).update(local_deadline_on=dt.date(2022, 3, 31))

    after = browser.get(address).content.decode()

    ask = reverse("commitments:deadline", args=[delivery.pk])
    assert ('name="local_deadline_on_day"' in before, ask in before) == (True, False)
    assert ('name="local_deadline_on_day"' in after, ask in after) == (False, True)
    assert "31 March 2022" in after


def test_the_rest_of_the_plan_is_saved_beside_a_deadline_that_is_set(signed_in, manager, delivery, address):
    Delivery.objects.filter(pk=delivery.pk).update(local_deadline_on=dt.date(2022, 3, 31))
    sent = {"lead": manager.pk, "is_applicable": "yes", "version": "1"}
    browser = signed_in(manager)

    saved = browser.post(address, sent | date("planned_start_on", 1, 4, 2020))
    too_late = browser.post(address, sent | date("planned_start_on", 1, 4, 2022) | {"version": "2"})

    delivery.refresh_from_db()
    assert saved.status_code == 302
    assert "The planned start must be the same as or before the local deadline" in too_late.content.decode()
    assert (delivery.lead, delivery.planned_start_on) == (manager, dt.date(2020, 4, 1))
    assert (delivery.local_deadline_on, delivery.version) == (dt.date(2022, 3, 31), 2)


def test_a_form_made_up_to_move_a_deadline_is_refused(signed_in, manager, delivery, address):
    Delivery.objects.filter(pk=delivery.pk).update(local_deadline_on=dt.date(2022, 3, 31))

    response = signed_in(manager).post(address, plan(**date("local_deadline_on", 30, 6, 2023)))

    delivery.refresh_from_db()
    assert response.status_code == 409
    assert (delivery.local_deadline_on, delivery.version) == (dt.date(2022, 3, 31), 1)


def test_leads_are_people_with_a_role_over_this_very_footprint(signed_in, manager, reporter, councillor, address):
    elsewhere = person(Role.REPORTER, PlaceFactory(parent=manager.memberships.get().footprint))
    gone = UserFactory()
    MembershipFactory(user=gone, footprint=manager.memberships.get().footprint, ends_on=TODAY - dt.timedelta(days=1))
    switched_off = person(Role.VIEWER, manager.memberships.get().footprint, is_active=False)

    html = signed_in(manager).get(address).content.decode()

    assert {f">{user.name}</option>" in html for user in (manager, reporter)} == {True}
    assert {f">{user.name}</option>" in html for user in (elsewhere, councillor, gone, switched_off)} == {False}


def test_a_lead_who_lost_the_role_is_not_dropped_unseen(signed_in, manager, delivery, address):
    left = UserFactory()
    Delivery.objects.filter(pk=delivery.pk).update(lead=left)

    signed_in(manager).post(address, plan(lead=left.pk, **date("local_deadline_on", 31, 3, 2022)))

    delivery.refresh_from_db()
    assert (delivery.lead, delivery.local_deadline_on) == (left, dt.date(2022, 3, 31))


def test_struck_out_with_a_reason_and_taken_back_without_it(signed_in, manager, delivery, address):
    browser = signed_in(manager)
    browser.post(address, plan(is_applicable="no", not_applicable_reason="There is no coast here"))
    delivery.refresh_from_db()
    struck_out = (delivery.is_applicable, delivery.not_applicable_reason, delivery.position.status)

    browser.post(address, plan(not_applicable_reason="There is no coast here", version="2"))

    delivery = Delivery.objects.get()
    assert struck_out == (False, "There is no coast here", "not_applicable")
    assert (delivery.is_applicable, delivery.not_applicable_reason) == (True, "")
    assert delivery.position.status != "not_applicable"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lead": "999999"}, "Select a lead from the list"),
        ({"lead": "nobody"}, "Select a lead from the list"),
        ({"lead": "a\x00b"}, "Null characters are not allowed."),
        ({"is_applicable": ""}, "Select whether the commitment applies here"),
        ({"is_applicable": "perhaps"}, "Select whether the commitment applies here"),
        ({"is_applicable": "no"}, "Enter why it does not apply here"),
        ({"not_applicable_reason": "x" * 501}, "Why it does not apply here must be 500 characters or fewer"),
        (date("local_deadline_on", 31, 2, 2021), "Enter a real date, such as 30 9 2019"),
        (date("local_deadline_on", 31, 12, 9999), "Local deadline must be between 2015 and 2040"),
        (date("planned_start_on", "", 4, 2019), "The date must include a day"),
        (
            date("planned_start_on", 1, 4, 2021) | date("local_deadline_on", 31, 3, 2021),
            "The local deadline must be the same as or after the planned start",
        ),
        ({"version": "x"}, "This page is out of date. Open it again"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(signed_in, manager, delivery, address, changes, message):
    response = signed_in(manager).post(address, plan(**changes))

    delivery.refresh_from_db()
    assert response.status_code == 200
    assert message in response.content.decode()
    assert delivery.version == 1


def test_two_managers_at_once_the_second_sees_both_plans(signed_in, manager, approver, delivery, address):
    signed_in(approver).post(address, plan(**date("local_deadline_on", 31, 3, 2022)))

    response = signed_in(manager).post(address, plan(**date("local_deadline_on", 30, 6, 2023)))

    html = response.content.decode()
    delivery.refresh_from_db()
    assert response.status_code == 409
    assert "31 March 2022" in html
    assert "30 June 2023" in html
    assert delivery.local_deadline_on == dt.date(2022, 3, 31)


def test_the_second_manager_chooses_field_by_field(signed_in, manager, approver, reporter, delivery, address):
    signed_in(approver).post(address, plan(lead=reporter.pk, **date("planned_start_on", 1, 4, 2019)))
    browser = signed_in(manager)
    html = browser.post(
        address, plan(lead=manager.pk, is_applicable="no", not_applicable_reason="No coast")
    ).content.decode()

    sent = sent_by(html)
    browser.post(address, sent | {"choose_lead": "stored", "choose_planned_start_on": "mine"} | {
        "choose_is_applicable": "stored", "choose_not_applicable_reason": "stored",
    })  # fmt: skip

    delivery.refresh_from_db()
    assert sent["between"] == ["lead", "planned_start_on", "is_applicable", "not_applicable_reason"]
    assert (delivery.lead, delivery.planned_start_on, delivery.is_applicable) == (reporter, None, True)
    assert delivery.version == 3


def test_a_first_deadline_that_was_set_meanwhile_is_no_choice(signed_in, manager, approver, delivery, address):
    signed_in(approver).post(address, plan(**date("local_deadline_on", 31, 3, 2022)))
    browser = signed_in(manager)
    html = browser.post(address, plan(lead=manager.pk, **date("local_deadline_on", 30, 6, 2023))).content.decode()

    browser.post(address, sent_by(html) | {"whole": "mine"})

    delivery.refresh_from_db()
    assert sent_by(html)["between"] == ["lead"]
    assert "Set to 31 March 2022 meanwhile; you sent 30 June 2023." in html
    assert (delivery.lead, delivery.local_deadline_on) == (manager, dt.date(2022, 3, 31))


def test_a_plan_nobody_chose_between_is_asked_again(signed_in, manager, approver, reporter, delivery, address):
    signed_in(approver).post(address, plan(lead=reporter.pk))
    browser = signed_in(manager)
    sent = sent_by(browser.post(address, plan(lead=manager.pk)).content.decode())

    response = browser.post(address, sent)

    delivery.refresh_from_db()
    assert response.status_code == 409
    assert "Select which text to keep: Lead" in response.content.decode()
    assert delivery.lead == reporter


def test_the_second_of_two_clicks_on_a_plan_is_content(signed_in, manager, delivery, address):
    browser = signed_in(manager)
    browser.post(address, plan(**date("local_deadline_on", 31, 3, 2022)))

    response = browser.post(address, plan(**date("local_deadline_on", 31, 3, 2022)))

    delivery.refresh_from_db()
    assert response.status_code == 302
    assert delivery.version == 2


def test_a_plan_takes_no_other_fact(signed_in, manager, system, delivery, address):
    signed_in(manager).post(address, plan(footprint=system.pk, source="mine", commitment="1"))

    delivery.refresh_from_db()
    assert (delivery.footprint.code, delivery.source) == ("E09000004", "")


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_plan_is_refused(signed_in, reporter, viewer, portal_admin, address, method):
    people = (reporter, viewer, portal_admin)

    assert [getattr(signed_in(user), method)(address).status_code for user in people] == [403] * 3
