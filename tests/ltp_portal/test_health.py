"""`/readyz` says which part does not answer, and whether the queue is being worked."""

import datetime as dt

import pytest
from django.db import OperationalError

from commitments.choices import DeliveryLevel
from commitments.coverage import expire
from commitments.models import CoverageExpiry, Position
from commitments.recompute import recompute
from ltp_portal import health
from tests.factories import TODAY, CommitmentFactory, DeliveryFactory

pytestmark = pytest.mark.django_db

# Seven in the morning, British summer time.
NOW = dt.datetime(2026, 6, 1, 6, 0, tzinfo=dt.UTC)
A_DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def broker_and_worker_answer(monkeypatch):
    monkeypatch.setattr(health, "_broker_and_worker", lambda: (True, True))


def waited() -> int | None:
    return health.condition(NOW, TODAY).oldest_due_seconds


def marked(seconds_ago: int) -> None:
    DeliveryFactory(position={"next_change_on": TODAY, "marked_due_at": NOW - dt.timedelta(seconds=seconds_ago)})


def test_nothing_due_has_waited_for_nothing():
    DeliveryFactory(position={"next_change_on": TODAY + A_DAY})

    assert waited() == 0


def test_what_was_marked_waits_since_it_was_marked():
    marked(40)
    marked(90)

    assert waited() == 90


@pytest.mark.parametrize(("days", "hours"), [(0, 7), (2, 55)])
def test_what_the_calendar_made_due_waits_since_that_midnight_in_london(days, hours):
    DeliveryFactory(position={"next_change_on": TODAY - days * A_DAY})

    assert waited() == hours * 3600


def test_the_longest_wait_counts():
    marked(90)
    DeliveryFactory(position={"next_change_on": TODAY})

    assert waited() == 7 * 3600


def test_a_wait_is_never_less_than_none():
    marked(-5)

    assert waited() == 0


def coverage_due(**facts) -> None:
    CoverageExpiry.objects.create(commitment=CommitmentFactory(**facts.pop("catalogue", {})), **facts)


def test_a_roll_up_waits_since_it_was_marked():
    coverage_due(next_change_on=TODAY, marked_due_at=NOW - dt.timedelta(seconds=40))

    assert waited() == 40


def test_a_roll_up_that_the_map_made_due_waits_since_that_midnight():
    coverage_due(next_change_on=TODAY)
    coverage_due(next_change_on=TODAY + A_DAY)
    coverage_due(next_change_on=None)

    assert waited() == 7 * 3600


def test_a_commitment_that_has_no_coverage_any_more_waits_for_nothing():
    coverage_due(next_change_on=TODAY, catalogue={"delivery_level": DeliveryLevel.NATIONAL})

    assert waited() == 0


def test_what_was_loaded_and_never_rolled_up_waits_since_it_was_loaded():
    commitment = CommitmentFactory()

    expire([commitment.pk], TODAY)

    [(marked_due_at, seen)] = CoverageExpiry.objects.values_list("marked_due_at", "commitment")
    assert seen == commitment.pk
    assert health.condition(marked_due_at + dt.timedelta(seconds=90), TODAY).oldest_due_seconds == 90


def test_a_roll_up_marked_twice_waits_since_the_first_mark_and_once_done_for_nothing():
    commitment = CommitmentFactory()
    coverage_due_at = NOW - dt.timedelta(seconds=90)
    CoverageExpiry.objects.create(commitment=commitment, next_change_on=TODAY, marked_due_at=coverage_due_at)
    expire([commitment.pk], TODAY)
    waited_before = waited()

    recompute(TODAY)

    assert (waited_before, waited()) == (90, 0)


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(("seconds", "behind"), [(60, False), (61, True)])
def test_work_is_behind_once_something_has_waited_for_longer_than_two_sweeps(seconds, behind):
    marked(seconds)

    assert health.is_behind(TODAY) is behind


def test_work_is_behind_while_redis_is_away(redis_away):
    assert health.is_behind(TODAY) is False

    with redis_away():
        assert health.is_behind(TODAY) is True


def test_work_is_behind_while_the_database_is_away(monkeypatch):
    monkeypatch.setattr(health, "_oldest_due_seconds", lambda now, today: None)

    assert health.is_behind(TODAY) is True


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (61, 503)])
@pytest.mark.usefixtures("now")
def test_readyz_is_not_ready_once_something_waits_too_long(client, settings, seconds, status):
    settings.READY_MAX_DUE_SECONDS = 60
    marked(seconds)

    answer = client.get("/readyz")

    assert answer.status_code == status
    assert answer.json() == {"database": True, "broker": True, "worker": True, "oldest_due_seconds": seconds}


@pytest.mark.parametrize("answers", [(False, False), (True, False)])
def test_readyz_names_what_does_not_answer(client, monkeypatch, answers):
    monkeypatch.setattr(health, "_broker_and_worker", lambda: answers)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json()["broker"], answer.json()["worker"]) == answers


def test_readyz_without_a_database_says_so(client, monkeypatch):
    def away(*args):
        raise OperationalError

    monkeypatch.setattr(type(Position.objects.all()), "waiting_since", away)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["oldest_due_seconds"]) == (False, None)
