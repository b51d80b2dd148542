"""The work behind a spreadsheet: its progress, its two writers at once, what is forgotten, and 2,000 rows."""

import datetime as dt
import time
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from commitments import tasks
from commitments.actions import Conflict, confirm_upload, take_upload
from commitments.choices import Outcome
from commitments.models import CellProblem, Delivery, Position, Report, Upload, UploadedRow
from systems import jobs
from systems.choices import JobKind
from systems.models import Job
from tests.commitments.sheets import GREEN, PAGE, confirm, download, filled, rows, send, upload
from tests.elsewhere import all_at_once
from tests.factories import TODAY, CommitmentFactory, DeliveryFactory, PeriodFactory, PlaceFactory

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def sheet(client, place, period) -> bytes:
    DeliveryFactory(footprint=place)
    return filled(download(client), {2: GREEN})


def killed(*args):
    """What a worker does that is stopped just before it says that it is done."""
    raise KeyboardInterrupt


# --- Progress ---------------------------------------------------------------------------------------------


def test_a_page_shows_how_far_it_is_and_goes_on_by_itself(client, sheet):
    address = send(client, sheet)["Location"]
    waiting = client.get(address).content.decode()
    Job.objects.update(started_at=dt.datetime.now(dt.UTC), total=2000, done=1200)

    page = client.get(address).content.decode()

    assert "Reading a spreadsheet: waiting to begin." in waiting
    assert "Reading a spreadsheet: 1,200 of 2,000 rows." in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert f'hx-get="{address}" hx-trigger="every 1s"' in page
    assert "<html" not in client.get(address, **HTMX).content.decode()


def test_the_page_is_drawn_anew_once_the_work_is_done(client, sheet):
    address = upload(client, sheet)

    assert client.get(address, **HTMX)["HX-Refresh"] == "true"


def test_closing_the_tab_loses_nothing(client, sheet, signed_in, manager):
    address = upload(client, sheet)

    again = signed_in(manager)

    assert address in again.get(PAGE).content.decode()
    assert "Check what the sheet would change" in again.get(address).content.decode()


def test_a_breakdown_is_said_and_nothing_is_saved(client, sheet, monkeypatch):
    def break_down(*args):
        raise ZeroDivisionError

    monkeypatch.setitem(tasks.WORK, JobKind.READ_SHEET, break_down)
    address = send(client, sheet)["Location"]
    with pytest.raises(ZeroDivisionError):
        tasks.run_waiting_jobs()

    page = client.get(address).content.decode()

    assert jobs.BROKE_DOWN in page
    assert "<title>Error: reports.xlsx" in page


def test_a_worker_killed_while_reading_leaves_nothing_half_read(client, sheet, monkeypatch):
    address = send(client, sheet)["Location"]
    with monkeypatch.context() as dying:
        dying.setattr("commitments.sheets.reading.finish", killed)
        with pytest.raises(KeyboardInterrupt):
            tasks.run_waiting_jobs()
    assert UploadedRow.objects.count() == 0

    tasks.run_waiting_jobs()

    assert "Check what the sheet would change" in client.get(address).content.decode()
    assert UploadedRow.objects.count() == 1


def test_a_worker_killed_while_writing_leaves_nothing_half_written(client, sheet, monkeypatch):
    address = upload(client, sheet)
    client.post(f"{address}confirm/")
    with monkeypatch.context() as dying:
        dying.setattr("commitments.sheets.writing.finish", killed)
        with pytest.raises(KeyboardInterrupt):
            tasks.run_waiting_jobs()
    assert Report.objects.count() == 0

    tasks.run_waiting_jobs()

    assert Report.objects.count() == 1
    assert "The sheet is saved" in client.get(address).content.decode()


def test_a_job_asked_for_is_done_by_its_own_task(client, sheet):
    address = send(client, sheet)["Location"]

    tasks.run_job(Upload.objects.get().reading.pk)

    assert "Check what the sheet would change" in client.get(address).content.decode()


# --- Actions ----------------------------------------------------------------------------------------------


def test_nothing_is_confirmed_before_it_is_read_or_where_it_was_refused(client, sheet, manager):
    address = send(client, sheet)["Location"]

    with pytest.raises(Conflict):
        confirm_upload(upload=Upload.objects.get(), overwrite={}, by=manager)
    assert "There is nothing to confirm yet." in client.post(f"{address}confirm/", follow=True).content.decode()

    jobs.finish(Upload.objects.get().reading, error="Refused")
    with pytest.raises(Conflict):
        confirm_upload(upload=Upload.objects.get(), overwrite={}, by=manager)


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_job_is_made(client, sheet, manager, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "delay_on_commit", lambda job: None)
    upload(client, sheet)
    found = Upload.objects.get()
    made = []

    all_at_once(*[lambda: made.append(confirm_upload(upload=found, overwrite={}, by=manager).pk) for _ in range(2)])

    assert len(set(made)) == 1
    assert Job.objects.filter(kind=JobKind.WRITE_SHEET).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_that_writes_while_the_sheet_is_written_is_told_or_left(client, sheet, manager, save, monkeypatch):
    """Whoever takes the commitment's lock first is stored; the other does not overwrite it."""
    monkeypatch.setattr(tasks.run_job, "delay_on_commit", lambda job: None)
    address = upload(client, sheet)
    client.post(f"{address}confirm/")
    delivery = Delivery.objects.get()

    def by_form():
        with suppress(Conflict):
            save(delivery, manager, submit=False, narrative="By form.")

    all_at_once(by_form, tasks.run_waiting_jobs)

    stored = Report.objects.get()
    assert stored.version == 1
    assert UploadedRow.objects.get().outcome == (Outcome.LEFT_OUT if stored.narrative == "By form." else Outcome.DRAFT)


# --- What is forgotten ------------------------------------------------------------------------------------


def test_uploads_are_forgotten_after_30_days_and_reports_are_not(client, sheet):
    confirm(client, upload(client, sheet))
    upload(client, sheet)
    old, young = Upload.objects.order_by("pk")
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)
    Upload.objects.filter(pk=old.pk).update(sent_at=long_ago)
    Job.objects.filter(pk__in=[old.reading_id, old.writing_id]).update(asked_at=long_ago)

    for _ in range(2):
        tasks.forget_old_uploads()

        assert list(Upload.objects.all()) == [young]
        assert list(Job.objects.all()) == [young.reading]
        assert UploadedRow.objects.count() == 1
        assert Report.objects.count() == 1


def test_where_nothing_waits_nothing_is_written(client, sheet, django_assert_num_queries):
    confirm(client, upload(client, sheet))

    with django_assert_num_queries(1):
        tasks.run_waiting_jobs()


# --- What the database refuses ----------------------------------------------------------------------------


@pytest.fixture
def row(client, sheet):
    upload(client, sheet)
    return UploadedRow.objects.get()


def refused(row: UploadedRow, name: str, **facts):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        UploadedRow.objects.filter(pk=row.pk).update(**facts)


def test_two_rows_of_an_upload_have_neither_number_nor_delivery_in_common(row):
    first = row.pk
    row.pk, row.number, row.delivery = None, 3, DeliveryFactory()
    row.save()

    refused(row, "uploaded_row_once_per_number", number=2)
    refused(row, "uploaded_row_once_per_delivery", delivery=UploadedRow.objects.get(pk=first).delivery)


def test_only_a_row_left_out_says_why_and_each_does(row):
    refused(row, "uploaded_row_left_out_says_why", left_out_because="No reason")
    refused(row, "uploaded_row_left_out_says_why", outcome=Outcome.LEFT_OUT)


def test_rows_problems_and_uploads_have_names(row):
    problem = CellProblem(upload=row.upload, row=2, cell="R2", heading="Stage", message="“x” is not one of them")

    assert (str(row), str(row.upload), str(problem)) == ("Row 2", "reports.xlsx", "R2: “x” is not one of them")


# --- 2,000 rows -------------------------------------------------------------------------------------------


def test_2000_rows_there_and_back_take_less_than_20_seconds(client, system, period, manager):
    commitments = [CommitmentFactory() for _ in range(200)]
    places = [PlaceFactory(parent=system) for _ in range(10)]
    made = Delivery.objects.bulk_create(Delivery(commitment=c, footprint=p) for c in commitments for p in places)
    Position.objects.bulk_create(Position(delivery=delivery, moved_on=TODAY, **Position.UNDECIDED) for delivery in made)
    empty = download(client)
    assert len(rows(empty)) == 2000
    content = filled(empty, {number: GREEN | {"Next steps": "x" * 500} for number in range(2, 2002)})

    # The time this process works, not the time a busy machine lets it wait.
    began = time.process_time()
    address = upload(client, content)
    page = client.get(address).content.decode()
    done = confirm(client, address)
    seconds = time.process_time() - began

    assert "Confirm and save 2,000 reports" in page
    assert "2,000" in done
    assert Report.objects.count() == 2000
    assert seconds < 20


def test_the_sheet_of_uploads_takes_no_file_along(client, sheet, django_assert_max_num_queries):
    send(client, sheet)

    with django_assert_max_num_queries(20) as seen:
        client.get(PAGE)

    assert not any('"commitments_upload"."content"' in query["sql"] for query in seen.captured_queries)


def test_an_upload_is_taken_in_with_its_rows_counted(manager, db, period):
    taken = take_upload(file_name="x.xlsx", content=b"x", rows=7, by=manager)

    assert (taken.reading.total, taken.reading.asked_by, taken.job) == (7, manager, taken.reading)
    assert reverse("commitments:upload", args=[taken.pk]) == f"/uploads/{taken.pk}/"
    assert PeriodFactory() == period
