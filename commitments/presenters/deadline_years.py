"""National deadlines on one line of time: NHS year by NHS year, how the commitments due in it stand."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from commitments.charts.years import Slice, YearColumn, year_columns
from commitments.choices import STATUS_COLOURS, Status
from commitments.presenters.measured import Chart
from commitments.sentences import day_in_words

_TITLE = "Commitments by the NHS year of their national deadline"


def deadline_years(rows: Iterable[tuple[dt.date, str, int]], as_at_on: dt.date) -> Chart | None:
    """(deadline, headline status, commitments) rows as a chart; none where nothing has a deadline."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for day, status, number in rows:
        counts[_year_of(day)][status] += number
    if not counts:
        return None
    years = range(min(_year_of(as_at_on), *counts), max(_year_of(as_at_on), *counts) + 1)
    columns = [YearColumn(dt.date(year, 4, 1), _label(year), _slices(counts[year])) for year in years]
    said = [(_label(year), f"{counts[year].total():,}", _in_words(counts[year])) for year in years if counts[year]]
    return Chart(
        title=_TITLE,
        svg=year_columns(
            name="deadlines-by-year",
            title=_TITLE,
            description=" ".join(f"{year}: {words}." for year, _, words in said),
            columns=columns,
            day=as_at_on,
            said=day_in_words(as_at_on),
        ),
        headings=("NHS year", "Commitments", "How they stand"),
        rows=said,
        ends_in_words=True,
    )


def _year_of(day: dt.date) -> int:
    """The year in which the NHS year of this day began, on 1 April."""
    return day.year if day.month >= 4 else day.year - 1


def _label(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"


def _slices(counts: Counter[str]) -> tuple[Slice, ...]:
    """The worst at the bottom, where the eye begins."""
    return tuple(Slice(counts[status], *STATUS_COLOURS[status]) for status in STATUS_COLOURS if counts[status])


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[s]:,} {s.label.lower()}" for s in Status if counts[s])
