import datetime as dt
from decimal import Decimal

import pytest

from commitments.choices import DeadlineKind
from commitments.measures import MetricEvidence
from commitments.models import Commitment, Delivery, Position
from commitments.presenters.delivery import evidence_in_words, signals
from commitments.presenters.measured import measured
from tests.commitments.evidence_builder import TODAY, evidence, reported


def said(e, name):
    return dict(evidence_in_words(e))[name]


def seats(**facts):
    least = {"name": "Patients seen", "unit": "%", "direction": "increase", "target": Decimal(100)}
    line = {"baseline": Decimal(0), "baseline_on": dt.date(2019, 4, 1), "target_on": dt.date(2020, 4, 1)}
    return MetricEvidence(**least | line | facts)


def test_evidence_of_nothing_says_so():
    e = evidence(deadline_kind=DeadlineKind.CONTINUOUS, deadline_on=None)

    assert said(e, "National deadline") == "Every year"
    assert said(e, "Milestones") == "None"
    assert said(e, "Latest signed-off report") == "None"
    assert said(e, "Metric") == "No metric with a target of this footprint's own"
    assert "Deliveries below" not in dict(evidence_in_words(e))


def test_evidence_says_what_was_reported():
    e = reported(milestones=1, children=6, children_red=2)

    assert said(e, "National deadline") == "By a date: 31 March 2021"
    assert said(e, "Milestones") == "1 of 1 milestone achieved"
    assert said(e, "Latest signed-off report") == "30 September 2019: under way, green, expected 31 December 2020"
    assert said(e, "Deliveries below") == "2 of 6 reported red"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "nothing measured yet"),
        ({"observed": Decimal(7), "observed_on": dt.date(2019, 3, 1)}, "7% on 1 March 2019"),
        ({"observed": Decimal(40)}, "40% on 1 October 2019, expected 50%; 10% of the way behind"),
        ({"observed": Decimal(50)}, "50% on 1 October 2019, expected 50%; on the line"),
        ({"observed": Decimal(70)}, "70% on 1 October 2019, expected 50%; 20% of the way ahead"),
    ],
)
def test_a_metric_is_said_against_its_line(facts, words):
    halfway = {"observed_on": dt.date(2019, 10, 1)} if facts else {}

    said_of_metric = said(evidence(metric=seats(**halfway | facts)), "Metric")

    assert said_of_metric == f"Patients seen: target 100%; {words}"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "%", "No data"),
        (Decimal("85.0000"), "%", "85%"),
        (Decimal("1.8"), "£bn", "£1.8bn"),
        (Decimal(1200), "people", "1,200 people"),
        (Decimal(12), "", "12"),
        (Decimal(1), "yes/no", "Yes"),
        (Decimal(0), "yes/no", "No"),
    ],
)
def test_a_figure_is_said_with_its_unit(value, unit, words):
    assert measured(value, unit) == words


def test_a_deadline_without_a_date_is_given_as_printed():
    commitment = Commitment(deadline_kind=DeadlineKind.NONE, deadline_text="over ten years")
    position = Position(freshness="never")

    facts = dict(signals(Delivery(commitment=commitment), position, TODAY))

    assert facts["National deadline"] == "Not dated; printed as “over ten years”"
    assert facts["Latest report"] == "Never reported"
    assert facts["Next open milestone"] == "None"
