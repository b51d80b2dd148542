"""Signals and noise: our own ways, and what must hold for any series. The reference's cases are next door."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.spc import LEAST_POINTS, REFERENCE, Assurance, Better, Options, Rule, Variation, judge, limits_of

NOISE = (50, 52, 49, 51)
MIRRORED = {
    Variation.COMMON_CAUSE: Variation.COMMON_CAUSE,
    Variation.IMPROVEMENT_HIGH: Variation.IMPROVEMENT_LOW,
    Variation.IMPROVEMENT_LOW: Variation.IMPROVEMENT_HIGH,
    Variation.CONCERN_HIGH: Variation.CONCERN_LOW,
    Variation.CONCERN_LOW: Variation.CONCERN_HIGH,
}
OPPOSED = {
    Variation.COMMON_CAUSE: Variation.COMMON_CAUSE,
    Variation.IMPROVEMENT_HIGH: Variation.CONCERN_HIGH,
    Variation.IMPROVEMENT_LOW: Variation.CONCERN_LOW,
    Variation.CONCERN_HIGH: Variation.IMPROVEMENT_HIGH,
    Variation.CONCERN_LOW: Variation.IMPROVEMENT_LOW,
}
# Few distinct values, so that ties, runs and values on the mean are common.
VALUES = st.lists(st.integers(0, 12), min_size=1, max_size=40)


def month(n):
    return dt.date(2018 + n // 12, n % 12 + 1, 1)


def monthly(values):
    return [(month(n), Decimal(value)) for n, value in enumerate(values)]


def judged(values, better=Better.HIGH, **how):
    return judge(monthly(values), better=better, **how)


def rules(judgement):
    return [point.shown and point.shown.rule for point in judgement.points]


def variations(judgement):
    return [point.variation for point in judgement.points]


# --- Limits -----------------------------------------------------------------------------------------------


def test_limits_lie_2_66_average_moving_ranges_from_the_mean():
    limits = limits_of([Decimal(value) for value in (10, 13, 10, 13)])

    assert (limits.mean, limits.lower, limits.upper) == (Decimal("11.5"), Decimal("3.52"), Decimal("19.48"))
    assert (limits.near_lower, limits.near_upper) == (Decimal("6.18"), Decimal("16.82"))


def test_an_outlier_widens_the_limits_unless_it_is_screened():
    values = [Decimal(value) for value in (*NOISE * 5, 90)]

    plain, screened = limits_of(values), limits_of(values, Options(screen_outliers=True))

    assert plain.mean == screened.mean
    assert plain.upper - plain.mean > screened.upper - screened.mean


def test_one_value_has_no_limits():
    assert limits_of([Decimal(5)]).upper is None


# --- Rules ------------------------------------------------------------------------------------------------


def test_noise_is_no_signal():
    found = judged(NOISE * 6)

    assert found.variation == Variation.COMMON_CAUSE
    assert found.why == ()


@pytest.mark.parametrize(
    ("better", "variation"),
    [
        (Better.HIGH, Variation.IMPROVEMENT_HIGH),
        (Better.LOW, Variation.CONCERN_HIGH),
        (Better.NEITHER, Variation.NEUTRAL_HIGH),
    ],
)
def test_a_point_above_the_limit_is_a_signal(better, variation):
    found = judged((*NOISE * 4, 70), better)

    assert found.variation == variation
    assert found.points[-1].shown.rule == Rule.LIMIT
    assert found.why[0] == "1 point above the upper limit in May 2019"


@pytest.mark.parametrize(("high", "is_shift"), [(6, False), (7, True)])
def test_a_shift_needs_seven_points_on_one_side(high, is_shift):
    found = judged([60, 40] * 6 + [58] * high)

    assert (Rule.SHIFT in rules(found)) is is_shift


def test_a_shift_says_from_when():
    found = judged([60, 40] * 6 + [58] * 7)

    assert found.why == ("7 points above the mean from January 2019",)


def test_a_shift_that_has_ended_says_until_when():
    signals = judged([58] * 7 + [40, 60] * 6).points[0].signals

    assert [signal.words for signal in signals] == ["7 points above the mean from January 2018 to July 2018"]


def test_a_setting_takes_six_for_a_run():
    values = [60, 40] * 6 + [58] * 6

    assert Rule.SHIFT in rules(judged(values, options=Options(run_length=6)))


def test_a_point_on_the_mean_ends_a_run():
    found = judged([48, 52] * 4 + [51, 51, 51, 50, 51, 51, 51, 46, 48])

    assert found.points[0].limits.mean == 50
    assert Rule.SHIFT not in rules(found)


@pytest.mark.parametrize(("step", "is_trend"), [(1, True), (0, False)])
def test_a_trend_is_six_rising_steps_and_a_tie_breaks_it(step, is_trend):
    rising = [47, 48, 49, 49 + step, 51, 52, 53]

    found = judged([*NOISE * 3, 50, *rising])

    assert (Rule.TREND in rules(found)) is is_trend
    assert ("7 points rising one after another from February 2019" in found.why) is is_trend


def test_the_peak_of_two_trends_belongs_to_the_later_one():
    peak = [*range(50, 57), *range(55, 49, -1)]

    found = judged([40, 60] * 8 + peak, options=replace(REFERENCE, fix_after_n_points=16))

    assert [point.shown.side for point in found.points[-13:]] == [1] * 6 + [-1] * 7


# --- Where the tools differ -------------------------------------------------------------------------------

# The mean is 50 and the near limits lie some 5 from it: a point beyond all limits, one near them, one between.
BASELINE = [50, 53, 50, 47] * 4
TWO_OF_THREE = [*BASELINE, 51, 70, 57]


def test_a_point_beyond_the_limits_counts_among_two_of_three_since_2023():
    fixed = {"fix_after_n_points": 16}

    ours = judged(TWO_OF_THREE, options=Options(**fixed))
    reference = judged(TWO_OF_THREE, options=Options(two_of_three="r0.2.2", **fixed))

    assert rules(ours)[-2:] == [Rule.LIMIT, Rule.TWO_OF_THREE]
    assert rules(reference)[-2:] == [Rule.LIMIT, None]
    assert ours.why == ("2 of 3 points close to or beyond the upper limit from May 2019",)


def test_a_point_that_is_both_is_shown_as_an_improvement_and_says_both():
    values = [*[50, 53, 50, 47] * 4, 66, 65, 64, 63, 62, 61, 60]

    ours = judged(values, options=Options(fix_after_n_points=16)).points[-1]
    falling = judged(values, Better.LOW, options=Options(fix_after_n_points=16)).points[-1]
    by_precedence = judged(values, Better.LOW, options=Options(fix_after_n_points=16, improvement_first=False))

    assert ours.variation == Variation.IMPROVEMENT_HIGH
    assert falling.variation == Variation.IMPROVEMENT_LOW
    assert by_precedence.variation == Variation.CONCERN_HIGH
    assert {signal.side for signal in falling.signals} == {1, -1}


@pytest.mark.parametrize(
    "wrong",
    [{"two_of_three": "mine"}, {"run_length": 5}, {"fix_after_n_points": 11}],
    ids=["a rule nobody knows", "too short a run", "too short a baseline"],
)
def test_options_are_those_the_tools_know(wrong):
    with pytest.raises(ValueError):
        Options(**wrong)


def test_later_points_are_judged_by_a_baseline_that_is_kept():
    values = [*NOISE * 4, *[60] * 3]

    assert judged(values, options=Options(fix_after_n_points=16)).points[0].limits == limits_of(
        [Decimal(value) for value in values], Options(fix_after_n_points=16)
    )
    assert judged(values, options=Options(fix_after_n_points=16)).points[0].limits.mean == Decimal("50.5")


# --- Icons ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "is_trial"), [(LEAST_POINTS - 1, True), (LEAST_POINTS, False)])
def test_fewer_than_thirteen_points_have_no_icon(count, is_trial):
    found = judged([*[50, 52] * 6, 51][:count], target=Decimal(51))

    assert found.is_trial is is_trial
    assert (found.variation is None) is is_trial
    assert (found.assurance is None) is is_trial


@pytest.mark.parametrize(
    ("target", "higher", "lower"),
    [
        (99, Assurance.FAIL, Assurance.PASS),
        (50, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (1, Assurance.PASS, Assurance.FAIL),
    ],
)
def test_the_target_is_met_or_not_as_the_limits_lie(target, higher, lower):
    values = NOISE * 4

    assert judged(values, target=Decimal(target)).assurance == higher
    assert judged(values, Better.LOW, target=Decimal(target)).assurance == lower
    assert judged(values, Better.NEITHER, target=Decimal(target)).assurance is None


def test_without_a_target_there_is_nothing_to_assure():
    assert judged(NOISE * 4).assurance is None


@pytest.mark.parametrize("limit", ["lower", "upper"])
@pytest.mark.parametrize("dust", [Decimal(0), Decimal("1e-9"), Decimal("-1e-9")])
def test_a_target_on_a_limit_is_hit_or_miss(limit, dust):
    on_it = getattr(judged(NOISE * 4).points[0].limits, limit) + dust

    assert judged(NOISE * 4, target=on_it).assurance == Assurance.HIT_OR_MISS


@pytest.mark.parametrize(
    ("target", "assurance"), [(100, Assurance.HIT_OR_MISS), (95, Assurance.PASS), (101, Assurance.FAIL)]
)
def test_a_series_that_never_moves_has_its_limits_at_the_mean(target, assurance):
    found = judged([100] * 14, target=Decimal(target))

    assert (found.points[0].limits.lower, found.points[0].limits.upper) == (100, 100)
    assert variations(found) == [Variation.COMMON_CAUSE] * 14
    assert found.assurance == assurance


def test_a_third_of_a_hundred_that_never_moves_is_no_signal():
    assert variations(judged([Decimal("33.3333")] * 17)) == [Variation.COMMON_CAUSE] * 17


def test_the_largest_values_that_are_kept_can_be_judged():
    assert judged([Decimal("999999999999.9999"), Decimal("-999999999999.9999")] * 7).variation


# --- Rebasing ---------------------------------------------------------------------------------------------


def test_from_a_rebase_on_everything_starts_anew():
    found = judged([*NOISE * 4, *[value + 40 for value in NOISE * 4]], rebase=[month(16)])

    assert [point.group for point in found.points] == [0] * 16 + [1] * 16
    assert {point.limits.mean for point in found.points} == {Decimal("50.5"), Decimal("90.5")}
    assert found.variation == Variation.COMMON_CAUSE


def test_after_a_rebase_thirteen_points_are_needed_again():
    found = judged([*NOISE * 4, 90, 92], rebase=[month(16)])

    assert found.is_trial
    assert found.variation is None


def test_values_are_judged_in_the_order_of_their_days():
    series = monthly([*NOISE * 4, 70])

    assert judge(reversed(series), better=Better.HIGH) == judge(series, better=Better.HIGH)


# --- What holds for any series ----------------------------------------------------------------------------


@given(VALUES, st.sampled_from([2, 5, 10]), st.integers(-100, 100))
def test_neither_scale_nor_shift_makes_a_signal(values, scale, shift):
    assert rules(judged([value * scale + shift for value in values])) == rules(judged(values))


@given(VALUES)
def test_the_other_direction_swaps_improvement_and_concern_only(values):
    by_precedence = {"options": Options(improvement_first=False)}
    one, other = judged(values, Better.HIGH, **by_precedence), judged(values, Better.LOW, **by_precedence)

    assert variations(other) == [OPPOSED[variation] for variation in variations(one)]


@given(VALUES)
def test_the_mirror_image_swaps_high_and_low(values):
    one, mirrored = judged(values, Better.HIGH), judged([-value for value in values], Better.LOW)

    assert variations(mirrored) == [MIRRORED[variation] for variation in variations(one)]


@given(st.lists(st.integers(0, 12), min_size=14, max_size=40))
def test_a_later_point_changes_no_label_but_those_of_its_own_run(values):
    fixed = Options(fix_after_n_points=12)
    before, after = judged(values[:-1], options=fixed), judged(values, options=fixed)

    assert variations(after)[:-7] == variations(before)[:-6]


@given(VALUES)
def test_to_rebase_at_the_first_point_is_not_to_rebase(values):
    def without_group(found):
        return [(point.value, point.limits, point.signals) for point in found.points]

    assert without_group(judged(values, rebase=[month(0)])) == without_group(judged(values))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=LEAST_POINTS - 1))
def test_few_points_never_have_an_icon(values):
    found = judged(values, target=Decimal(6))

    assert found.variation is found.assurance is None
    assert set(variations(found)) == {Variation.COMMON_CAUSE}


@given(VALUES)
def test_limits_are_never_out_of_order(values):
    limits = limits_of([Decimal(value) for value in values])

    if limits.upper is not None:
        lines = (limits.lower, limits.near_lower, limits.mean, limits.near_upper, limits.upper)
        assert all(low <= high for low, high in pairwise(lines))
