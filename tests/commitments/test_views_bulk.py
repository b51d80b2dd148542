"""One change to many deliveries, as people see it: choose, look at every row, confirm."""

import datetime as dt

import pytest

from commitments.models import Delivery, PlanRevision, Position
from systems.choices import Role
from systems.models import AuditEntry
from tests.commitments.bulk import CHOOSE, CONFIRM, LIST, lead, rows
from tests.commitments.grid import read
from tests.factories import (
    TODAY,
    DeliveryFactory,
    PlaceFactory,
    UserFactory,
    person,
)

pytestmark = pytest.mark.usefixtures("period")


# --- Choosing ---------------------------------------------------------------------------------------------


def test_the_list_has_boxes_to_tick_for_those_who_may_change_something(signed_in, desk, viewer, two):
    html = read(desk.get(LIST))

    assert f'name="delivery" id="delivery-{two[0].pk}"' in html
    assert "Change all 2 that match" in html
    assert 'type="checkbox" name="delivery"' not in read(signed_in(viewer).get(LIST))
    assert 'type="checkbox" name="delivery"' not in read(desk.get(LIST, {"as_of": "2019-08-31"}))


def test_the_ticked_ones_or_all_that_match_are_chosen(desk, two):
    ticked = read(desk.get(CHOOSE, {"delivery": two[0].pk}))
    everything = read(desk.get(CHOOSE, {"all": "1"}))
    matching = read(desk.get(CHOOSE, {"all": "1", "commitment": two[1].commitment.code}))

    assert "You have chosen 1 delivery." in ticked
    assert f'value="{two[0].pk}-1"' in ticked
    assert "You have chosen 2 deliveries." in everything
    assert f'value="{two[1].pk}-1"' in matching


@pytest.mark.parametrize("query", [{}, {"delivery": ["x", "\x00", "-1", "9" * 30]}, {"all": "1", "status": "odd"}])
def test_nothing_chosen_is_said(desk, two, query):
    assert "No delivery is ticked." in read(desk.get(CHOOSE, query))


def test_more_than_one_can_look_at_is_refused(desk, two, monkeypatch, manager):
    monkeypatch.setattr("commitments.views.bulk.MOST", 1)

    assert "too many to look at" in read(desk.get(CHOOSE, {"all": "1"}))
    for address in (CHOOSE, CONFIRM):
        assert "too many to look at" in read(desk.post(address, lead(manager, *two)))
    assert not Delivery.objects.filter(lead=manager).exists()


def test_who_writes_nowhere_is_refused(signed_in, viewer, councillor, portal_admin):
    for user in (viewer, councillor, portal_admin):
        client = signed_in(user)
        answers = [client.get(CHOOSE), client.post(CHOOSE), client.post(CONFIRM)]
        assert [answer.status_code for answer in answers] == [403] * 3


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"what": "lead"}, "Select a lead from the list"),
        ({"what": "lead", "lead": "0"}, "Select a lead from the list"),
        ({"what": "lead", "lead": "x\x00"}, "Null characters are not allowed."),
        ({"what": "deadline"}, "Enter the new local deadline"),
        ({"what": "deadline", "new_on_day": "31", "new_on_month": "2", "new_on_year": "2021"}, "Enter a real date"),
        ({"what": "deadline", "reason": "x" * 2001}, "must be 2,000 characters or fewer"),
        ({"what": "period"}, "Select a month from the list"),
        ({"what": "period", "period": "2019-08-01"}, "Select a month from the list"),
        ({"what": "period", "period": "soon"}, "value has an invalid date format"),
    ],
)
@pytest.mark.parametrize("address", [CHOOSE, CONFIRM])
def test_what_is_wrong_is_said_and_the_choice_stays(desk, two, sent, message, address):
    html = read(desk.post(address, rows(*two) | sent))

    assert message in html
    assert "<title>Error: " in html
    assert f"{two[0].pk}-1" in html


@pytest.mark.parametrize("sent", [{}, {"what": "everything"}, {"what": "lead", "row": "x"}])
def test_a_change_nobody_offered_shows_the_choice_again(desk, sent):
    assert [desk.post(address, sent).status_code for address in (CHOOSE, CONFIRM)] == [200, 200]


def test_a_reporter_is_offered_no_lead(signed_in, reporter, two):
    client = signed_in(reporter)

    assert "New lead" not in read(client.get(CHOOSE, {"all": "1"}))
    client.post(CONFIRM, lead(reporter, *two))
    assert not Delivery.objects.filter(lead=reporter).exists()


# --- The lead ---------------------------------------------------------------------------------------------


def test_every_row_is_shown_before_anything_is_written(desk, two, reporter, manager):
    Delivery.objects.filter(pk=two[0].pk).update(lead=manager)

    html = read(desk.post(CHOOSE, lead(reporter, *two)))

    assert [str(delivery) in html for delivery in two] == [True, True]
    assert manager.name in html
    assert reporter.name in html
    assert "Change 2 deliveries" in html
    assert not Delivery.objects.filter(lead=reporter).exists()


def test_a_confirmed_lead_is_set_kept_and_set_due(desk, two, reporter, manager, enqueued, monkeypatch):
    monkeypatch.setattr("commitments.views.background.is_behind", lambda today: False)

    response = desk.post(CONFIRM, lead(reporter, *two), follow=True)

    assert "2 deliveries changed. Statuses follow within a minute." in read(response)
    assert set(Delivery.objects.values_list("lead", "version")) == {(reporter.pk, 2)}
    assert PlanRevision.objects.filter(lead=reporter, recorded_by=manager, recorded_on=TODAY).count() == 2
    assert Position.objects.filter(next_change_on=TODAY, marked_due_at__isnull=False).count() == 2
    assert enqueued == ["bulk_change"]


def test_rows_that_cannot_change_are_listed_with_the_reason(signed_in, system, place, manager, reporter):
    other_place = PlaceFactory(parent=system)
    outside = DeliveryFactory(footprint=other_place)
    led = DeliveryFactory(footprint=place, lead=reporter)
    free = DeliveryFactory(footprint=place)

    html = read(signed_in(manager).post(CHOOSE, lead(reporter, outside, led, free)))

    assert f"{reporter.name} has no role here" in html
    assert "Leads it already" in html
    assert "Change 1 delivery" in html


def test_a_lead_is_set_only_where_one_may_plan(signed_in, place, system, enqueued):
    here, there = DeliveryFactory(footprint=place), DeliveryFactory(footprint=PlaceFactory(parent=system))
    planner = person(Role.PROGRAMME_MANAGER, place)
    planner.memberships.create(footprint=system, role=Role.VIEWER, starts_on=dt.date(2018, 4, 1))
    client = signed_in(planner)

    html = read(client.post(CHOOSE, lead(planner, here, there)))
    client.post(CONFIRM, lead(planner, here, there))

    assert "You may not set the local plan here" in html
    assert Delivery.objects.get(lead=planner) == here


def test_deliveries_out_of_sight_cannot_be_slipped_in(desk, two, manager, enqueued):
    elsewhere = DeliveryFactory()

    html = read(desk.post(CHOOSE, lead(manager, elsewhere)))
    desk.post(CONFIRM, lead(manager, elsewhere, two[0]))

    assert str(elsewhere) not in html
    assert Delivery.objects.get(lead=manager) == two[0]


def test_nobody_without_a_role_can_be_made_lead(desk, two):
    assert "Select a lead from the list" in read(desk.post(CONFIRM, lead(UserFactory(), *two)))


def test_twice_the_rows_take_the_same_queries(desk, place, manager, enqueued, django_assert_num_queries):
    desk.get(LIST)
    few = [DeliveryFactory(footprint=place) for _ in range(2)]
    more = [DeliveryFactory(footprint=place) for _ in range(4)]
    for address in (CHOOSE, CONFIRM):
        with django_assert_num_queries(40, exact=False) as counted:
            desk.post(address, lead(manager, *few))

        with django_assert_num_queries(len(counted)):
            desk.post(address, lead(manager, *more))


# --- What somebody else changed meanwhile -----------------------------------------------------------------


def test_a_row_changed_meanwhile_is_shown_with_who_changed_it_and_the_others_are_written(
    desk, two, reporter, approver, enqueued
):
    Delivery.objects.filter(pk=two[0].pk).update(version=2, lead=approver)
    PlanRevision.objects.record([two[0].pk], today=TODAY, by=approver)

    response = desk.post(CONFIRM, lead(reporter, *two))

    html = read(response)
    assert response.status_code == 409
    assert "1 delivery changed" in html
    assert f"{approver.name} on 30 September 2019" in html
    assert f'value="{two[0].pk}-2"' in html
    assert dict(Delivery.objects.values_list("pk", "lead")) == {two[0].pk: approver.pk, two[1].pk: reporter.pk}


def test_nobody_can_be_made_the_lead_of_many(desk, manager, two):
    first, second = two
    Delivery.objects.filter(pk=first.pk).update(lead=manager)

    choosing = read(desk.get(CHOOSE, {"delivery": [first.pk, second.pk]}))
    preview = read(desk.post(CHOOSE, {"what": "lead", "lead": "nobody"} | rows(first, second)))
    desk.post(CONFIRM, {"what": "lead", "lead": "nobody"} | rows(first))

    assert '<option value="nobody">No lead</option>' in choosing
    assert "It has no lead already" in preview
    assert "No lead" in preview
    assert Delivery.objects.get(pk=first.pk).lead is None
    assert PlanRevision.objects.filter(delivery=first).latest("pk").lead is None


def test_a_lead_must_be_chosen_or_nobody_named(desk, two):
    assert "Select a lead from the list" in read(desk.post(CHOOSE, {"what": "lead", "lead": ""} | rows(*two)))


def test_the_audit_log_names_who_changed_them(desk, manager, reporter, two):
    desk.post(CONFIRM, lead(reporter, *two))

    edits = AuditEntry.objects.filter(table_name="commitments_delivery", kind="update")
    assert {(entry.row_id, entry.person, entry.page) for entry in edits} == {
        (str(delivery.pk), manager, CONFIRM) for delivery in two
    }


def test_the_second_writer_can_change_it_nevertheless(desk, two, reporter, enqueued):
    Delivery.objects.filter(pk=two[0].pk).update(version=2)

    desk.post(CONFIRM, {"what": "lead", "lead": reporter.pk, "row": [f"{two[0].pk}-2"]})

    assert Delivery.objects.get(lead=reporter) == two[0]


def test_the_second_of_two_clicks_changes_nothing_more(desk, two, reporter, enqueued):
    desk.post(CONFIRM, lead(reporter, *two))

    html = read(desk.post(CONFIRM, lead(reporter, *two), follow=True))

    assert "2 deliveries were left as they are." in html
    assert set(Delivery.objects.values_list("version", flat=True)) == {2}
