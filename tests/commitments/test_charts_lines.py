import datetime as dt
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from commitments.charts.frame import BOTTOM, LABEL_GAP, LEFT, RIGHT, TOP, Scale, nudged, value_ticks
from commitments.charts.lines import Line, line_chart

SVG = "{http://www.w3.org/2000/svg}"
EXPECTED = Line("Expected", ((dt.date(2019, 4, 1), Decimal(0)), (dt.date(2024, 3, 31), Decimal(100))), is_planned=True)
OBSERVED = Line("Observed", ((dt.date(2019, 8, 31), Decimal(9)),))


def drawn(*lines, title="Patients seen", description="What was seen"):
    return ElementTree.fromstring(
        line_chart(name="m1", title=title, description=description, lines=lines or (EXPECTED, OBSERVED))
    )


def words(picture):
    return [text.text for text in picture.iter(f"{SVG}text")]


def test_a_chart_says_what_it_shows():
    picture = drawn()

    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "m1-title m1-desc"
    assert picture.find(f"{SVG}title").text == "Patients seen"
    assert picture.find(f"{SVG}desc").text == "What was seen"
    assert picture.get("font-family")


def test_a_chart_needs_no_style():
    assert not [element for element in drawn().iter() if element.get("style") or element.get("class")]


def test_each_line_is_named_and_differs_by_more_than_colour():
    picture = drawn()

    assert {"Expected", "Observed"} <= set(words(picture))
    assert [line.get("stroke-dasharray") for line in picture.iter(f"{SVG}polyline")] == ["6 4", "none"]
    assert len(list(picture.iter(f"{SVG}rect"))) == 2
    assert len(list(picture.iter(f"{SVG}circle"))) == 1


def test_words_are_escaped():
    picture = drawn(title="<script>", description='a "quoted" & <b>')

    assert picture.find(f"{SVG}title").text == "<script>"
    assert picture.find(f"{SVG}desc").text == 'a "quoted" & <b>'


def test_the_days_are_named_by_month():
    assert {"April 2019", "March 2024"} <= set(words(drawn()))


def test_a_month_is_named_once():
    line = Line("Observed", ((dt.date(2019, 8, 1), Decimal(1)), (dt.date(2019, 8, 20), Decimal(2))))

    assert words(drawn(line)).count("August 2019") == 1


def test_one_point_is_drawn():
    assert len(list(drawn(OBSERVED).iter(f"{SVG}circle"))) == 1


def test_a_scale_reaches_the_corners():
    scale = Scale(dt.date(2019, 4, 1), dt.date(2020, 3, 31), 0, 100)

    assert (scale.x(dt.date(2019, 4, 1)), scale.y(0)) == (LEFT, BOTTOM)
    assert (scale.x(dt.date(2020, 3, 31)), scale.y(100)) == (RIGHT, TOP)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0, 100], [0, 25, 50, 75, 100]),
        ([0], [0, 0.25]),
        ([95, 97], [95, 95.5, 96, 96.5, 97]),
        ([40, 100], [0, 25, 50, 75, 100]),
        ([-3, 5], [-4, -2, 0, 2, 4, 6]),
        ([47_000, 66_000], [45_000, 50_000, 55_000, 60_000, 65_000, 70_000]),
    ],
)
def test_values_are_ruled_at_round_numbers(values, ticks):
    assert value_ticks(values) == ticks


@pytest.mark.parametrize("values", [[0.0001], [1e9, 1.1e9], [-7], [3, 3], [0, 1e-9]])
def test_the_rulings_hold_all_values(values):
    ticks = value_ticks(values)

    assert ticks[0] <= min(values) <= max(values) <= ticks[-1]
    assert ticks[0] < ticks[-1]


def test_labels_that_would_collide_are_moved_apart_and_stay_on_the_picture():
    placed = nudged([BOTTOM, BOTTOM - 1, BOTTOM - 2])

    assert sorted(placed) == [BOTTOM - 2 * LABEL_GAP, BOTTOM - LABEL_GAP, BOTTOM]
    assert placed.index(BOTTOM) == 0


def test_labels_far_apart_stay_where_they_are():
    assert nudged([20, 100]) == [20, 100]
