import datetime as dt
from decimal import Decimal

import pytest

from commitments.choices import Direction
from commitments.models import Metric, Observation
from commitments.presenters.control import NO_TARGET, control
from commitments.signals import BETTER

NOISE = (50, 52, 49, 51)


def metric(**facts):
    return Metric(**{"pk": 1, "name": "Patients seen", "unit": "%", "direction": Direction.INCREASE} | facts)


def seen(*values):
    return [
        Observation(period_end_on=dt.date(2018 + n // 12, n % 12 + 1, 28), value=Decimal(value))
        for n, value in enumerate(values)
    ]


def test_icons_stand_beside_their_words_and_reasons():
    found = control(metric(), Decimal(95), seen(*NOISE * 4, 70))

    assert [sign.words for sign in found.signs] == ["Improvement: high", "Consistently failing the target"]
    assert all("<svg" in sign.svg and sign.meaning for sign in found.signs)
    assert found.why == ("1 point above the upper limit in May 2019",)
    assert found.usual == "As a rule values lie from 43.3% to 60%, around a mean of 51.6%."


def test_the_numbers_say_month_value_and_signal():
    chart = control(metric(), None, seen(*NOISE * 4, 70)).chart

    assert chart.headings == ("Month", "Value", "Signal")
    assert chart.rows[0] == ("January 2018", "50%", "No signal")
    assert chart.rows[-1] == ("May 2019", "70%", "Improvement: high: 1 point above the upper limit in May 2019")
    assert "The latest, of May 2019, is 70%. Improvement: high." in chart.svg


def test_without_a_target_the_second_icon_says_so():
    variation, assurance = control(metric(), None, seen(*NOISE * 4)).signs

    assert variation.words == "Common cause: no significant change"
    assert assurance.words == NO_TARGET


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (12, "Control limits need 13 values; there are 12 so far."),
        (1, "Control limits need 13 values; there is 1 so far."),
    ],
)
def test_too_few_values_say_how_many_are_needed(count, words):
    found = control(metric(), Decimal(95), seen(*(NOISE * 3)[:count]))

    assert found.too_few == words
    assert found.chart is None
    assert found.signs == ()


@pytest.mark.parametrize(("unit", "values"), [("%", ()), ("yes/no", (0, 1) * 8)], ids=["nothing seen", "yes or no"])
def test_what_cannot_vary_is_not_judged(unit, values):
    assert control(metric(unit=unit), None, seen(*values)) is None


def test_every_direction_says_which_way_is_better():
    assert set(BETTER) == set(Direction)


def test_values_of_four_places_keep_them():
    chart = control(metric(), None, seen(*["0.0125", "0.0126"] * 7)).chart

    assert "Mean 0.0126" in chart.svg
