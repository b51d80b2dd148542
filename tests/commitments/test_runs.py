"""Each run leaves a row, whether it ends well, badly or not at all; a quiet night leaves none."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.db.models.functions import Now

from commitments import runs
from commitments.choices import RunState, Trigger
from commitments.models import Position, Run
from commitments.models.runs import KEPT_FOR, RUN_ENDS_WITHIN
from commitments.recompute import Outcome, set_due
from commitments.tasks import recompute_due
from tests.factories import TODAY, DeliveryFactory

pytestmark = pytest.mark.django_db

A_MINUTE = dt.timedelta(minutes=1)


def started(ago: dt.timedelta, **facts) -> Run:
    return Run.objects.create(scope="Positions due", trigger=Trigger.SWEEP, started_at=Now() - ago, **facts)


def state_of(run: Run) -> str:
    return Run.objects.with_state().get(pk=run.pk).state


def test_a_run_says_what_it_did(several):
    outcome = runs.run_due(TODAY, trigger=Trigger.SIGN_OFF)

    run = Run.objects.get()
    assert (run.examined, run.changed) == (outcome.examined, outcome.changed) == (12, 12)
    assert (run.scope, run.trigger, run.error) == ("Positions due", "sign_off", "")
    assert run.finished_at >= run.started_at
    assert run.seconds >= 0


def test_a_quiet_night_writes_nothing(several):
    recompute_due()
    Run.objects.all().delete()

    assert runs.run_due(TODAY, trigger=Trigger.SWEEP) == Outcome()
    assert not Run.objects.exists()


def test_the_task_says_who_asked_for_it(several):
    recompute_due(Trigger.OBSERVATION)
    Position.objects.update(next_change_on=TODAY)
    recompute_due()

    assert [run.trigger for run in Run.objects.order_by("pk")] == ["observation", "sweep"]


@pytest.mark.parametrize(
    ("options", "scope"),
    [
        ({}, "Positions due"),
        ({"all": True}, "Every position"),
        ({"all": True, "system": "QKK"}, "Every position in QKK"),
    ],
)
def test_a_command_is_listed_even_where_it_found_nothing(options, scope, system):
    call_command("recompute", **options)

    assert [(run.scope, run.trigger) for run in Run.objects.all()] == [(scope, "command")]


def test_a_command_that_writes_nothing_is_not_a_run(system):
    call_command("recompute", audit=True)
    call_command("recompute", as_of="2019-08-31")

    assert not Run.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_run_that_fails_says_why_in_one_line_and_fails_still(several, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError("The evidence\nis no evidence" + "!" * 400)

    monkeypatch.setattr(runs, "recompute", fail)

    with pytest.raises(ValueError, match="The evidence"):
        runs.run_due(TODAY, trigger=Trigger.SWEEP)

    run = Run.objects.get()
    assert run.error.startswith("ValueError: The evidence is no evidence!")
    assert len(run.error) == 300
    assert state_of(run) == RunState.FAILED


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_database_went_away_keeps_its_row_without_an_end(several, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("server closed the connection")

    monkeypatch.setattr(runs, "recompute", fail)
    monkeypatch.setattr(runs, "_finish", fail)

    with pytest.raises(DatabaseError, match="server closed"):
        runs.run_due(TODAY, trigger=Trigger.SWEEP)

    assert Run.objects.get().finished_at is None


@pytest.mark.parametrize(
    ("ago", "state"),
    [(RUN_ENDS_WITHIN - A_MINUTE, RunState.RUNNING), (RUN_ENDS_WITHIN + A_MINUTE, RunState.UNFINISHED)],
)
def test_a_run_that_never_ended_did_not_finish_once_it_must_have(ago, state):
    assert state_of(started(ago)) == state


def test_a_run_that_ended_is_finished_however_long_ago():
    assert state_of(started(RUN_ENDS_WITHIN + A_MINUTE, finished_at=Now())) == RunState.FINISHED


def test_old_runs_go_with_the_next_one(several):
    started(KEPT_FOR + A_MINUTE)
    kept = started(KEPT_FOR - A_MINUTE)

    runs.run_due(TODAY, trigger=Trigger.SWEEP)

    assert set(Run.objects.values_list("pk", flat=True)) == {kept.pk, Run.objects.first().pk}
    assert Run.objects.count() == 2


# --- How long something has been due ----------------------------------------------------------------------


def test_marked_as_due_it_waits_from_the_first_mark_until_it_is_recomputed():
    delivery = DeliveryFactory(position={"next_change_on": None})
    set_due([delivery.pk], TODAY)
    first, turned_on = Position.objects.waiting_since(TODAY)
    set_due([delivery.pk], TODAY)

    assert turned_on is None
    assert Position.objects.waiting_since(TODAY) == (first, None)

    recompute_due()

    assert Position.objects.waiting_since(TODAY) == (None, None)
    assert Position.objects.get().marked_due_at is None


def test_due_by_the_calendar_it_waits_from_its_day():
    for days in (1, 3, -1):
        DeliveryFactory(position={"next_change_on": TODAY - dt.timedelta(days=days)})

    assert Position.objects.waiting_since(TODAY) == (None, TODAY - dt.timedelta(days=3))
