"""Whom a system spoke with: recorded, and withdrawn where it was a mistake."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from engagement import actions
from engagement.models import Engagement, EngagementWithdrawal
from systems.choices import Role
from tests.elsewhere import all_at_once, tell
from tests.engagement.factories import EngagementFactory, WithdrawalFactory
from tests.factories import TODAY, CommitmentFactory, SystemFactory, UserFactory, person

pytestmark = pytest.mark.django_db

HEARD = {"happened_on": TODAY, "with_whom": "Carers", "what_was_heard": "One number to ring."}


def record(system, by, **facts):
    return actions.record_engagement(
        system=system, commitment=CommitmentFactory(), facts=HEARD | facts, by=by, today=TODAY
    )


def withdraw(engagement, by):
    actions.withdraw_engagement(engagement=engagement, reason="Entered twice.", by=by, today=TODAY)


def test_what_was_heard_is_kept_with_who_recorded_it_and_when(system, manager):
    made = record(system, manager, link="https://www.example.org/notes")

    assert (made.recorded_by, made.recorded_on, made.happened_on) == (manager, TODAY, TODAY)
    assert list(Engagement.objects.standing()) == [made]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"happened_on": TODAY + dt.timedelta(days=1)}, "still to come"),
        ({"link": "http://www.example.org"}, "https://"),
    ],
)
def test_what_the_database_would_refuse_is_said_in_words(system, manager, facts, words):
    with pytest.raises(ValidationError, match=words):
        record(system, manager, **facts)


def test_what_is_withdrawn_stays_and_counts_no_more(system, manager, approver):
    made = record(system, manager)

    withdraw(made, approver)

    assert not Engagement.objects.standing().exists()
    assert made.withdrawal.withdrawn_by == approver
    with pytest.raises(actions.Conflict):
        withdraw(made, manager)


@pytest.mark.parametrize("factory", [EngagementFactory, WithdrawalFactory])
def test_nothing_recorded_is_changed_or_taken_away(factory):
    row = factory()
    table = row._meta.db_table

    for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_readers_of_a_systems_positions_see_it_and_nobody_else(system, viewer, councillor, reporter, portal_admin):
    made = EngagementFactory(system=system)
    stranger = person(Role.APPROVER, SystemFactory())

    assert [list(Engagement.objects.visible_to(user)) for user in (viewer, portal_admin)] == [[made], [made]]
    assert not any(Engagement.objects.visible_to(user) for user in (councillor, reporter, stranger))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_withdraw_at_once_the_second_is_told():
    made, by = EngagementFactory(), UserFactory()
    outcomes: list[str] = []

    all_at_once(*(tell(outcomes, lambda: withdraw(made, by)) for _ in range(2)))

    assert sorted(outcomes) == ["conflict", "done"]
    assert EngagementWithdrawal.objects.count() == 1
