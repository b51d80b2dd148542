"""A filled-in spreadsheet: taken in, and confirmed once its sender has seen what it would change."""

from collections.abc import Mapping

from django.db import transaction

from commitments.models import Upload
from commitments.tasks import run_job
from systems.actions.conflict import Conflict
from systems.choices import JobKind
from systems.models import Job, User


@transaction.atomic
def take_upload(*, file_name: str, content: bytes, rows: int, by: User) -> Upload:
    """Keeps a file until a worker has read it."""
    job = Job.objects.create(kind=JobKind.READ_SHEET, asked_by=by, total=rows)
    upload = Upload.objects.create(file_name=file_name, content=content, reading=job)
    run_job.delay_on_commit(job.pk)
    return upload


@transaction.atomic
def confirm_upload(*, upload: Upload, overwrite: Mapping[int, tuple[int, int]], by: User) -> Job:
    """Asks a worker to write what was shown. Confirming again changes nothing.

    `overwrite` names rows whose report somebody else changed, each with the report (number and version) that its
    sender has seen and means to replace: should it change once more, the row is left out.
    """
    # Locked without its jobs: what is joined to a row that one waits for would be as it was before.
    upload = Upload.objects.select_for_update().defer("content").get(pk=upload.pk)
    if upload.writing:
        return upload.writing
    if not upload.reading.finished_at or upload.reading.error:
        raise Conflict
    rows = list(upload.rows.filter(pk__in=overwrite))
    for row in rows:
        row.base_report, row.base_version = overwrite[row.pk]
    upload.rows.bulk_update(rows, ["base_report", "base_version"])
    upload.writing = Job.objects.create(kind=JobKind.WRITE_SHEET, asked_by=by, total=upload.rows.count())
    upload.save(update_fields=["writing"])
    run_job.delay_on_commit(upload.writing.pk)
    return upload.writing
