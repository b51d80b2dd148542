"""When a delivery is expected to be finished: the estimates side by side, each with how it was drawn; and headroom."""

import datetime as dt

from commitments.choices import Method
from commitments.forecast import Forecast, average_slip, from_metric, from_milestones
from commitments.measures import Evidence, MetricEvidence
from commitments.sentences import amount, counted, day_in_words, days_in_words, quoted

DAYS_A_MONTH = 365.25 / 12
SAID_IN_DAYS = 62


# --- Headroom ---------------------------------------------------------------------------------------------


def headroom_in_words(days: int | None, method: str) -> str:
    """The time between the expected finish and the national deadline, and what that finish is drawn from."""
    if days is None:
        return "Not known: it needs a national deadline to meet and a date to expect here"
    drawn_from = f", by the {Method(method).label.lower()}" if method else ""
    if days == 0:
        return f"None: the very day of the national deadline{drawn_from}"
    return f"{_long_or_short(abs(days))} {'before' if days > 0 else 'after'} the national deadline{drawn_from}"


def _long_or_short(days: int) -> str:
    if days < SAID_IN_DAYS:
        return days_in_words(days)
    return f"About {round(days / DAYS_A_MONTH)} months ({days_in_words(days)})"


# --- Expected finish --------------------------------------------------------------------------------------


def expected_finish(e: Evidence, today: dt.date) -> list[tuple[str, str]]:
    """What a person expects, and what the record tells: by method, a day or why there is none."""
    by_milestones, by_metric = from_milestones(e), from_metric(e.metric)
    return [
        (Method.EXPECTED.label, _reported(e, today)),
        (Method.MILESTONES.label, _drawn(by_milestones, _slip(e) if by_milestones.finish_on else "", today)),
        (Method.METRIC.label, _drawn(by_metric, _trend(e.metric) if by_metric.finish_on else "", today)),
    ]


def _reported(e: Evidence, today: dt.date) -> str:
    if e.reported_on is None:
        return "No date: no report has been signed off yet"
    if e.expected_on is None:
        return f"No date: the report of {day_in_words(e.reported_on)} gives none"
    return f"{_day(e.expected_on, today)}, as reported on {day_in_words(e.reported_on)}"


def _drawn(forecast: Forecast, how: str, today: dt.date) -> str:
    if forecast.finish_on is None:
        return f"No forecast: {forecast.none_because}"
    return f"{_day(forecast.finish_on, today)}: {how}"


def _day(day: dt.date, today: dt.date) -> str:
    """A forecast rests on the last fact, so it can lie behind us; then it says so."""
    return f"{day_in_words(day)} (already passed)" if day < today else day_in_words(day)


def _slip(e: Evidence) -> str:
    slip = average_slip(e)
    met = f"{counted(e.milestones_met)} met so far"
    last = f"the last open milestone is due on {day_in_words(e.milestones_open_due_on[-1])}"
    if slip == 0:
        return f"{last}, and the {met} were on time on average"
    return f"{last}, and the {met} were {days_in_words(abs(slip))} {'late' if slip > 0 else 'early'} on average"


def _trend(metric: MetricEvidence | None) -> str:
    assert metric is not None
    target = amount(metric.target, metric.unit)
    return f"{quoted(metric.name)} reaches {target} if it goes on as in the last {metric.points} values"
