"""The grid: this month's reports of many deliveries on one page, saved cell by cell or all at once, then submitted.

A row is saved by itself: one that somebody else changed is shown with both texts, and holds the others up in nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from commitments import actions
from commitments.choices import EDITABLE_REPORT_STATES, ReportState
from commitments.filters import DeliveryFilter
from commitments.forms.grid import RowForm
from commitments.forms.reports import ChosenReportsForm
from commitments.models import Delivery, Report, ReportingPeriod
from commitments.presenters import grid as present
from commitments.views.access import delivery_for, month_named, pages_of
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once
from systems.permissions import Action, may
from systems.tables.base import ROWS_A_PAGE

CRUMBS = (("Deliveries", reverse_lazy("commitments:deliveries")),)
# A page with more to submit than this would be too long to read.
MOST_TO_SUBMIT = 500


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def grid(request):
    """A row for each delivery this person may report on, as filtered; POST saves every row that was changed."""
    _reporters_only(request)
    months = _months(request)
    period = months.written
    sent = unsent.sent(request)
    if period is None or (sent is not None and sent.get("period") != str(period.pk)):
        return _closed(request, period, sent)
    if request.method == "POST":
        return _save_all(request, period)
    if sent is not None:
        return _show(request, period, _given_back(request, sent, period))
    found = _found(request, months)
    pages = pages_of(request, _matching(found), "page")
    reports = _Reports(pages["page"], period)
    rows = [present.row(delivery, *reports.of(delivery)) for delivery in pages["page"]]
    return _show(request, period, rows, filter=found, pages=pages, months=months.open)


def _reporters_only(request) -> None:
    if not request.user.paths_for(Action.REPORT):
        raise PermissionDenied


class _Months(NamedTuple):
    """The months open somewhere, the one that is written about, and the systems in which that takes reports."""

    open: list[ReportingPeriod]
    written: ReportingPeriod | None
    systems: list[int | None]


def _months(request) -> _Months:
    """The month named is written about, or else the newest."""
    systems = Delivery.objects.visible_to(request.user).systems()
    open_in = ReportingPeriod.objects.open_in(systems, today())
    months = sorted({month for months in open_in.values() for month in months}, key=lambda month: month.pk)
    try:
        period = month_named(request, months)
    except ValueError:
        period = months[-1] if months else None
    return _Months(months, period, [system for system, open_there in open_in.items() if period in open_there])


def _found(request, months: _Months) -> DeliveryFilter:
    mine = Delivery.objects.reportable_by(request.user).filter(footprint__system__in=months.systems)
    mine = mine.for_list().worst_first()
    return DeliveryFilter(request.GET, mine, request=request, today=today())


def _matching(found: DeliveryFilter) -> QuerySet[Delivery]:
    return found.qs if found.is_valid() else found.queryset.none()


def _show(request, period: ReportingPeriod, rows: list[present.Row], *, status: int = 200, **page):
    page |= {
        "period": period,
        "rows": rows,
        "problems": present.problems(rows),
        "caption": f"Reports for {period}",
        "is_late": today() > period.due_on,
        "crumbs": CRUMBS,
    }
    return render(request, "commitments/grid.html", page, status=status)


def _closed(request, period: ReportingPeriod | None, sent: QueryDict | None):
    """Why nothing can be written now. What was typed for another month is given back, and stored nowhere."""
    forms = _forms(request, sent) if sent else {}
    typed = [(delivery, form) for delivery, form in forms.items() if form.is_touched]
    page = {
        "period": period,
        "following": ReportingPeriod.objects.filter(opens_on__gt=today()).first(),
        "rows": [present.locked_row(delivery, None, form, "Not saved.") for delivery, form in typed],
        "crumbs": CRUMBS,
    }
    return render(request, "commitments/grid_closed.html", page, status=409 if request.method == "POST" else 200)


class _Reports:
    """The reports the rows of a page are made of: this month's, and the latest that was sent."""

    def __init__(self, deliveries: Iterable[Delivery], period: ReportingPeriod):
        newest = Report.objects.filter(delivery__in=list(deliveries)).newest_of_each()
        newest = newest.select_related("author", "decided_by", "period")
        self.stored = {report.delivery_id: report for report in newest.filter(period=period)}
        self.latest = {report.delivery_id: report for report in newest.exclude(state=ReportState.DRAFT)}

    def of(self, delivery: Delivery) -> tuple[Report | None, Report | None]:
        return self.stored.get(delivery.pk), self.latest.get(delivery.pk)


# --- Saving -----------------------------------------------------------------------------------------------


@login_required
@require_POST
def grid_row(request, pk: int):
    """Saves one row as soon as a box in it was changed; answers with how the row stands, or with a new row."""
    delivery = delivery_for(request, pk, Action.REPORT)
    months = ReportingPeriod.objects.open_for(delivery.footprint.system, today())
    period = next((month for month in months if request.POST.get("period") == str(month.pk)), None)
    if period is None:
        row = present.locked_row(delivery, None, _form(request.POST, delivery), present.CLOSED)
    else:
        [row] = _save(request, {delivery: _form(request.POST, delivery)}, period)
    if row.is_saved or (row.is_refused and not row.lock):
        return render(request, "commitments/_grid_answer.html", {"row": row})
    return retarget(reswap(render(request, "commitments/_grid_row.html", {"row": row}), "outerHTML"), f"#row-{pk}")


def _save_all(request, period: ReportingPeriod):
    rows = _save(request, _forms(request, request.POST), period)
    if any(row.is_refused for row in rows):
        return _show(request, period, rows, status=409 if any(row.theirs or row.typed for row in rows) else 200)
    if saved := sum(row.is_saved for row in rows):
        messages.success(request, "1 row saved" if saved == 1 else f"{saved} rows saved")
    else:
        messages.info(request, "No row was changed, so there was nothing to save")
    then = "commitments:grid_submit" if request.POST.get("then") == "submit" else "commitments:grid"
    return redirect(f"{reverse(then)}?{request.GET.urlencode()}")


def _forms(request, sent: QueryDict) -> dict[Delivery, RowForm]:
    """The rows that were sent, in the order of the page."""
    keys = [int(key) for key in sent.getlist("row")[:ROWS_A_PAGE] if key.isascii() and key.isdigit()]
    found = Delivery.objects.visible_to(request.user).for_list().in_bulk([key for key in keys if key < 2**63])
    return {found[key]: _form(sent, found[key]) for key in keys if key in found}


def _form(sent: QueryDict, delivery: Delivery) -> RowForm:
    return RowForm(sent, prefix=str(delivery.pk), about=str(delivery))


def _save(request, forms: dict[Delivery, RowForm], period: ReportingPeriod) -> list[present.Row]:
    """Saves the rows that were changed; each of them as it stands afterwards, or with the reason it was not saved."""
    before = _Reports(forms, period)
    drafts = [
        actions.Draft(
            delivery=delivery,
            version=form.cleaned_data["version"],
            words=present.start_of(*before.of(delivery)) | form.cells(),
        )
        for delivery, form in forms.items()
        if form.is_touched and _may_write(request, delivery) and form.is_valid()
    ]
    saved = actions.save_drafts(period=period, drafts=drafts, by=request.user, today=today())
    now = _Reports(forms, period)
    return [
        _row(request, delivery, form, *now.of(delivery), is_saved=delivery.pk in saved)
        for delivery, form in forms.items()
    ]


def _given_back(request, sent: QueryDict, period: ReportingPeriod) -> list[present.Row]:
    """The rows as they were typed before their writer was signed out. Nothing of them is saved."""
    forms = _forms(request, sent)
    reports = _Reports(forms, period)
    rows = []
    for delivery, form in forms.items():
        row = _row(request, delivery, form, *reports.of(delivery), is_saved=False)
        is_of_today = form["version"].value() == str(row.stored.version if row.stored else 0)
        rows.append(present.typed_row(row, form) if row.theirs and is_of_today else row)
    return rows


def _may_write(request, delivery: Delivery) -> bool:
    return delivery.is_applicable and may(request.user, Action.REPORT, delivery)


def _row(request, delivery: Delivery, form: RowForm, stored: Report | None, latest: Report | None, *, is_saved: bool):
    if is_saved or not form.is_touched:
        return present.row(delivery, stored, latest, is_saved=is_saved)
    if not _may_write(request, delivery):
        return present.locked_row(delivery, stored, form, present.GONE)
    if not form.is_valid() and set(form.errors) != {"keep"}:
        return present.row_with_errors(delivery, stored, latest, form)
    # The second of two clicks finds its own words and is content.
    if stored is not None and form.says_the_same_as(stored):
        return present.row(delivery, stored, latest, is_saved=True)
    return present.refused_row(delivery, stored, latest, form)


# --- Submitting -------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def grid_submit(request):
    """Lists this month's drafts and what each still needs (GET), then submits the ticked ones (POST)."""
    _reporters_only(request)
    months = _months(request)
    period = months.written
    if period is None:
        return _closed(request, period, None)
    form = ChosenReportsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = form.cleaned_data["report"]
        sent = actions.submit_many(reports=chosen, period=period, by=request.user, today=today())
        _say_how_many(request, sent, left=len(chosen) - sent)
        return redirect(f"{reverse('commitments:grid')}?{request.GET.urlencode()}")
    return _check(request, period, months, form)


def _check(request, period: ReportingPeriod, months: _Months, form: ChosenReportsForm):
    deliveries = _matching(_found(request, months)).order_by().values("pk")
    of_this_month = Report.objects.filter(period=period, delivery__in=deliveries)
    shown = of_this_month.filter(state__in=EDITABLE_REPORT_STATES).select_related(
        "delivery__commitment", "delivery__footprint", "author", "decided_by"
    )
    ready, unready = present.drafts(shown.order_by("delivery__commitment__code", "pk")[:MOST_TO_SUBMIT])
    page = {
        "form": form,
        "period": period,
        "rows": [(draft.report,) for draft in ready],
        "ready": ready,
        "unready": unready,
        "unwritten": deliveries.exclude(reports__in=of_this_month.values("pk")).count(),
        "crumbs": (*CRUMBS, ("Report on many", f"{reverse('commitments:grid')}?{request.GET.urlencode()}")),
    }
    return render(request, "commitments/grid_submit.html", page)


def _say_how_many(request, sent: int, *, left: int) -> None:
    if sent:
        reports = "1 report" if sent == 1 else f"{sent} reports"
        messages.success(request, f"{reports} submitted for sign-off")
    if left:
        drafts = "1 draft is" if left == 1 else f"{left} drafts are"
        messages.warning(request, f"{drafts} not submitted here: submitted or changed since you looked.")
