"""A job is done once, by one worker at a time, and again by another where that one was killed."""

import psycopg2
import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.db.models.functions import Now

from systems import jobs
from systems.choices import JobKind, JobState
from systems.models import AuditEntry, Job, User
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def job():
    return Job.objects.create(kind=JobKind.READ_SHEET, asked_by=UserFactory(), total=5)


def does(work):
    return {JobKind.READ_SHEET: work}


def now(job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_waits_runs_and_finishes(job):
    seen = []

    def work(doing, today):
        jobs.progress(doing, 3)
        seen.append((now(job).state, now(job).done, today))
        jobs.finish(doing)

    assert now(job).state == JobState.WAITING
    jobs.run(job.pk, does(work), TODAY)

    assert seen == [(JobState.RUNNING, 3, TODAY)]
    assert (now(job).state, now(job).done, now(job).error) == (JobState.FINISHED, 5, "")


def test_what_a_job_edits_stands_in_the_audit_log_under_the_name_of_who_asked(job):
    edited = UserFactory(name="Before")

    def work(doing, today):
        User.objects.filter(pk=edited.pk).update(name="After")
        jobs.finish(doing)

    jobs.run(job.pk, does(work), TODAY)

    assert AuditEntry.objects.get(row_id=edited.pk, kind="update").person == job.asked_by


def test_a_job_that_is_done_is_not_done_again(job):
    done = []
    work = does(lambda doing, today: done.append(doing.pk) or jobs.finish(doing))

    jobs.run(job.pk, work, TODAY)
    jobs.run(job.pk, work, TODAY)

    assert done == [job.pk]


def test_what_a_killed_worker_left_is_taken_up(job):
    Job.objects.filter(pk=job.pk).update(started_at=Now(), tries=1, done=2)

    jobs.run(job.pk, does(lambda doing, today: jobs.finish(doing)), TODAY)

    assert (now(job).state, now(job).tries) == (JobState.FINISHED, 2)


def test_a_job_another_worker_is_at_is_left_alone(job):
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    cursor = other.cursor()
    cursor.execute("SELECT pg_advisory_lock(2020, %s)", [job.pk])

    jobs.run(job.pk, {}, TODAY)
    assert now(job).state == JobState.WAITING

    cursor.execute("SELECT pg_advisory_unlock(2020, %s)", [job.pk])
    other.close()
    jobs.run(job.pk, does(lambda doing, today: jobs.finish(doing)), TODAY)
    assert now(job).state == JobState.FINISHED


def test_a_refusal_is_told_in_its_own_words(job):
    def work(doing, today):
        raise jobs.Refused("The sheet is upside down.")

    jobs.run(job.pk, does(work), TODAY)

    assert (now(job).state, now(job).error) == (JobState.FAILED, "The sheet is upside down.")


def test_a_breakdown_is_told_and_raised(job):
    def work(doing, today):
        raise ZeroDivisionError("secret detail")

    with pytest.raises(ZeroDivisionError):
        jobs.run(job.pk, does(work), TODAY)

    assert (now(job).state, now(job).error) == (JobState.FAILED, jobs.BROKE_DOWN)


def test_what_brings_its_worker_down_each_time_is_given_up(job):
    Job.objects.filter(pk=job.pk).update(tries=jobs.TRIES)

    jobs.run(job.pk, {}, TODAY)

    assert (now(job).state, now(job).error) == (JobState.FAILED, jobs.BROKE_DOWN)


def test_progress_never_passes_what_there_is_to_do(job):
    jobs.progress(job, 99)

    assert now(job).done == 5


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kind": "nonsense"}, "job_kind_is_known"),
        ({"error": "Broke"}, "job_that_failed_has_finished"),
        ({"done": 6, "total": 5}, "job_does_no_more_than_there_is_to_do"),
    ],
)
def test_the_database_refuses_a_job_that_cannot_be(facts, name):
    with pytest.raises(IntegrityError, match=name):
        Job.objects.create(**{"kind": JobKind.READ_SHEET, "asked_by": UserFactory()} | facts)


def test_a_job_is_named_by_what_it_is_and_for_whom(job):
    assert str(job) == f"Reading a spreadsheet for {job.asked_by.name}"


def test_beat_takes_up_jobs_as_often_as_it_sweeps():
    beat = settings.CELERY_BEAT_SCHEDULE["take up jobs nobody is at"]

    assert (beat["task"], beat["schedule"]) == ("commitments.tasks.run_waiting_jobs", settings.SWEEP_SECONDS)
