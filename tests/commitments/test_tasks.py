"""What is asked of the worker, and what happens where nobody is there to be asked."""

import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from kombu.exceptions import OperationalError

from commitments.choices import Status
from commitments.models import Reminder
from commitments.tasks import recompute_due, send_reminders, write_reminders
from ltp_portal.celery import app
from systems.choices import Role
from tests.factories import DeliveryFactory, PeriodFactory, person

NOBODY = "redis://127.0.0.1:1/0"


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_is_logged_and_what_was_written_stays(monkeypatch, caplog, system):
    def ask_nobody():
        recompute_due.apply_async(connection=app.connection_for_write(NOBODY))

    monkeypatch.setattr(recompute_due, "delay", ask_nobody)

    with transaction.atomic():
        type(system).objects.update(name="Written all the same")
        recompute_due.delay_on_commit()

    system.refresh_from_db()
    assert system.name == "Written all the same"
    assert "Connection refused" in caplog.text


def test_every_task_of_ours_is_stopped_once_it_takes_too_long():
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]

    assert recompute_due in ours
    assert [task.name for task in ours if not 0 < (task.soft_time_limit or 0) < (task.time_limit or 0)] == []


def test_a_task_that_was_killed_is_not_taken_for_done():
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1


def test_nobody_waits_for_a_broker_that_is_away():
    began = time.monotonic()

    with pytest.raises(OperationalError):
        recompute_due.apply_async(connection=app.connection_for_write(NOBODY))

    assert time.monotonic() - began < 2


@pytest.mark.django_db
def test_run_twice_the_mornings_work_writes_and_sends_nothing_more(mailoutbox, place):
    PeriodFactory()
    lead = person(Role.VIEWER, place)
    DeliveryFactory(footprint=place, lead=lead, position={"status": Status.ON_TRACK})

    for _ in range(2):
        write_reminders()
        send_reminders()

    assert [letter.to for letter in mailoutbox] == [[lead.email]]
    before = list(Reminder.objects.values())
    call_command("send_reminders")
    assert list(Reminder.objects.values()) == before


def test_every_task_of_the_schedule_is_there():
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
