"""Our charts against NHSRplotthedots: 279 series judged by it, in `spc_golden.json`, must come out the same."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from commitments.spc import REFERENCE, Assurance, Better, Rule, Variation, judge

CASES = json.loads(Path(__file__).with_name("spc_golden.json").read_text(), parse_float=Decimal)["cases"]
BETTER = {"increase": Better.HIGH, "decrease": Better.LOW, "neutral": Better.NEITHER}
LABELS = {
    (Rule.LIMIT, 1): "Above UCL",
    (Rule.LIMIT, -1): "Below LCL",
    (Rule.TREND, 1): "7 Point Trend (Increasing)",
    (Rule.TREND, -1): "7 Point Trend (Decreasing)",
    (Rule.TWO_OF_THREE, 1): "2 in 3 Above CL",
    (Rule.TWO_OF_THREE, -1): "2 in 3 Below CL",
    (Rule.SHIFT, 1): "7 Points Above CL",
    (Rule.SHIFT, -1): "7 Points Below CL",
}
TYPES = {
    Variation.COMMON_CAUSE: "common_cause",
    Variation.IMPROVEMENT_HIGH: "special_cause_improvement",
    Variation.IMPROVEMENT_LOW: "special_cause_improvement",
    Variation.CONCERN_HIGH: "special_cause_concern",
    Variation.CONCERN_LOW: "special_cause_concern",
    Variation.NEUTRAL_HIGH: "special_cause_neutral_high",
    Variation.NEUTRAL_LOW: "special_cause_neutral_low",
}
ASSURANCES = {
    Assurance.PASS: "consistent_pass",
    Assurance.FAIL: "consistent_fail",
    Assurance.HIT_OR_MISS: "inconsistent",
    None: None,
}


def judged_as_the_reference_does(case):
    told = case["input"]
    days = [dt.date.fromisoformat(day) for day in told["dates"]]
    return judge(
        zip(days, map(Decimal, told["values"]), strict=True),
        better=BETTER[told["improvement_direction"]],
        target=None if told["target"] is None else Decimal(told["target"]),
        rebase=[dt.date.fromisoformat(day) for day in told["rebase"]],
        options=replace(
            REFERENCE, screen_outliers=told["screen_outliers"], fix_after_n_points=told["fix_after_n_points"]
        ),
    )


def line(found, name):
    """A line of the chart, as floats: the reference has fifteen digits."""
    values = [getattr(point.limits, name) for point in found.points]
    return [None if value is None else float(value) for value in values]


def close(values):
    return [None if value is None else pytest.approx(float(value), rel=1e-9, abs=1e-9) for value in values]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_reference_agrees(case):
    expected = case["expected"]

    found = judged_as_the_reference_does(case)

    assert line(found, "mean") == close(expected["mean"])
    assert line(found, "lower") == close(expected["lpl"])
    assert line(found, "upper") == close(expected["upl"])
    assert [point.group for point in found.points] == expected["rebase_group"]
    labels = [LABELS[p.shown.rule, p.shown.side] if p.shown else "Common Cause" for p in found.points]
    assert labels == expected["special_cause_type"]
    assert [TYPES[point.variation] for point in found.points] == expected["point_type"]
    assert TYPES[found.variation] == expected["latest_point_type"]
    assert ASSURANCES[found.assurance] == expected["assurance"]


def test_there_are_all_the_cases():
    assert len(CASES) == 279
