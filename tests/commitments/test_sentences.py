"""What people read: the exact words of each reason, and that no words go wrong whatever the facts are."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given

from commitments.choices import Confidence, DeadlineKind, Direction, Stage, Status, ThemeClass
from commitments.models import Position
from commitments.rules import RULES, verdict
from commitments.sentences import amount, day_in_words, days_in_words, number, spoken
from tests.commitments.evidence_builder import (
    DEADLINE,
    LOCAL_DEADLINE,
    TODAY,
    YESTERDAY,
    any_day,
    any_evidence,
    core,
    day,
    evidence,
    metric,
    open_milestones,
    patiently,
    reported,
)

AUGUST_31 = dt.date(2019, 8, 31)
SEPTEMBER_23 = dt.date(2019, 9, 23)
DELIVERED = {"stage": Stage.DELIVERED}
SILENT_CORE = {"theme_class": ThemeClass.CORE_FOUNDATION, "final_submission_on": TODAY}


def read(e, today=TODAY) -> str:
    reached = verdict(e, today)
    return spoken(reached.sentence, reached.since_on, today)


SENTENCES = [
    (
        evidence(is_applicable=False, not_applicable_reason="There is no acute trust here."),
        "Not applicable: There is no acute trust here.",
    ),
    (reported(**DELIVERED), "Delivered: reported as delivered, and all 4 milestones are achieved."),
    (reported(**DELIVERED, milestones=1), "Delivered: reported as delivered, and its only milestone is achieved."),
    (
        reported(**DELIVERED, milestones=0),
        "Delivered: reported as delivered, and it has no milestone or metric that could say otherwise.",
    ),
    (
        reported(**DELIVERED, metric=metric(observed=Decimal("100.5"))),
        "Delivered: reported as delivered, and People offered a link worker stood at 100.5% on 30 June 2019, "
        "which meets the target of 100%.",
    ),
    (
        reported(deadline_on=dt.date(2019, 3, 31)),
        "Missed: the national deadline of 31 March 2019 passed 183 days ago.",
    ),
    (reported(deadline_on=YESTERDAY), "Missed: the national deadline of 29 September 2019 passed 1 day ago."),
    (
        reported(deadline_on=dt.date(2015, 3, 31)),
        "Missed: the national deadline of 31 March 2015 passed 1,644 days ago.",
    ),
    (
        evidence(deadline_kind=DeadlineKind.FROM, deadline_on=dt.date(2019, 4, 1)),
        "Off track: it should have started by 1 April 2019, 182 days ago, and nothing has been reported.",
    ),
    (
        reported(deadline_kind=DeadlineKind.FROM, deadline_on=YESTERDAY, stage=Stage.NOT_STARTED),
        "Off track: it should have started by 29 September 2019, 1 day ago, and it is reported as not started.",
    ),
    (
        reported(**DELIVERED, **open_milestones(AUGUST_31)),
        "At risk: reported as delivered, but 1 of 4 milestones is still open (Recruit link workers, "
        "due 31 August 2019).",
    ),
    (
        reported(**DELIVERED, **open_milestones(AUGUST_31, day(9), of=2)),
        "At risk: reported as delivered, but 2 of 2 milestones are still open, the oldest (Recruit link workers, "
        "due 31 August 2019).",
    ),
    (
        reported(**DELIVERED, **open_milestones(AUGUST_31, of=1)),
        "At risk: reported as delivered, but its only milestone is still open (Recruit link workers, "
        "due 31 August 2019).",
    ),
    (
        reported(**DELIVERED, metric=metric(observed=Decimal("99.996"))),
        "At risk: reported as delivered, but People offered a link worker stood at 99.996% on 30 June 2019, "
        "where the target is 100%.",
    ),
    (
        reported(**DELIVERED, metric=metric(observed=None, observed_on=None)),
        "At risk: reported as delivered, but there is no value yet for People offered a link worker, "
        "where the target is 100%.",
    ),
    (
        evidence(**SILENT_CORE),
        "Off track: every core foundation needed a clear plan by 30 September 2019, and this one has no lead, "
        "no local deadline and no milestone.",
    ),
    (
        core(final_submission_on=TODAY, has_lead=False, milestones=0),
        "Off track: every core foundation needed a clear plan by 30 September 2019, and this one has no lead and "
        "no milestone.",
    ),
    (
        core(final_submission_on=TODAY, local_deadline_on=None),
        "Off track: every core foundation needed a clear plan by 30 September 2019, and this one has "
        "no local deadline.",
    ),
    (evidence(planned_start_on=dt.date(2020, 4, 1)), "Not started: it is planned to start on 1 April 2020."),
    (evidence(), "Not started: no local deadline has been set for it yet."),
    (evidence(local_deadline_on=LOCAL_DEADLINE), "Not reported: no report has been signed off yet."),
    (reported(reported_on=day(-93)), "Not reported: the latest report is 93 days old (29 June 2019)."),
    (
        reported(local_deadline_on=dt.date(2021, 4, 1)),
        "Off track: the local deadline of 1 April 2021 is 1 day after the national deadline of 31 March 2021.",
    ),
    (
        reported(expected_on=dt.date(2021, 6, 30)),
        "Off track: it is expected on 30 June 2021, 91 days after the national deadline of 31 March 2021.",
    ),
    (
        reported(**open_milestones(day(-61), day(-61), day(-1), day(9))),
        "Off track: 3 of 4 milestones are overdue, the oldest by 61 days (Recruit link workers, due 31 July 2019).",
    ),
    (
        reported(metric=metric(observed=Decimal("14.2"))),
        "Off track: People offered a link worker stood at 14.2% on 30 June 2019 against an expected 50%: behind by "
        "35% of the way from baseline to target.",
    ),
    (reported(confidence=Confidence.RED), "Off track: reported red on 30 September 2019."),
    (
        reported(local_deadline_on=YESTERDAY, expected_on=None),
        "At risk: the local deadline of 29 September 2019 passed 1 day ago.",
    ),
    (
        reported(**open_milestones(AUGUST_31)),
        "At risk: 1 of 4 milestones is 30 days overdue (Recruit link workers, due 31 August 2019).",
    ),
    (
        reported(**open_milestones(YESTERDAY, day(3))),
        "At risk: 1 of 4 milestones is 1 day overdue (Recruit link workers, due 29 September 2019).",
    ),
    (
        reported(**open_milestones(YESTERDAY, of=1)),
        "At risk: its only milestone is 1 day overdue (Recruit link workers, due 29 September 2019).",
    ),
    (
        reported(metric=metric(observed=Decimal("30.0001"))),
        "At risk: People offered a link worker stood at 30.0001% on 30 June 2019 against an expected 50%: behind by "
        "19% of the way from baseline to target.",
    ),
    (
        reported(expected_on=dt.date(2021, 1, 31)),
        "At risk: it is expected on 31 January 2021, 31 days after the local deadline of 31 December 2020.",
    ),
    (reported(confidence=Confidence.AMBER), "At risk: reported amber on 30 September 2019."),
    (
        core(local_deadline_on=DEADLINE, expected_on=dt.date(2021, 3, 30)),
        "At risk: it is expected on 30 March 2021, only 1 day before the national deadline of 31 March 2021.",
    ),
    (
        core(local_deadline_on=DEADLINE, expected_on=DEADLINE),
        "At risk: it is expected on 31 March 2021, the very day of the national deadline.",
    ),
    (reported(), "On track: reported green on 30 September 2019, and no evidence speaks against it."),
]


@pytest.mark.parametrize(("e", "sentence"), SENTENCES, ids=[sentence[:60] for _, sentence in SENTENCES])
def test_sentence_reads(e, sentence):
    assert read(e) == sentence


def test_each_reason_has_a_sentence_tried_above():
    assert {verdict(e, TODAY).reason_code for e, _ in SENTENCES} == {rule.code for rule in RULES}


def test_the_example_of_the_design_word_for_word():
    e = reported(**open_milestones(AUGUST_31))

    assert read(e, SEPTEMBER_23) == (
        "At risk: 1 of 4 milestones is 23 days overdue (Recruit link workers, due 31 August 2019)."
    )


# --- Numbers and dates ------------------------------------------------------------------------------------


def test_a_stored_sentence_counts_its_days_on_the_day_it_is_read():
    stored = "At risk: it is {days} overdue."

    assert spoken(stored, YESTERDAY, TODAY) == "At risk: it is 1 day overdue."
    assert spoken(stored, YESTERDAY, day(4)) == "At risk: it is 5 days overdue."
    assert spoken("On track: well.", None, TODAY) == "On track: well."


def test_days_and_dates_in_words():
    assert [days_in_words(n) for n in (0, 1, 2, 1644)] == ["0 days", "1 day", "2 days", "1,644 days"]
    assert day_in_words(dt.date(2019, 9, 1)) == "1 September 2019"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "0"),
        ("0.0000", "0"),
        ("-0.00001", "0"),
        ("100", "100"),
        ("1000000.0000", "1,000,000"),
        ("12.5000", "12.5"),
        ("0.0043", "0.0043"),
        ("-3.10", "-3.1"),
        ("33.333333333", "33.3333"),
    ],
)
def test_a_number_has_no_noughts_that_say_nothing(value, words):
    assert number(Decimal(value)) == words


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("%", "12.5%"),
        ("% of practices", "12.5% of practices"),
        ("people", "12.5 people"),
        ("£bn", "£12.5bn"),
        ("yes/no", "yes"),
        ("", "12.5"),
    ],
)
def test_an_amount_carries_its_unit(unit, words):
    assert amount(Decimal("12.50"), unit) == words


@pytest.mark.parametrize(
    ("baseline", "target", "expected"), [(0, 300, "100 per 100,000"), (0, 1, "0.3333 per 100,000")]
)
def test_what_was_expected_is_rounded_for_reading(baseline, target, expected):
    m = metric(
        unit="per 100,000",
        baseline=Decimal(baseline),
        baseline_on=TODAY,
        target=Decimal(target),
        target_on=day(30),
        trajectory=(),
        observed=Decimal(0),
        observed_on=day(10),
    )

    assert f"against an expected {expected}: behind by 33%" in read(reported(metric=m), day(12))


# --- Whatever the facts are -------------------------------------------------------------------------------


def test_braces_in_a_title_are_not_taken_for_ours():
    facts = open_milestones(AUGUST_31) | {"oldest_open_milestone": "Agree {days} rota"}

    assert "(Agree (days) rota, due 31 August 2019)" in read(reported(**facts))


@patiently
@given(any_evidence(), any_day)
def test_a_sentence_is_whole_on_any_evidence(e, today):
    reached = verdict(e, today)
    label = Status(reached.status).label

    for sentence in (
        read(e, today),
        spoken(reached.contradiction, reached.contradiction_since_on, today) or "Nothing.",
    ):
        assert sentence.endswith(".")
        assert not re.search(r"[{}]|None|\b0 days|-\d+ days?\b", sentence)
    assert read(e, today).startswith(f"{label}: ")
    assert len(read(e, today)) > len(f"{label}: .")


def test_the_longest_words_the_database_can_hold_fit_in_a_position():
    long_metric = metric(
        name="n" * 200, unit="u" * 40, direction=Direction.DECREASE, observed=Decimal("-999999999999.9999")
    )
    long_title = open_milestones(*[dt.date(2019, 9, 1)] * 3) | {"oldest_open_milestone": "t" * 200}
    longest = [
        evidence(is_applicable=False, not_applicable_reason="r" * 500),
        reported(metric=long_metric),
        reported(**DELIVERED, metric=metric(name="n" * 200, unit="u" * 40, observed=Decimal("-9.9999"))),
        reported(**long_title),
        reported(**DELIVERED, **long_title),
    ]

    written = [text for e in longest for text in (verdict(e, TODAY).sentence, verdict(e, TODAY).contradiction)]

    assert max(len(text) for text in written) <= Position._meta.get_field("sentence").max_length
