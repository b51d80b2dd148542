"""Least valid evidence for tests of the law: each test adds the facts that matter to it."""

import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from commitments.choices import Confidence, DeadlineKind, Direction, Stage, ThemeClass
from commitments.measures import Evidence, MetricEvidence

TODAY = dt.date(2019, 9, 30)
YESTERDAY = dt.date(2019, 9, 29)
TOMORROW = dt.date(2019, 10, 1)

DEADLINE = dt.date(2021, 3, 31)
LOCAL_DEADLINE = dt.date(2020, 12, 31)
FINAL_SUBMISSION = dt.date(2019, 11, 15)


def day(offset: int) -> dt.date:
    """The day so many days from today."""
    return TODAY + dt.timedelta(days=offset)


def evidence(**facts) -> Evidence:
    """A prioritised commitment with a national deadline, of which nothing more is known."""
    least = {
        "delivery_id": 1,
        "theme_class": ThemeClass.PRIORITISED,
        "deadline_kind": DeadlineKind.BY,
        "deadline_on": DEADLINE,
        "final_submission_on": FINAL_SUBMISSION,
    }
    return Evidence(**least | facts)


def reported(**facts) -> Evidence:
    """Planned, and reported green today."""
    on_track = {
        "has_lead": True,
        "local_deadline_on": LOCAL_DEADLINE,
        "milestones": 4,
        "reported_on": TODAY,
        "reported_period": dt.date(2019, 9, 1),
        "stage": Stage.UNDER_WAY,
        "confidence": Confidence.GREEN,
        "expected_on": LOCAL_DEADLINE,
    }
    return evidence(**on_track | facts)


def core(**facts) -> Evidence:
    return reported(theme_class=ThemeClass.CORE_FOUNDATION, **facts)


def open_milestones(*due_on: dt.date, of: int = 4) -> dict:
    """The facts of some open milestones, oldest first, among all those of a delivery."""
    return {
        "milestones": of,
        "milestones_open": len(due_on),
        "milestones_open_due_on": due_on,
        "oldest_open_milestone": "Recruit link workers",
    }


def metric(**facts) -> MetricEvidence:
    """From 0 to 100, and expected to stand at 50 on 30 June 2019, the day of the latest value."""
    halfway = {
        "name": "People offered a link worker",
        "unit": "%",
        "direction": Direction.INCREASE,
        "target": Decimal(100),
        "target_on": DEADLINE,
        "baseline": Decimal(0),
        "baseline_on": dt.date(2019, 4, 1),
        "trajectory": ((dt.date(2019, 6, 30), Decimal(50)),),
        "observed": Decimal(50),
        "observed_on": dt.date(2019, 6, 30),
    }
    return MetricEvidence(**halfway | facts)


# --- Any evidence the database can hold -------------------------------------------------------------------

# A slow machine is no failure.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

MONTHS = tuple(dt.date(2019, month, 1) for month in range(1, 13))
PERIODS = tuple((month.replace(day=25), month) for month in MONTHS)

any_day = st.integers(-150, 150).map(day)
perhaps_a_day = st.none() | any_day
any_value = st.decimals(-200, 200, places=2)
any_words = st.text("Ab {}%£", min_size=1, max_size=12)


@st.composite
def metrics(draw) -> MetricEvidence:
    baseline_on, observed_on = draw(perhaps_a_day), draw(perhaps_a_day)
    points = draw(st.integers(1, 12)) if observed_on else 0
    has_trend = points > 1
    trajectory = draw(st.dictionaries(any_day, any_value, max_size=3))
    return MetricEvidence(
        name=draw(any_words),
        unit=draw(any_words),
        direction=draw(st.sampled_from(Direction)),
        target=draw(any_value),
        target_on=draw(perhaps_a_day),
        baseline=draw(any_value) if baseline_on else None,
        baseline_on=baseline_on,
        trajectory=tuple(sorted(trajectory.items())),
        observed=draw(any_value) if observed_on else None,
        observed_on=observed_on,
        points=points,
        trend_level=draw(st.floats(-200, 200)) if has_trend else None,
        trend_slope=draw(st.floats(-5, 5)) if has_trend else None,
    )


@st.composite
def any_evidence(draw) -> Evidence:
    due_on = tuple(sorted(draw(st.lists(any_day, max_size=3))))
    is_reported = draw(st.booleans())
    applies = draw(st.sampled_from([True, True, True, False]))
    met_on = tuple(draw(st.lists(any_day, max_size=5)))
    red, others = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    return Evidence(
        delivery_id=1,
        theme_class=draw(st.sampled_from(ThemeClass)),
        deadline_kind=draw(st.sampled_from(DeadlineKind)),
        deadline_on=draw(perhaps_a_day),
        final_submission_on=draw(any_day),
        is_applicable=applies,
        not_applicable_reason="" if applies else draw(any_words),
        has_lead=draw(st.booleans()),
        planned_start_on=draw(perhaps_a_day),
        local_deadline_on=draw(perhaps_a_day),
        milestones=len(due_on) + len(met_on),
        milestones_open=len(due_on),
        milestones_open_due_on=due_on,
        oldest_open_milestone=draw(any_words) if due_on else "",
        milestones_slip_days=draw(st.integers(-400, 400)) if met_on else 0,
        milestone_met_on=max(met_on, default=None),
        reported_on=draw(any_day) if is_reported else None,
        reported_period=draw(st.sampled_from(MONTHS)) if is_reported else None,
        stage=draw(st.sampled_from(Stage)) if is_reported else "",
        confidence=draw(st.sampled_from(Confidence)) if is_reported else "",
        expected_on=draw(perhaps_a_day) if is_reported else None,
        metric=draw(st.none() | metrics()),
        children=red + others,
        children_red=red,
        periods=PERIODS,
    )
