"""The page that explains the statuses: made from the very table and constants that decide them."""

from dataclasses import dataclass

from commitments.choices import CONFIDENCE_MEANING, STATUS_MEANING, THEME_CLASS_MEANING, Freshness, Method
from commitments.forecast import LAST_DAY, LEAST_POINTS
from commitments.measures import LAPSED_AFTER, STALE_AFTER, TREND_THROUGH
from commitments.rules import RULES, Rule
from commitments.sentences import day_in_words

FRESHNESS_MEANING = {
    Freshness.FRESH: "The latest report is in, and no newer one is due.",
    Freshness.DUE: "The report of the month that is open now is not in yet.",
    Freshness.STALE: f"The latest report is more than {STALE_AFTER.days} days old.",
    Freshness.LAPSED: f"The latest report is more than {LAPSED_AFTER.days} days old, and says nothing any more.",
    Freshness.NEVER: "No report has been signed off yet.",
}
METHOD_MEANING = {
    Method.EXPECTED: "The date a person gave in the latest signed-off report.",
    Method.MILESTONES: "The due date of the last open milestone, moved by the days that the milestones met so far were "
    "late or early on average.",
    Method.METRIC: f"The day on which the metric reaches its target if it goes on along the straight line of least "
    f"squares through its last {TREND_THROUGH} values.",
    Method.LOCAL_DEADLINE: "No forecast, but the date the system once set itself: used where there is nothing else.",
}
FORECAST_LIMITS = (
    f"A forecast needs at least {LEAST_POINTS} milestones met, or {LEAST_POINTS} values. It starts from the last of "
    "these facts and not from today, so it changes only when a new fact comes in. A day before that fact, or after "
    f"{day_in_words(LAST_DAY)}, is no forecast."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule with its place in the table."""

    number: int
    rule: Rule


def law() -> dict:
    """Statuses, rules and signals, in the order in which a reader needs them."""
    return {
        "statuses": list(STATUS_MEANING.items()),
        "lines": [Line(number, rule) for number, rule in enumerate(RULES, start=1)],
        "classes": [(word.label, meaning) for word, meaning in THEME_CLASS_MEANING.items()],
        "confidences": [(word.label, meaning) for word, meaning in CONFIDENCE_MEANING.items()],
        "methods": [(word.label, meaning) for word, meaning in METHOD_MEANING.items()],
        "forecast_limits": FORECAST_LIMITS,
        "freshness": [(word.label, meaning) for word, meaning in FRESHNESS_MEANING.items()],
    }
