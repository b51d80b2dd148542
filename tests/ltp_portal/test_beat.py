"""Beat after a stop: what was missed runs once, however often it was missed."""

import datetime as dt

import pytest
from celery.beat import SchedulingError
from django.conf import settings
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from ltp_portal.celery import app

pytestmark = pytest.mark.django_db(transaction=True)

SWEEP, CLEARING = "recompute what is due", "forget what is over"


@pytest.fixture
def scheduler(monkeypatch):
    """Beat as it starts; `sent` holds what it hands to the worker."""

    def started() -> DatabaseScheduler:
        beat = DatabaseScheduler(app=app)
        beat._finalize.cancel()  # it would write to the database once more when the tests have ended
        beat.sent = []
        monkeypatch.setattr(beat, "apply_async", lambda entry, **kwargs: beat.sent.append(entry))
        return beat

    return started


def ticks(beat: DatabaseScheduler, times: int, name: str = SWEEP) -> list[str]:
    for _ in range(times):
        beat.tick()
    return [entry.name for entry in beat.sent if entry.name == name]


def test_the_schedule_sweeps_every_30_seconds_and_names_tasks_that_exist():
    schedule = settings.CELERY_BEAT_SCHEDULE

    assert schedule[SWEEP]["schedule"] <= 30
    assert {entry["task"] for entry in schedule.values()} <= app.tasks.keys()


@pytest.mark.parametrize("name", [SWEEP, CLEARING])
def test_after_a_day_of_downtime_what_was_missed_runs_once(scheduler, name):
    scheduler()  # writes the schedule
    PeriodicTask.objects.filter(name=name).update(last_run_at=timezone.now() - dt.timedelta(days=1, hours=1))

    assert ticks(scheduler(), 5, name) == [name]


def test_a_sweep_that_ran_just_now_waits_its_turn(scheduler):
    scheduler()
    PeriodicTask.objects.filter(name=SWEEP).update(last_run_at=timezone.now())

    assert ticks(scheduler(), 5) == []


def test_a_broker_that_is_away_costs_one_sweep_and_not_beat_itself(scheduler, monkeypatch):
    beat = scheduler()
    PeriodicTask.objects.filter(name=SWEEP).update(last_run_at=timezone.now() - dt.timedelta(days=1))

    def away(entry, **kwargs):
        raise SchedulingError("Redis is away")

    monkeypatch.setattr(beat, "apply_async", away)

    assert beat.tick() <= settings.SWEEP_SECONDS


def test_sweeps_nobody_took_do_not_pile_up(scheduler):
    scheduler()

    assert PeriodicTask.objects.get(name=SWEEP).expire_seconds == settings.SWEEP_SECONDS
