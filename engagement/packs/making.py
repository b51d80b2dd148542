"""Makes a pack: a worker's job, from the facts to the bytes that stay. Written whole, or not at all."""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Now

from engagement.choices import PackFormat
from engagement.models import Committee, Pack, PackDocument
from engagement.packs import pdf, web, word
from engagement.packs.building import build
from engagement.packs.gathering import gather
from systems.jobs import Refused, finish, progress
from systems.models import Job

# What its progress counts: the facts, the web page, the Word document, the PDF.
STEPS = 4
NOT_YOURS = "You no longer write for this committee, so its pack was not made."


def make(job: Job, today: dt.date) -> None:
    """Gathers, builds and writes the pack this job is for, with the rights of who asked for it."""
    pack = Pack.objects.select_related("meeting__committee", "item").get(job=job)
    if pack.meeting.committee not in Committee.objects.led_by(job.asked_by.as_of(today)):
        raise Refused(NOT_YOURS)
    document = build(gather(pack, today))
    progress(job, 1)
    style = web.style(document)
    page = web.page(document, web.Links.of(pack.edition))
    written = {PackFormat.HTML: page.encode(), PackFormat.STYLE: style.encode()}
    progress(job, 2)
    written[PackFormat.WORD] = word.write(document)
    progress(job, 3)
    if printed := pdf.write(web.page(document), style):
        written[PackFormat.PDF] = printed
    with transaction.atomic():
        PackDocument.objects.bulk_create(PackDocument.of(pack, form, content) for form, content in written.items())
        Pack.objects.filter(pk=pack.pk).update(made_at=Now())
        finish(job)
