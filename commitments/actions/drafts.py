"""Many reports at once: written as drafts, and submitted."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from commitments.choices import ReportState, Trigger
from commitments.locks import lock_commitments
from commitments.models import Delivery, Report, ReportingPeriod
from commitments.models.reports import missing
from commitments.recompute import set_due
from commitments.tasks import recompute_due
from systems.models import User


@dataclass(frozen=True, slots=True)
class Draft:
    """All the words of one delivery's report, and the version its writer had before them; 0 where there was none."""

    delivery: Delivery
    version: int
    words: Mapping[str, Any]


@transaction.atomic
def save_drafts(*, period: ReportingPeriod, drafts: Sequence[Draft], by: User, today: dt.date) -> set[int]:
    """Saves each draft unless somebody else wrote meanwhile. Returns the keys of the deliveries whose draft was saved.

    A month that is signed off is not begun anew here: a correction is written on its own page. A month that was closed
    meanwhile takes none.
    """
    lock_commitments(draft.delivery.commitment_id for draft in drafts)
    systems = {draft.delivery.footprint.system_id for draft in drafts}
    reporting = ReportingPeriod.objects.systems_reporting(period, systems, today)
    drafts = [draft for draft in drafts if draft.delivery.footprint.system_id in reporting]
    of_this_month = Report.objects.filter(delivery__in=[draft.delivery for draft in drafts], period=period)
    there = {report.delivery_id: report.pk for report in of_this_month.newest_of_each()}
    begun = [draft for draft in drafts if draft.version == 0 and draft.delivery.pk not in there]
    Report.objects.bulk_create(
        Report(delivery=draft.delivery, period=period, author=by, **draft.words) for draft in begun
    )
    written = {(there[draft.delivery.pk], draft.version): draft.words for draft in drafts if draft.delivery.pk in there}
    rewritten = Report.objects.rewrite(written, by=by)
    return {draft.delivery.pk for draft in begun} | {delivery for delivery, pk in there.items() if pk in rewritten}


@transaction.atomic
def submit_many(*, reports: Mapping[int, int], period: ReportingPeriod, by: User, today: dt.date) -> int:
    """Submits several complete drafts, each as it was read (its version by its key). Returns how many there were.

    Those written anew meanwhile are left as they are, and so are those whose month was closed.
    """
    drafts = Report.objects.drafts_of(by).filter(pk__in=reports, period=period)
    lock_commitments(drafts.order_by().values_list("delivery__commitment_id", flat=True))
    found = list(drafts.select_related("delivery__footprint").select_for_update(of=("self",)))
    systems = {draft.delivery.footprint.system_id for draft in found}
    reporting = ReportingPeriod.objects.systems_reporting(period, systems, today)
    as_read = [
        draft.pk
        for draft in found
        if draft.version == reports[draft.pk]
        and not missing(vars(draft))
        and draft.delivery.footprint.system_id in reporting
    ]
    submitted = Report.objects.filter(pk__in=as_read)
    if touched := submitted.achieve_ticked(by=by, today=today):
        set_due(touched, today)
        recompute_due.delay_on_commit(Trigger.BULK_CHANGE)
    return submitted.update(
        state=ReportState.SUBMITTED,
        submitted_on=today,
        author=by,
        decided_by=None,
        decided_on=None,
        version=F("version") + 1,
    )
