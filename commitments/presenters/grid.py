"""The grid: a row for each delivery, with this month's report or, until there is one, what it starts from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commitments.choices import ReportState
from commitments.forms.grid import RowForm
from commitments.models import Delivery, Report
from commitments.models.reports import missing
from commitments.presenters import writing
from commitments.sentences import day_in_words
from ltp_portal import unsent

GONE = "You can no longer report on this delivery. What you typed is not saved."
CLOSED = "The month this page was opened for takes no more reports. What you typed is not saved."
NEEDED = {
    "stage": "a stage",
    "confidence": "a confidence",
    "narrative": "what happened this month",
    "expected_on": "an expected date",
    "reason": "why it is not green",
    "path_to_green": "the path to green",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery in the grid. `lock` says why nothing can be written; `theirs` what somebody else wrote meanwhile."""

    delivery: Delivery
    form: RowForm
    stored: Report | None
    start: Report | None
    lock: str = ""
    lacks: str = ""
    is_saved: bool = False
    theirs: tuple[writing.Row, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    # What its writer typed before they were signed out.
    is_given_back: bool = False

    @property
    def cells(self) -> list:
        """The boxes in the order of the columns."""
        return [self.form[name] for name in RowForm.CELLS]

    @property
    def shown(self) -> list:
        """What the boxes showed, hidden beside them."""
        return [field.as_hidden(only_initial=True) for field in self.cells]

    @property
    def fields(self) -> str:
        """The names of all that this row sends, for htmx."""
        names = [name for field in self.form for name in (field.html_name, field.html_initial_name)]
        return ",".join(["csrfmiddlewaretoken", "period", unsent.WRITER, *names])

    @property
    def is_unsaved(self) -> bool:
        """Whether what it shows is only what it would start from."""
        return self.stored is None and not self.lock

    @property
    def is_refused(self) -> bool:
        """Whether something that was sent is not saved."""
        return bool(self.theirs or self.typed or self.form.errors)


def start_of(stored: Report | None, latest: Report | None) -> dict[str, Any]:
    """All the words a report goes on from: its own, else those of the latest one."""
    return writing.words_of(stored or latest or Report())


def row(delivery: Delivery, stored: Report | None, latest: Report | None, *, is_saved: bool = False) -> Row:
    """A row as it stands in the database."""
    words = start_of(stored, latest)
    initial = words | {"version": stored.version if stored else 0}
    return Row(
        delivery=delivery,
        form=RowForm(prefix=str(delivery.pk), initial=initial, about=str(delivery)),
        stored=stored,
        start=latest,
        lock=_lock(stored),
        lacks=what_lacks(words) if stored else "",
        is_saved=is_saved,
    )


def _lock(stored: Report | None) -> str:
    if stored is None or stored.is_editable:
        return ""
    if stored.state == ReportState.SIGNED_OFF and stored.decided_on:
        return f"Signed off on {day_in_words(stored.decided_on)}."
    return f"Submitted by {stored.author.name}. It awaits sign-off."


def what_lacks(words: Mapping[str, Any]) -> str:
    """What a report still needs before it can be submitted, in words; empty where it is complete."""
    return ", ".join(NEEDED[name] for name in missing(words))


def problems(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """What is wrong in the rows that are not saved: where on the page, and in which words."""
    found = []
    for row in rows:
        if row.typed:
            found.append((f"row-{row.delivery.pk}", f"{row.lock} {row.delivery}"))
            continue
        for name, errors in row.form.errors.items():
            found += [(_anchor(row, name), f"{error}: {row.delivery}") for error in errors]
    return found


def _anchor(row: Row, name: str) -> str:
    """The box with this name; the row itself for what has no box."""
    if name == "keep":
        return f"{row.form[name].auto_id}_0"
    return row.form[name].auto_id if name in RowForm.CELLS else f"row-{row.delivery.pk}"


def row_with_errors(delivery: Delivery, stored: Report | None, latest: Report | None, form: RowForm) -> Row:
    """A row as it was typed, with what is wrong in it."""
    return Row(delivery, form, stored, latest)


def typed_row(row: Row, form: RowForm) -> Row:
    """A row as it was typed before its writer was signed out, above what is stored still."""
    return Row(row.delivery, form, row.stored, row.start, is_given_back=True)


def refused_row(delivery: Delivery, stored: Report | None, latest: Report | None, form: RowForm) -> Row:
    """A row that could not be saved because somebody else changed it: both texts, and nothing of either lost."""
    if lock := _lock(stored):
        return locked_row(delivery, stored, form, lock)
    now = {"version": stored.version if stored else 0, "is_conflict": "1", "keep": ""}
    data = dict(form.data.items()) | {form[name].html_name: value for name, value in now.items()}
    labels = {name: str(form[name].label) for name in RowForm.CELLS}
    theirs = writing.side_by_side(labels, _in_words(stored or Report()), _in_words(Report(**form.cells())))
    again = RowForm(data, prefix=form.prefix, about=str(delivery))
    return Row(delivery, again, stored, latest, theirs=tuple(line for line in theirs if line.differs))


def locked_row(delivery: Delivery, stored: Report | None, form: RowForm, lock: str) -> Row:
    """A row that nobody can write any more. What was typed is given back."""
    typed = tuple((str(form[name].label), writing.in_words(form[name].value())) for name in RowForm.CELLS)
    return Row(delivery, form, stored, None, lock=lock, typed=typed)


def _in_words(report: Report) -> dict[str, str]:
    shown = writing.words_of(report) | {
        "stage": report.get_stage_display(),
        "confidence": report.get_confidence_display(),
    }
    return {name: writing.in_words(shown[name]) for name in RowForm.CELLS}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft before it is submitted, and what it still lacks."""

    report: Report
    lacks: str

    @property
    def chosen(self) -> str:
        """What ticking it sends: the report and the version that was read."""
        return f"{self.report.pk}-{self.report.version}"


def drafts(reports: Iterable[Report]) -> tuple[list[Draft], list[Draft]]:
    """Those that can be submitted, and those that cannot yet. One that came back must be changed first."""
    ready, unready = [], []
    for report in reports:
        lacks = what_lacks(writing.words_of(report))
        if report.state == ReportState.RETURNED:
            unready.append(Draft(report, "It was returned and has not been changed since."))
        elif lacks:
            unready.append(Draft(report, f"Still needed: {lacks}."))
        else:
            ready.append(Draft(report, ""))
    return ready, unready
