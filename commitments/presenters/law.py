"""The page that explains the statuses: made from the very table and constants that decide them."""

from dataclasses import dataclass

from commitments.choices import CONFIDENCE_MEANING, STATUS_MEANING, THEME_CLASS_MEANING, Freshness
from commitments.measures import LAPSED_AFTER, STALE_AFTER
from commitments.rules import RULES, Rule

FRESHNESS_MEANING = {
    Freshness.FRESH: "The latest report is in, and no newer one is due.",
    Freshness.DUE: "The report of the month that is open now is not in yet.",
    Freshness.STALE: f"The latest report is more than {STALE_AFTER.days} days old.",
    Freshness.LAPSED: f"The latest report is more than {LAPSED_AFTER.days} days old, and says nothing any more.",
    Freshness.NEVER: "No report has been signed off yet.",
}


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
        "freshness": [(word.label, meaning) for word, meaning in FRESHNESS_MEANING.items()],
    }
