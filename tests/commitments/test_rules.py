"""The law, line by line: each reason reached, and which of two lines that both hold decides."""

import datetime as dt

import pytest

from commitments.choices import Confidence, DeadlineKind, Stage, Status, ThemeClass
from commitments.rules import RULES, deciding_rule, headline, rules_tried, verdict
from tests.commitments.evidence_builder import (
    DEADLINE,
    LOCAL_DEADLINE,
    TODAY,
    TOMORROW,
    YESTERDAY,
    core,
    day,
    evidence,
    metric,
    open_milestones,
    reported,
)

DELIVERED = {"stage": Stage.DELIVERED}
NOT_APPLICABLE = {"is_applicable": False, "not_applicable_reason": "There is no acute trust here"}
BY_YESTERDAY = {"deadline_on": YESTERDAY}
FROM_YESTERDAY = {"deadline_kind": DeadlineKind.FROM, "deadline_on": YESTERDAY}
PLANS_WERE_DUE = {"final_submission_on": TODAY}
LAPSED = {"reported_on": day(-93)}
BEYOND = {"local_deadline_on": dt.date(2021, 4, 30)}
EXPECTED_BEYOND = {"expected_on": dt.date(2021, 4, 30)}
LONG_OVERDUE = open_milestones(day(-61))
OVERDUE = open_milestones(YESTERDAY)
FAR_BEHIND = {"metric": metric(observed=30)}
BEHIND = {"metric": metric(observed=45)}
RED = {"confidence": Confidence.RED}
AMBER = {"confidence": Confidence.AMBER}
LOCAL_MISSED = {"local_deadline_on": YESTERDAY, "expected_on": None}
AFTER_LOCAL = {"expected_on": dt.date(2021, 1, 31)}
TIGHT = {"local_deadline_on": DEADLINE, "expected_on": dt.date(2021, 3, 2)}

# The table of the law: its codes and statuses in order, each with the least evidence that reaches it.
LINES = [
    ("not_applicable", Status.NOT_APPLICABLE, evidence(**NOT_APPLICABLE)),
    ("delivered", Status.DELIVERED, reported(**DELIVERED)),
    ("deadline_missed", Status.MISSED, reported(**BY_YESTERDAY)),
    ("not_started_by_date", Status.OFF_TRACK, evidence(**FROM_YESTERDAY)),
    ("claimed_not_evidenced", Status.AT_RISK, reported(**DELIVERED, **OVERDUE)),
    ("no_plan_for_core", Status.OFF_TRACK, core(has_lead=False, **PLANS_WERE_DUE)),
    ("not_due_to_start", Status.NOT_STARTED, evidence(planned_start_on=TOMORROW)),
    ("not_phased_yet", Status.NOT_STARTED, evidence()),
    ("never_reported", Status.NOT_REPORTED, evidence(local_deadline_on=LOCAL_DEADLINE)),
    ("report_lapsed", Status.NOT_REPORTED, reported(**LAPSED)),
    ("phased_beyond_deadline", Status.OFF_TRACK, reported(**BEYOND)),
    ("expected_beyond_deadline", Status.OFF_TRACK, reported(**EXPECTED_BEYOND)),
    ("milestone_long_overdue", Status.OFF_TRACK, reported(**LONG_OVERDUE)),
    ("metric_far_behind", Status.OFF_TRACK, reported(**FAR_BEHIND)),
    ("confidence_red", Status.OFF_TRACK, reported(**RED)),
    ("local_deadline_missed", Status.AT_RISK, reported(**LOCAL_MISSED)),
    ("milestone_overdue", Status.AT_RISK, reported(**OVERDUE)),
    ("metric_behind", Status.AT_RISK, reported(**BEHIND)),
    ("expected_after_local", Status.AT_RISK, reported(**AFTER_LOCAL)),
    ("confidence_amber", Status.AT_RISK, reported(**AMBER)),
    ("tight", Status.AT_RISK, core(**TIGHT)),
    ("on_track", Status.ON_TRACK, reported()),
]


def reason(e, today=TODAY) -> str:
    return deciding_rule(e, today).code


def test_the_table_has_these_lines_in_this_order():
    assert [(rule.code, rule.status) for rule in RULES] == [(code, status) for code, status, _ in LINES]


@pytest.mark.parametrize(("code", "status", "e"), LINES, ids=[line[0] for line in LINES])
def test_each_reason_is_reached(code, status, e):
    reached = verdict(e, TODAY)

    assert (reached.reason_code, reached.status) == (code, status)


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_each_rule_says_when_it_holds_in_words_that_follow_when(rule):
    assert rule.when
    assert rule.when[0].islower()
    assert not rule.when.endswith(".")


# Each line beside the next one below it that can hold with it: the upper one decides.
PRECEDENCE = [
    ("not_applicable", "delivered", reported(**NOT_APPLICABLE, **DELIVERED)),
    ("delivered", "deadline_missed", reported(**DELIVERED, **BY_YESTERDAY)),
    ("deadline_missed", "claimed_not_evidenced", reported(**BY_YESTERDAY, **DELIVERED, **OVERDUE)),
    (
        "not_started_by_date",
        "no_plan_for_core",
        core(**FROM_YESTERDAY | PLANS_WERE_DUE, has_lead=False, stage="not_started"),
    ),
    ("claimed_not_evidenced", "no_plan_for_core", core(**DELIVERED, **OVERDUE, **PLANS_WERE_DUE, has_lead=False)),
    (
        "no_plan_for_core",
        "not_due_to_start",
        evidence(theme_class=ThemeClass.CORE_FOUNDATION, planned_start_on=TOMORROW, **PLANS_WERE_DUE),
    ),
    ("not_due_to_start", "not_phased_yet", evidence(planned_start_on=TOMORROW)),
    ("not_phased_yet", "never_reported", evidence()),
    ("never_reported", "phased_beyond_deadline", evidence(**BEYOND)),
    ("report_lapsed", "phased_beyond_deadline", reported(**LAPSED, **BEYOND)),
    ("phased_beyond_deadline", "expected_beyond_deadline", reported(**BEYOND, **EXPECTED_BEYOND)),
    ("expected_beyond_deadline", "milestone_long_overdue", reported(**EXPECTED_BEYOND, **LONG_OVERDUE)),
    ("milestone_long_overdue", "metric_far_behind", reported(**LONG_OVERDUE, **FAR_BEHIND)),
    ("metric_far_behind", "confidence_red", reported(**FAR_BEHIND, **RED)),
    ("confidence_red", "local_deadline_missed", reported(**RED, **LOCAL_MISSED)),
    ("local_deadline_missed", "milestone_overdue", reported(**LOCAL_MISSED, **OVERDUE)),
    ("milestone_overdue", "metric_behind", reported(**OVERDUE, **BEHIND)),
    ("metric_behind", "expected_after_local", reported(**BEHIND, **AFTER_LOCAL)),
    ("expected_after_local", "confidence_amber", reported(**AFTER_LOCAL, **AMBER)),
    ("confidence_amber", "tight", core(**AMBER, **TIGHT)),
    ("tight", "on_track", core(**TIGHT)),
]


@pytest.mark.parametrize(("upper", "lower", "e"), PRECEDENCE, ids=[f"{a} before {b}" for a, b, _ in PRECEDENCE])
def test_of_two_rules_that_hold_the_upper_decides(upper, lower, e):
    holding = [rule.code for rule in RULES if rule.holds(e, TODAY)]

    assert holding[:2] == [upper, lower]
    assert reason(e) == upper


def test_rules_tried_end_with_the_one_that_decides():
    e = reported(**BY_YESTERDAY)

    tried = [(rule.code, holds) for rule, holds in rules_tried(e, TODAY)]

    assert tried == [("not_applicable", False), ("delivered", False), ("deadline_missed", True)]


def test_delivered_needs_every_milestone_achieved_and_the_target_met():
    met, missed = metric(observed=100), metric(observed=99)

    assert reason(reported(**DELIVERED, metric=met)) == "delivered"
    assert reason(reported(**DELIVERED, metric=missed)) == "claimed_not_evidenced"
    assert reason(reported(**DELIVERED, metric=metric(observed=None, observed_on=None))) == "claimed_not_evidenced"
    assert reason(reported(**DELIVERED, **open_milestones(day(90)), metric=met)) == "claimed_not_evidenced"


def test_delivered_stays_delivered_however_old_the_report():
    assert reason(reported(**DELIVERED, reported_on=day(-1000))) == "delivered"


# --- What a kind of deadline can miss ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", [DeadlineKind.CONTINUOUS, DeadlineKind.NONE])
@pytest.mark.parametrize(
    "facts",
    [
        BY_YESTERDAY,
        BEYOND,
        EXPECTED_BEYOND | {"local_deadline_on": None},
        FROM_YESTERDAY | {"stage": Stage.NOT_STARTED},
    ],
)
def test_a_continuous_or_undated_commitment_never_misses(kind, facts):
    e = reported(**facts | {"deadline_kind": kind})

    assert reason(e) == "on_track"


@pytest.mark.parametrize("kind", [DeadlineKind.FROM, DeadlineKind.CONTINUOUS, DeadlineKind.NONE])
def test_only_a_deadline_by_a_date_can_be_tight(kind):
    assert reason(core(**TIGHT)) == "tight"
    assert reason(core(**TIGHT, deadline_kind=kind)) == "on_track"


@pytest.mark.parametrize("facts", [BEYOND, EXPECTED_BEYOND | {"local_deadline_on": None}])
def test_a_commitment_that_runs_from_a_date_may_go_on_after_it(facts):
    assert reason(reported(**facts, deadline_kind=DeadlineKind.FROM)) == "on_track"


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.UNDER_WAY])
def test_a_commitment_that_runs_from_a_date_is_well_once_begun(stage):
    assert reason(reported(**FROM_YESTERDAY, stage=stage)) == "on_track"


@pytest.mark.parametrize("e", [evidence(**FROM_YESTERDAY), reported(**FROM_YESTERDAY, stage=Stage.NOT_STARTED)])
def test_not_started_by_the_date_it_should_run_from(e):
    assert reason(e) == "not_started_by_date"


def test_the_same_dates_weigh_differently_on_another_class():
    facts = {"has_lead": False, **PLANS_WERE_DUE}

    assert reason(core(**facts)) == "no_plan_for_core"
    assert reason(reported(**facts)) == "on_track"
    assert reason(reported(**facts, theme_class=ThemeClass.ENABLER)) == "on_track"


@pytest.mark.parametrize("missing", [{"has_lead": False}, {"local_deadline_on": None}, {"milestones": 0}])
def test_a_core_foundation_needs_lead_deadline_and_milestone(missing):
    assert reason(core(**PLANS_WERE_DUE, **missing)) == "no_plan_for_core"
    assert reason(core(**PLANS_WERE_DUE)) == "on_track"


def test_a_core_foundation_that_is_silent_is_not_excused_as_not_phased():
    assert reason(evidence(theme_class=ThemeClass.CORE_FOUNDATION)) == "never_reported"
    assert reason(evidence(theme_class=ThemeClass.ENABLER)) == "not_phased_yet"


# --- A rule whose fact is missing does not hold -----------------------------------------------------------


@pytest.mark.parametrize(
    "missing",
    [
        {"deadline_on": None},
        {"local_deadline_on": None},
        {"expected_on": None},
        {"planned_start_on": None},
        {"local_deadline_on": None, "expected_on": None, "deadline_on": None},
        {"metric": metric(observed=None, observed_on=None)},
        {"metric": metric(baseline=None, baseline_on=None, observed=0)},
    ],
    ids=str,
)
@pytest.mark.parametrize("theme_class", list(ThemeClass))
def test_a_missing_fact_speaks_against_nothing(missing, theme_class):
    assert reason(reported(theme_class=theme_class, **missing)) == "on_track"


def test_nothing_but_the_kind_known_of_a_commitment_from_a_date():
    assert reason(evidence(deadline_kind=DeadlineKind.FROM, deadline_on=None)) == "not_phased_yet"


# --- What a verdict carries besides -----------------------------------------------------------------------


def test_a_verdict_carries_the_dated_facts():
    e = reported(**open_milestones(day(10), day(20)))

    reached = verdict(e, TODAY)

    assert (reached.next_milestone_on, reached.deadline_on, reached.reported_on) == (day(10), DEADLINE, TODAY)


def test_a_verdict_holds_plain_words_only():
    reached = verdict(reported(), TODAY)._asdict()

    assert {type(value) for value in reached.values()} <= {str, int, dt.date, type(None)}


# --- The headline of a roll-up ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "status"),
    [
        ({"missed": 1, "on_track": 9}, Status.MISSED),
        ({"missed": 1, "on_track": 10}, Status.ON_TRACK),
        ({"off_track": 10, "at_risk": 40, "on_track": 50}, Status.OFF_TRACK),
        ({"off_track": 9, "at_risk": 41, "on_track": 50}, Status.AT_RISK),
        ({"delivered": 3}, Status.DELIVERED),
        ({"delivered": 1, "on_track": 1}, Status.ON_TRACK),
        ({"not_started": 1, "at_risk": 1}, Status.AT_RISK),
        ({"not_reported": 1, "at_risk": 1}, Status.NOT_REPORTED),
        ({"not_applicable": 90, "missed": 1, "delivered": 9}, Status.MISSED),
        ({"not_applicable": 5}, None),
        ({"on_track": 0}, None),
        ({}, None),
    ],
)
def test_headline_is_the_worst_status_of_at_least_a_tenth(weights, status):
    assert headline(weights) == status
