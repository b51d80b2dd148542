"""The month's reports as a spreadsheet: downloaded, filled in, uploaded, checked row by row, confirmed."""

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from commitments.actions import Conflict, confirm_upload, take_upload
from commitments.choices import WRITTEN_FINDINGS, Finding
from commitments.forms.spreadsheets import ALL, LED, ConfirmForm, SheetForm, UploadForm
from commitments.models import Delivery, ReportingPeriod, Upload
from commitments.presenters import uploads as present
from commitments.sheets.comparing import compared
from commitments.sheets.making import with_reports, write_sheet
from commitments.tables import DifferenceTable, ProblemTable
from commitments.tables.drawn import SheetTable
from ltp_portal.clock import today
from ltp_portal.exports import XLSX_TYPE, render_list
from ltp_portal.securitylog import record
from ltp_portal.sent_once import sent_once
from systems.forms.uploads import plain_name
from systems.models import User
from systems.permissions import Action

CRUMBS = (("Spreadsheet", reverse_lazy("commitments:spreadsheet")),)
# The uploads a page names.
SHOWN = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def spreadsheet(request):
    """Download a sheet, upload one, and find those sent before."""
    _reporters_only(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if not form.is_valid():
        return _show(request, form=form)
    file = form.cleaned_data["file"]
    upload = take_upload(file_name=plain_name(file.name), content=file.read(), rows=form.rows, by=request.user)
    record("spreadsheet_uploaded", request=request, upload=upload.pk, bytes=file.size)
    return redirect("commitments:upload", upload.pk)


@login_required
@require_safe
def spreadsheet_download(request):
    """The sheet itself."""
    _reporters_only(request)
    asked = SheetForm(request.GET, user=request.user, open_months=_open_months(request.user))
    if not asked.is_valid():
        return _show(request, form=asked)
    period = asked.period
    deliveries = with_reports(asked.deliveries().for_list(), period)
    sheet = io.BytesIO()
    write_sheet(sheet, deliveries=deliveries, period=period, today=today())
    record("exported", request=request, list="my-deliveries", format="xlsx", rows=len(deliveries))
    name = f"reports-{period.starts_on:%Y-%m}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(sheet.getvalue(), content_type=XLSX_TYPE, headers=headers)


def _reporters_only(request) -> None:
    if not request.user.paths_for(Action.REPORT):
        raise PermissionDenied


def _open_months(user: User) -> dict[int | None, list[ReportingPeriod]]:
    deliveries = Delivery.objects.reportable_by(user).order_by()
    systems = deliveries.values_list("footprint__system_id", flat=True).distinct()
    return ReportingPeriod.objects.open_in(list(systems), today())


def _show(request, *, form: SheetForm | UploadForm):
    """Both forms; the one that was sent, with its errors, is `form`."""
    asks = form if isinstance(form, SheetForm) else _first_form(request.user)
    sent = Upload.objects.of(request.user).defer("content")
    page = {
        "form": form,
        "sheet_form": asks,
        "upload_form": form if isinstance(form, UploadForm) else UploadForm(),
        "following": ReportingPeriod.objects.filter(opens_on__gt=today()).first(),
        "uploads": sent[:SHOWN],
    }
    return render_list(
        request, "commitments/spreadsheet.html", page, tables=(), drawn={"sheets": lambda: SheetTable(sent)}
    )


def _first_form(user: User) -> SheetForm:
    leads = Delivery.objects.reportable_by(user).filter(lead=user).exists()
    return SheetForm(initial={"which": LED if leads else ALL}, user=user, open_months=_open_months(user))


# --- One upload -------------------------------------------------------------------------------------------


@login_required
@require_safe
def upload(request, pk: int):
    """One upload: being read, to be checked, being saved, or done. Its sender's alone."""
    found = _own(request, pk)
    job = found.job
    if not job.finished_at:
        template = "_components/job_progress.html" if request.htmx else "commitments/upload_running.html"
        return render(request, template, {"upload": found, "job": job, "crumbs": CRUMBS})
    if request.htmx:
        return HttpResponseClientRefresh()
    if job.error:
        return render(request, "commitments/upload_refused.html", {"upload": found, "job": job, "crumbs": CRUMBS})
    return _result(request, found) if found.writing else _check(request, found, None)


@login_required
@require_POST
@sent_once
def upload_confirm(request, pk: int):
    """Saves what was checked; a worker does it."""
    found = _own(request, pk)
    form = ConfirmForm(request.POST, has_errors=found.problems.exists())
    if not form.is_valid():
        return _check(request, found, form)
    try:
        confirm_upload(upload=found, overwrite=form.cleaned_data["overwrite"], by=request.user)
    except Conflict:
        messages.info(request, "There is nothing to confirm yet.")
    else:
        record("spreadsheet_confirmed", request=request, upload=found.pk)
    return redirect("commitments:upload", found.pk)


def _own(request, pk: int) -> Upload:
    _reporters_only(request)
    return get_object_or_404(Upload.objects.of(request.user).defer("content"), pk=pk)


def _check(request, found: Upload, form: ConfirmForm | None):
    """Every difference, before anything is saved."""
    rows = list(compared(found, request.user, today()))
    wrong = found.problems.order_by().values("row").distinct().count()
    to_write = present.lines(rows, *WRITTEN_FINDINGS)
    conflicts = present.lines(rows, Finding.CONFLICT)
    page = {
        "upload": found,
        "counts": present.counts(rows, empty=found.empty_rows, wrong=wrong),
        "form": form or ConfirmForm(has_errors=wrong > 0),
        "conflicts": conflicts,
        "to_write": len(to_write),
        "can_confirm": bool(to_write or conflicts),
        "fixed": present.lines(rows, Finding.FIXED),
        "table": DifferenceTable(to_write).as_asked(request.GET),
        "problems": ProblemTable(found.problems.all(), prefix="errors-").as_asked(request.GET),
        "crumbs": CRUMBS,
    }
    return render_list(request, "commitments/upload_check.html", page, tables=["table", "problems"])


def _result(request, found: Upload):
    """What became of each row."""
    rows = list(found.rows.select_related("delivery__commitment", "delivery__footprint"))
    page = {
        "upload": found,
        "outcomes": present.outcomes(rows),
        "left_out": [row for row in rows if row.left_out_because],
        "wrong": found.problems.order_by().values("row").distinct().count(),
        "crumbs": CRUMBS,
    }
    return render(request, "commitments/upload_done.html", page)
